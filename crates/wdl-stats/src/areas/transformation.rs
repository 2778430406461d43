//! Incomes on a scale where a line and normal effects fit them.

use super::AreaError;
use crate::sum::sum;

/// Which scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transformation {
    /// As they are.
    None,
    /// The logarithm.
    Log,
    /// The logarithm after a shift that the likelihood chooses: for incomes that may be zero or negative.
    LogShift,
    /// The power of Box and Cox (1964) from zero (the logarithm) to one (a straight line) that the likelihood chooses.
    BoxCox,
}

/// The scale that was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transformed {
    /// `y`.
    Plain,
    /// `ln(y + shift)`.
    Log {
        /// Zero for the plain logarithm.
        shift: f64,
    },
    /// `(y^power − 1) / power`.
    Power {
        /// Above zero, up to one.
        power: f64,
    },
}

/// A power this near to zero is a logarithm.
const ZERO_POWER: f64 = 1e-6;
/// How finely the likelihood is looked at before it is narrowed down.
const STEPS: usize = 16;
/// Halvings of the search, by the golden section: the interval shrinks to a millionth.
const NARROWINGS: usize = 29;

impl Transformed {
    /// An income on the scale; the lower end of the scale for one that lies below it.
    pub fn forward(self, income: f64) -> f64 {
        match self {
            Transformed::Plain => income,
            Transformed::Log { shift } if income + shift <= 0.0 => f64::NEG_INFINITY,
            Transformed::Log { shift } => (income + shift).ln(),
            Transformed::Power { power } => (income.max(0.0).powf(power) - 1.0) / power,
        }
    }

    /// The income at a place of the scale; zero below the end of a power's.
    pub fn inverse(self, place: f64) -> f64 {
        match self {
            Transformed::Plain => place,
            Transformed::Log { shift } => place.exp() - shift,
            Transformed::Power { power } => (1.0 + power * place).max(0.0).powf(1.0 / power),
        }
    }

    /// The mean logarithm of the scale's slope at the incomes: what makes likelihoods on two scales comparable.
    fn mean_log_slope(self, incomes: &[f64]) -> f64 {
        let slope = |income: &f64| match self {
            Transformed::Plain => 0.0,
            Transformed::Log { shift } => -(income + shift).ln(),
            Transformed::Power { power } => (power - 1.0) * income.ln(),
        };
        sum(incomes.iter().map(slope)) / incomes.len() as f64
    }
}

impl Transformation {
    /// Whether the likelihood chooses something of it.
    pub(super) fn is_chosen(self) -> bool {
        match self {
            Transformation::None | Transformation::Log => false,
            Transformation::LogShift | Transformation::BoxCox => true,
        }
    }

    /// The scale of these incomes; `likelihood` is the restricted one of the model on a scale, of so many `free` rows.
    ///
    /// The incomes are scaled by the geometric mean of the slope, after Gurka, Edwards, Muller and Kupper (*Journal of the Royal Statistical Society A* 169, 2006).
    /// The second answer is whether the choice lies at the end of what was searched.
    ///
    /// # Errors
    /// [`AreaError::NotPositive`] when a scale needs positive incomes and some are not.
    pub(super) fn chosen(
        self,
        incomes: &[f64],
        free: f64,
        likelihood: &dyn Fn(&[f64]) -> Option<f64>,
    ) -> Result<(Transformed, bool), AreaError> {
        let count = incomes.iter().filter(|income| **income <= 0.0).count();
        if count > 0 && matches!(self, Transformation::Log | Transformation::BoxCox) {
            return Err(AreaError::NotPositive { count });
        }
        let height = |scale: Transformed| {
            let on_scale: Vec<f64> = incomes
                .iter()
                .map(|income| scale.forward(*income))
                .collect();
            let own = likelihood(&on_scale);
            own.map_or(f64::NEG_INFINITY, |own| {
                own + free * scale.mean_log_slope(incomes)
            })
        };
        Ok(match self {
            Transformation::None => (Transformed::Plain, false),
            Transformation::Log => (Transformed::Log { shift: 0.0 }, false),
            Transformation::BoxCox => {
                let scale = |power: f64| match power < ZERO_POWER {
                    true => Transformed::Log { shift: 0.0 },
                    false => Transformed::Power { power },
                };
                let steps: Vec<f64> = (0..=STEPS).map(|at| at as f64 / STEPS as f64).collect();
                let (power, is_end) = highest(&steps, &|power| height(scale(power)));
                (scale(power), is_end)
            }
            Transformation::LogShift => {
                let steps = shifts(incomes);
                let (shift, is_end) = highest(&steps, &|shift| height(Transformed::Log { shift }));
                // No shift at all is an answer, not the end of a search cut short.
                (Transformed::Log { shift }, is_end && shift != 0.0)
            }
        })
    }
}

/// The shifts that are tried: none for positive incomes, then to half their range.
///
/// With incomes of zero or less they begin a thousandth of the range above the least that is possible: the likelihood has no highest point at that least itself.
fn shifts(incomes: &[f64]) -> Vec<f64> {
    let least = incomes.iter().copied().fold(f64::INFINITY, f64::min);
    let range = incomes.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least;
    let base = if least > 0.0 { 0.0 } else { -least };
    let step = |at: usize| base + range * 0.5 * 500f64.powf(at as f64 / STEPS as f64 - 1.0);
    let none = (least > 0.0).then_some(0.0);
    none.into_iter().chain((0..=STEPS).map(step)).collect()
}

/// The highest place of a function between the first and the last step, and whether it is one of these two.
fn highest(steps: &[f64], height: &dyn Fn(f64) -> f64) -> (f64, bool) {
    let mut best = (0, f64::NEG_INFINITY);
    for (place, step) in steps.iter().enumerate() {
        let height = height(*step);
        if height > best.1 {
            best = (place, height);
        }
    }
    let last = steps.len() - 1;
    let (mut low, mut high) = (steps[best.0.saturating_sub(1)], steps[last.min(best.0 + 1)]);
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (height(left), height(right));
    for _ in 0..NARROWINGS {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = height(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = height(right);
        }
    }
    let (inside, at_inside) = match at_left >= at_right {
        true => (left, at_left),
        false => (right, at_right),
    };
    match at_inside > best.1 {
        true => (inside, false),
        false => (steps[best.0], best.0 == 0 || best.0 == last),
    }
}
