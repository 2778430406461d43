//! How many records, and how many people, look like each record.
//!
//! A missing value is a category of its own unless the caller asks for the other reading, where it agrees with every value.
//! The first reading never counts more companions than the second, hence never reports a lower risk; no reading drops a row.

use super::keys::{Patterns, ordered_sum};
use super::{KeyTable, MISSING, RiskError, SampleWeights};

/// What a missing value agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingReading {
    /// Only with another missing value.
    #[default]
    OwnCategory,
    /// With every value, as sdcMicro counts (`alpha = 1`).
    AnyValue,
}

/// Companions of each record, itself included.
#[derive(Debug, Clone, PartialEq)]
pub struct Frequencies {
    /// Records that agree with it on all quasi-identifiers (f).
    pub sample: Vec<u32>,
    /// People it is estimated to share them with: the sum of the weights of those records (F).
    pub population: Vec<f64>,
}

/// Counts the companions of every record; without weights each record stands for itself.
///
/// # Errors
/// As many weights as there are records are needed.
pub fn frequencies(
    keys: &KeyTable,
    weights: Option<&SampleWeights>,
    missing: MissingReading,
) -> Result<Frequencies, RiskError> {
    let rows = keys.rows();
    if let Some(weights) = weights.filter(|weights| weights.values().len() != rows) {
        return Err(RiskError::Weights {
            rows: rows.abs_diff(weights.values().len()),
        });
    }
    let patterns = keys.patterns();
    let sizes: Vec<u32> = (0..patterns.len()).map(|p| patterns.count(p)).collect();
    let totals: Vec<f64> = (0..patterns.len())
        .map(|p| total(&patterns, p, weights))
        .collect();
    let (sample, population) = match missing {
        MissingReading::OwnCategory => (sizes, totals),
        MissingReading::AnyValue => with_wildcards(&patterns, &sizes, &totals),
    };
    Ok(Frequencies {
        sample: patterns
            .of_row
            .iter()
            .map(|p| sample[*p as usize])
            .collect(),
        population: patterns
            .of_row
            .iter()
            .map(|p| population[*p as usize])
            .collect(),
    })
}

fn total(patterns: &Patterns, pattern: usize, weights: Option<&SampleWeights>) -> f64 {
    let rows = &patterns.rows[pattern];
    match weights {
        Some(weights) => ordered_sum(
            rows.iter()
                .map(|row| weights.values()[*row as usize])
                .collect(),
        ),
        None => f64::from(patterns.count(pattern)),
    }
}

fn with_wildcards(patterns: &Patterns, sizes: &[u32], totals: &[f64]) -> (Vec<u32>, Vec<f64>) {
    let open: Vec<bool> = patterns
        .codes
        .iter()
        .map(|codes| codes.contains(&MISSING))
        .collect();
    let mut sample = sizes.to_vec();
    let mut population = totals.to_vec();
    for p in (0..patterns.len()).filter(|p| open[*p]) {
        for q in 0..patterns.len() {
            // A pair of two open patterns is met from both sides, any other from the open one only.
            if q == p || !agree(&patterns.codes[p], &patterns.codes[q]) {
                continue;
            }
            sample[p] += sizes[q];
            population[p] += totals[q];
            if !open[q] {
                sample[q] += sizes[p];
                population[q] += totals[p];
            }
        }
    }
    (sample, population)
}

fn agree(a: &[u32], b: &[u32]) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| a == b || *a == MISSING || *b == MISSING)
}
