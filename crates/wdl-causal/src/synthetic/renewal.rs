//! The outer search goes on from its best places: their importances are crossed and moved, followed down, and kept where better.
//!
//! Crossing by differences is that of Storn and Price (1997), which MSCMT searches by (Becker and Klößner 2018); here every child is followed down its slope before it is judged.
//! Whether an importance exists that chooses given weights at all is a question of a cone, answered exactly: where the weights that follow the outcome best are chosen by some importance, the search ends there with proof.

use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;

use super::nested::{FLOOR_LOG, Problem, Trial};
use super::simplex;

/// Children of each place in a round.
const CHILDREN: usize = 4;
/// Rounds without a better place after which the search ends.
const PATIENCE: usize = 4;
/// A relative gain below this is none.
const GAIN: f64 = 1e-10;

impl Problem {
    /// Renews the places until rounds bring nothing more; the answer is theirs, and the fits made.
    pub(super) fn renew(&self, mut pool: Vec<Trial>, rounds: usize) -> (Vec<Trial>, usize) {
        let (mut evaluations, mut idle) = (0, 0);
        for round in 0..rounds {
            if pool.len() < 3 || idle >= PATIENCE {
                break;
            }
            let before = least(&pool);
            let children: Vec<(Trial, usize)> = (0..pool.len() * CHILDREN)
                .into_par_iter()
                .map(|at| {
                    let mut random = ChaCha8Rng::seed_from_u64(round as u64);
                    random.set_stream(at as u64);
                    let logs = child(&pool, at % pool.len(), &mut random);
                    self.descend(self.trial(logs, &[]))
                })
                .collect();
            for (at, (child, own)) in children.into_iter().enumerate() {
                evaluations += own;
                let parent = at % pool.len();
                let is_new = pool
                    .iter()
                    .all(|own| (own.loss - child.loss).abs() > GAIN * child.loss);
                if child.loss < pool[parent].loss && is_new {
                    pool[parent] = child;
                }
            }
            idle = match before - least(&pool) > GAIN * before {
                true => 0,
                false => idle + 1,
            };
        }
        (pool, evaluations)
    }

    /// An importance under which `weights` are chosen, none of its shares below that of the floor: their conditions `Σ vₖ xₖ (Zₖⱼ - xₖ) = sⱼ` are linear, with `sⱼ` zero where a donor has weight and not negative elsewhere.
    ///
    /// Nothing when there is none, to rounding.
    pub(super) fn chooses(&self, weights: &[f64]) -> Option<Vec<f64>> {
        let rows = self.rows();
        let point = rows * nalgebra::DVector::from_column_slice(weights);
        let (predictors, donors) = (rows.nrows(), rows.ncols());
        let least = FLOOR_LOG.exp();
        let condition = |donor: usize, at: usize| point[at] * (rows[(at, donor)] - point[at]);
        let idle: Vec<usize> = (0..donors).filter(|at| weights[*at] <= 0.0).collect();
        let mut columns = DMatrix::zeros(donors, predictors + idle.len());
        for donor in 0..donors {
            let all: f64 = (0..predictors).map(|at| condition(donor, at)).sum();
            for at in 0..predictors {
                columns[(donor, at)] = condition(donor, at) + least * all;
            }
        }
        let size = columns.norm() / (predictors as f64).sqrt();
        for (at, donor) in idle.iter().enumerate() {
            columns[(*donor, predictors + at)] = -size;
        }
        let found = simplex::nearest(&columns, 0.0);
        let shares = &found.weights[..predictors];
        let sum: f64 = shares.iter().sum();
        if found.loss > 1e-20 * size * size || sum <= 0.0 {
            return None;
        }
        Some(shares.iter().map(|own| (own / sum + least).ln()).collect())
    }
}

fn least(pool: &[Trial]) -> f64 {
    pool.iter()
        .fold(f64::INFINITY, |least, own| least.min(own.loss))
}

/// A place made of others: by their differences, by new values of a few predictors, or by noise on all.
fn child(pool: &[Trial], parent: usize, random: &mut ChaCha8Rng) -> Vec<f64> {
    let own = &pool[parent].logs;
    let count = own.len();
    match random.random_range(0..3_u32) {
        0 => {
            let [base, one, other] = [0; 3].map(|_| random.random_range(0..pool.len()));
            let factor = random.random_range(0.4..1.0);
            let forced = random.random_range(0..count);
            (0..count)
                .map(|at| match at == forced || random.random::<bool>() {
                    true => {
                        pool[base].logs[at] + factor * (pool[one].logs[at] - pool[other].logs[at])
                    }
                    false => own[at],
                })
                .collect()
        }
        1 => {
            let mut logs = own.clone();
            for _ in 0..random.random_range(1..=3) {
                let at = random.random_range(0..count);
                logs[at] = random.random_range(FLOOR_LOG..0.0);
            }
            logs
        }
        _ => own
            .iter()
            .map(|own| own + 2.0 * random.sample::<f64, _>(StandardNormal))
            .collect(),
    }
}
