//! Which rows count, in which order they stand, and the sums over them.

use nalgebra::DMatrix;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

use super::absorb::{self, Absorber};
use super::groups::Groups;
use super::model::{Column, Model, Place, RegressionError};

/// Rows summed together before sums are added up in order.
pub(crate) const CHUNK: usize = 16_384;

/// The rows that count, group by group of the largest fixed effect.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// For each row here, its row in the columns given.
    pub(crate) rows: Vec<u32>,
    /// The fixed effects in their order given.
    pub(crate) effects: Vec<Groups>,
    /// The effect by which the rows are sorted.
    first: Option<usize>,
    has_constant: bool,
    /// Rows left out because they were alone in a group, in the columns given.
    pub(crate) singletons: Vec<usize>,
    /// Rows of weight zero.
    pub(crate) weightless: usize,
    /// Weights of the rows here.
    pub(crate) weights: Option<Vec<f64>>,
    /// Rows of the columns given.
    pub(crate) given: usize,
}

impl Rows {
    /// The rows of a model; checks every column.
    pub(crate) fn of(model: &Model<'_>) -> Result<Rows, RegressionError> {
        check(model)?;
        let given = model.outcome.len();
        let mut rows: Vec<u32> = (0..given as u32).collect();
        if let Some(weights) = model.weights {
            rows.retain(|row| weights[*row as usize] > 0.0);
        }
        let weightless = given - rows.len();
        Rows::among(model, rows, weightless, Vec::new())
    }

    /// These rows, without those alone in a group when that is asked.
    pub(crate) fn among(
        model: &Model<'_>,
        mut rows: Vec<u32>,
        weightless: usize,
        mut singletons: Vec<usize>,
    ) -> Result<Rows, RegressionError> {
        if model.drops_singletons {
            drop_singletons(model, &mut rows, &mut singletons);
        }
        if rows.is_empty() {
            return Err(RegressionError::TooFew {
                rows: 0,
                coefficients: model.regressors.len(),
            });
        }
        let groups = |rows: &[u32]| -> Vec<Groups> {
            let effects = model.fixed_effects.iter();
            effects.map(|codes| groups_of(codes, rows)).collect()
        };
        let mut effects = groups(&rows);
        let first = (0..effects.len()).rev().max_by_key(|at| effects[*at].count);
        if let Some(first) = first
            && !effects[first].codes.is_sorted()
        {
            let lists = effects[first].lists();
            rows = (0..rows.len()).map(|at| rows[lists.row(at)]).collect();
            effects = groups(&rows);
        }
        let weights = model
            .weights
            .map(|weights| rows.iter().map(|row| weights[*row as usize]).collect());
        Ok(Rows {
            has_constant: !model.is_without_constant && effects.is_empty(),
            effects,
            first,
            singletons,
            weightless,
            weights,
            given: model.outcome.len(),
            rows,
        })
    }

    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the regression has a constant of its own.
    pub(crate) fn has_constant(&self) -> bool {
        self.has_constant
    }

    /// What takes the effects, or the constant, out of columns; nothing when there are neither.
    pub(crate) fn absorber(&self, weights: Option<Vec<f64>>) -> Option<Absorber> {
        let Some(first) = self.first else {
            let one = Groups {
                codes: vec![0; self.len()],
                count: 1,
            };
            return self.has_constant.then(|| Absorber::new(&one, &[], weights));
        };
        let others: Vec<Groups> = (0..self.effects.len())
            .filter(|at| *at != first)
            .map(|at| self.effects[at].clone())
            .collect();
        Some(Absorber::new(&self.effects[first], &others, weights))
    }

    /// The groups of codes given for all rows.
    pub(crate) fn groups(&self, codes: &[u32]) -> Result<Groups, RegressionError> {
        if codes.len() != self.given {
            return Err(RegressionError::Length {
                place: Place::Grouping,
                have: codes.len(),
                want: self.given,
            });
        }
        Ok(groups_of(codes, &self.rows))
    }

    /// The columns side by side, row by row.
    pub(crate) fn fill(&self, columns: &[Column<'_>]) -> Vec<f64> {
        let stride = columns.len();
        let mut data = vec![0.0; stride * self.len()];
        if stride == 0 {
            return data;
        }
        data.par_chunks_mut(CHUNK * stride)
            .zip(self.rows.par_chunks(CHUNK))
            .for_each(|(data, rows)| {
                for (values, row) in data.chunks_exact_mut(stride).zip(rows) {
                    for (value, column) in values.iter_mut().zip(columns) {
                        *value = column.at(*row as usize);
                    }
                }
            });
        data
    }
}

fn groups_of(codes: &[u32], rows: &[u32]) -> Groups {
    Groups::new(rows.iter().map(|row| codes[*row as usize]))
}

/// Leaves out rows alone in a group, until no group has one row.
fn drop_singletons(model: &Model<'_>, rows: &mut Vec<u32>, singletons: &mut Vec<usize>) {
    loop {
        let before = rows.len();
        for codes in &model.fixed_effects {
            let groups = groups_of(codes, rows);
            let sizes = groups.sizes();
            let mut own = groups.codes.iter();
            rows.retain(|row| {
                let group = own.next().expect("a group for each row");
                let is_alone = sizes[*group as usize] == 1;
                if is_alone {
                    singletons.push(*row as usize);
                }
                !is_alone
            });
        }
        if rows.len() == before {
            singletons.sort_unstable();
            return;
        }
    }
}

fn check(model: &Model<'_>) -> Result<(), RegressionError> {
    let want = model.outcome.len();
    if want >= u32::MAX as usize {
        return Err(RegressionError::TooLong(want));
    }
    let mut columns = vec![(Place::Outcome, Column::Values(model.outcome))];
    let regressors = model.regressors.iter().enumerate();
    columns.extend(regressors.map(|(at, own)| (Place::Regressor(at), *own)));
    let instruments = model.instruments.iter().enumerate();
    columns.extend(instruments.map(|(at, own)| (Place::Instrument(at), *own)));
    columns.extend(
        model
            .weights
            .map(|own| (Place::Weights, Column::Values(own))),
    );
    for (place, column) in columns {
        same_length(place, column.len(), want)?;
        if let Column::Values(values) = column {
            finite(place, values)?;
        }
    }
    for (at, codes) in model.fixed_effects.iter().enumerate() {
        same_length(Place::FixedEffect(at), codes.len(), want)?;
    }
    if let Some(weights) = model.weights {
        not_negative(Place::Weights, weights)?;
    }
    Ok(())
}

fn same_length(place: Place, have: usize, want: usize) -> Result<(), RegressionError> {
    match have == want {
        true => Ok(()),
        false => Err(RegressionError::Length { place, have, want }),
    }
}

fn finite(place: Place, values: &[f64]) -> Result<(), RegressionError> {
    let Some(first) = values.iter().position(|value| !value.is_finite()) else {
        return Ok(());
    };
    let rows = values.iter().filter(|value| !value.is_finite()).count();
    Err(RegressionError::NotFinite { place, rows, first })
}

/// Refuses values below zero.
pub(crate) fn not_negative(place: Place, values: &[f64]) -> Result<(), RegressionError> {
    let Some(first) = values.iter().position(|value| *value < 0.0) else {
        return Ok(());
    };
    let rows = values.iter().filter(|value| **value < 0.0).count();
    Err(RegressionError::Negative { place, rows, first })
}

/// Weighted sums of columns and of their squares, the sum of the weights, and whether each column varies.
#[derive(Debug)]
pub(crate) struct Moments {
    pub(crate) mass: f64,
    pub(crate) means: Vec<f64>,
    /// Root sums of weighted squares.
    pub(crate) sizes: Vec<f64>,
    pub(crate) varies: Vec<bool>,
}

/// The moments of columns side by side.
pub(crate) fn moments(data: &[f64], stride: usize, weights: Option<&[f64]>) -> Moments {
    let parts: Vec<Vec<f64>> = data
        .par_chunks(CHUNK * stride)
        .enumerate()
        .map(|(chunk, data)| {
            let mut sums = vec![0.0; 2 * stride + 1];
            for (at, values) in data.chunks_exact(stride).enumerate() {
                let weight = weights.map_or(1.0, |own| own[chunk * CHUNK + at]);
                sums[2 * stride] += weight;
                for (column, value) in values.iter().enumerate() {
                    sums[column] += weight * value;
                    sums[stride + column] += weight * value * value;
                }
            }
            sums
        })
        .collect();
    let sums = absorb::added(parts, 2 * stride + 1);
    let mass = sums[2 * stride];
    let varies = (0..stride).map(|column| {
        let mut values = data.iter().skip(column).step_by(stride);
        values.any(|value| *value != data[column])
    });
    Moments {
        mass,
        means: sums[..stride].iter().map(|sum| sum / mass).collect(),
        sizes: sums[stride..2 * stride]
            .iter()
            .map(|sum| sum.sqrt())
            .collect(),
        varies: varies.collect(),
    }
}

/// The weighted sum of squares of the first of columns side by side.
pub(crate) fn squares(data: &[f64], stride: usize, weights: Option<&[f64]>) -> f64 {
    let parts: Vec<f64> = data
        .par_chunks(CHUNK * stride)
        .enumerate()
        .map(|(chunk, data)| {
            let rows = data.iter().step_by(stride).enumerate();
            let square = |(at, value): (usize, &f64)| {
                weights.map_or(1.0, |own| own[chunk * CHUNK + at]) * value * value
            };
            rows.map(square).sum()
        })
        .collect();
    parts.iter().sum()
}

/// Weighted sums of products of columns side by side.
pub(crate) fn gram(data: &[f64], stride: usize, weights: Option<&[f64]>) -> DMatrix<f64> {
    let parts: Vec<Vec<f64>> = data
        .par_chunks(CHUNK * stride)
        .enumerate()
        .map(|(chunk, data)| {
            let mut sums = vec![0.0; stride * stride];
            for (at, values) in data.chunks_exact(stride).enumerate() {
                let weight = weights.map_or(1.0, |own| own[chunk * CHUNK + at]);
                outer(&mut sums, values, weight);
            }
            sums
        })
        .collect();
    symmetric(absorb::added(parts, stride * stride), stride)
}

/// Adds the upper half of `weight · v v'`.
pub(crate) fn outer(sums: &mut [f64], values: &[f64], weight: f64) {
    let stride = values.len();
    for (row, value) in values.iter().enumerate() {
        let part = weight * value;
        if part != 0.0 {
            let from = row * stride + row;
            absorb::add(&mut sums[from..(row + 1) * stride], &values[row..], part);
        }
    }
}

/// A matrix from its upper half, row by row.
pub(crate) fn symmetric(upper: Vec<f64>, size: usize) -> DMatrix<f64> {
    DMatrix::from_fn(size, size, |row, column| {
        upper[row.min(column) * size + row.max(column)]
    })
}
