//! The power of an estimate that is normal around the effect (Bloom 1995), and designs with a standard error in closed form.

use nalgebra::DMatrix;

use crate::{dense, distribution};

/// An estimate by its standard error, and by the degrees of freedom of the t it is judged with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// The standard error of the estimate.
    pub standard_error: f64,
    /// The degrees of freedom; nothing for the normal.
    pub degrees: Option<f64>,
}

/// Why there is no power.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NoPower {
    /// A number is not finite, or out of its range.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// No degree of freedom is left.
    #[error("no degree of freedom is left")]
    NoDegrees,
    /// The columns of the design repeat each other.
    #[error("the treatment follows from the terms of the running variable")]
    Collinear,
    /// A unit lacks a period.
    #[error("unit {0} has another number of periods than the first")]
    Ragged(usize),
    /// No effect reaches the power.
    #[error("no effect reaches the power")]
    Unreachable,
}

impl Design {
    /// The probability that a two-sided test of size `alpha` rejects when the effect is true.
    pub fn power(&self, effect: f64, alpha: f64) -> f64 {
        let shift = effect.abs() / self.standard_error;
        match self.degrees {
            None => {
                let critical = distribution::normal_quantile(1.0 - alpha / 2.0);
                distribution::normal(shift - critical) + distribution::normal(-shift - critical)
            }
            Some(degrees) => {
                let critical = distribution::student_quantile(1.0 - alpha / 2.0, degrees);
                noncentral_upper(critical, degrees, shift)
                    + noncentral_upper(critical, degrees, -shift)
            }
        }
    }

    /// The least effect, as a positive number, that a two-sided test of size `alpha` finds with the given power.
    ///
    /// # Errors
    /// [`NoPower::OutOfRange`] when the power does not lie between `alpha` and one.
    pub fn minimum_detectable_effect(&self, alpha: f64, power: f64) -> Result<f64, NoPower> {
        check_sizes(alpha, power)?;
        let root = root_of_rising(self.standard_error, |effect| {
            self.power(effect, alpha) - power
        });
        root.ok_or(NoPower::Unreachable)
    }

    fn checked(self) -> Result<Design, NoPower> {
        let is_usable = self.standard_error.is_finite() && self.standard_error > 0.0;
        match (is_usable, self.degrees) {
            (false, _) => Err(NoPower::OutOfRange("standard error")),
            (true, Some(degrees)) if degrees < 1.0 => Err(NoPower::NoDegrees),
            _ => Ok(self),
        }
    }
}

pub(super) fn check_sizes(alpha: f64, power: f64) -> Result<(), NoPower> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(NoPower::OutOfRange("alpha"));
    }
    match power > alpha && power < 1.0 {
        true => Ok(()),
        false => Err(NoPower::OutOfRange("power")),
    }
}

/// Where a function that rises from below zero is zero, on the positive numbers; nothing when it stays below.
pub(super) fn root_of_rising(scale: f64, function: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, scale);
    while function(high) < 0.0 {
        (low, high) = (high, 2.0 * high);
        if high > 1e12 * scale {
            return None;
        }
    }
    while high - low > 1e-13 * high {
        let middle = 0.5 * (low + high);
        match function(middle) < 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(high)
}

/// `P(T ≥ t)` of the noncentral t, as the mean of `Φ(shift - t s)` over `s = √(χ²/df)`, by Simpson's rule.
fn noncentral_upper(t: f64, degrees: f64, shift: f64) -> f64 {
    const STEPS: u32 = 2000;
    // The two differ by less than 1e-7 from here on, and the constant below would lose its digits.
    if degrees > 1e7 {
        return distribution::normal(shift - t);
    }
    // s is nearly normal around one with variance 1/(2 df): twelve of them on either side, from zero.
    let reach = 12.0 / (2.0 * degrees).sqrt();
    let (low, high) = ((1.0 - reach).max(0.0), 1.0 + reach);
    let log_constant = (degrees / 2.0) * (degrees / 2.0).ln() - libm::lgamma(degrees / 2.0)
        + std::f64::consts::LN_2;
    let width = (high - low) / f64::from(STEPS);
    let integrand = |step: u32| {
        let s = low + width * f64::from(step);
        let log_density = match s > 0.0 {
            true => log_constant + (degrees - 1.0) * s.ln() - 0.5 * degrees * s * s,
            false if degrees == 1.0 => log_constant,
            false => f64::NEG_INFINITY,
        };
        log_density.exp() * distribution::normal(shift - t * s)
    };
    let inner = (1..STEPS).map(|step| f64::from(2 + 2 * (step % 2)) * integrand(step));
    width / 3.0 * (integrand(0) + inner.sum::<f64>() + integrand(STEPS))
}

/// The difference of two means: standard deviations and sizes of the treated and of the others.
///
/// # Errors
/// [`NoPower`] when a deviation is not positive or a group has fewer than two.
pub fn means(deviations: (f64, f64), counts: (f64, f64)) -> Result<Design, NoPower> {
    if !(counts.0 >= 2.0 && counts.1 >= 2.0) {
        return Err(NoPower::OutOfRange("size of a group"));
    }
    if !(deviations.0 >= 0.0 && deviations.1 >= 0.0) {
        return Err(NoPower::OutOfRange("standard deviation"));
    }
    let (own, other) = (
        deviations.0 * deviations.0 / counts.0,
        deviations.1 * deviations.1 / counts.1,
    );
    let degrees = match deviations.0 == deviations.1 {
        true => counts.0 + counts.1 - 2.0,
        // Welch and Satterthwaite.
        false => {
            (own + other).powi(2)
                / (own * own / (counts.0 - 1.0) + other * other / (counts.1 - 1.0))
        }
    };
    Design {
        standard_error: (own + other).sqrt(),
        degrees: Some(degrees),
    }
    .checked()
}

/// The difference of two means when whole clusters are treated: the variance grows by `1 + ((1 + cv²) m - 1) ρ` (Eldridge, Ashby and Kerry 2006), judged with the clusters less two.
///
/// `clusters` of the treated and of the others, `size` their mean size with its coefficient of variation, `correlation` that within clusters.
///
/// # Errors
/// [`NoPower`] when a number is out of range, or there are fewer than three clusters.
pub fn clusters(
    deviation: f64,
    clusters: (f64, f64),
    size: f64,
    variation: f64,
    correlation: f64,
) -> Result<Design, NoPower> {
    if !(0.0..=1.0).contains(&correlation) {
        return Err(NoPower::OutOfRange("correlation within clusters"));
    }
    if !(clusters.0 >= 1.0 && clusters.1 >= 1.0 && size >= 1.0 && variation >= 0.0) {
        return Err(NoPower::OutOfRange("number or size of clusters"));
    }
    let effect = 1.0 + ((1.0 + variation * variation) * size - 1.0) * correlation;
    let each = 1.0 / (clusters.0 * size) + 1.0 / (clusters.1 * size);
    Design {
        standard_error: deviation * (effect * each).sqrt(),
        degrees: Some(clusters.0 + clusters.1 - 2.0),
    }
    .checked()
}

/// A discontinuity at zero of a running variable: the variance of the jump in a regression on its powers, on each side their own, for the scores that will be there.
///
/// # Errors
/// [`NoPower`] when a score is not finite, or a side has too few different scores.
pub fn discontinuity(scores: &[f64], deviation: f64, degree: usize) -> Result<Design, NoPower> {
    if scores.iter().any(|own| !own.is_finite()) {
        return Err(NoPower::OutOfRange("score"));
    }
    // Powers of scores near one: no digits are lost.
    let largest = scores
        .iter()
        .fold(0.0_f64, |known, own| known.max(own.abs()));
    let x = DMatrix::from_fn(scores.len(), 2 * degree + 2, |row, column| {
        let score = scores[row] / largest;
        let is_treated = f64::from(u8::from(score >= 0.0));
        match column {
            0 => is_treated,
            1 => 1.0,
            _ => score.powi((column / 2) as i32) * if column % 2 == 0 { 1.0 } else { is_treated },
        }
    });
    let degrees = scores.len() as f64 - x.ncols() as f64;
    if degrees < 1.0 {
        return Err(NoPower::NoDegrees);
    }
    let bread = dense::inverse(&(x.transpose() * &x)).ok_or(NoPower::Collinear)?;
    Design {
        standard_error: deviation * bread[(0, 0)].sqrt(),
        degrees: Some(degrees),
    }
    .checked()
}

/// The difference of two proportions: the variance depends on the effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportions {
    /// The proportion without treatment.
    pub base: f64,
    /// The treated and the others.
    pub counts: (f64, f64),
}

impl Proportions {
    /// Two groups and the proportion without treatment.
    ///
    /// # Errors
    /// [`NoPower`] when the proportion is no share or a group is empty.
    pub fn new(base: f64, counts: (f64, f64)) -> Result<Proportions, NoPower> {
        if !(base > 0.0 && base < 1.0) {
            return Err(NoPower::OutOfRange("proportion"));
        }
        let is_size = |own: f64| own >= 1.0 && own.is_finite();
        match is_size(counts.0) && is_size(counts.1) {
            true => Ok(Proportions { base, counts }),
            false => Err(NoPower::OutOfRange("size of a group")),
        }
    }

    /// The power of the two-sided test with the variance pooled under the null (Fleiss, Levin and Paik 2003, section 4.2); nothing when the treated proportion would be none.
    pub fn power(&self, effect: f64, alpha: f64) -> Option<f64> {
        let treated = self.base + effect;
        if !(0.0..=1.0).contains(&treated) {
            return None;
        }
        let (own, other) = self.counts;
        let pooled = (own * treated + other * self.base) / (own + other);
        let null = (pooled * (1.0 - pooled) * (1.0 / own + 1.0 / other)).sqrt();
        let true_error =
            (treated * (1.0 - treated) / own + self.base * (1.0 - self.base) / other).sqrt();
        let reach = distribution::normal_quantile(1.0 - alpha / 2.0) * null;
        Some(
            distribution::normal((effect.abs() - reach) / true_error)
                + distribution::normal((-effect.abs() - reach) / true_error),
        )
    }

    /// The least rise and the least fall (a negative number) found with the given power; nothing where even the largest is not.
    ///
    /// # Errors
    /// [`NoPower::OutOfRange`] when the power does not lie between `alpha` and one.
    pub fn minimum_detectable_effects(
        &self,
        alpha: f64,
        power: f64,
    ) -> Result<(Option<f64>, Option<f64>), NoPower> {
        check_sizes(alpha, power)?;
        let least = |most: f64| {
            let lacks = |part: f64| self.power(most * part, alpha).is_none_or(|own| own < power);
            if lacks(1.0) {
                return None;
            }
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..100 {
                let middle = 0.5 * (low + high);
                match lacks(middle) {
                    true => low = middle,
                    false => high = middle,
                }
            }
            Some(most * high)
        };
        Ok((least(1.0 - self.base), least(-self.base)))
    }
}
