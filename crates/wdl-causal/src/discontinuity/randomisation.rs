//! Local randomisation: within a window around the cut-off the side is as good as drawn, and Fisher's test asks how often chance alone gives such a difference (Cattaneo, Frandsen and Titiunik, "Randomization inference in the regression discontinuity design", Journal of Causal Inference 2015).
//!
//! For a running variable of few values it is the honest reading: a polynomial through five points shows nothing.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::design::{Column, NoEstimate, Whose};

/// The window and the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomisationOptions {
    /// The cut-off.
    pub cutoff: f64,
    /// How far the window reaches below and above, its ends included.
    pub window: [f64; 2],
    /// Permutations.
    pub draws: usize,
    /// The seed.
    pub seed: u64,
}

/// The difference within a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Randomised {
    /// Mean above less mean below.
    pub difference: f64,
    /// The means below and above.
    pub means: [f64; 2],
    /// Rows below and above.
    pub rows: [usize; 2],
    /// How often a random assignment gives a difference as large, itself counted: two-sided.
    pub p: f64,
    /// Permutations drawn.
    pub draws: usize,
}

/// Rows that each side of a window needs.
pub const ROWS_MIN: usize = 5;

/// Fisher's test of no effect on anybody within a window.
///
/// # Errors
/// [`NoEstimate`] when values are no numbers, a side of the window is too thin, or the outcome is one number there.
pub fn randomised(
    running: &[f64],
    outcome: &[f64],
    options: &RandomisationOptions,
) -> Result<Randomised, NoEstimate> {
    let sides = inside(running, outcome, options)?;
    let rows = [sides[0].len(), sides[1].len()];
    for (found, side) in rows.into_iter().zip(Whose::BOTH) {
        if found < ROWS_MIN {
            return Err(NoEstimate::FewRows {
                side,
                found,
                wanted: ROWS_MIN,
            });
        }
    }
    let means = [0, 1].map(|at: usize| sides[at].iter().sum::<f64>() / rows[at] as f64);
    let all = sides.concat();
    if all.iter().all(|own| *own == all[0]) {
        return Err(NoEstimate::ConstantOutcome);
    }
    let difference = means[1] - means[0];
    let extreme = as_extreme(&all, rows, difference.abs(), options);
    Ok(Randomised {
        difference,
        means,
        rows,
        p: (extreme + 1) as f64 / (options.draws + 1) as f64,
        draws: options.draws,
    })
}

/// The outcomes within the window, below and above.
fn inside(
    running: &[f64],
    outcome: &[f64],
    options: &RandomisationOptions,
) -> Result<[Vec<f64>; 2], NoEstimate> {
    if options.draws == 0 {
        return Err(NoEstimate::Option("draws"));
    }
    if !options.cutoff.is_finite() || options.window.iter().any(|own| own.is_nan() || *own < 0.0) {
        return Err(NoEstimate::Option("window"));
    }
    if outcome.len() != running.len() {
        return Err(NoEstimate::Length(Column::Outcome));
    }
    for (column, values) in [(Column::Running, running), (Column::Outcome, outcome)] {
        let wrong = values.iter().filter(|own| !own.is_finite()).count();
        if wrong > 0 {
            return Err(NoEstimate::NotFinite(column, wrong));
        }
    }
    let mut sides = [Vec::new(), Vec::new()];
    for (running, outcome) in running.iter().zip(outcome) {
        let side = usize::from(*running >= options.cutoff);
        if (running - options.cutoff).abs() <= options.window[side] {
            sides[side].push(*outcome);
        }
    }
    Ok(sides)
}

/// Draws whose difference is as large as the one found.
fn as_extreme(all: &[f64], rows: [usize; 2], found: f64, options: &RandomisationOptions) -> usize {
    const CHUNK: usize = 256;
    let total: f64 = all.iter().sum();
    let size = all.iter().fold(0.0_f64, |most, own| most.max(own.abs()));
    // A difference that equals the one found but for the order of its sums counts.
    let least = found - 1e-12 * size;
    let chunk = |at: usize| {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        random.set_stream(at as u64);
        let mut values = all.to_vec();
        let draws = CHUNK.min(options.draws - at * CHUNK);
        let one = |random: &mut ChaCha8Rng, values: &mut Vec<f64>| {
            let smaller = rows[0].min(rows[1]);
            for place in 0..smaller {
                let other = random.random_range(place..values.len());
                values.swap(place, other);
            }
            let own: f64 = values[..smaller].iter().sum();
            let rest = (values.len() - smaller) as f64;
            (own / smaller as f64 - (total - own) / rest).abs() >= least
        };
        (0..draws).filter(|_| one(&mut random, &mut values)).count()
    };
    let chunks = options.draws.div_ceil(CHUNK);
    (0..chunks).into_par_iter().map(chunk).sum()
}

/// A window and how well it balances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balanced {
    /// How far it reaches on both sides.
    pub reach: f64,
    /// Rows below and above.
    pub rows: [usize; 2],
    /// The smallest p of the covariates.
    pub p: f64,
}

/// Windows from the smallest that holds ten rows on each side, by the distinct distances, with the balance of the covariates in each; the last whose p and all before it are at least `level` is the one to use.
///
/// At most `windows` are tried.
///
/// # Errors
/// [`NoEstimate`] when there is no covariate, or values are no numbers.
pub fn balanced_windows(
    running: &[f64],
    covariates: &[&[f64]],
    options: &RandomisationOptions,
    windows: usize,
) -> Result<Vec<Balanced>, NoEstimate> {
    if covariates.is_empty() {
        return Err(NoEstimate::Option("covariates"));
    }
    let mut reaches: Vec<f64> = running
        .iter()
        .map(|own| (own - options.cutoff).abs())
        .collect();
    reaches.sort_unstable_by(f64::total_cmp);
    reaches.dedup();
    let holds = |reach: f64| {
        let within = |above: bool| {
            let here = running.iter().filter(|own| {
                (**own >= options.cutoff) == above && (**own - options.cutoff).abs() <= reach
            });
            here.count()
        };
        [within(false), within(true)]
    };
    let first = reaches.partition_point(|reach| holds(*reach).iter().any(|own| *own < 10));
    let mut found = Vec::new();
    for reach in reaches.into_iter().skip(first).take(windows) {
        let options = RandomisationOptions {
            window: [reach; 2],
            ..*options
        };
        let mut least = 1.0_f64;
        for covariate in covariates {
            match randomised(running, covariate, &options) {
                Ok(own) => least = least.min(own.p),
                // One number on both sides is balanced.
                Err(NoEstimate::ConstantOutcome) => {}
                Err(other) => return Err(other),
            }
        }
        found.push(Balanced {
            reach,
            rows: holds(reach),
            p: least,
        });
    }
    Ok(found)
}
