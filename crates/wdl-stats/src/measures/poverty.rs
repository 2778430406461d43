//! Poverty: thresholds, rates, gaps and the indices that weigh them.
//!
//! Foster, Greer and Thorbecke, *Econometrica* 52, 1984; Watts 1968; Sen, *Econometrica* 44, 1976, in its replication-invariant form; Shorrocks, *Econometrica* 63, 1995.

use super::mean_of_positive;
use crate::quantile::{QuantileRule, quantile, quantile_of_first};
use crate::sample::Sample;
use crate::sum::{Sum, sum};
use crate::undefined::{Measured, Undefined};

/// The usual poverty threshold as a part of the median income of persons.
pub const POVERTY_LINE: f64 = 0.6;

/// A value counts as equal to a threshold within this part of it: far less than a cent of any income.
const TIE: f64 = 1e-12;

/// At-risk-of-poverty threshold: a part, usually [`POVERTY_LINE`], of the median.
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn arpt(sample: &Sample, part: f64, rule: QuantileRule) -> Measured {
    quantile(sample, 0.5, rule).map(|median| part * median)
}

/// At-risk-of-poverty rate: the weighted share strictly below the threshold.
///
/// # Errors
/// [`Undefined`] without rows, or when the threshold is not positive: nothing is a part of it.
pub fn arpr(sample: &Sample, threshold: f64) -> Measured {
    is_threshold(sample, threshold)?;
    match poor(sample, threshold) {
        0 => Ok(0.0),
        poor => Ok(sample.cumulated()[poor - 1] / sample.total_weight()),
    }
}

/// Relative median at-risk-of-poverty gap: how far the median of those below lies under the threshold, as a part of it.
///
/// # Errors
/// [`Undefined`] when nobody is below, or the threshold is not positive.
pub fn rmpg(sample: &Sample, threshold: f64, rule: QuantileRule) -> Measured {
    is_threshold(sample, threshold)?;
    let median = poor_median(sample, threshold, rule)?;
    Ok((threshold - median) / threshold)
}

/// Foster–Greer–Thorbecke index: the mean over everybody of the relative gap of those below, to the power `aversion`.
///
/// Of power 0 the rate, of 1 the mean gap, of 2 the mean squared gap.
///
/// # Errors
/// [`Undefined`] without rows, or when the threshold is not positive.
pub fn fgt(sample: &Sample, threshold: f64, aversion: f64) -> Measured {
    if aversion == 0.0 {
        return arpr(sample, threshold);
    }
    is_threshold(sample, threshold)?;
    let gaps = sample.pairs().take(poor(sample, threshold));
    let gaps = gaps.map(|(value, weight)| weight * (1.0 - value / threshold).powf(aversion));
    Ok(sum(gaps) / sample.total_weight())
}

/// Watts index: the mean over everybody of the logarithm of threshold over value, of those below.
///
/// # Errors
/// [`Undefined`] without rows, when the threshold is not positive, or when a value is not.
pub fn watts(sample: &Sample, threshold: f64) -> Measured {
    is_threshold(sample, threshold)?;
    mean_of_positive(sample)?;
    let poor = sample.pairs().take(poor(sample, threshold));
    let gaps = poor.map(|(value, weight)| weight * (threshold / value).ln());
    Ok(sum(gaps) / sample.total_weight())
}

/// Sen index in its replication-invariant form, `H (I + (1 − I) G)`: rate, mean gap of the poor, Gini among the poor.
///
/// # Errors
/// [`Undefined`] without rows, or when the threshold is not positive.
pub fn sen(sample: &Sample, threshold: f64) -> Measured {
    is_threshold(sample, threshold)?;
    let ranks = PoorRanks::of(sample, threshold);
    if ranks.weight == 0.0 {
        return Ok(0.0);
    }
    // H − 2A/(W z) + 2B/(W z P), with A the amount of the poor, B the amount weighed by their ranks, P their weight.
    let unit = sample.total_weight() * threshold;
    let rate = ranks.weight / sample.total_weight();
    Ok(rate - 2.0 * ranks.amount / unit + 2.0 * ranks.ranked / (unit * ranks.weight))
}

/// Sen–Shorrocks–Thon index: the mean gap over everybody times one plus the Gini of the gaps.
///
/// # Errors
/// [`Undefined`] without rows, or when the threshold is not positive.
pub fn sst(sample: &Sample, threshold: f64) -> Measured {
    is_threshold(sample, threshold)?;
    let total = sample.total_weight();
    // The poorest have the largest gaps: seen from the largest gap down, a poor row stands after all who are not poorer.
    let mut poorer = Sum::ZERO;
    let mut ranked = Sum::ZERO;
    for (value, weight) in sample.pairs().take(poor(sample, threshold)) {
        let rank = total - poorer.value() - weight / 2.0;
        ranked.add(weight * (1.0 - value / threshold) * rank);
        poorer.add(weight);
    }
    Ok(2.0 * ranked.value() / (total * total))
}

/// Whether a value lies strictly below the threshold.
///
/// Six tenths of an amount in cents are seldom a binary number: a value that equals them on paper must not count as below.
pub fn is_below(value: f64, threshold: f64) -> bool {
    value < threshold - TIE * threshold.abs()
}

/// The number of rows strictly below the threshold: the first ones.
pub fn poor(sample: &Sample, threshold: f64) -> usize {
    let is_poor = |value: &f64| is_below(*value, threshold);
    sample.values().partition_point(is_poor)
}

/// The median of the rows below the threshold.
pub(crate) fn poor_median(sample: &Sample, threshold: f64, rule: QuantileRule) -> Measured {
    quantile_of_first(sample, poor(sample, threshold), 0.5, rule)
        .map_err(|_| Undefined::NobodyBelow)
}

fn is_threshold(sample: &Sample, threshold: f64) -> Result<(), Undefined> {
    match (sample.is_empty(), threshold > 0.0 && threshold.is_finite()) {
        (true, _) => Err(Undefined::NoRows),
        (_, false) => Err(Undefined::ThresholdNotPositive),
        (false, true) => Ok(()),
    }
}

/// What the Sen index needs of those below.
pub(crate) struct PoorRanks {
    /// How many rows.
    pub(crate) rows: usize,
    /// Their weight.
    pub(crate) weight: f64,
    /// Their weighted sum of values.
    pub(crate) amount: f64,
    /// That sum, each value also times the weight that stands before it and half its own.
    pub(crate) ranked: f64,
}

impl PoorRanks {
    pub(crate) fn of(sample: &Sample, threshold: f64) -> PoorRanks {
        let rows = poor(sample, threshold);
        let mut before = Sum::ZERO;
        let (mut amount, mut ranked) = (Sum::ZERO, Sum::ZERO);
        for (value, weight) in sample.pairs().take(rows) {
            amount.add(value * weight);
            ranked.add(value * weight * (before.value() + weight / 2.0));
            before.add(weight);
        }
        PoorRanks {
            rows,
            weight: before.value(),
            amount: amount.value(),
            ranked: ranked.value(),
        }
    }
}
