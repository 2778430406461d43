//! Bands that hold for all effects together, by the multiplier bootstrap of their influence.
//!
//! Callaway and Sant'Anna (2021), algorithm 1 and its remark: the scale of each effect is the interquartile range of its draws over that of a normal.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::aggregate::Aggregate;
use super::group_time::GroupTime;
use crate::distribution;

/// The law of the multipliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplier {
    /// Two points with the third moment one (Mammen 1993).
    Mammen,
    /// One or minus one (Rademacher).
    Rademacher,
}

/// How the bands are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draws {
    /// How many.
    pub count: usize,
    /// The seed; the same gives the same bands for any number of threads.
    pub seed: u64,
    /// The law.
    pub multiplier: Multiplier,
    /// The probability with which all effects are covered together.
    pub level: f64,
}

impl Default for Draws {
    fn default() -> Draws {
        Draws {
            count: 1_000,
            seed: 1,
            multiplier: Multiplier::Mammen,
            level: 0.95,
        }
    }
}

/// A band over several effects.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    /// The critical value: an effect's band is its estimate plus and minus this times its standard error.
    pub critical: f64,
    /// The critical value of one effect alone.
    pub pointwise: f64,
    /// The standard error of each effect from the draws, by the place of the effect; nothing where there is no inference.
    pub errors: Vec<Option<f64>>,
}

/// Why there are no bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBands {
    /// No effect has a standard error.
    #[error("no effect has a standard error")]
    NoEffects,
    /// Too few draws for the level, or a level outside zero and one.
    #[error("too few draws for the level")]
    TooFewDraws,
    /// An effect does not vary between the draws.
    #[error("effect {0} does not vary between the draws")]
    NoVariation(usize),
    /// The critical value is below that of a single effect, which cannot be.
    #[error("the critical value is below that of a single effect")]
    BelowPointwise,
}

impl Aggregate {
    /// Bands over the averages of this kind.
    ///
    /// # Errors
    /// [`NoBands`] when they would say nothing.
    pub fn bands(&self, draws: Draws) -> Result<Bands, NoBands> {
        let places: Vec<usize> = (0..self.effects.len())
            .filter(|at| self.effects[*at].error.is_ok())
            .collect();
        let influence: Vec<&[f64]> = places
            .iter()
            .map(|at| self.influence[*at].as_slice())
            .collect();
        bands(&influence, &places, self.effects.len(), draws)
    }
}

impl GroupTime {
    /// Bands over all group-time effects.
    ///
    /// # Errors
    /// [`NoBands`] when they would say nothing.
    pub fn bands(&self, draws: Draws) -> Result<Bands, NoBands> {
        let (places, influence) = self.cell_influence(|_| true);
        let influence: Vec<&[f64]> = influence.iter().map(Vec::as_slice).collect();
        bands(&influence, &places, self.cells.len(), draws)
    }
}

fn bands(
    influence: &[&[f64]],
    places: &[usize],
    effects: usize,
    draws: Draws,
) -> Result<Bands, NoBands> {
    if influence.is_empty() {
        return Err(NoBands::NoEffects);
    }
    let is_level = draws.level > 0.0 && draws.level < 1.0;
    // The quantile needs a draw beyond it, and the quartiles some beside them.
    if !is_level || (draws.count as f64) * (1.0 - draws.level) < 1.0 || draws.count < 50 {
        return Err(NoBands::TooFewDraws);
    }
    let drawn = drawn(influence, draws);
    let wide = influence.len();
    let quartiles = distribution::normal_quantile(0.75) - distribution::normal_quantile(0.25);
    let mut scales = Vec::with_capacity(wide);
    for (column, place) in places.iter().enumerate() {
        let mut own: Vec<f64> = drawn.iter().skip(column).step_by(wide).copied().collect();
        own.sort_unstable_by(f64::total_cmp);
        let scale = (quantile(&own, 0.75) - quantile(&own, 0.25)) / quartiles;
        if scale.is_nan() || scale <= 0.0 {
            return Err(NoBands::NoVariation(*place));
        }
        scales.push(scale);
    }
    let largest = drawn.chunks(wide).map(|own| {
        let ratios = own
            .iter()
            .zip(&scales)
            .map(|(own, scale)| own.abs() / scale);
        ratios.fold(0.0, f64::max)
    });
    let mut largest: Vec<f64> = largest.collect();
    largest.sort_unstable_by(f64::total_cmp);
    let critical = quantile(&largest, draws.level);
    let pointwise = distribution::normal_quantile(0.5 + draws.level / 2.0);
    // One effect alone may fall a little below by the chance of the draws; then the band is no narrower than the interval.
    let is_single = wide == 1 && critical > 0.9 * pointwise;
    if critical.is_nan() || (critical < pointwise && !is_single) {
        return Err(NoBands::BelowPointwise);
    }
    let mut errors = vec![None; effects];
    for (place, scale) in places.iter().zip(&scales) {
        errors[*place] = Some(*scale);
    }
    Ok(Bands {
        critical: critical.max(pointwise),
        pointwise,
        errors,
    })
}

/// The smallest value with at least that share at or below it.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted[rank.min(sorted.len()) - 1]
}

/// The draws, effect by effect within each draw.
fn drawn(influence: &[&[f64]], draws: Draws) -> Vec<f64> {
    let wide = influence.len();
    // Row by row, clusters without influence left away.
    let rows: Vec<f64> = (0..influence[0].len())
        .filter(|row| influence.iter().any(|own| own[*row] != 0.0))
        .flat_map(|row| influence.iter().map(move |own| own[row]))
        .collect();
    let mut drawn = vec![0.0; draws.count * wide];
    drawn
        .par_chunks_mut(wide)
        .enumerate()
        .for_each(|(draw, sums)| {
            let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
            random.set_stream(draw as u64);
            add_draw(&rows, sums, &mut random, draws.multiplier);
        });
    drawn
}

fn add_draw(rows: &[f64], sums: &mut [f64], random: &mut ChaCha8Rng, multiplier: Multiplier) {
    let root = 5.0_f64.sqrt();
    let (low, high) = match multiplier {
        Multiplier::Rademacher => (-1.0, 1.0),
        Multiplier::Mammen => (0.5 * (1.0 - root), 0.5 * (1.0 + root)),
    };
    // The probability of the lower point, in 2³² parts: exact to ten digits.
    let below = match multiplier {
        Multiplier::Rademacher => 0.5,
        Multiplier::Mammen => 0.5 * (1.0 + root) / root,
    };
    let below = (below * 4_294_967_296.0) as u64;
    for row in rows.chunks(sums.len()) {
        let factor = match u64::from(random.random::<u32>()) < below {
            true => low,
            false => high,
        };
        for (sum, own) in sums.iter_mut().zip(row) {
            *sum += factor * own;
        }
    }
}
