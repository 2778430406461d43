//! How much two vectors say where records lack fields: by the ones they share, and by how many there could be.
//!
//! A correlation is the same for two full records and for two that hold a sex and a post code, though the second says nearly nothing; and a record that lacks fields agrees less with its other half for no fault of its own.
//! Here a one that both have counts as far as it is rare.
//! A one of the record with fewer ones that the other has not is a mistake; of the record with more it is likely of a field that the other lacks, and counts for little, the less the more the files lack.
//! How much they lack is seen by their counts of ones alone, so that nothing beside the vectors is asked for.

use super::candidates::Side;
use super::file::Vector;
use super::learn::{BITS, PARTS, both_counted, is_even, shares};

/// The share of the ones that two records of one person have in common, before any data: a field in ten is wrong, as offices deliver them.
const KEPT: f64 = 0.9;
/// The most full records show how many ones a record has that lacks nothing: one in twenty.
const FULL: f64 = 0.95;

/// What the ones of one vector say.
pub(super) struct Evidence {
    both: Vec<i64>,
    /// What a one takes away that only the record with fewer ones has, and that only the other has.
    of_fewer: i64,
    of_more: i64,
}

impl Evidence {
    /// For each vector; nothing where bits are as frequent as each other, as after a diffusion.
    pub(super) fn of(a: &Side<'_>, b: &Side<'_>) -> Option<Vec<Evidence>> {
        let vectors = 0..a.filters.len();
        vectors.map(|nth| Evidence::of_vector(a, b, nth)).collect()
    }

    fn of_vector(a: &Side<'_>, b: &Side<'_>, nth: usize) -> Option<Evidence> {
        let vectors = || a.encoded.vectors[nth].iter().chain(&b.encoded.vectors[nth]);
        let mut counts: Vec<u32> = vectors().map(ones).filter(|count| *count > 0).collect();
        counts.sort_unstable();
        let full = *counts.get((counts.len() as f64 * FULL) as usize)?;
        let all: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        let mean = all as f64 / counts.len() as f64;
        let share = shares(vectors().filter(|vector| ones(vector) > 0));
        if is_even(&share) {
            return None;
        }
        // Where one of two records has fewer ones, both what it lacks and what the other has by luck set them apart.
        let lacking = (2.0 * (1.0 - mean / f64::from(full))).clamp(0.0, 1.0);
        let none = 1.0 - mean / BITS as f64;
        let parts = |odds: f64| (odds.log2() * PARTS).round() as i64;
        let lost = 1.0 - KEPT;
        Some(Evidence {
            both: share.iter().map(|share| parts(KEPT / share)).collect(),
            of_fewer: parts(lost / none).min(0),
            of_more: parts((lacking + (1.0 - lacking) * lost) / none).min(0),
        })
    }

    /// The score of two vectors.
    pub(super) fn score(&self, a: &Vector, b: &Vector) -> f64 {
        let (sum, common) = both_counted(&self.both, a, b);
        let (one, other) = (ones(a) - common, ones(b) - common);
        let fewer = i64::from(one.min(other)) * self.of_fewer;
        let more = i64::from(one.max(other)) * self.of_more;
        (sum + fewer + more) as f64 / PARTS
    }
}

fn ones(vector: &Vector) -> u32 {
    vector.iter().map(|byte| byte.count_ones()).sum()
}
