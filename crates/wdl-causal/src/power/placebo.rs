//! Power by treatments that never were, drawn on what was observed before the real one.
//!
//! Units are drawn as treated, each draw has its own stream of random numbers, and a difference in differences is estimated on the data as they are: what dependence they have over time they bring with them.

use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::NoPower;
use super::design::{check_sizes, root_of_rising};
use crate::distribution;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placebo {
    /// How many units are treated in each draw.
    pub treated: usize,
    /// How many periods count as before the start; the others as after it.
    pub before: usize,
    /// How many draws.
    pub draws: usize,
    /// The seed.
    pub seed: u64,
}

/// The estimates of treatments that never were.
#[derive(Clone, Debug, PartialEq)]
pub struct Placebos {
    /// Each draw's estimate with its standard error.
    pub draws: Vec<(f64, f64)>,
    /// The degrees of freedom of the t they are judged with.
    pub degrees: f64,
}

/// Draws treatments on units' outcomes over the periods before the real start; `outcomes` holds one slice of all periods for each unit.
///
/// The estimate is the mean change of the treated less that of the others, with Welch's error: each unit counts as one change, however its errors go together over time (Bertrand, Duflo and Mullainathan 2004).
///
/// # Errors
/// [`NoPower`] when units have different periods, a value is not finite, or there are too few units or periods.
pub fn placebo(outcomes: &[&[f64]], ask: &Placebo) -> Result<Placebos, NoPower> {
    let units = outcomes.len();
    let periods = outcomes.first().map_or(0, |own| own.len());
    if let Some(at) = outcomes.iter().position(|own| own.len() != periods) {
        return Err(NoPower::Ragged(at));
    }
    if ask.before == 0 || ask.before >= periods {
        return Err(NoPower::OutOfRange("periods before the start"));
    }
    if ask.treated < 2 || ask.treated + 2 > units {
        return Err(NoPower::OutOfRange("treated units"));
    }
    if ask.draws == 0 {
        return Err(NoPower::OutOfRange("draws"));
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let changes: Vec<f64> = outcomes
        .iter()
        .map(|own| mean(&own[ask.before..]) - mean(&own[..ask.before]))
        .collect();
    if changes.iter().any(|own| !own.is_finite()) {
        return Err(NoPower::OutOfRange("outcome"));
    }
    let draws: Vec<(f64, f64)> = (0..ask.draws)
        .into_par_iter()
        .map(|draw| {
            let mut random = ChaCha8Rng::seed_from_u64(ask.seed);
            random.set_stream(draw as u64);
            let mut is_treated = vec![false; units];
            for unit in index::sample(&mut random, units, ask.treated) {
                is_treated[unit] = true;
            }
            difference(&changes, &is_treated)
        })
        .collect();
    match draws.iter().all(|own| own.1 > 0.0) {
        true => Ok(Placebos {
            draws,
            degrees: units as f64 - 2.0,
        }),
        false => Err(NoPower::OutOfRange("variance of the change")),
    }
}

fn difference(changes: &[f64], is_treated: &[bool]) -> (f64, f64) {
    let group = |wanted: bool| {
        let own = || {
            let pairs = changes.iter().zip(is_treated);
            pairs.filter(move |own| *own.1 == wanted).map(|own| *own.0)
        };
        let count = own().count() as f64;
        let mean = own().sum::<f64>() / count;
        let squares: f64 = own().map(|value| (value - mean).powi(2)).sum();
        (mean, squares / (count - 1.0) / count)
    };
    let (treated, others) = (group(true), group(false));
    (treated.0 - others.0, (treated.1 + others.1).sqrt())
}

impl Placebos {
    /// The share of draws that reject with the effect added to the treated; without one the true size of the test.
    pub fn power(&self, effect: f64, alpha: f64) -> f64 {
        let critical = distribution::student_quantile(1.0 - alpha / 2.0, self.degrees);
        let rejects = |own: &&(f64, f64)| (own.0 + effect).abs() > critical * own.1;
        self.draws.iter().filter(rejects).count() as f64 / self.draws.len() as f64
    }

    /// The least effect from which on the given share of draws reject.
    ///
    /// # Errors
    /// [`NoPower::OutOfRange`] when the power does not lie between `alpha` and one.
    pub fn minimum_detectable_effect(&self, alpha: f64, power: f64) -> Result<f64, NoPower> {
        check_sizes(alpha, power)?;
        let scale = self.draws.iter().map(|own| own.1).sum::<f64>() / self.draws.len() as f64;
        let root = root_of_rising(scale, |effect| self.power(effect, alpha) - power);
        root.ok_or(NoPower::Unreachable)
    }

    /// The standard deviation of the estimates: the true error of the design.
    pub fn true_error(&self) -> f64 {
        let count = self.draws.len() as f64;
        let mean = self.draws.iter().map(|own| own.0).sum::<f64>() / count;
        let squares = self.draws.iter().map(|own| (own.0 - mean).powi(2));
        (squares.sum::<f64>() / (count - 1.0)).sqrt()
    }
}
