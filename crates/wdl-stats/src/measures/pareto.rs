//! The upper tail as a Pareto distribution.

use super::mean;
use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;
use crate::sum::sum;
use crate::undefined::{Measured, Undefined};

/// Where the tail of equivalised incomes may begin: between the 97 % and the 98 % quantile, at two and a half times the mean when that lies between (Van Kerm, CEPS/INSTEAD 2007).
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn tail_begin(sample: &Sample, rule: QuantileRule) -> Measured {
    let (lower, upper) = (quantile(sample, 0.97, rule)?, quantile(sample, 0.98, rule)?);
    Ok((2.5 * mean(sample)?).min(upper).max(lower))
}

/// Hill's estimate of the Pareto exponent of the values above a threshold (*Annals of Statistics* 3, 1975).
///
/// # Errors
/// [`Undefined`] when the threshold is not positive or no value lies above it.
pub fn hill(sample: &Sample, threshold: f64) -> Measured {
    if threshold <= 0.0 {
        return Err(Undefined::ThresholdNotPositive);
    }
    let tail = sample.above(threshold);
    let logarithms = sum(tail
        .pairs()
        .map(|(value, weight)| weight * (value / threshold).ln()));
    match tail.is_empty() {
        true => Err(Undefined::TooFewRows),
        false => Ok(tail.total_weight() / logarithms),
    }
}
