//! Seeded draws: one stream for each process and unit, the same on every machine.
//!
//! Only whole 64-bit words come from the generator, so a new version of a helper crate changes nothing.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The processes of the city; each has its own streams, so that one can change without moving the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Process {
    Founding = 1,
    Demography = 2,
    Work = 3,
    Income = 4,
    Housing = 5,
    Eviction = 6,
    Lists = 7,
    Isee = 8,
    Aid = 9,
    RentSupport = 10,
    Health = 11,
    Names = 12,
    Errors = 13,
    Accidents = 14,
    Arrivals = 15,
    Desks = 16,
    Accompaniment = 17,
}

/// A stream of draws.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of a process for one unit (a quarter, a person, a row).
    pub(crate) fn new(seed: u64, process: Process, unit: u64) -> Draw {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((process as u64) << 48) | unit);
        Draw(rng)
    }

    /// In `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with a probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// An index under `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// A whole number of a closed range.
    pub(crate) fn whole(&mut self, low: i32, high: i32) -> i32 {
        low + self.below(usize::try_from(high - low + 1).unwrap_or(1)) as i32
    }

    /// In `[low, high)`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// An index with given weights.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// `count` indices, more likely the heavier, without repeats, in order of their weights' draws (Efraimidis and Spirakis 2006).
    pub(crate) fn sample(&mut self, weights: &[f64], count: usize) -> Vec<usize> {
        let mut keys: Vec<(f64, usize)> = weights
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight > 0.0)
            .map(|(index, weight)| (-(1.0 - self.unit()).ln() / weight, index))
            .collect();
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        keys.truncate(count);
        keys.into_iter().map(|(_, index)| index).collect()
    }
}

/// A number in `[0, 1)` from a seed and a place, for what must not depend on any order.
pub(crate) fn hashed(seed: u64, a: u64, b: u64) -> f64 {
    // SplitMix64 (Steele, Lea, Flood 2014), once for each word.
    let mix = |mut z: u64| {
        z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    (mix(mix(mix(seed) ^ a) ^ b) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A value between dated points, straight lines between them, flat outside.
pub(crate) fn path(points: &[(f64, f64)], at: f64) -> f64 {
    let next = points.iter().position(|(x, _)| *x >= at);
    match next {
        None => points[points.len() - 1].1,
        Some(0) => points[0].1,
        Some(index) => {
            let ((x0, y0), (x1, y1)) = (points[index - 1], points[index]);
            y0 + (y1 - y0) * (at - x0) / (x1 - x0)
        }
    }
}
