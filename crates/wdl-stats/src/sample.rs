//! Values with weights, sorted once, so that every measure is one pass.

use rayon::slice::ParallelSliceMut as _;

use crate::sum::{Sum, sum};

/// Values sorted ascending with their positive weights.
///
/// Weights so large or so small that their sums or squares leave what a double holds are kept in another unit, a power of two: no digit changes, and every measure that does not depend on the scale of the weights is the same.
// INVARIANT: `values` ascending and finite, `weights` positive and finite, `cumulated[i]` the sum of the weights up to `i`, `rows[i]` below `length`; the four have one length. A weight as it came is `weights[i] * 2^exponent`.
#[derive(Clone, Debug)]
pub struct Sample {
    values: Vec<f64>,
    weights: Vec<f64>,
    cumulated: Vec<f64>,
    rows: Vec<u32>,
    length: usize,
    exponent: i32,
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
        let exponent = exponent_of(weights);
        let weight = |row: u32| scaled(weights[row as usize], -exponent);
        let mut sorted: Vec<(i64, u32)> = Vec::with_capacity(values.len());
        let counted = (0..length).filter(|row| weight(*row) > 0.0);
        sorted.extend(counted.map(|row| (ordered(values[row as usize]), row)));
        match sorted.len() > MANY {
            true => sorted.par_sort_unstable(),
            false => sorted.sort_unstable(),
        }
        // Ties are ordered by weight: the same rows in another order give the same sequence, hence the same bytes.
        for tied in sorted.chunk_by_mut(|a, b| a.0 == b.0) {
            if tied.len() > 1 {
                let order = |a: u32, b: u32| weight(a).total_cmp(&weight(b)).then(a.cmp(&b));
                tied.sort_unstable_by(|a, b| order(a.1, b.1));
            }
        }
        let weights: Vec<f64> = sorted.iter().map(|own| weight(own.1)).collect();
        Ok(Sample {
            values: sorted.iter().map(|own| unordered(own.0)).collect(),
            cumulated: cumulated(&weights),
            weights,
            rows: sorted.iter().map(|own| own.1).collect(),
            length: values.len(),
            exponent,
        })
    }

    /// Rows of one value in one unit taken together: as good for every measure of values and weights, and shorter where the members of a household share its income.
    ///
    /// `unit_of_row` gives the unit of each original row; of the rows taken together the first stands for all.
    #[must_use]
    pub fn merged(&self, unit_of_row: &dyn Fn(usize) -> usize) -> Sample {
        let mut merged = self.none(self.len());
        let mut sum = Sum::ZERO;
        let mut place = 0;
        for run in self.values.chunk_by(|a, b| a == b) {
            let rows = place..place + run.len();
            place = rows.end;
            let mut units: Vec<(usize, u32, Sum)> = Vec::new();
            let mut own: Vec<(usize, usize)> = (rows.clone())
                .map(|at| (unit_of_row(self.rows[at] as usize), at))
                .collect();
            own.sort_unstable();
            for (unit, at) in own {
                match units.last_mut().filter(|last| last.0 == unit) {
                    Some((_, _, weight)) => weight.add(self.weights[at]),
                    None => units.push((unit, self.rows[at], Sum::of(self.weights[at]))),
                }
            }
            // As at first: ties by their weight.
            let mut units: Vec<(f64, u32)> = (units.into_iter())
                .map(|(_, row, weight)| (weight.value(), row))
                .collect();
            units.sort_unstable_by(|(v, a), (w, b)| v.total_cmp(w).then(a.cmp(b)));
            for (weight, row) in units {
                merged.push(run[0], weight, row, &mut sum);
            }
        }
        merged
    }

    /// The rows that `keep` names (by their place in the original slices), still sorted.
    pub fn restrict(&self, keep: &dyn Fn(usize) -> bool) -> Sample {
        self.reweighted(&|row, weight| if keep(row) { weight } else { 0.0 })
    }

    /// The same rows under other weights (a function of the original row and its weight); weight zero drops a row.
    pub fn reweighted(&self, weight: &dyn Fn(usize, f64) -> f64) -> Sample {
        let weights = self.rows.iter().zip(&self.weights);
        self.with_weights(weights.map(|(row, own)| weight(*row as usize, *own)))
    }

    /// The same rows under the weights of another column, one per original row; weight zero drops a row.
    ///
    /// # Panics
    /// When there is not one weight per original row.
    #[must_use]
    pub fn under(&self, weights: &[f64]) -> Sample {
        assert_eq!(weights.len(), self.length, "one weight per row");
        self.reweighted(&|row, _| scaled(weights[row], -self.exponent))
    }

    /// A number in the unit of this sample's weights, in the unit they came in.
    pub(crate) fn as_it_came(&self, of_weights: f64) -> f64 {
        scaled(of_weights, self.exponent)
    }

    /// Whether the values are of a size whose squares a double holds; outside of that a measure would be a number that rounding made.
    pub fn is_in_range(&self) -> bool {
        let ends = [self.values.first(), self.values.last()];
        let largest = ends.into_iter().flatten().map(|value| value.abs());
        let largest = largest.fold(0.0, f64::max);
        largest == 0.0 || (2.0_f64.powi(-RANGE)..=2.0_f64.powi(RANGE)).contains(&largest)
    }

    /// The same rows under weights given in the order of the values; weight zero drops a row.
    pub(crate) fn with_weights(&self, weights: impl Iterator<Item = f64>) -> Sample {
        let room = self.rows.len();
        let mut kept = Sample {
            values: vec![0.0; room],
            weights: vec![0.0; room],
            cumulated: vec![0.0; room],
            rows: vec![0; room],
            length: self.length,
            exponent: self.exponent,
        };
        // Whether a row was drawn is a toss-up, which no processor foresees: each is written, and overwritten by the next when it does not count.
        let (mut sum, mut at) = (Sum::ZERO, 0);
        for ((value, row), weight) in self.values.iter().zip(&self.rows).zip(weights) {
            let weight = weight.max(0.0);
            sum.add(weight);
            kept.values[at] = *value;
            kept.weights[at] = weight;
            kept.cumulated[at] = sum.value();
            kept.rows[at] = *row;
            at += usize::from(weight > 0.0);
        }
        kept.values.truncate(at);
        kept.weights.truncate(at);
        kept.cumulated.truncate(at);
        kept.rows.truncate(at);
        kept
    }

    /// The rows whose value lies above an amount.
    #[must_use]
    pub fn above(&self, amount: f64) -> Sample {
        let from = self.values.partition_point(|value| *value <= amount);
        let weights = self.weights[from..].to_vec();
        Sample {
            values: self.values[from..].to_vec(),
            cumulated: cumulated(&weights),
            weights,
            rows: self.rows[from..].to_vec(),
            length: self.length,
            exponent: self.exponent,
        }
    }

    /// The rows of each part, still sorted, in one walk; a row whose part is `parts` or more is in none.
    ///
    /// # Panics
    /// When there is not one part per original row.
    pub fn parts(&self, part_of_row: &[u32], parts: usize) -> Vec<Sample> {
        assert_eq!(part_of_row.len(), self.length, "one part per row");
        let mut sizes = vec![0; parts];
        let part = |row: &u32| part_of_row[*row as usize] as usize;
        // Room for every original row, in their order: those that do not count are few.
        for part in part_of_row {
            if let Some(size) = sizes.get_mut(*part as usize) {
                *size += 1;
            }
        }
        let mut samples: Vec<(Sample, Sum)> = sizes
            .into_iter()
            .map(|size| (self.none(size), Sum::ZERO))
            .collect();
        for ((value, weight), row) in self.pairs().zip(&self.rows) {
            if let Some((sample, sum)) = samples.get_mut(part(row)) {
                sample.push(value, weight, *row, sum);
            }
        }
        samples.into_iter().map(|(sample, _)| sample).collect()
    }

    /// No row of this sample, with room for some.
    fn none(&self, room: usize) -> Sample {
        Sample {
            values: Vec::with_capacity(room),
            weights: Vec::with_capacity(room),
            cumulated: Vec::with_capacity(room),
            rows: Vec::with_capacity(room),
            length: self.length,
            exponent: self.exponent,
        }
    }

    #[inline]
    fn push(&mut self, value: f64, weight: f64, row: u32, sum: &mut Sum) {
        sum.add(weight);
        self.values.push(value);
        self.weights.push(weight);
        self.cumulated.push(sum.value());
        self.rows.push(row);
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The weights, in the order of the values; extreme ones are in another unit than they came in.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The original row of each value.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        self.rows.iter().map(|row| *row as usize)
    }

    /// The number of rows of the original slices.
    pub fn length(&self) -> usize {
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

    /// The sum of the weights, in the same unit as they.
    pub fn total_weight(&self) -> f64 {
        self.cumulated.last().copied().unwrap_or(0.0)
    }

    /// How many rows the weights are worth: the square of their sum over the sum of their squares (Kish 1965).
    pub fn effective_rows(&self) -> f64 {
        let squares = sum(self.weights.iter().map(|weight| weight * weight));
        match self.is_empty() {
            true => 0.0,
            false => self.total_weight().powi(2) / squares,
        }
    }

    /// Value and weight, ascending by value.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> + ExactSizeIterator {
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
            cumulated: self.cumulated[..count].to_vec(),
            rows: self.rows[..count].to_vec(),
            length: self.length,
            exponent: self.exponent,
        }
    }

    /// The weights cumulated in the order of the values.
    pub fn cumulated(&self) -> &[f64] {
        &self.cumulated
    }
}

/// Weights whose largest lies outside of two to this power, up or down, are kept in another unit: within it the products of three sums of weights and two of values are still numbers.
const ORDINARY: i32 = 100;
/// Values whose largest lies outside of two to this power, up or down, have squares that are none.
const RANGE: i32 = 500;

/// The power of two that extreme weights are divided by; zero for all others.
fn exponent_of(weights: &[f64]) -> i32 {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let ordinary = 2.0_f64.powi(-ORDINARY)..=2.0_f64.powi(ORDINARY);
    match largest == 0.0 || ordinary.contains(&largest) {
        true => 0,
        false => largest.log2() as i32,
    }
}

/// A number times two to a power, in two steps: the power alone may be more than a double holds.
#[inline]
pub(crate) fn scaled(number: f64, exponent: i32) -> f64 {
    match exponent {
        0 => number,
        _ => number * 2.0_f64.powi(exponent / 2) * 2.0_f64.powi(exponent - exponent / 2),
    }
}

/// From so many rows on sorting is shared among threads; keys differ, so that their number changes nothing.
const MANY: usize = 50_000;

/// A whole number that is ordered as the finite value is; minus zero as zero.
fn ordered(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

/// The value again.
fn unordered(key: i64) -> f64 {
    let bits = key ^ (((key >> 63).cast_unsigned() >> 1).cast_signed());
    f64::from_bits(bits.cast_unsigned())
}

fn cumulated(weights: &[f64]) -> Vec<f64> {
    let mut sum = Sum::ZERO;
    let add = |weight: &f64| {
        sum.add(*weight);
        sum.value()
    };
    weights.iter().map(add).collect()
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
