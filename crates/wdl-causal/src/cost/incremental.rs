//! Cost per outcome of one group, and the additional cost of an additional outcome between two (Drummond et al., "Methods for the economic evaluation of health care programmes", 4th edition, 2015, chapter 11; Briggs, O'Brien and Blackhouse 2002).

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::Ratio;
use crate::distribution;

/// Costs and outcomes of the same persons.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    // INVARIANT: finite, of one length, two at least.
    costs: &'a [f64],
    outcomes: &'a [f64],
}

/// Why there is no cost per outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCost {
    /// There is not one outcome for each cost.
    #[error("there is not one outcome for each cost")]
    Length,
    /// A cost or an outcome is not finite.
    #[error("row {0} has a cost or an outcome that is not finite")]
    NotFinite(usize),
    /// Fewer than two persons.
    #[error("a group has fewer than two persons")]
    TooFew,
    /// No draw was asked for.
    #[error("there must be a draw at least")]
    NoDraws,
}

impl<'a> Arm<'a> {
    /// A group by the cost and the outcome of each person.
    ///
    /// # Errors
    /// [`NoCost`] when they are none.
    pub fn new(costs: &'a [f64], outcomes: &'a [f64]) -> Result<Arm<'a>, NoCost> {
        if costs.len() != outcomes.len() {
            return Err(NoCost::Length);
        }
        let mut rows = costs.iter().zip(outcomes);
        if let Some(at) = rows.position(|(cost, own)| !(cost.is_finite() && own.is_finite())) {
            return Err(NoCost::NotFinite(at));
        }
        match costs.len() < 2 {
            true => Err(NoCost::TooFew),
            false => Ok(Arm { costs, outcomes }),
        }
    }

    /// Means of cost and outcome, with the variances and the covariance of these means.
    fn means(&self) -> Ratio {
        let count = self.costs.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
        let (cost, outcome) = (mean(self.costs), mean(self.outcomes));
        let moment = |left: &[f64], at: f64, right: &[f64], on: f64| {
            let products = left.iter().zip(right);
            let sum: f64 = products.map(|(one, two)| (one - at) * (two - on)).sum();
            sum / (count - 1.0) / count
        };
        Ratio {
            numerator: cost,
            denominator: outcome,
            numerator_variance: moment(self.costs, cost, self.costs, cost),
            denominator_variance: moment(self.outcomes, outcome, self.outcomes, outcome),
            covariance: moment(self.costs, cost, self.outcomes, outcome),
        }
    }

    /// Means of a sample of as many persons, drawn with replacement.
    fn drawn(&self, random: &mut ChaCha8Rng) -> (f64, f64) {
        let count = self.costs.len();
        let (mut cost, mut outcome) = (0.0, 0.0);
        for _ in 0..count {
            let at = random.random_range(0..count);
            cost += self.costs[at];
            outcome += self.outcomes[at];
        }
        (cost / count as f64, outcome / count as f64)
    }
}

/// The cost per outcome of one group: mean cost over mean outcome.
pub fn cost_per_outcome(arm: Arm<'_>) -> Comparison<'_> {
    Comparison {
        treated: arm,
        others: None,
    }
}

/// Two groups compared, or one by itself.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    treated: Arm<'a>,
    others: Option<Arm<'a>>,
}

/// What a bootstrap says of the ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// The interval of the ratio; nothing when it is not bounded, since a limit's draws have an outcome of the other sign or none.
    pub interval: Option<(f64, f64)>,
    /// The share of draws with an outcome of the other sign than the estimate's, or zero.
    pub other_sign: f64,
    /// The draws: cost and outcome.
    pub draws: Vec<(f64, f64)>,
}

/// How probable it is that the intervention is worth its cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Acceptability {
    /// What an outcome is worth.
    pub worth: f64,
    /// The net benefit: the worth of the outcomes less the cost.
    pub net_benefit: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The probability that it is positive, on the normal.
    pub probability: f64,
}

impl<'a> Comparison<'a> {
    /// The treated compared with the others.
    pub fn new(treated: Arm<'a>, others: Arm<'a>) -> Comparison<'a> {
        Comparison {
            treated,
            others: Some(others),
        }
    }

    /// The cost (or additional cost) over the outcome (or additional outcome), groups independent of each other.
    pub fn ratio(&self) -> Ratio {
        let own = self.treated.means();
        let Some(others) = self.others else {
            return own;
        };
        let other = others.means();
        Ratio {
            numerator: own.numerator - other.numerator,
            denominator: own.denominator - other.denominator,
            numerator_variance: own.numerator_variance + other.numerator_variance,
            denominator_variance: own.denominator_variance + other.denominator_variance,
            covariance: own.covariance + other.covariance,
        }
    }

    /// The acceptability curve at given worths of an outcome (van Hout, Al, Gordon and Rutten 1994).
    pub fn acceptability(&self, worths: &[f64]) -> Vec<Acceptability> {
        let ratio = self.ratio();
        let at = |worth: &f64| {
            let net_benefit = worth * ratio.denominator - ratio.numerator;
            let variance = worth * worth * ratio.denominator_variance + ratio.numerator_variance
                - 2.0 * worth * ratio.covariance;
            let standard_error = variance.max(0.0).sqrt();
            Acceptability {
                worth: *worth,
                net_benefit,
                standard_error,
                probability: match standard_error > 0.0 {
                    true => distribution::normal(net_benefit / standard_error),
                    false => f64::from(u8::from(net_benefit > 0.0)),
                },
            }
        };
        worths.iter().map(at).collect()
    }

    /// A bootstrap of persons within their group, with an interval of the ratio of coverage `1 - alpha`.
    ///
    /// Draws are ordered by the direction in which they lie from the origin, turned so that the estimate is straight ahead: ratios themselves have no order across a denominator of zero.
    ///
    /// # Errors
    /// [`NoCost::NoDraws`].
    pub fn bootstrap(&self, draws: usize, alpha: f64, seed: u64) -> Result<Bootstrap, NoCost> {
        if draws == 0 {
            return Err(NoCost::NoDraws);
        }
        let draws: Vec<(f64, f64)> = (0..draws)
            .into_par_iter()
            .map(|draw| {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                random.set_stream(draw as u64);
                let own = self.treated.drawn(&mut random);
                let other = self.others.map_or((0.0, 0.0), |arm| arm.drawn(&mut random));
                (own.0 - other.0, own.1 - other.1)
            })
            .collect();
        Ok(self.interval_of(draws, alpha))
    }

    fn interval_of(&self, draws: Vec<(f64, f64)>, alpha: f64) -> Bootstrap {
        let ratio = self.ratio();
        let sign = ratio.denominator.signum();
        // In units of standard errors, so that euros and outcomes weigh alike in the angle.
        let (cost_scale, outcome_scale) = (
            ratio.numerator_variance.sqrt().max(f64::MIN_POSITIVE),
            ratio.denominator_variance.sqrt().max(f64::MIN_POSITIVE),
        );
        let angle = |cost: f64, outcome: f64| (cost / cost_scale).atan2(outcome / outcome_scale);
        let ahead = angle(ratio.numerator, ratio.denominator);
        let turn = std::f64::consts::TAU;
        let mut turned: Vec<(f64, usize)> = draws
            .iter()
            .enumerate()
            .map(|(at, own)| {
                let offset = angle(own.0, own.1) - ahead;
                (offset - turn * (offset / turn).round(), at)
            })
            .collect();
        turned.sort_by(|left, right| left.0.total_cmp(&right.0));
        let last = draws.len() - 1;
        let low = ((alpha / 2.0 * draws.len() as f64).floor() as usize).min(last);
        let between = &turned[low..=last - low];
        let is_ahead = |own: &(f64, f64)| own.1 * sign > 0.0;
        let is_bounded =
            ratio.denominator != 0.0 && between.iter().all(|own| is_ahead(&draws[own.1]));
        let ratios =
            [between[0].1, between[between.len() - 1].1].map(|at| draws[at].0 / draws[at].1);
        let behind = draws.iter().filter(|own| !is_ahead(own)).count();
        Bootstrap {
            interval: is_bounded.then(|| (ratios[0].min(ratios[1]), ratios[0].max(ratios[1]))),
            other_sign: behind as f64 / draws.len() as f64,
            draws,
        }
    }
}
