//! The scores of the measures of inequality.

use super::kernel::Kernel;
use super::{Method, Scores, ties};
use crate::measures::{self, PALMA, QUINTILES, Share, Tails, mean_of};
use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;
use crate::sum::Sum;
use crate::undefined::Undefined;

/// The quintile share ratio.
///
/// # Errors
/// As [`share_ratio`].
pub fn qsr(sample: &Sample, method: Method) -> Result<Scores, Undefined> {
    share_ratio(sample, QUINTILES, method)
}

/// The Palma ratio.
///
/// # Errors
/// As [`share_ratio`].
pub fn palma(sample: &Sample, method: Method) -> Result<Scores, Undefined> {
    share_ratio(sample, PALMA, method)
}

/// The ratio of the sums above the upper and up to the lower quantile.
///
/// # Errors
/// As [`measures::share_ratio`], or where the density at a quantile vanishes.
pub fn share_ratio(
    sample: &Sample,
    (lower, upper): (f64, f64),
    method: Method,
) -> Result<Scores, Undefined> {
    let tails = Tails::of(sample, (lower, upper), method.rule)?;
    let ratio = measures::share_ratio(sample, (lower, upper), method.rule)?;
    let kernel = Kernel::of(sample, method);
    let sum_up_to = |p: f64, at: f64| {
        let mut part = Scores::of(sample, |value| if value <= at { value } else { 0.0 });
        part.add(kernel.amount_density(at), &kernel.quantile(p, at)?);
        Ok(part)
    };
    // The upper sum is the total less the sum up to the upper quantile.
    let mut scores = super::amount(sample);
    scores.add(-1.0, &sum_up_to(upper, tails.upper)?);
    scores.add(-ratio, &sum_up_to(lower, tails.lower)?);
    for score in &mut scores.own {
        *score /= tails.lower_sum;
    }
    Ok(scores)
}

/// The part of the total of a part of the population.
///
/// # Errors
/// As [`measures::quantile_share`].
pub fn quantile_share(
    sample: &Sample,
    share: Share,
    rule: QuantileRule,
) -> Result<Scores, Undefined> {
    let own = measures::quantile_share(sample, share)?;
    let total = measures::amount(sample);
    // What the part up to p has changes with x up to the quantile and, by the quantile, with the part that is there.
    let ends = [(share.from, -1.0), (share.to, 1.0)];
    let ends = ends.iter().filter(|(p, _)| *p > 0.0 && *p < 1.0);
    let ends: Vec<(f64, f64, f64)> = ends
        .map(|(p, sign)| Ok((*p, *sign, quantile(sample, *p, rule)?)))
        .collect::<Result<_, Undefined>>()?;
    let is_to_the_top = share.to >= 1.0;
    Ok(Scores::of(sample, |value| {
        let mut amount = if is_to_the_top { value } else { 0.0 };
        for (p, sign, at) in &ends {
            let over = if value <= *at { value - at } else { 0.0 };
            amount += sign * (over + p * at);
        }
        (amount - own * value) / total
    }))
}

/// The Gini coefficient.
///
/// # Errors
/// As [`measures::gini`].
pub fn gini(sample: &Sample) -> Result<Scores, Undefined> {
    let gini = measures::gini(sample)?;
    let total = measures::amount(sample);
    let weight = sample.total_weight();
    let mut scores = Scores::of(sample, |value| {
        -(gini + 1.0) * (1.0 / weight + value / total)
    });
    // From the top down: what lies strictly above a tie is the same for all its rows.
    let (mut weight_above, mut amount_above) = (Sum::ZERO, Sum::ZERO);
    for (value, rows) in ties(sample).rev() {
        let others = value * (weight - weight_above.value()) + amount_above.value();
        for row in rows {
            let own = sample.weights()[row];
            scores.own[row] += own * 2.0 * others / (weight * total);
            weight_above.add(own);
            amount_above.add(own * value);
        }
    }
    Ok(scores)
}

/// The Atkinson index.
///
/// # Errors
/// As [`measures::atkinson`].
pub fn atkinson(sample: &Sample, aversion: f64) -> Result<Scores, Undefined> {
    let equal = 1.0 - measures::atkinson(sample, aversion)?;
    let mean = measures::mean(sample)?;
    let total = sample.total_weight();
    if aversion == 1.0 {
        let logarithms = mean_of(sample, |value| (value / mean).ln());
        return Ok(Scores::of(sample, |value| {
            equal * (value / mean - 1.0 - (value / mean).ln() + logarithms) / total
        }));
    }
    let power = 1.0 - aversion;
    let powered = mean_of(sample, |value| (value / mean).powf(power));
    Ok(Scores::of(sample, |value| {
        let part = value / mean;
        let of_power = (part.powf(power) - powered) / (power * powered);
        equal * (part - 1.0 - of_power) / total
    }))
}

/// The generalised entropy of a power.
///
/// # Errors
/// As [`measures::entropy`].
pub fn entropy(sample: &Sample, power: f64) -> Result<Scores, Undefined> {
    let entropy = measures::entropy(sample, power)?;
    let mean = measures::mean(sample)?;
    let total = sample.total_weight();
    let powered = 1.0 + entropy * power * (power - 1.0);
    Ok(Scores::of(sample, |value| {
        let part = value / mean;
        let influence = match power {
            0.0 => part - 1.0 - part.ln() - entropy,
            1.0 => part * part.ln() - entropy * part - (part - 1.0),
            _ => {
                let of_power = part.powf(power) - powered - power * powered * (part - 1.0);
                of_power / (power * (power - 1.0))
            }
        };
        influence / total
    }))
}

/// Hill's exponent of the values above a given amount.
///
/// # Errors
/// As [`measures::hill`].
pub fn hill(sample: &Sample, threshold: f64) -> Result<Scores, Undefined> {
    let exponent = measures::hill(sample, threshold)?;
    let tail = sample.above(threshold).total_weight();
    Ok(Scores::of(sample, |value| match value > threshold {
        true => exponent * (1.0 - exponent * (value / threshold).ln()) / tail,
        false => 0.0,
    }))
}
