//! Standard errors of synthetic difference-in-differences: placebo, jackknife and bootstrap (Arkhangelsky et al. 2021, algorithms 2 to 4).
//!
//! Draws are seeded, one stream each, so that the answer does not depend on the number of threads.
//! Every resampled fit starts from equal weights: started from the weights of the true fit, it would stop near them.

use std::collections::BTreeMap;

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::control::NoSynthetic;
use super::panel::Panel;
use super::sdid::{self, Adoption, SyntheticDid};

/// How the standard error is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variance {
    /// Donors in the place of the treated; needs more donors than treated units, and rests on their outcomes varying alike.
    Placebo {
        /// How many draws.
        draws: usize,
        /// The seed.
        seed: u64,
    },
    /// Each unit left out in turn with the weights kept; needs two treated units.
    Jackknife,
    /// Units drawn with replacement; needs two treated units.
    Bootstrap {
        /// How many draws.
        draws: usize,
        /// The seed.
        seed: u64,
    },
}

/// A standard error and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardError {
    /// The standard error.
    pub value: f64,
    /// The effects behind it, in the order of draws, or of units left out: treated first.
    pub effects: Vec<f64>,
    /// Draws made again because they held no treated unit, or fewer than two donors.
    pub redrawn: usize,
    /// How many different sets of units were fitted: with one treated unit there are no more placebos than donors, however many draws.
    pub distinct: usize,
}

/// The standard error of an estimate.
///
/// # Errors
/// [`NoSynthetic`] when the units are too few for the kind of error, or the draws are.
pub fn standard_error(
    panel: &Panel,
    adoption: &Adoption,
    estimate: &SyntheticDid,
    variance: Variance,
) -> Result<StandardError, NoSynthetic> {
    match variance {
        Variance::Placebo { draws, seed } => placebo(panel, adoption, estimate, draws, seed),
        Variance::Jackknife => jackknife(panel, adoption, estimate),
        Variance::Bootstrap { draws, seed } => bootstrap(panel, adoption, estimate, draws, seed),
    }
}

fn placebo(
    panel: &Panel,
    adoption: &Adoption,
    estimate: &SyntheticDid,
    draws: usize,
    seed: u64,
) -> Result<StandardError, NoSynthetic> {
    let (treated, donors) = (adoption.treated.len(), adoption.donors.len());
    // As many donors as treated leave, and two more to weigh.
    if donors < treated + 2 {
        return Err(NoSynthetic::TooFewDonors {
            found: donors,
            needed: treated + 2,
        });
    }
    enough(draws)?;
    let sets: Vec<Vec<usize>> = (0..draws)
        .map(|draw| {
            let mut random = stream(seed, draw);
            let mut chosen = rand::seq::index::sample(&mut random, donors, treated).into_vec();
            chosen.sort_unstable();
            chosen
        })
        .collect();
    let effects = fitted(&sets, |chosen| {
        let named = |at: &usize| adoption.donors[*at];
        let pretended: Vec<usize> = chosen.iter().map(named).collect();
        let rest: Vec<usize> = (0..donors)
            .filter(|at| !chosen.contains(at))
            .map(|at| adoption.donors[at])
            .collect();
        again(panel, adoption, estimate, &pretended, &rest)
    });
    Ok(spread(effects, 0))
}

fn bootstrap(
    panel: &Panel,
    adoption: &Adoption,
    estimate: &SyntheticDid,
    draws: usize,
    seed: u64,
) -> Result<StandardError, NoSynthetic> {
    two_treated(adoption)?;
    enough(draws)?;
    let treated = adoption.treated.len();
    let units: Vec<usize> = adoption
        .treated
        .iter()
        .chain(&adoption.donors)
        .copied()
        .collect();
    let mut redrawn = 0;
    let sets: Vec<Vec<usize>> = (0..draws)
        .map(|draw| {
            let mut random = stream(seed, draw);
            // Two treated units and two donors at least: a usable draw comes soon.
            loop {
                let mut chosen: Vec<usize> = (0..units.len())
                    .map(|_| random.random_range(0..units.len()))
                    .collect();
                chosen.sort_unstable();
                let own = chosen.partition_point(|at| *at < treated);
                if own > 0 && own + 2 <= chosen.len() {
                    return chosen;
                }
                redrawn += 1;
            }
        })
        .collect();
    let effects = fitted(&sets, |chosen| {
        let (own, rest) = chosen.split_at(chosen.partition_point(|at| *at < treated));
        let named = |places: &[usize]| places.iter().map(|at| units[*at]).collect::<Vec<_>>();
        again(panel, adoption, estimate, &named(own), &named(rest))
    });
    Ok(spread(effects, redrawn))
}

/// Algorithm 3: the weights stay, those of the donor left out are shared among the others.
fn jackknife(
    panel: &Panel,
    adoption: &Adoption,
    estimate: &SyntheticDid,
) -> Result<StandardError, NoSynthetic> {
    two_treated(adoption)?;
    let weighty = estimate
        .unit_weights
        .iter()
        .filter(|own| **own > 0.0)
        .count();
    if weighty < 2 {
        return Err(NoSynthetic::TooFewDonors {
            found: weighty,
            needed: 2,
        });
    }
    let effect = |treated: &[usize], donors: &[usize], weights: &[f64]| {
        let path = sdid::mean_path(panel, treated);
        sdid::effect(
            panel.values(),
            donors,
            &path,
            weights,
            &estimate.time_weights,
        )
    };
    let mut effects = Vec::new();
    for left_out in 0..adoption.treated.len() {
        let mut treated = adoption.treated.clone();
        treated.remove(left_out);
        effects.push(effect(&treated, &adoption.donors, &estimate.unit_weights));
    }
    for left_out in 0..adoption.donors.len() {
        let mut donors = adoption.donors.clone();
        donors.remove(left_out);
        let mut weights = estimate.unit_weights.clone();
        weights.remove(left_out);
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|own| *own /= sum);
        effects.push(effect(&adoption.treated, &donors, &weights));
    }
    let count = effects.len() as f64;
    let distinct = effects.len();
    Ok(StandardError {
        value: (((count - 1.0) / count) * squares(&effects)).sqrt(),
        effects,
        redrawn: 0,
        distinct,
    })
}

fn two_treated(adoption: &Adoption) -> Result<(), NoSynthetic> {
    match adoption.treated.len() {
        0 | 1 => Err(NoSynthetic::OneTreated),
        _ => Ok(()),
    }
}

fn enough(draws: usize) -> Result<(), NoSynthetic> {
    match draws {
        0 | 1 => Err(NoSynthetic::Argument("number of draws")),
        _ => Ok(()),
    }
}

fn stream(seed: u64, draw: usize) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(draw as u64);
    random
}

/// The estimate with other units and the penalties of the true one.
fn again(
    panel: &Panel,
    adoption: &Adoption,
    estimate: &SyntheticDid,
    treated: &[usize],
    donors: &[usize],
) -> f64 {
    let path = sdid::mean_path(panel, treated);
    let penalty = sdid::penalty(panel, adoption);
    sdid::solve(
        panel,
        donors,
        &path,
        adoption.start,
        penalty,
        estimate.solver,
    )
    .att
}

/// The effect of each draw; a set drawn again is not fitted again.
fn fitted(sets: &[Vec<usize>], fit: impl Fn(&[usize]) -> f64 + Sync) -> (Vec<f64>, usize) {
    let mut place = BTreeMap::new();
    for set in sets {
        let next = place.len();
        place.entry(set.as_slice()).or_insert(next);
    }
    let mut distinct: Vec<(&[usize], usize)> = place.iter().map(|(set, at)| (*set, *at)).collect();
    distinct.sort_by_key(|(_, at)| *at);
    let effects: Vec<f64> = distinct.par_iter().map(|(set, _)| fit(set)).collect();
    (
        sets.iter()
            .map(|set| effects[place[set.as_slice()]])
            .collect(),
        effects.len(),
    )
}

/// The authors divide by the number of draws, not by one less.
fn spread((effects, distinct): (Vec<f64>, usize), redrawn: usize) -> StandardError {
    StandardError {
        value: (squares(&effects) / effects.len() as f64).sqrt(),
        effects,
        redrawn,
        distinct,
    }
}

fn squares(effects: &[f64]) -> f64 {
    let mean = effects.iter().sum::<f64>() / effects.len() as f64;
    effects.iter().map(|own| (own - mean) * (own - mean)).sum()
}
