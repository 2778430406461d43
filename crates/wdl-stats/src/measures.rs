//! Poverty and inequality measures of a weighted sample; `None` where a measure is not defined.
//!
//! Shares and ratios are fractions: a percent is a way of showing.
//! Definitions: Eurostat, EU-SILC 131-rev/04; Alfons and Templ, *Journal of Statistical Software* 54(15), 2013.

use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;
use crate::sum::{Sum, sum};

/// The poverty threshold as a part of the median income of persons.
pub const POVERTY_LINE: f64 = 0.6;

/// A value counts as equal to a threshold within this part of it: far less than a cent of any income.
const TIE: f64 = 1e-12;

/// The weighted sum of the values.
pub fn total(sample: &Sample) -> f64 {
    sum(sample.pairs().map(|(value, weight)| value * weight))
}

/// The weighted mean.
pub fn mean(sample: &Sample) -> Option<f64> {
    (!sample.is_empty()).then(|| total(sample) / sample.total_weight())
}

/// At-risk-of-poverty threshold: [`POVERTY_LINE`] of the median.
pub fn arpt(sample: &Sample, rule: QuantileRule) -> Option<f64> {
    quantile(sample, 0.5, rule).map(|median| POVERTY_LINE * median)
}

/// At-risk-of-poverty rate: the weighted share strictly below the threshold.
pub fn arpr(sample: &Sample, threshold: f64) -> Option<f64> {
    let below = sum(sample.weights()[..poor(sample, threshold)].iter().copied());
    (!sample.is_empty()).then(|| below / sample.total_weight())
}

/// Relative median at-risk-of-poverty gap: how far the median of those below lies under the threshold, as a part of it.
pub fn rmpg(sample: &Sample, threshold: f64, rule: QuantileRule) -> Option<f64> {
    let median = poor_median(sample, threshold, rule)?;
    (threshold > 0.0).then(|| (threshold - median) / threshold)
}

/// Income quintile share ratio S80/S20: the sum above the 80 % quantile over the sum up to the 20 % quantile.
pub fn qsr(sample: &Sample, rule: QuantileRule) -> Option<f64> {
    let fifths = Fifths::of(sample, rule)?;
    (fifths.lower_sum > 0.0).then(|| fifths.upper_sum / fifths.lower_sum)
}

/// The Gini coefficient: half the relative mean difference of all pairs of rows, whatever the scale of the weights.
pub fn gini(sample: &Sample) -> Option<f64> {
    let total = total(sample);
    if total <= 0.0 {
        return None;
    }
    let weight = sample.total_weight();
    let mut before = Sum::ZERO;
    let mut area = Sum::ZERO;
    for (value, own) in sample.pairs() {
        area.add(value * own * (before.value() + own / 2.0));
        before.add(own);
    }
    Some(2.0 * area.value() / (weight * total) - 1.0)
}

/// Whether a value lies strictly below the threshold.
///
/// Six tenths of an amount in cents are seldom a binary number: a value that equals them on paper must not count as below.
pub fn is_below(value: f64, threshold: f64) -> bool {
    value < threshold - TIE * threshold.abs()
}

/// The number of rows strictly below the threshold: the first ones.
pub(crate) fn poor(sample: &Sample, threshold: f64) -> usize {
    let is_poor = |value: &f64| is_below(*value, threshold);
    sample.values().partition_point(is_poor)
}

/// The median of the rows below the threshold.
pub(crate) fn poor_median(sample: &Sample, threshold: f64, rule: QuantileRule) -> Option<f64> {
    quantile(&sample.smallest(poor(sample, threshold)), 0.5, rule)
}

/// The two outer fifths of the income distribution.
pub(crate) struct Fifths {
    /// The 20 % quantile.
    pub(crate) lower: f64,
    /// The 80 % quantile.
    pub(crate) upper: f64,
    /// The sum of values up to the lower one.
    pub(crate) lower_sum: f64,
    /// The sum of values above the upper one.
    pub(crate) upper_sum: f64,
}

impl Fifths {
    pub(crate) fn of(sample: &Sample, rule: QuantileRule) -> Option<Fifths> {
        let lower = quantile(sample, 0.2, rule)?;
        let upper = quantile(sample, 0.8, rule)?;
        let amounts = |keep: &dyn Fn(f64) -> bool| {
            let kept = sample.pairs().filter(|(value, _)| keep(*value));
            sum(kept.map(|(value, weight)| value * weight))
        };
        Some(Fifths {
            lower,
            upper,
            lower_sum: amounts(&|value| value <= lower),
            upper_sum: amounts(&|value| value > upper),
        })
    }
}
