//! Outcomes drawn without any effect on the rows of a design, and what the intervals estimated on them would have seen.
//!
//! For designs that no formula describes: several starts, few units, errors that go together over time, counts of small areas.
//! Whoever draws says how outcomes vary; nothing of an observed outcome is read.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::StandardNormal;

use super::NoPower;
use super::design::{check_sizes, root_of_rising};

/// How outcomes vary around one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The expected outcome.
    pub level: f64,
    /// The standard deviation of the errors of a row.
    pub deviation: f64,
    /// The correlation of the errors of a unit from one period to the next; it falls with each period between.
    pub autocorrelation: f64,
    /// The standard deviation of what stays with a unit in all its rows.
    pub between: f64,
    /// Where the outcome is events for each so many of those behind a row: the events are drawn as counts (Poisson) too.
    pub per: Option<f64>,
}

/// Where drawn outcomes come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcomes<'a> {
    /// From how they are said to vary.
    Noise(Noise),
    /// From the values of a column that is like them, such as the outcome before: each row takes that of a row drawn with replacement.
    Like(&'a [f64]),
}

impl Noise {
    fn check(&self, has_sizes: bool) -> Result<(), NoPower> {
        let is_size = |own: f64| own.is_finite() && own >= 0.0;
        if !self.level.is_finite() || !is_size(self.deviation) || !is_size(self.between) {
            return Err(NoPower::OutOfRange("level, deviation or between"));
        }
        if !(self.autocorrelation > -1.0 && self.autocorrelation < 1.0) {
            return Err(NoPower::OutOfRange("autocorrelation"));
        }
        match self.per {
            Some(per) if !(per > 0.0 && self.level >= 0.0 && has_sizes) => {
                Err(NoPower::OutOfRange("per"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The rows of a design.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The unit of each row.
    pub unit: &'a [usize],
    /// The period of each row, in whole numbers; nothing where rows have no order.
    pub period: Option<&'a [i64]>,
    /// How many stand behind each row.
    pub size: Option<&'a [f64]>,
}

/// Outcomes that can be drawn again and again.
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    outcomes: Outcomes<'a>,
    rows: Rows<'a>,
    /// The rows by unit and period.
    order: Vec<usize>,
    seed: u64,
}

impl<'a> Drawing<'a> {
    /// Outcomes on some rows.
    ///
    /// # Errors
    /// [`NoPower::OutOfRange`] when a number is out of its range, or counts are asked for and nobody is said to stand behind the rows.
    pub fn new(outcomes: Outcomes<'a>, rows: Rows<'a>, seed: u64) -> Result<Drawing<'a>, NoPower> {
        match outcomes {
            Outcomes::Noise(noise) => noise.check(rows.size.is_some())?,
            Outcomes::Like(values) => {
                if values.is_empty() || values.iter().any(|own| !own.is_finite()) {
                    return Err(NoPower::OutOfRange("like"));
                }
            }
        }
        let mut order: Vec<usize> = (0..rows.unit.len()).collect();
        order.sort_by_key(|row| (rows.unit[*row], rows.period.map(|own| own[*row]), *row));
        Ok(Drawing {
            outcomes,
            rows,
            order,
            seed,
        })
    }

    /// The outcome of each row in one draw; each draw has its own stream of random numbers.
    pub fn draw(&self, draw: u64) -> Vec<f64> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(draw);
        match self.outcomes {
            Outcomes::Noise(noise) => self.noisy(noise, &mut random),
            Outcomes::Like(values) => (0..self.order.len())
                .map(|_| values[random.random_range(0..values.len())])
                .collect(),
        }
    }

    fn noisy(&self, noise: Noise, random: &mut ChaCha8Rng) -> Vec<f64> {
        let mut outcomes = vec![0.0; self.order.len()];
        let mut last: Option<(usize, i64, f64)> = None;
        let mut own = 0.0;
        for row in &self.order {
            let unit = self.rows.unit[*row];
            let period = self.rows.period.map_or(0, |own| own[*row]);
            let fresh: f64 = random.sample(StandardNormal);
            let kept = match last.filter(|known| known.0 == unit) {
                None => {
                    own = noise.between * random.sample::<f64, _>(StandardNormal);
                    0.0
                }
                Some((_, before, _)) if self.rows.period.is_some() => {
                    let apart = i32::try_from(period - before).unwrap_or(i32::MAX);
                    noise.autocorrelation.powi(apart)
                }
                Some(_) => 0.0,
            };
            let known = last.map_or(0.0, |known| known.2);
            let error = kept * known + (1.0 - kept * kept).sqrt() * fresh;
            last = Some((unit, period, error));
            let expected = noise.level + own + noise.deviation * error;
            outcomes[*row] = match (noise.per, self.rows.size) {
                (Some(per), Some(size)) => {
                    let mean = (expected.max(0.0) * size[*row] / per).max(0.0);
                    match size[*row] > 0.0 {
                        true => count(random, mean) * per / size[*row],
                        false => 0.0,
                    }
                }
                _ => expected,
            };
        }
        outcomes
    }
}

/// A count of a mean (Poisson), by going up its probabilities; the normal where they are too many.
fn count(random: &mut ChaCha8Rng, mean: f64) -> f64 {
    if mean > 500.0 {
        let normal: f64 = random.sample(StandardNormal);
        return (mean + mean.sqrt() * normal).round().max(0.0);
    }
    let wanted: f64 = random.random();
    let (mut at, mut probability) = (0.0, (-mean).exp());
    let mut sum = probability;
    while sum < wanted && at < 2000.0 {
        at += 1.0;
        probability *= mean / at;
        sum += probability;
    }
    at
}

/// What an interval on one draw without effect would have seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// The interval.
    pub interval: [f64; 2],
}

/// The intervals of all draws; a draw without one sees nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Seens {
    /// Those that there are.
    pub intervals: Vec<Seen>,
    /// Draws, also those without an interval.
    pub draws: usize,
}

impl Seens {
    /// The share of draws whose interval leaves zero out with the effect added, mean of both directions; without an effect, how often one is found that is not there.
    pub fn power(&self, effect: f64) -> f64 {
        let sees = |own: &Seen, effect: f64| {
            let [low, high] = own.interval;
            usize::from(low + effect > 0.0 || high + effect < 0.0)
        };
        let seen = self.intervals.iter();
        let seen = seen.map(|own| sees(own, effect) + sees(own, -effect));
        seen.sum::<usize>() as f64 / (2 * self.draws.max(1)) as f64
    }

    /// The mean half-width of the intervals.
    pub fn half_width(&self) -> f64 {
        let widths = self
            .intervals
            .iter()
            .map(|own| own.interval[1] - own.interval[0]);
        widths.sum::<f64>() / (2 * self.intervals.len().max(1)) as f64
    }

    /// The least effect from which on the given share of draws see it.
    ///
    /// # Errors
    /// [`NoPower::OutOfRange`] when the power does not lie between `alpha` and one, [`NoPower::Unreachable`] when too few draws have an interval.
    pub fn minimum_detectable_effect(&self, alpha: f64, power: f64) -> Result<f64, NoPower> {
        check_sizes(alpha, power)?;
        let scale = self.half_width();
        if !(scale.is_finite() && scale > 0.0) {
            return Err(NoPower::Unreachable);
        }
        let root = root_of_rising(scale, |effect| self.power(effect) - power);
        root.ok_or(NoPower::Unreachable)
    }
}
