//! The triangular factor of a small symmetric matrix, largest pivots first: one for the models of areas and for calibration.
//!
//! Its sums carry their lost bits along and run in one order, so that the same matrix gives the same bytes on every machine; a library of linear algebra adds in the order of the processor's vectors.

use crate::sum::{Sum, sum};

/// `L` with `L L' = D A D`, in the order of the pivots; columns that follow from others are left out.
// INVARIANT: `lower` has `size * size` numbers, its row `k` belongs to column `order[k]`, and those on the diagonal are positive for the `order.len()` rows that count.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    size: usize,
    /// The columns kept, in the order of their pivots.
    order: Vec<usize>,
    lower: Vec<f64>,
    /// `D`: one over the root of each column's own size.
    scales: Vec<f64>,
}

/// A pivot of so small a part of its own column's size says that the column follows from those before.
const DEPENDENT: f64 = 1e-11;

impl Factor {
    /// The factor of a matrix that may repeat itself: the categories of two variables add up to the same total.
    pub(crate) fn semidefinite(matrix: &[Vec<f64>]) -> Factor {
        Factor::of(&matrix.concat(), matrix.len(), DEPENDENT)
    }

    /// The factor of a positive definite matrix, row by row; nothing when it is none.
    pub(crate) fn definite(matrix: &[f64], size: usize) -> Option<Factor> {
        let factor = Factor::of(matrix, size, 0.0);
        (factor.order.len() == size).then_some(factor)
    }

    fn of(matrix: &[f64], size: usize, dependent: f64) -> Factor {
        let own = |at: usize| matrix[at * size + at];
        let scale = |at: usize| match own(at) > 0.0 {
            true => 1.0 / own(at).sqrt(),
            false => 0.0,
        };
        let scales: Vec<f64> = (0..size).map(scale).collect();
        let scaled =
            |row: usize, column: usize| matrix[row * size + column] * scales[row] * scales[column];
        let mut order = Vec::with_capacity(size);
        let mut is_taken = vec![false; size];
        // What is left of each column's size after the pivots so far, and its parts along them.
        let mut left: Vec<Sum> = (0..size).map(|at| Sum::of(scaled(at, at))).collect();
        let mut parts = vec![0.0; size * size];
        while let Some(pivot) = largest(&left, &is_taken, dependent) {
            let known = order.len();
            let root = left[pivot].value().sqrt();
            for column in (0..size).filter(|column| !is_taken[*column]) {
                let part = match column == pivot {
                    true => root,
                    false => {
                        let (a, b) = (column * size, pivot * size);
                        let told = (0..known).map(|at| -parts[a + at] * parts[b + at]);
                        sum(std::iter::once(scaled(column, pivot)).chain(told)) / root
                    }
                };
                parts[column * size + known] = part;
                left[column].add(-part * part);
            }
            is_taken[pivot] = true;
            order.push(pivot);
        }
        let rows = order
            .iter()
            .flat_map(|column| &parts[column * size..(column + 1) * size]);
        Factor {
            size,
            lower: rows.copied().collect(),
            order,
            scales,
        }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.lower[row * self.size + column]
    }

    /// `L⁻¹ D b`, in the order of the pivots.
    fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> = Vec::with_capacity(self.order.len());
        for (row, column) in self.order.iter().enumerate() {
            let own = b[*column] * self.scales[*column];
            let known = (0..row).map(|at| -self.at(row, at) * solved[at]);
            let rest = sum(std::iter::once(own).chain(known));
            solved.push(rest / self.at(row, row));
        }
        solved
    }

    /// `A⁻¹ b`; columns that were left out are zero.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut solved = self.forward(b);
        let count = solved.len();
        for row in (0..count).rev() {
            let known = (row + 1..count).map(|at| -self.at(at, row) * solved[at]);
            let rest = sum(std::iter::once(solved[row]).chain(known));
            solved[row] = rest / self.at(row, row);
        }
        let mut solution = vec![0.0; self.size];
        for (column, value) in self.order.iter().zip(solved) {
            solution[*column] = value * self.scales[*column];
        }
        solution
    }

    /// `b' A⁻¹ b`.
    pub(crate) fn quadratic(&self, b: &[f64]) -> f64 {
        sum(self.forward(b).into_iter().map(|part| part * part))
    }

    /// `A⁻¹`, row by row.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let size = self.size;
        let mut inverse = vec![0.0; size * size];
        for column in 0..size {
            let mut unit = vec![0.0; size];
            unit[column] = 1.0;
            for (row, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[row * size + column] = value;
            }
        }
        inverse
    }

    /// The trace of `A⁻¹ other`, for a symmetric `other`.
    pub(crate) fn trace_of_quotient(&self, other: &[f64]) -> f64 {
        let inverse = self.inverse();
        sum(inverse.iter().zip(other).map(|(own, other)| own * other))
    }

    /// The logarithm of the determinant of a definite matrix.
    pub(crate) fn log_determinant(&self) -> f64 {
        let of_row =
            |(row, column): (usize, &usize)| self.at(row, row).ln() - self.scales[*column].ln();
        2.0 * sum(self.order.iter().enumerate().map(of_row))
    }
}

/// The free column with the most left, unless that is nothing: the first of several alike.
fn largest(left: &[Sum], is_taken: &[bool], dependent: f64) -> Option<usize> {
    let free = (0..left.len()).filter(|column| !is_taken[*column]);
    let largest = free.fold(None, |best: Option<usize>, column| match best {
        Some(best) if left[best].value() >= left[column].value() => Some(best),
        _ => Some(column),
    })?;
    (left[largest].value() > dependent).then_some(largest)
}
