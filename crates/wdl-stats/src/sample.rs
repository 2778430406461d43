//! Values with weights, sorted once, so that every measure is one pass.

use crate::sum::{Sum, sum};

/// Values sorted ascending with their positive weights.
// INVARIANT: `values` ascending and finite, `weights` positive and finite, `rows[i]` below `length`; the three have one length.
#[derive(Clone, Debug)]
pub struct Sample {
    values: Vec<f64>,
    weights: Vec<f64>,
    rows: Vec<u32>,
    length: usize,
}

/// The rows cannot be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// Not one weight per value.
    #[error("{values} values and {weights} weights")]
    Length {
        /// The number of values.
        values: usize,
        /// The number of weights.
        weights: usize,
    },
    /// A value that is no finite number.
    #[error("row {row} has no finite value")]
    Value {
        /// The first such row, from 0.
        row: usize,
    },
    /// A weight that is negative or no finite number.
    #[error("row {row} has no weight that is zero or more")]
    Weight {
        /// The first such row, from 0.
        row: usize,
    },
    /// More rows than fit.
    #[error("more than four thousand million rows")]
    TooLong,
}

impl Sample {
    /// Checks and sorts; rows of weight zero do not count.
    ///
    /// # Errors
    /// [`SampleError`] when lengths differ, a value is not finite, or a weight is negative or not finite.
    pub fn new(values: &[f64], weights: &[f64]) -> Result<Sample, SampleError> {
        check(values, weights)?;
        let length = u32::try_from(values.len()).map_err(|_| SampleError::TooLong)?;
        let mut rows: Vec<u32> = (0..length)
            .filter(|row| weights[*row as usize] > 0.0)
            .collect();
        // Ties are ordered by weight: the same rows in another order give the same sequence, hence the same bytes.
        let key = |row: u32| (values[row as usize] + 0.0, weights[row as usize]);
        rows.sort_unstable_by(|a, b| {
            let ((x, v), (y, w)) = (key(*a), key(*b));
            x.total_cmp(&y).then(v.total_cmp(&w)).then(a.cmp(b))
        });
        Ok(Sample {
            values: rows.iter().map(|row| key(*row).0).collect(),
            weights: rows.iter().map(|row| key(*row).1).collect(),
            rows,
            length: values.len(),
        })
    }

    /// The rows that `keep` names (by their place in the original slices), still sorted.
    pub fn restrict(&self, keep: &dyn Fn(usize) -> bool) -> Sample {
        self.reweighted(&|row, weight| if keep(row) { weight } else { 0.0 })
    }

    /// The same rows under other weights (a function of the original row and its weight); weight zero drops a row.
    pub fn reweighted(&self, weight: &dyn Fn(usize, f64) -> f64) -> Sample {
        let mut kept = Sample {
            values: Vec::with_capacity(self.rows.len()),
            weights: Vec::with_capacity(self.rows.len()),
            rows: Vec::with_capacity(self.rows.len()),
            length: self.length,
        };
        for (place, row) in self.rows.iter().enumerate() {
            let weight = weight(*row as usize, self.weights[place]);
            if weight > 0.0 {
                kept.values.push(self.values[place]);
                kept.weights.push(weight);
                kept.rows.push(*row);
            }
        }
        kept
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The weights, in the order of the values.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The original row of each value.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().map(|row| *row as usize)
    }

    /// The number of rows of the original slices.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// The number of rows that count.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no row counts.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The sum of the weights.
    pub fn total_weight(&self) -> f64 {
        sum(self.weights.iter().copied())
    }

    /// Value and weight, ascending by value.
    pub(crate) fn pairs(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> + ExactSizeIterator {
        self.values
            .iter()
            .copied()
            .zip(self.weights.iter().copied())
    }

    /// The first `count` rows: those with the smallest values.
    pub(crate) fn smallest(&self, count: usize) -> Sample {
        Sample {
            values: self.values[..count].to_vec(),
            weights: self.weights[..count].to_vec(),
            rows: self.rows[..count].to_vec(),
            length: self.length,
        }
    }

    /// The weights cumulated in the order of the values.
    pub(crate) fn cumulated(&self) -> impl Iterator<Item = f64> {
        let mut sum = Sum::ZERO;
        self.weights.iter().map(move |weight| {
            sum.add(*weight);
            sum.value()
        })
    }
}

fn check(values: &[f64], weights: &[f64]) -> Result<(), SampleError> {
    if values.len() != weights.len() {
        return Err(SampleError::Length {
            values: values.len(),
            weights: weights.len(),
        });
    }
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        return Err(SampleError::Value { row });
    }
    let is_weight = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    match weights.iter().position(|weight| !is_weight(weight)) {
        Some(row) => Err(SampleError::Weight { row }),
        None => Ok(()),
    }
}
