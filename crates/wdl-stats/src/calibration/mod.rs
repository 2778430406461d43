//! Calibration: weights that meet known totals and stay as near as they can to the weights of the design.
//!
//! Deville and Särndal, *Journal of the American Statistical Association* 87, 1992.
//! It must not know where the totals come from; margins have numbers here, names where they are read.

mod auxiliaries;
mod residuals;

pub use auxiliaries::Auxiliaries;
pub use residuals::Residuals;

use crate::factor::Factor;

use crate::sum::Sum;

/// How far from the weights of the design is far: which function of the margins a weight is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distance {
    /// `exp(u)`: always positive; in categories the same as iterative proportional fitting.
    Raking,
    /// `1 + u`: the regression estimator; some weights may come out negative.
    Linear,
    /// `1 + u`, cut at the bounds.
    Truncated(Bounds),
    /// The logistic function between the bounds.
    Logit(Bounds),
}

/// What a weight may be multiplied with.
#[derive(Clone, Copy, Debug, PartialEq)]
// INVARIANT: `0 <= lower < 1 < upper`, both finite.
pub struct Bounds {
    lower: f64,
    upper: f64,
}

impl Bounds {
    /// From less than one to more than one; nothing for other numbers.
    pub fn new(lower: f64, upper: f64) -> Option<Bounds> {
        let is_legal = (0.0..1.0).contains(&lower) && upper > 1.0 && upper.is_finite();
        is_legal.then_some(Bounds { lower, upper })
    }
}

/// Weights that meet the totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// The weights, one per row.
    pub weights: Vec<f64>,
    /// The steps it took.
    pub steps: u32,
    /// The smallest and the largest factor of a row that counts.
    pub factors: (f64, f64),
    /// The multipliers found, one per margin: a start for weights that differ little.
    pub multipliers: Vec<f64>,
}

/// The totals cannot be met.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// A margin that no row with a weight belongs to, and whose total is not zero.
    #[error("no row counts in margin {margin}")]
    Empty {
        /// Its number.
        margin: usize,
    },
    /// The total is zero, and the rows that count in the margin all add to it: each of their weights would have to be zero.
    #[error("the total of margin {margin} is zero, and rows count in it")]
    Zero {
        /// Its number.
        margin: usize,
    },
    /// The steps do not lead to the totals: they contradict each other, or the bounds are too narrow.
    #[error("margin {margin} stays {gap} of its total away after {steps} steps")]
    NotConverged {
        /// The margin that is missed most.
        margin: usize,
        /// By how much of its total.
        gap: f64,
        /// The steps taken.
        steps: u32,
    },
    /// The totals are met, with weights below zero.
    #[error("{rows} rows would get a negative weight")]
    Negative {
        /// How many rows.
        rows: usize,
    },
}

/// A total counts as met within this part of it.
const MET: f64 = 1e-10;
/// Newton's method doubles the digits at each step; so many steps are never needed where there is a solution inside the bounds.
const STEPS: u32 = 60;
/// How often a step that leads away is halved.
const HALVINGS: u32 = 30;

/// Weights that meet the totals of all margins, from the weights of the design.
///
/// # Errors
/// [`CalibrationError`] when there are no such weights, or some would be negative.
///
/// # Panics
/// When there is not one weight per row or one total per margin.
pub fn calibrate(
    base: &[f64],
    auxiliaries: &Auxiliaries,
    totals: &[f64],
    distance: Distance,
) -> Result<Calibrated, CalibrationError> {
    let start = vec![0.0; totals.len()];
    calibrate_from(base, auxiliaries, totals, distance, &start)
}

/// As [`calibrate`], from multipliers that are known to be near.
///
/// # Errors
/// As [`calibrate`].
///
/// # Panics
/// As [`calibrate`].
pub fn calibrate_from(
    base: &[f64],
    auxiliaries: &Auxiliaries,
    totals: &[f64],
    distance: Distance,
    start: &[f64],
) -> Result<Calibrated, CalibrationError> {
    assert_eq!(base.len(), auxiliaries.rows(), "one weight per row");
    assert_eq!(totals.len(), auxiliaries.margins(), "one total per margin");
    assert_eq!(start.len(), totals.len(), "one multiplier per margin");
    let problem = Problem {
        base,
        auxiliaries,
        totals,
        distance,
        sizes: sizes(base, auxiliaries),
    };
    problem.reachable()?;
    let mut here = problem.at(start.to_vec());
    let mut steps = 0;
    while here.worst().1 > MET {
        let next = (steps < STEPS).then(|| problem.step(&here)).flatten();
        let Some(next) = next else {
            let (margin, gap) = here.worst();
            return Err(CalibrationError::NotConverged { margin, gap, steps });
        };
        (here, steps) = (next, steps + 1);
    }
    problem.finish(here, steps)
}

struct Problem<'a> {
    base: &'a [f64],
    auxiliaries: &'a Auxiliaries,
    totals: &'a [f64],
    distance: Distance,
    /// What each margin adds up to without signs under the weights of the design.
    sizes: Vec<f64>,
}

/// Multipliers and how far they are from the totals.
struct Place {
    multipliers: Vec<f64>,
    /// Total less what is reached, per margin.
    missing: Vec<f64>,
    /// The same as parts of the totals.
    gaps: Vec<f64>,
}

impl Place {
    fn worst(&self) -> (usize, f64) {
        let gaps = self.gaps.iter().copied().enumerate();
        gaps.fold((0, 0.0), |worst, (margin, gap)| match gap > worst.1 {
            true => (margin, gap),
            false => worst,
        })
    }

    fn distance(&self) -> f64 {
        crate::sum(self.gaps.iter().map(|gap| gap * gap))
    }
}

fn sizes(base: &[f64], auxiliaries: &Auxiliaries) -> Vec<f64> {
    let mut sizes = vec![Sum::ZERO; auxiliaries.margins()];
    for (row, weight) in base.iter().enumerate() {
        for (margin, value) in auxiliaries.of_row(row) {
            sizes[margin].add(weight * value.abs());
        }
    }
    sizes.into_iter().map(Sum::value).collect()
}

impl Problem<'_> {
    fn reachable(&self) -> Result<(), CalibrationError> {
        let mut margins = self.sizes.iter().zip(self.totals);
        if let Some(margin) = margins.position(|(size, total)| *size == 0.0 && *total != 0.0) {
            return Err(CalibrationError::Empty { margin });
        }
        if !self.totals.contains(&0.0) {
            return Ok(());
        }
        // Only weights near nothing meet it: that is no calibration of those rows, it is their loss.
        let of_one_sign = self.of_one_sign();
        let is_lost = |margin: &usize| {
            let is_zero = self.totals[*margin] == 0.0 && self.sizes[*margin] > 0.0;
            is_zero && of_one_sign[*margin]
        };
        match (0..self.totals.len()).find(is_lost) {
            Some(margin) => Err(CalibrationError::Zero { margin }),
            None => Ok(()),
        }
    }

    /// Whether what the rows add to each margin is all of one sign.
    fn of_one_sign(&self) -> Vec<bool> {
        let mut signs = vec![(false, false); self.totals.len()];
        for (row, weight) in self.base.iter().enumerate() {
            if *weight == 0.0 {
                continue;
            }
            for (margin, value) in self.auxiliaries.of_row(row) {
                signs[margin].0 |= value > 0.0;
                signs[margin].1 |= value < 0.0;
            }
        }
        let is_one = |(up, down): (bool, bool)| up != down;
        signs.into_iter().map(is_one).collect()
    }

    fn at(&self, multipliers: Vec<f64>) -> Place {
        let mut reached = vec![Sum::ZERO; self.totals.len()];
        for (row, weight) in self.base.iter().enumerate() {
            let own = weight
                * self
                    .distance
                    .factor(self.auxiliaries.times(row, &multipliers));
            for (margin, value) in self.auxiliaries.of_row(row) {
                reached[margin].add(own * value);
            }
        }
        let missing: Vec<f64> = (self.totals.iter().zip(&reached))
            .map(|(total, reached)| total - reached.value())
            .collect();
        let part = |((missing, total), size): ((&f64, &f64), &f64)| {
            let whole = if *total == 0.0 { *size } else { total.abs() };
            match whole > 0.0 {
                true => missing.abs() / whole,
                false => 0.0,
            }
        };
        let gaps = missing.iter().zip(self.totals).zip(&self.sizes).map(part);
        Place {
            gaps: gaps.collect(),
            missing,
            multipliers,
        }
    }

    /// One step of Newton's method, halved until it leads nearer; nothing when no step does.
    fn step(&self, here: &Place) -> Option<Place> {
        let slopes = self.base.iter().enumerate().map(|(row, weight)| {
            weight
                * self
                    .distance
                    .slope(self.auxiliaries.times(row, &here.multipliers))
        });
        let direction =
            Factor::semidefinite(&self.auxiliaries.products(slopes)).solve(&here.missing);
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let moved = here.multipliers.iter().zip(&direction);
            let next = self.at(moved.map(|(own, step)| own + length * step).collect());
            if next.distance() < here.distance() {
                return Some(next);
            }
            length /= 2.0;
        }
        None
    }

    fn finish(&self, place: Place, steps: u32) -> Result<Calibrated, CalibrationError> {
        let factor = |row| {
            self.distance
                .factor(self.auxiliaries.times(row, &place.multipliers))
        };
        let mut factors = (f64::INFINITY, f64::NEG_INFINITY);
        let mut weights = Vec::with_capacity(self.base.len());
        for (row, weight) in self.base.iter().enumerate() {
            let own = factor(row);
            weights.push(if *weight == 0.0 { 0.0 } else { weight * own });
            if *weight > 0.0 {
                factors = (factors.0.min(own), factors.1.max(own));
            }
        }
        match weights.iter().filter(|weight| **weight < 0.0).count() {
            0 => Ok(Calibrated {
                weights,
                steps,
                factors,
                multipliers: place.multipliers,
            }),
            rows => Err(CalibrationError::Negative { rows }),
        }
    }
}

impl Distance {
    /// What a weight is multiplied with.
    fn factor(self, u: f64) -> f64 {
        match self {
            Distance::Raking => u.exp(),
            Distance::Linear => 1.0 + u,
            Distance::Truncated(Bounds { lower, upper }) => (1.0 + u).clamp(lower, upper),
            Distance::Logit(bounds) => bounds.logistic(u).0,
        }
    }

    /// How the factor changes with `u`.
    fn slope(self, u: f64) -> f64 {
        match self {
            Distance::Raking => u.exp(),
            Distance::Linear => 1.0,
            Distance::Truncated(Bounds { lower, upper }) => {
                f64::from((lower..=upper).contains(&(1.0 + u)))
            }
            Distance::Logit(bounds) => bounds.logistic(u).1,
        }
    }
}

impl Bounds {
    /// `F(u) = (L (U − 1) + U (1 − L) e^{A u}) / (U − 1 + (1 − L) e^{A u})` with `A = (U − L) / ((1 − L)(U − 1))`, and its derivative.
    fn logistic(self, u: f64) -> (f64, f64) {
        let Bounds { lower, upper } = self;
        let (below, above) = (1.0 - lower, upper - 1.0);
        let power = (upper - lower) / (below * above) * u;
        // As the part of the way from the lower to the upper bound, so that nothing overflows.
        let odds = below / above * power.exp();
        let part = match odds.is_finite() {
            true => odds / (1.0 + odds),
            false => 1.0,
        };
        let factor = lower + (upper - lower) * part;
        let slope = (upper - lower).powi(2) / (below * above) * part * (1.0 - part);
        (factor, slope)
    }
}
