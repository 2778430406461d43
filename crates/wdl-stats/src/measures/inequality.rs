//! Inequality: shares of the total, Lorenz curve, Gini, Atkinson, generalised entropy.
//!
//! Atkinson, *Journal of Economic Theory* 2, 1970; Shorrocks, *Econometrica* 48, 1980.

use super::{amount, mean_of, mean_of_positive};
use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;
use crate::sum::{Sum, sum};
use crate::undefined::{Measured, Undefined};

/// The tails of S80/S20.
pub(crate) const QUINTILES: (f64, f64) = (0.2, 0.8);
/// The tails of the Palma ratio.
pub(crate) const PALMA: (f64, f64) = (0.4, 0.9);

/// Income quintile share ratio S80/S20: the sum above the 80 % quantile over the sum up to the 20 % quantile.
///
/// # Errors
/// As [`share_ratio`].
pub fn qsr(sample: &Sample, rule: QuantileRule) -> Measured {
    share_ratio(sample, QUINTILES, rule)
}

/// Palma ratio: the sum above the 90 % quantile over the sum up to the 40 % quantile.
///
/// # Errors
/// As [`share_ratio`].
pub fn palma(sample: &Sample, rule: QuantileRule) -> Measured {
    share_ratio(sample, PALMA, rule)
}

/// The sum of values above the upper quantile over the sum up to the lower one.
///
/// # Errors
/// [`Undefined`] without rows, when the lower sum is not positive, or when nobody lies above the upper quantile (one row, or all equal).
pub fn share_ratio(sample: &Sample, (lower, upper): (f64, f64), rule: QuantileRule) -> Measured {
    let tails = Tails::of(sample, (lower, upper), rule)?;
    if tails.lower_sum <= 0.0 {
        return Err(Undefined::LowerSumNotPositive);
    }
    // Above a quantile of positive values there are only positive values.
    match tails.upper_sum > 0.0 {
        true => Ok(tails.upper_sum / tails.lower_sum),
        false => Err(Undefined::NobodyAbove),
    }
}

/// A part of the population by rank, from one fraction to another: the poorest tenth is `0.0..0.1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// From this fraction of the population.
    pub from: f64,
    /// To this one.
    pub to: f64,
}

/// The part of the total that a part of the population has; rows that straddle an end count with the part of their weight that lies inside.
///
/// # Errors
/// [`Undefined`] without rows, or when the total is not positive.
pub fn quantile_share(sample: &Sample, share: Share) -> Measured {
    let curve = Lorenz::of(sample)?;
    Ok(curve.at(share.to) - curve.at(share.from))
}

/// The Gini coefficient: half the relative mean difference of all pairs of rows, whatever the scale of the weights.
///
/// # Errors
/// [`Undefined`] without rows, or when the total is not positive.
pub fn gini(sample: &Sample) -> Measured {
    let total = positive_total(sample)?;
    let weight = sample.total_weight();
    let mut area = Sum::ZERO;
    for ((value, own), cumulated) in sample.pairs().zip(sample.cumulated()) {
        area.add(value * own * (cumulated - own / 2.0));
    }
    Ok(2.0 * area.value() / (weight * total) - 1.0)
}

/// Atkinson index: the part of the mean that could be given up for an equal distribution, under an aversion above 0.
///
/// # Errors
/// [`Undefined`] without rows, or when a value is not positive.
pub fn atkinson(sample: &Sample, aversion: f64) -> Measured {
    let mean = mean_of_positive(sample)?;
    let equal = match aversion == 1.0 {
        true => mean_of(sample, |value| (value / mean).ln()).exp(),
        false => {
            let power = 1.0 - aversion;
            mean_of(sample, |value| (value / mean).powf(power)).powf(1.0 / power)
        }
    };
    Ok(1.0 - equal)
}

/// Generalised entropy of a power: 0 the mean logarithmic deviation, 1 Theil, 2 half the squared coefficient of variation.
///
/// # Errors
/// [`Undefined`] without rows, or when a value is not positive.
pub fn entropy(sample: &Sample, power: f64) -> Measured {
    let mean = mean_of_positive(sample)?;
    Ok(match power {
        0.0 => mean_of(sample, |value| (mean / value).ln()),
        1.0 => mean_of(sample, |value| value / mean * (value / mean).ln()),
        _ => {
            let powered = mean_of(sample, |value| (value / mean).powf(power));
            (powered - 1.0) / (power * (power - 1.0))
        }
    })
}

/// The Lorenz curve.
// INVARIANT: both vectors ascend in population and have one length; the last point is (1, 1).
#[derive(Clone, Debug)]
pub struct Lorenz {
    population: Vec<f64>,
    amount: Vec<f64>,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LorenzPoint {
    /// The part of the population, from the poorest.
    pub population: f64,
    /// Its part of the total.
    pub amount: f64,
}

impl Lorenz {
    /// The curve of a sample.
    ///
    /// # Errors
    /// [`Undefined`] without rows, or when the total is not positive.
    pub fn of(sample: &Sample) -> Result<Lorenz, Undefined> {
        let total = positive_total(sample)?;
        let weight = sample.total_weight();
        let mut running = Sum::ZERO;
        let add = |(value, own): (f64, f64)| {
            running.add(value * own);
            running.value() / total
        };
        Ok(Lorenz {
            amount: sample.pairs().map(add).collect(),
            population: sample.cumulated().iter().map(|own| own / weight).collect(),
        })
    }

    /// The part of the total that the poorest part of the population has, straight between rows.
    pub fn at(&self, population: f64) -> f64 {
        let place = self.population.partition_point(|own| *own < population);
        let Some((x, y)) = self.population.get(place).zip(self.amount.get(place)) else {
            return 1.0;
        };
        let (before_x, before_y) = match place.checked_sub(1) {
            Some(before) => (self.population[before], self.amount[before]),
            None => (0.0, 0.0),
        };
        before_y + (y - before_y) * ((population - before_x) / (x - before_x)).clamp(0.0, 1.0)
    }

    /// Evenly spaced points, both ends included.
    pub fn points(&self, steps: u32) -> Vec<LorenzPoint> {
        (0..=steps)
            .map(|step| f64::from(step) / f64::from(steps))
            .map(|population| LorenzPoint {
                population,
                amount: self.at(population),
            })
            .collect()
    }
}

pub(super) fn positive_total(sample: &Sample) -> Measured {
    match (sample.is_empty(), amount(sample)) {
        (true, _) => Err(Undefined::NoRows),
        (false, total) if total > 0.0 => Ok(total),
        (false, _) => Err(Undefined::SumNotPositive),
    }
}

/// The two ends of the distribution and what they have.
pub(crate) struct Tails {
    /// The lower quantile.
    pub(crate) lower: f64,
    /// The upper quantile.
    pub(crate) upper: f64,
    /// The sum of values up to the lower one.
    pub(crate) lower_sum: f64,
    /// The sum of values above the upper one.
    pub(crate) upper_sum: f64,
}

impl Tails {
    pub(crate) fn of(
        sample: &Sample,
        (lower, upper): (f64, f64),
        rule: QuantileRule,
    ) -> Result<Tails, Undefined> {
        let lower = quantile(sample, lower, rule)?;
        let upper = quantile(sample, upper, rule)?;
        let up_to = |at: f64| sample.values().partition_point(|value| *value <= at);
        let amount = |(value, weight): (f64, f64)| value * weight;
        Ok(Tails {
            lower,
            upper,
            lower_sum: sum(sample.pairs().take(up_to(lower)).map(amount)),
            upper_sum: sum(sample.pairs().skip(up_to(upper)).map(amount)),
        })
    }
}
