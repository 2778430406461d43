//! The bootstrap: whole units drawn again with replacement within their strata.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::design::Design;
use crate::sample::Sample;
use crate::sum::sum;

/// How often, and from which seed.
///
/// Which units are drawn follows from the [`Design`]: rows (naive), rows in strata, clusters, or clusters in strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// The number of replicates.
    pub replicates: u32,
    /// The seed; each replicate has its own stream, so that threads change nothing.
    pub seed: u64,
}

/// The standard deviation over the replicates of each number that `measure` returns.
///
/// `measure` always returns the same count of numbers; a replicate where one is undefined does not count for it, and fewer than two defined replicates give `None`.
///
/// # Panics
/// When the design has another number of rows than the sample.
pub fn bootstrap_errors(
    sample: &Sample,
    design: &Design,
    resampling: Resampling,
    measure: &(dyn Fn(&Sample) -> Vec<Option<f64>> + Sync),
) -> Vec<Option<f64>> {
    assert_eq!(sample.length(), design.rows(), "one unit per row");
    let strata = design.units_by_stratum();
    let replicates: Vec<Vec<Option<f64>>> = (0..resampling.replicates)
        .into_par_iter()
        .map(|replicate| {
            let mut random = ChaCha8Rng::seed_from_u64(resampling.seed);
            random.set_stream(u64::from(replicate));
            let times = draw(design.units(), &strata, &mut random);
            measure(&sample.reweighted(&|row, weight| weight * f64::from(times[design.unit(row)])))
        })
        .collect();
    let count = replicates.first().map_or(0, Vec::len);
    (0..count)
        .map(|place| {
            let defined: Vec<f64> = replicates
                .iter()
                .filter_map(|numbers| numbers[place])
                .collect();
            standard_deviation(&defined)
        })
        .collect()
}

/// How often each unit is drawn.
fn draw(units: usize, strata: &[Vec<usize>], random: &mut ChaCha8Rng) -> Vec<u32> {
    let mut times = vec![0; units];
    for members in strata {
        for _ in members {
            times[members[random.random_range(0..members.len())]] += 1;
        }
    }
    times
}

fn standard_deviation(numbers: &[f64]) -> Option<f64> {
    if numbers.len() < 2 {
        return None;
    }
    let count = numbers.len() as f64;
    let mean = sum(numbers.iter().copied()) / count;
    let squares = sum(numbers.iter().map(|number| (number - mean).powi(2)));
    Some((squares / (count - 1.0)).sqrt())
}
