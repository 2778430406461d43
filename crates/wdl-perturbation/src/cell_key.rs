//! The cell-key method (Fraser and Wooton 2005; Handbook on Statistical Disclosure Control, chapter 5): noise that a cell carries with it.
//!
//! Every record has a fixed secret key; the key of a cell is the fractional part of the sum of its records' keys; a table of chances turns key and count into the noise.
//! The same records in another table make the same key and get the same noise.
//! Two cells that differ by one record have unrelated noise: the method alone does not protect their difference, and tables of perturbed cells do not add up.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};

/// A secret from which the keys of records follow.
pub struct RecordSecret([u8; 32]);

impl RecordSecret {
    /// From 32 bytes of a cryptographic generator.
    pub fn new(secret: [u8; 32]) -> Self {
        RecordSecret(secret)
    }

    /// From secret bytes of any length; as hard to guess as they are.
    pub fn of_secret(secret: &[u8]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"secret of record keys");
        hash.update(secret);
        RecordSecret(hash.finalize().into())
    }

    /// The key of the record with a pseudonym; the same for ever.
    pub fn key_of(&self, pseudonym: &[u8]) -> RecordKey {
        let mut hash =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        hash.update(b"record key");
        hash.update(pseudonym);
        let bytes = hash.finalize().into_bytes();
        RecordKey(u64::from_le_bytes(
            bytes[..8]
                .try_into()
                .expect("a hash is longer than eight bytes"),
        ))
    }
}

/// A number in [0, 1) in steps of 2⁻⁶⁴, so that sums have an exact fractional part in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct RecordKey(u64);

impl RecordKey {
    /// From a number in [0, 1); `None` outside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below 2^64, at least zero"
    )]
    pub fn new(key: f64) -> Option<Self> {
        (0.0..1.0)
            .contains(&key)
            .then(|| RecordKey((key * 2.0_f64.powi(64)) as u64))
    }
}

/// The key of a cell: the fractional part of the sum of its records' keys.
pub fn cell_key(records: &[RecordKey]) -> RecordKey {
    RecordKey(records.iter().fold(0, |sum, key| sum.wrapping_add(key.0)))
}

/// Chances of each noise, by count; the last row holds for all larger counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PTable {
    // INVARIANT: at least one row; chances of a row are at least 0 and sum to 1.
    rows: Vec<Vec<(i64, f64)>>,
}

/// What the noise must be like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseDesign {
    /// Largest noise, up or down (D).
    pub deviation: u32,
    /// Its variance at every count but 0 (V).
    pub variance: f64,
    /// Counts from 1 to here are never shown; 0 shows all.
    pub hidden_up_to: u32,
}

/// Why there is no such table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PTableError {
    /// No noise of this size has mean zero and this variance at a count.
    #[error("at a count of {count} no noise up to {deviation} has mean 0 and variance {variance}")]
    Unreachable {
        /// The count.
        count: u32,
        /// D.
        deviation: u32,
        /// V.
        variance: f64,
    },
    /// A row whose chances are none.
    #[error("the chances of row {row} are negative or do not sum to 1")]
    Chances {
        /// The row, from zero.
        row: usize,
    },
}

impl PTable {
    /// From rows of noise and chance, one for each count from 0.
    ///
    /// # Errors
    /// No row; chances that are negative or do not sum to 1 (to 1e-9).
    pub fn new(rows: Vec<Vec<(i64, f64)>>) -> Result<Self, PTableError> {
        let good = |row: &[(i64, f64)]| {
            row.iter().all(|(_, chance)| *chance >= 0.0)
                && (row.iter().map(|(_, chance)| chance).sum::<f64>() - 1.0).abs() < 1e-9
        };
        match rows.iter().position(|row| !good(row)) {
            Some(row) => Err(PTableError::Chances { row }),
            None if rows.is_empty() => Err(PTableError::Chances { row: 0 }),
            None => Ok(PTable { rows }),
        }
    }

    /// The table of most entropy with mean 0 and variance V within ±D, no negative result, 0 left 0 (Giessing 2016).
    ///
    /// # Errors
    /// No noise of this variance within this deviation at some count.
    pub fn of_most_entropy(design: NoiseDesign) -> Result<Self, PTableError> {
        let last = design.deviation + design.hidden_up_to;
        let rows = std::iter::once(Ok(vec![(0, 1.0)]))
            .chain((1..=last).map(|count| row(count, design)))
            .collect::<Result<_, _>>()?;
        Ok(PTable { rows })
    }

    /// Noise and its chances at a count.
    pub fn row(&self, count: u64) -> &[(i64, f64)] {
        let last = self.rows.len() - 1;
        &self.rows[usize::try_from(count).unwrap_or(last).min(last)]
    }

    /// The count as published: plus the noise whose interval of cumulated chance (lower < key ≤ upper) holds the key.
    pub fn perturb(&self, count: u64, key: RecordKey) -> i64 {
        let place = fraction(key);
        let row = self.row(count);
        let mut upper = 0.0;
        let hit = row.iter().find(|(_, chance)| {
            upper += chance;
            *chance > 0.0 && place <= upper
        });
        let noise = hit
            .or_else(|| row.iter().rev().find(|(_, chance)| *chance > 0.0))
            .map_or(0, |(noise, _)| *noise);
        i64::try_from(count)
            .unwrap_or(i64::MAX)
            .saturating_add(noise)
    }

    /// Mean and variance of the noise at each count of the table, for the published statement of error.
    pub fn moments(&self) -> BTreeMap<usize, (f64, f64)> {
        let moment = |row: &[(i64, f64)], power: i32| {
            row.iter()
                .map(|(noise, chance)| float(*noise).powi(power) * chance)
                .sum::<f64>()
        };
        self.rows
            .iter()
            .enumerate()
            .map(|(count, row)| {
                (
                    count,
                    (moment(row, 1), moment(row, 2) - moment(row, 1).powi(2)),
                )
            })
            .collect()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a key loses its last bits, which decide nothing"
)]
fn fraction(key: RecordKey) -> f64 {
    (key.0 as f64 + 1.0) / 2.0_f64.powi(64)
}

#[expect(clippy::cast_precision_loss, reason = "noise is small")]
fn float(noise: i64) -> f64 {
    noise as f64
}

/// Chances proportional to exp(λv + μv²): Newton's steps on the convex dual, halved until they descend.
fn row(count: u32, design: NoiseDesign) -> Result<Vec<(i64, f64)>, PTableError> {
    let (count_here, most) = (i64::from(count), i64::from(design.deviation));
    let shown = |noise: &i64| {
        let result = count_here + noise;
        result == 0 || result > i64::from(design.hidden_up_to)
    };
    let support: Vec<i64> = (-most.min(count_here)..=most).filter(shown).collect();
    let none = PTableError::Unreachable {
        count,
        deviation: design.deviation,
        variance: design.variance,
    };
    let (mut place, mut tries) = ((0.0, 0.0), 0);
    let mut here = Dual::at(&support, place, design.variance);
    while here.slope.0.abs() > 1e-12 || here.slope.1.abs() > 1e-12 * design.variance.max(1.0) {
        tries += 1;
        let step = here.step().filter(|_| tries < 200).ok_or(none.clone())?;
        let descend = |halving: i32| {
            let length = 0.5_f64.powi(halving);
            let next = (place.0 + length * step.0, place.1 + length * step.1);
            let there = Dual::at(&support, next, design.variance);
            (there.value <= here.value + 1e-15).then_some((next, there))
        };
        (place, here) = (0..60).find_map(descend).ok_or(none.clone())?;
    }
    Ok(support.into_iter().zip(here.chances).collect())
}

struct Dual {
    value: f64,
    slope: (f64, f64),
    curve: (f64, f64, f64),
    chances: Vec<f64>,
}

impl Dual {
    fn at(support: &[i64], (a, b): (f64, f64), variance: f64) -> Self {
        let exponents: Vec<f64> = support
            .iter()
            .map(|v| a * float(*v) + b * float(*v).powi(2))
            .collect();
        let top = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let masses: Vec<f64> = exponents.iter().map(|x| (x - top).exp()).collect();
        let total: f64 = masses.iter().sum();
        let chances: Vec<f64> = masses.iter().map(|mass| mass / total).collect();
        let mean = |power: i32| {
            support
                .iter()
                .zip(&chances)
                .map(|(v, chance)| float(*v).powi(power) * chance)
                .sum::<f64>()
        };
        let (m1, m2, m3, m4) = (mean(1), mean(2), mean(3), mean(4));
        let curve = (m2 - m1 * m1, m3 - m1 * m2, m4 - m2 * m2);
        Dual {
            value: top + total.ln() - b * variance,
            slope: (m1, m2 - variance),
            curve,
            chances,
        }
    }

    fn step(&self) -> Option<(f64, f64)> {
        let (aa, ab, bb) = self.curve;
        let determinant = aa * bb - ab * ab;
        let step = (
            (-self.slope.0 * bb + self.slope.1 * ab) / determinant,
            (-self.slope.1 * aa + self.slope.0 * ab) / determinant,
        );
        (step.0.is_finite() && step.1.is_finite()).then_some(step)
    }
}
