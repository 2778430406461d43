//! The scores of the measures of poverty; each also says what the threshold's own scores are multiplied with.

use super::kernel::Kernel;
use super::{Method, Scores, Threshold, ties};
use crate::measures::{self, PoorRanks, is_below, mean_of, poor, poor_median};
use crate::sample::Sample;
use crate::sum::Sum;
use crate::undefined::Undefined;

/// The rate below a threshold in `sample`, which may be a part of the population the threshold rests on.
///
/// # Errors
/// As [`measures::arpr`].
pub fn arpr(sample: &Sample, threshold: &Threshold, method: Method) -> Result<Scores, Undefined> {
    let rate = measures::arpr(sample, threshold.value)?;
    let total = sample.total_weight();
    let mut scores = Scores::of(sample, |value| {
        (f64::from(is_below(value, threshold.value)) - rate) / total
    });
    scores.of_threshold = Kernel::of(sample, method).density(threshold.value);
    Ok(scores)
}

/// The Foster–Greer–Thorbecke index of a power.
///
/// # Errors
/// As [`measures::fgt`].
pub fn fgt(
    sample: &Sample,
    threshold: &Threshold,
    aversion: f64,
    method: Method,
) -> Result<Scores, Undefined> {
    if aversion == 0.0 {
        return arpr(sample, threshold, method);
    }
    let line = threshold.value;
    let index = measures::fgt(sample, line, aversion)?;
    let total = sample.total_weight();
    let of_poor = |value: f64, gap: &dyn Fn(f64) -> f64| match is_below(value, line) {
        true => gap(1.0 - value / line),
        false => 0.0,
    };
    let mut scores = Scores::of(sample, |value| {
        (of_poor(value, &|gap| gap.powf(aversion)) - index) / total
    });
    scores.of_threshold = mean_of(sample, |value| {
        let slope = aversion * value / line / line;
        of_poor(value, &|gap| slope * gap.powf(aversion - 1.0))
    });
    Ok(scores)
}

/// The Watts index.
///
/// # Errors
/// As [`measures::watts`].
pub fn watts(sample: &Sample, threshold: &Threshold) -> Result<Scores, Undefined> {
    let line = threshold.value;
    let index = measures::watts(sample, line)?;
    let total = sample.total_weight();
    let mut scores = Scores::of(sample, |value| {
        let gap = match is_below(value, line) {
            true => (line / value).ln(),
            false => 0.0,
        };
        (gap - index) / total
    });
    scores.of_threshold = measures::arpr(sample, line)? / line;
    Ok(scores)
}

/// The relative median gap.
///
/// # Errors
/// As [`measures::rmpg`], or where the density at the median of the poor vanishes.
pub fn rmpg(sample: &Sample, threshold: &Threshold, method: Method) -> Result<Scores, Undefined> {
    measures::rmpg(sample, threshold.value, method.rule)?;
    let median = poor_median(sample, threshold.value, method.rule)?;
    let density = Kernel::of(sample, method).density(median);
    if density <= 0.0 {
        return Err(Undefined::NoDensity);
    }
    let rate = measures::arpr(sample, threshold.value)?;
    let total = sample.total_weight();
    // The median of the poor solves F(median) = rate / 2; the gap is 1 − median / threshold.
    let own = Scores::of(sample, |value| {
        (f64::from(value <= median) - rate / 2.0) / total
    });
    let mut scores = Scores::of(sample, |_| 0.0);
    let slope = -1.0 / (density * threshold.value);
    scores.add(slope / 2.0, &arpr(sample, threshold, method)?);
    scores.add(-slope, &own);
    scores.of_threshold += median / threshold.value / threshold.value;
    Ok(scores)
}

/// The Sen index.
///
/// # Errors
/// As [`measures::sen`].
pub fn sen(sample: &Sample, threshold: &Threshold, method: Method) -> Result<Scores, Undefined> {
    let line = threshold.value;
    let index = measures::sen(sample, line)?;
    let ranks = PoorRanks::of(sample, line);
    let total = sample.total_weight();
    let mut scores = Scores::of(sample, |_| -index / total);
    if ranks.rows == 0 {
        return Ok(scores);
    }
    let unit = total * line;
    // One quotient after the other: the product of several sums of weights may be more than a double holds.
    let ranked = ranks.ranked / ranks.weight;
    let of_all = 1.0 / total - 2.0 * ranked / unit / ranks.weight;
    // From the richest of the poor down: what stands strictly above a tie is the same for all its rows.
    let (mut weight_above, mut amount_above) = (Sum::ZERO, Sum::ZERO);
    for (value, rows) in ties(&sample.smallest(ranks.rows)).rev() {
        let own = value * (ranks.weight - weight_above.value()) + amount_above.value();
        let influence = of_all - 2.0 * value / unit + 2.0 * (own / ranks.weight) / unit;
        for row in rows {
            let weight = sample.weights()[row];
            scores.own[row] += weight * influence;
            weight_above.add(weight);
            amount_above.add(weight * value);
        }
    }
    let density = Kernel::of(sample, method).density(line);
    scores.of_threshold = density * (1.0 - 2.0 * ranked / ranks.weight / line)
        + 2.0 * (ranks.amount - ranked) / unit / line;
    Ok(scores)
}

/// The Sen–Shorrocks–Thon index.
///
/// # Errors
/// As [`measures::sst`].
pub fn sst(sample: &Sample, threshold: &Threshold) -> Result<Scores, Undefined> {
    let line = threshold.value;
    let index = measures::sst(sample, line)?;
    let poor = poor(sample, line);
    let total = sample.total_weight();
    let mut scores = Scores::of(sample, |_| -2.0 * index / total);
    let (mut weight_below, mut gaps_below) = (Sum::ZERO, Sum::ZERO);
    let mut slope = Sum::ZERO;
    for (value, rows) in ties(sample) {
        let gap = match rows.start < poor {
            true => 1.0 - value / line,
            false => 0.0,
        };
        let above = total - weight_below.value();
        let influence = 2.0 * (gap * above + gaps_below.value()) / (total * total);
        let tie: f64 = crate::sum(sample.weights()[rows.clone()].iter().copied());
        if rows.start < poor {
            slope.add(tie * (value / line / line) * (above - tie / 2.0));
        }
        for row in rows {
            scores.own[row] += sample.weights()[row] * influence;
        }
        weight_below.add(tie);
        gaps_below.add(tie * gap);
    }
    scores.of_threshold = 2.0 * slope.value() / (total * total);
    Ok(scores)
}
