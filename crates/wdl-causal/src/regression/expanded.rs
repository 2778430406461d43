//! The regression with a dummy for each group of a fixed effect that is not nested in the clusters: what the jackknife and the wild bootstrap over clusters need.
//!
//! Effects nested in clusters stay removed: leaving a cluster out, or turning its residuals round, changes nothing in the others' groups.

use nalgebra::DMatrix;

use super::absorb::{self, Absorber, Absorption};
use super::design;
use super::fitting::Inner;
use super::groups::Groups;
use super::model::RegressionError;

/// Dummies at most.
const DUMMIES: usize = 400;

/// Cells of the table of rows and columns at most.
const CELLS: usize = 400_000_000;

/// Columns whose products inside clusters are all that counts.
pub(crate) struct Expanded {
    /// Row by row: residual, dummies that tell something, then the regressors as in the fit.
    pub(crate) data: Vec<f64>,
    pub(crate) stride: usize,
    /// Dummies.
    pub(crate) dummies: usize,
    /// Weighted products of all columns.
    pub(crate) gram: DMatrix<f64>,
}

impl Expanded {
    pub(crate) fn new(inner: &Inner, clusters: &Groups) -> Result<Expanded, RegressionError> {
        let (nested, free): (Vec<&Groups>, Vec<&Groups>) = inner
            .rows
            .effects
            .iter()
            .partition(|effect| effect.is_nested_in(clusters));
        let wanted: usize = free.iter().map(|effect| effect.count).sum();
        let rows = inner.rows.len();
        if wanted > DUMMIES || rows.saturating_mul(wanted + inner.stride) > CELLS {
            return Err(RegressionError::TooManyGroups(wanted));
        }
        let (dummies, wanted) = dummies(inner, &nested, &free)?;
        let stride = wanted + inner.stride;
        let mut data = Vec::with_capacity(rows * stride);
        for row in 0..rows {
            let (residual, regressors) = inner.row(row);
            data.push(residual);
            data.extend(&dummies[row * wanted..(row + 1) * wanted]);
            data.extend(regressors);
        }
        let gram = design::gram(&data, stride, inner.weights.as_deref());
        Ok(Expanded {
            data,
            stride,
            dummies: wanted,
            gram,
        })
    }

    /// The columns of a row.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.data[row * self.stride..(row + 1) * self.stride]
    }
}

/// Dummies of the free effects with the nested ones removed, those that follow from others left out; and how many.
fn dummies(
    inner: &Inner,
    nested: &[&Groups],
    free: &[&Groups],
) -> Result<(Vec<f64>, usize), RegressionError> {
    let rows = inner.rows.len();
    let count: usize = free.iter().map(|effect| effect.count).sum();
    if count == 0 {
        return Ok((Vec::new(), 0));
    }
    let mut data = vec![0.0; rows * count];
    let mut from = 0;
    for effect in free {
        for (row, code) in effect.codes.iter().enumerate() {
            data[row * count + from + *code as usize] = 1.0;
        }
        from += effect.count;
    }
    let before = design::gram(&data, count, inner.weights.as_deref()).diagonal();
    remove(inner, nested, &mut data, count)?;
    let gram = design::gram(&data, count, inner.weights.as_deref());
    let kept = absorb::independent(&gram, before.as_slice());
    let data = super::fitting::compact(data, count, &kept);
    match kept.is_empty() {
        true => Ok((Vec::new(), 0)),
        false => Ok((data, kept.len())),
    }
}

/// Takes nested effects out of columns: the rows are put group by group of the largest of them, and back.
fn remove(
    inner: &Inner,
    nested: &[&Groups],
    data: &mut [f64],
    stride: usize,
) -> Result<(), RegressionError> {
    let Some(largest) = (0..nested.len()).max_by_key(|at| nested[*at].count) else {
        return Ok(());
    };
    let lists = nested[largest].lists();
    let rows = inner.rows.len();
    let order = || (0..rows).map(|at| lists.row(at));
    let first = nested[largest].of(order());
    let others: Vec<Groups> = (0..nested.len())
        .filter(|at| *at != largest)
        .map(|at| nested[at].of(order()))
        .collect();
    let weights = inner
        .weights
        .as_ref()
        .map(|own| order().map(|row| own[row]).collect());
    let mut sorted = Vec::with_capacity(data.len());
    for row in order() {
        sorted.extend(&data[row * stride..(row + 1) * stride]);
    }
    let sizes = design::moments(&sorted, stride, inner.weights.as_deref()).sizes;
    let told: Absorption =
        Absorber::new(&first, &others, weights).remove(&mut sorted, stride, &sizes);
    if !Absorber::is_enough(&told) {
        return Err(RegressionError::NotAbsorbed {
            steps: told.steps,
            gap: told.gap,
        });
    }
    for (at, row) in order().enumerate() {
        data[row * stride..(row + 1) * stride]
            .copy_from_slice(&sorted[at * stride..(at + 1) * stride]);
    }
    Ok(())
}
