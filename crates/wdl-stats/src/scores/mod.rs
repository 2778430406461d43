//! Scores: each row's weight times its influence on a measure, from which the variance of any design follows.
//!
//! Linearisation after Deville (1999) and Osier (*Survey Research Methods* 3(3), 2009), as the R package convey computes it.
//! A measure of a group under a threshold over everybody has two parts: the scores of its own rows, and a factor of the threshold's.

mod inequality;
mod kernel;
mod poverty;

pub use inequality::{atkinson, entropy, gini, hill, palma, qsr, quantile_share, share_ratio};
pub use kernel::Bandwidth;
pub use poverty::{arpr, fgt, rmpg, sen, sst, watts};

use kernel::Kernel;

use crate::measures;
use crate::quantile::{QuantileRule, quantile as quantile_of};
use crate::sample::Sample;
use crate::undefined::Undefined;

/// The conventions of quantiles and of their densities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Method {
    /// The rule for quantiles.
    pub rule: QuantileRule,
    /// The width of the density's kernel.
    pub bandwidth: Bandwidth,
}

/// The scores of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Of the rows of the sample that was measured, in its order.
    pub own: Vec<f64>,
    /// What the scores of the threshold are multiplied with; zero when the measure has none.
    pub of_threshold: f64,
}

impl Scores {
    fn of(sample: &Sample, influence: impl Fn(f64) -> f64) -> Scores {
        Scores {
            own: sample
                .pairs()
                .map(|(value, weight)| weight * influence(value))
                .collect(),
            of_threshold: 0.0,
        }
    }

    fn add(&mut self, factor: f64, other: &Scores) {
        for (own, other) in self.own.iter_mut().zip(&other.own) {
            *own += factor * other;
        }
        self.of_threshold += factor * other.of_threshold;
    }
}

/// A threshold with the scores of its own estimation.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The threshold.
    pub value: f64,
    /// In the order of the sample it was estimated from; nothing when it is fixed and not estimated.
    pub scores: Vec<f64>,
}

impl Threshold {
    /// A threshold that is given.
    pub fn fixed(value: f64) -> Threshold {
        Threshold {
            value,
            scores: Vec::new(),
        }
    }

    /// A part of the median of a sample.
    ///
    /// # Errors
    /// [`Undefined`] without rows, or where the density at the median vanishes.
    pub fn of_median(sample: &Sample, part: f64, method: Method) -> Result<Threshold, Undefined> {
        let median = quantile_of(sample, 0.5, method.rule)?;
        let kernel = Kernel::of(sample, method);
        let mut scores = kernel.quantile(0.5, median)?;
        scores.own.iter_mut().for_each(|score| *score *= part);
        Ok(Threshold {
            value: part * median,
            scores: scores.own,
        })
    }
}

/// The mean.
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn mean(sample: &Sample) -> Result<Scores, Undefined> {
    let mean = measures::mean(sample)?;
    let total = sample.total_weight();
    Ok(Scores::of(sample, |value| (value - mean) / total))
}

/// The weighted sum, under the weights as they came.
pub fn total(sample: &Sample) -> Scores {
    let mut scores = amount(sample);
    for own in &mut scores.own {
        *own = sample.as_it_came(*own);
    }
    scores
}

/// The weighted sum under the weights as the sample keeps them.
fn amount(sample: &Sample) -> Scores {
    Scores::of(sample, |value| value)
}

/// The `p`-quantile.
///
/// # Errors
/// [`Undefined`] without rows, or where the density at the quantile vanishes.
pub fn quantile(sample: &Sample, p: f64, method: Method) -> Result<Scores, Undefined> {
    let at = quantile_of(sample, p, method.rule)?;
    Kernel::of(sample, method).quantile(p, at)
}

/// The runs of rows with one value, ascending.
fn ties(sample: &Sample) -> impl DoubleEndedIterator<Item = (f64, std::ops::Range<usize>)> {
    let mut runs = Vec::new();
    let mut begin = 0;
    for run in sample.values().chunk_by(|a, b| a == b) {
        runs.push((run[0], begin..begin + run.len()));
        begin += run.len();
    }
    runs.into_iter()
}
