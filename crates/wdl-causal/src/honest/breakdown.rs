//! How far the restriction may be loosened before a conclusion falls.

use super::{EventStudy, NoInterval, Question, Restriction, Test, fixed_length, interval};

/// Where a conclusion falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Breakdown {
    /// The interval holds the value already under the strictest restriction.
    AtOnce,
    /// The smallest bound found at which the interval holds the value.
    At(f64),
    /// No bound up to this one is large enough.
    Beyond(f64),
}

/// The smallest bound (`M`, or `M̄`) at which the interval holds `value`.
///
/// The bound grows from a thousandth of `scale` by a tenth each time, until the interval holds the value; then it is halved in to nine digits.
/// `smoothness` intervals are of fixed length when `test` is none.
///
/// # Errors
/// [`NoInterval`] when an interval is refused; a bound so strict that every value is rejected counts as one without the value.
pub fn breakdown(
    study: &EventStudy,
    question: &Question,
    family: fn(f64) -> Restriction,
    test: Option<Test>,
    value: f64,
) -> Result<Breakdown, NoInterval> {
    let holds = |bound: f64| -> Result<bool, NoInterval> {
        let own = match (family(bound), test) {
            (Restriction::Smoothness(bound), None) => {
                let found = fixed_length(study, question, bound)?;
                return Ok(found.lower <= value && value <= found.upper);
            }
            (restriction, test) => {
                let test = test.unwrap_or_else(|| question.usual_test());
                interval(study, question, restriction, test)
            }
        };
        match own {
            Ok(found) => Ok(found.contains(value)),
            Err(NoInterval::AllRejected) => Ok(false),
            Err(error) => Err(error),
        }
    };
    if holds(0.0)? {
        return Ok(Breakdown::AtOnce);
    }
    // Magnitudes are pure numbers; second differences are in the units of the outcome.
    let scale = match family(0.0) {
        Restriction::RelativeMagnitude(_) => 1.0,
        Restriction::Smoothness(_) => {
            let contrast = study.contrast(&question.weights);
            study.product(&contrast, &contrast).sqrt()
        }
    };
    let (mut low, mut high) = (0.0, 1e-3 * scale);
    while !holds(high)? {
        if high > 1e6 * scale {
            return Ok(Breakdown::Beyond(high));
        }
        (low, high) = (high, 1.1 * high);
    }
    while high - low > 1e-9 * high {
        let middle = 0.5 * (low + high);
        match holds(middle)? {
            true => high = middle,
            false => low = middle,
        }
    }
    Ok(Breakdown::At(high))
}
