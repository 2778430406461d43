//! The bootstrap: whole units drawn again with replacement within their strata.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::design::Design;
use crate::sample::Sample;
use crate::sum::sum;
use crate::undefined::{Measured, Undefined};

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

/// The numbers of one replicate.
pub type Replicate = Vec<Measured>;

/// How often each unit was drawn in one replicate.
#[derive(Debug)]
pub struct Draw<'a> {
    design: &'a Design,
    times: Vec<f64>,
}

impl Draw<'_> {
    /// How often a row was drawn.
    pub fn times(&self, row: usize) -> f64 {
        self.times[self.design.unit(row)]
    }

    /// A sample of the design's rows as this draw has it: each row as often as its unit was drawn.
    ///
    /// # Panics
    /// When the design has another number of rows than the sample came from.
    #[must_use]
    pub fn of(&self, sample: &Sample) -> Sample {
        assert_eq!(sample.length(), self.design.rows(), "one unit per row");
        let times = sample.rows().map(|row| self.times[self.design.unit(row)]);
        sample.with_weights(
            sample
                .weights()
                .iter()
                .zip(times)
                .map(|(own, times)| own * times),
        )
    }
}

/// What `measure` returns for each draw, in their order.
pub fn bootstrap(
    design: &Design,
    resampling: Resampling,
    measure: &(dyn Fn(&Draw<'_>) -> Replicate + Sync),
) -> Vec<Replicate> {
    let strata = design.units_by_stratum();
    (0..resampling.replicates)
        .into_par_iter()
        .map(|replicate| {
            let mut random = ChaCha8Rng::seed_from_u64(resampling.seed);
            random.set_stream(u64::from(replicate));
            let times = draw(design.units(), &strata, &mut random);
            measure(&Draw { design, times })
        })
        .collect()
}

/// The standard deviation over the replicates of each number that `measure` returns.
///
/// `measure` always returns the same count of numbers; a replicate where one is undefined does not count for it, and fewer than two defined replicates give no error.
pub fn bootstrap_errors(
    design: &Design,
    resampling: Resampling,
    measure: &(dyn Fn(&Draw<'_>) -> Replicate + Sync),
) -> Replicate {
    let replicates = bootstrap(design, resampling, measure);
    let count = replicates.first().map_or(0, Vec::len);
    let error = |place: usize| {
        let numbers = replicates.iter().filter_map(|numbers| numbers[place].ok());
        standard_deviation(&numbers.collect::<Vec<f64>>())
    };
    (0..count).map(error).collect()
}

/// How often each unit is drawn.
fn draw(units: usize, strata: &[Vec<usize>], random: &mut ChaCha8Rng) -> Vec<f64> {
    let mut times = vec![0.0; units];
    for members in strata {
        for _ in members {
            times[members[random.random_range(0..members.len())]] += 1.0;
        }
    }
    times
}

/// The standard deviation of numbers around their mean.
///
/// # Errors
/// [`Undefined::TooFewRows`] for fewer than two.
pub fn standard_deviation(numbers: &[f64]) -> Measured {
    if numbers.len() < 2 {
        return Err(Undefined::TooFewRows);
    }
    let count = numbers.len() as f64;
    let mean = sum(numbers.iter().copied()) / count;
    let squares = sum(numbers.iter().map(|number| (number - mean).powi(2)));
    Ok((squares / (count - 1.0)).sqrt())
}
