//! How large a violation of parallel trends a conclusion bears (Rambachan and Roth, "A more credible approach to parallel trends", Review of Economic Studies 2023).
//!
//! An event study gives coefficients `β = τ + δ`: the effects `τ` after the start, and the difference in trends `δ`, which is all there is before it.
//! Nothing in the data tells `δ` after the start; here it is bounded by what it does before it, and the interval for `θ = l'τ` holds whatever `δ` is within the bound.
//! It must not know where the event study came from.

mod breakdown;
mod conditional;
mod fixed_length;
mod moments;
mod study;

pub use breakdown::{Breakdown, breakdown};
pub use fixed_length::{FixedLength, fixed_length, folded_normal_quantile};
pub use study::{EventStudy, NoInterval};

use crate::distribution;

/// What is assumed of the difference in trends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Restriction {
    /// `Δ^SD(M)`: the slope changes by at most `M` between periods that follow each other.
    Smoothness(f64),
    /// `Δ^RM(M̄)`: a step after the start is at most `M̄` times the largest step before it.
    RelativeMagnitude(f64),
}

/// The test that is inverted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// The conditional test of Andrews, Roth and Pakes (2023).
    Conditional,
    /// The conditional test after a first stage of the given size on the least favourable distribution; a tenth of alpha is usual.
    Hybrid {
        /// The size of the first stage.
        kappa: f64,
    },
}

/// What is asked of the event study.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The weights `l` of the periods after the start.
    pub weights: Vec<f64>,
    /// One less the coverage.
    pub alpha: f64,
}

impl Question {
    /// The effect of the `period`-th period after the start, counted from zero, of `periods`.
    pub fn of_period(period: usize, periods: usize, alpha: f64) -> Question {
        let weights = (0..periods).map(|own| f64::from(u8::from(own == period)));
        Question {
            weights: weights.collect(),
            alpha,
        }
    }

    /// The mean effect of `periods`.
    pub fn of_mean(periods: usize, alpha: f64) -> Question {
        Question {
            weights: vec![1.0 / periods as f64; periods],
            alpha,
        }
    }

    /// The hybrid test with a first stage of a tenth of alpha.
    pub fn usual_test(&self) -> Test {
        Test::Hybrid {
            kappa: self.alpha / 10.0,
        }
    }
}

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Where it is.
    pub value: f64,
    /// Whether the test still accepted where the search ended, forty standard errors outside: the interval then goes on beyond `value`.
    pub is_open: bool,
}

/// The values of `θ` that one polyhedron of the restriction does not reject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Which step before the start is the largest, from zero; nothing where the restriction is one polyhedron.
    pub largest_step: Option<(usize, Direction)>,
    /// Its ends; nothing when every value is rejected.
    pub ends: Option<(End, End)>,
    /// The critical value of the first stage.
    pub least_favourable: Option<f64>,
}

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// A robust confidence interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: End,
    /// The upper end.
    pub upper: End,
    /// Whether a value between the ends is rejected by every polyhedron; the interval then covers the gap too.
    pub has_gap: bool,
    /// What each polyhedron does not reject.
    pub pieces: Vec<Piece>,
}

impl Interval {
    /// Whether a value lies inside.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower.value <= value || self.lower.is_open)
            && (value <= self.upper.value || self.upper.is_open)
    }
}

/// The interval that takes parallel trends for granted: `l'β ± z SE`.
///
/// # Errors
/// [`NoInterval`] when the question does not fit the study.
pub fn original(study: &EventStudy, question: &Question) -> Result<(f64, f64), NoInterval> {
    study.check(question)?;
    let contrast = study.contrast(&question.weights);
    let estimate = study.value(&contrast);
    let half = distribution::normal_quantile(1.0 - question.alpha / 2.0)
        * study.product(&contrast, &contrast).sqrt();
    Ok((estimate - half, estimate + half))
}

/// The values of `θ` that the test does not reject under the restriction, with ends by bisection to the last digits.
///
/// Only the inequalities that involve a period after the start are tested, as in the authors' package with several periods; there with one period those among periods before the start are tested too.
/// The restriction on magnitudes is the union over which step before the start is the largest, and its direction (footnote 9 of the paper): all steps count, the earliest too.
///
/// # Errors
/// [`NoInterval`] when the question does not fit the study, or every value is rejected: the restriction does then not agree with what was seen.
pub fn interval(
    study: &EventStudy,
    question: &Question,
    restriction: Restriction,
    test: Test,
) -> Result<Interval, NoInterval> {
    study.check(question)?;
    let pieces = match restriction {
        Restriction::Smoothness(bound) => {
            study::check_bound(bound)?;
            let moments = moments::smoothness(study, &question.weights, bound)?;
            vec![conditional::invert(&moments, question.alpha, test, None)?]
        }
        Restriction::RelativeMagnitude(bound) => {
            study::check_bound(bound)?;
            by_largest_step(study, question, bound, test)?
        }
    };
    hull(pieces)
}

fn by_largest_step(
    study: &EventStudy,
    question: &Question,
    bound: f64,
    test: Test,
) -> Result<Vec<Piece>, NoInterval> {
    let mut pieces = Vec::with_capacity(2 * study.before());
    for step in 0..study.before() {
        for direction in [Direction::Up, Direction::Down] {
            let moments =
                moments::relative_magnitude(study, &question.weights, bound, step, direction)?;
            let at = Some((step, direction));
            pieces.push(conditional::invert(&moments, question.alpha, test, at)?);
        }
    }
    Ok(pieces)
}

fn hull(pieces: Vec<Piece>) -> Result<Interval, NoInterval> {
    let mut ends: Vec<(End, End)> = pieces.iter().filter_map(|piece| piece.ends).collect();
    ends.sort_by(|left, right| left.0.value.total_cmp(&right.0.value));
    let Some((lower, mut upper)) = ends.first().copied() else {
        return Err(NoInterval::AllRejected);
    };
    let mut has_gap = false;
    for (from, to) in &ends[1..] {
        has_gap |= from.value > upper.value;
        if to.value > upper.value {
            upper = *to;
        }
    }
    Ok(Interval {
        lower,
        upper,
        has_gap,
        pieces,
    })
}
