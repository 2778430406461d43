//! The power of a difference in differences over several periods, with errors that go together over time (Burlig, Preonas and Woerman, "Panel data and experimental design", Journal of Development Economics 2020).

use super::{Design, NoPower};

/// The variance of the errors of a unit after its own mean and that of the period, and the mean covariances between two periods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// The variance.
    pub variance: f64,
    /// The mean covariance between two periods before the start.
    pub before: f64,
    /// The mean covariance between two periods after it.
    pub after: f64,
    /// The mean covariance between a period before and one after it.
    pub across: f64,
}

/// How the errors of a unit go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dependence {
    /// Any two periods have the same correlation.
    Constant(f64),
    /// The correlation falls by the same factor with each period between them.
    Fading(f64),
}

impl Errors {
    /// The covariances of errors of one variance under a dependence, over `before` and `after` periods.
    ///
    /// # Errors
    /// [`NoPower`] when the variance or the correlation is out of range.
    pub fn of(
        variance: f64,
        dependence: Dependence,
        before: usize,
        after: usize,
    ) -> Result<Errors, NoPower> {
        let (Dependence::Constant(correlation) | Dependence::Fading(correlation)) = dependence;
        if !(variance > 0.0 && variance.is_finite()) {
            return Err(NoPower::OutOfRange("variance"));
        }
        if !(correlation > -1.0 && correlation < 1.0) {
            return Err(NoPower::OutOfRange("correlation over time"));
        }
        let between = |first: usize, second: usize| match dependence {
            Dependence::Constant(correlation) => variance * correlation,
            Dependence::Fading(correlation) => {
                variance * correlation.powi(first.abs_diff(second) as i32)
            }
        };
        Ok(Errors::of_covariances(variance, before, after, between))
    }

    /// The mean covariances from those of each two periods, numbered from the first.
    pub fn of_covariances(
        variance: f64,
        before: usize,
        after: usize,
        between: impl Fn(usize, usize) -> f64,
    ) -> Errors {
        let mean = |first: std::ops::Range<usize>, second: std::ops::Range<usize>| {
            let pairs = first.flat_map(|one| second.clone().map(move |other| (one, other)));
            let values: Vec<f64> = pairs
                .filter(|(one, other)| one != other)
                .map(|(one, other)| between(one, other))
                .collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        Errors {
            variance,
            before: mean(0..before, 0..before),
            after: mean(before..before + after, before..before + after),
            across: mean(0..before, before..before + after),
        }
    }
}

/// A difference in differences of `units` (the treated and the others) over `periods` (before and after the start): the variance is `(1/n1 + 1/n0) [(1/m + 1/r) σ² + (m-1)/m ψ_B + (r-1)/r ψ_A - 2 ψ_X]` (equation 2 of the paper), judged with the units less two.
///
/// # Errors
/// [`NoPower`] when a count is zero, or the covariances leave no variance.
pub fn panel(
    errors: &Errors,
    units: (f64, f64),
    periods: (usize, usize),
) -> Result<Design, NoPower> {
    let (before, after) = (periods.0 as f64, periods.1 as f64);
    if before < 1.0 || after < 1.0 {
        return Err(NoPower::OutOfRange("number of periods"));
    }
    if !(units.0 >= 1.0 && units.1 >= 1.0) {
        return Err(NoPower::OutOfRange("number of units"));
    }
    let change = (1.0 / before + 1.0 / after) * errors.variance
        + (before - 1.0) / before * errors.before
        + (after - 1.0) / after * errors.after
        - 2.0 * errors.across;
    if !(change > 0.0 && change.is_finite()) {
        return Err(NoPower::OutOfRange("variance of the change"));
    }
    let degrees = units.0 + units.1 - 2.0;
    match degrees >= 1.0 {
        true => Ok(Design {
            standard_error: ((1.0 / units.0 + 1.0 / units.1) * change).sqrt(),
            degrees: Some(degrees),
        }),
        false => Err(NoPower::NoDegrees),
    }
}
