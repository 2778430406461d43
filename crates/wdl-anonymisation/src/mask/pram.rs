//! The post-randomisation method (Gouweleeuw and others 1998): a category is replaced by another with known chances.
//!
//! A matrix is invariant for frequencies t when t P = t: the frequencies of the masked file are right in expectation, without correction.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::MaskError;

/// Chances of each category (column) given the true one (row).
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionMatrix {
    // INVARIANT: square, chances at least 0, rows sum to 1 (to 1e-9).
    rows: Vec<Vec<f64>>,
}

impl TransitionMatrix {
    /// From rows of chances.
    ///
    /// # Errors
    /// Rows that are not as long as there are categories, negative chances, sums that are not 1.
    pub fn new(rows: Vec<Vec<f64>>) -> Result<Self, MaskError> {
        let expected = rows.len();
        let good = |row: &Vec<f64>| {
            row.len() == expected
                && row.iter().all(|chance| *chance >= 0.0)
                && (row.iter().sum::<f64>() - 1.0).abs() < 1e-9
        };
        match rows.iter().position(|row| !good(row)) {
            Some(row) => Err(MaskError::Matrix { row, expected }),
            None if rows.is_empty() => Err(MaskError::Matrix {
                row: 0,
                expected: 1,
            }),
            None => Ok(TransitionMatrix { rows }),
        }
    }

    /// Keeps a category with chance `keep` and otherwise draws one by its frequency: invariant for these frequencies.
    ///
    /// # Errors
    /// A chance outside 0 to 1; no category, or only empty ones.
    pub fn proportional(frequencies: &[u64], keep: f64) -> Result<Self, MaskError> {
        if !(0.0..=1.0).contains(&keep) {
            return Err(MaskError::Share {
                name: "the chance to keep a category",
            });
        }
        let shares = shares(frequencies)?;
        let row = |k: usize| {
            shares
                .iter()
                .enumerate()
                .map(|(l, share)| (1.0 - keep) * share + if k == l { keep } else { 0.0 })
                .collect()
        };
        TransitionMatrix::new((0..shares.len()).map(row).collect())
    }

    /// The invariant matrix of two stages: this one, then back by Bayes' rule (Gouweleeuw and others 1998, section 5).
    ///
    /// A category that occurs nowhere stays as it is.
    ///
    /// # Errors
    /// Not as many frequencies as categories; only empty ones.
    pub fn invariant(&self, frequencies: &[u64]) -> Result<Self, MaskError> {
        let t = shares(frequencies)?;
        let n = self.rows.len();
        if t.len() != n {
            return Err(MaskError::Matrix {
                row: 0,
                expected: n,
            });
        }
        let after: Vec<f64> = (0..n)
            .map(|l| (0..n).map(|k| t[k] * self.rows[k][l]).sum())
            .collect();
        let back = |l: usize, m: usize| {
            if after[l] > 0.0 {
                t[m] * self.rows[m][l] / after[l]
            } else {
                0.0
            }
        };
        let row = |k: usize| -> Vec<f64> {
            if t[k] == 0.0 {
                return (0..n).map(|m| f64::from(u8::from(m == k))).collect();
            }
            (0..n)
                .map(|m| (0..n).map(|l| self.rows[k][l] * back(l, m)).sum())
                .collect()
        };
        TransitionMatrix::new((0..n).map(row).collect())
    }

    /// The chances of each category given a true one.
    pub fn row(&self, category: usize) -> &[f64] {
        &self.rows[category]
    }
}

/// Draws a category for every record; a missing one stays missing.
///
/// # Errors
/// Categories the matrix does not know.
pub fn randomise(
    values: &[Option<u32>],
    matrix: &TransitionMatrix,
    seed: u64,
) -> Result<Vec<Option<u32>>, MaskError> {
    let unknown = values
        .iter()
        .flatten()
        .filter(|value| **value as usize >= matrix.rows.len())
        .count();
    if unknown > 0 {
        return Err(MaskError::Category { rows: unknown });
    }
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    Ok(values
        .iter()
        .map(|value| value.map(|value| draw(&matrix.rows[value as usize], random.random())))
        .collect())
}

/// The category in whose interval of cumulated chance the number falls.
fn draw(chances: &[f64], place: f64) -> u32 {
    let mut upper = 0.0;
    let hit = chances.iter().position(|chance| {
        upper += chance;
        place < upper
    });
    // Rounding may leave the last interval a hair short of 1.
    let last = chances
        .iter()
        .rposition(|chance| *chance > 0.0)
        .unwrap_or(0);
    crate::risk::index(hit.unwrap_or(last))
}

fn shares(frequencies: &[u64]) -> Result<Vec<f64>, MaskError> {
    let float = |frequency: u64| super::count(usize::try_from(frequency).unwrap_or(usize::MAX));
    let total: f64 = frequencies.iter().map(|frequency| float(*frequency)).sum();
    if total == 0.0 {
        return Err(MaskError::Matrix {
            row: 0,
            expected: frequencies.len(),
        });
    }
    Ok(frequencies
        .iter()
        .map(|frequency| float(*frequency) / total)
        .collect())
}
