//! Covariates, and an orthonormal basis of them that tells which are repetitions of others.

use crate::sum::sum;

/// The covariates of some rows, row by row, the constant included.
// INVARIANT: `values.len()` is a multiple of `columns`, which is at least one; every value is finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    columns: usize,
    values: Vec<f64>,
}

impl Covariates {
    /// So many columns, and the values row by row.
    ///
    /// # Panics
    /// When there is no column, the values do not fill whole rows, or one is not finite.
    pub fn new(columns: usize, values: Vec<f64>) -> Covariates {
        assert!(columns > 0, "at least the constant");
        assert!(values.len().is_multiple_of(columns), "whole rows");
        assert!(
            values.iter().all(|value| value.is_finite()),
            "finite covariates"
        );
        Covariates { columns, values }
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The rows in another order, or some of them.
    pub(super) fn taken(&self, rows: impl Iterator<Item = usize>) -> Covariates {
        Covariates {
            columns: self.columns,
            values: rows.flat_map(|row| self.row(row).iter().copied()).collect(),
        }
    }
}

/// What is left of a column, over what it was, from which it counts as a repetition of the columns before it.
const DEPENDENT: f64 = 1e-9;

/// An orthonormal basis of the columns, by Gram and Schmidt done twice, which is enough (Giraud, Langou, Rozložník 2005).
///
/// The model is fitted in this basis: the estimates are the same, and neither the scale nor the level of a covariate costs digits.
#[derive(Clone, Debug)]
// INVARIANT: column `j` of the covariates equals the basis times `parts[j]`, within rounding.
pub(super) struct Basis {
    /// The columns that add something, in their order.
    pub(super) kept: Vec<usize>,
    /// The rows in the basis, row by row, `kept.len()` numbers each.
    pub(super) rows: Vec<f64>,
    parts: Vec<Vec<f64>>,
    sizes: Vec<f64>,
}

impl Basis {
    pub(super) fn of(covariates: &Covariates) -> Basis {
        let (rows, columns) = (covariates.rows(), covariates.columns());
        let mut found: Vec<Vec<f64>> = Vec::new();
        let mut basis = Basis {
            kept: Vec::new(),
            rows: Vec::new(),
            parts: Vec::new(),
            sizes: Vec::new(),
        };
        for column in 0..columns {
            let mut rest: Vec<f64> = (0..rows).map(|row| covariates.row(row)[column]).collect();
            let size = dot(&rest, &rest).sqrt();
            let mut parts = vec![0.0; found.len()];
            for (part, direction) in (0..2).flat_map(|_| found.iter().enumerate()) {
                let along = dot(direction, &rest);
                parts[part] += along;
                for (rest, direction) in rest.iter_mut().zip(direction) {
                    *rest -= along * direction;
                }
            }
            let left = dot(&rest, &rest).sqrt();
            if left > DEPENDENT * size {
                rest.iter_mut().for_each(|rest| *rest /= left);
                found.push(rest);
                parts.push(left);
                basis.kept.push(column);
            }
            basis.parts.push(parts);
            basis.sizes.push(size / (rows.max(1) as f64).sqrt());
        }
        basis.rows = (0..rows)
            .flat_map(|row| found.iter().map(move |direction| direction[row]))
            .collect();
        basis
    }

    /// The number of columns that add something.
    pub(super) fn rank(&self) -> usize {
        self.kept.len()
    }

    /// One of the rows it was made from.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.rank()..(row + 1) * self.rank()]
    }

    /// Another row in this basis; nothing when a column that repeats others here does not repeat them there.
    pub(super) fn coordinates(&self, row: &[f64]) -> Option<Vec<f64>> {
        let mut own: Vec<f64> = Vec::with_capacity(self.rank());
        for column in &self.kept {
            let parts = &self.parts[*column];
            let known = parts.iter().zip(&own).map(|(part, own)| -part * own);
            let rest = sum(std::iter::once(row[*column]).chain(known));
            own.push(rest / parts[own.len()]);
        }
        let is_repeated = |column: usize| {
            let parts = &self.parts[column];
            let told = sum(parts.iter().zip(&own).map(|(part, own)| part * own));
            let scale = self.sizes[column].max(row[column].abs()).max(told.abs());
            (row[column] - told).abs() <= 1e-7 * scale
        };
        let mut others = (0..self.parts.len()).filter(|column| !self.kept.contains(column));
        others.all(is_repeated).then_some(own)
    }

    /// Coefficients of the basis as coefficients of the columns; zero for those that add nothing.
    pub(super) fn coefficients(&self, of_basis: &[f64]) -> Vec<f64> {
        let mut coefficients = vec![0.0; self.parts.len()];
        for place in (0..self.rank()).rev() {
            let later = (place + 1..self.rank())
                .map(|later| -self.parts[self.kept[later]][place] * coefficients[self.kept[later]]);
            let rest = sum(std::iter::once(of_basis[place]).chain(later));
            coefficients[self.kept[place]] = rest / self.parts[self.kept[place]][place];
        }
        coefficients
    }

    /// The standard error of each column's coefficient, from the covariance of those of the basis; nothing for those that add nothing.
    pub(super) fn errors(&self, covariance: &[f64]) -> Vec<Option<f64>> {
        let rank = self.rank();
        // Row `i` of the inverse triangle turns coefficients of the basis into that of column `i`.
        let mut of_column = vec![vec![0.0; self.parts.len()]; rank];
        for (place, solved) in of_column.iter_mut().enumerate() {
            let mut unit = vec![0.0; rank];
            unit[place] = 1.0;
            *solved = self.coefficients(&unit);
        }
        let error = |column: usize| {
            let terms = (0..rank * rank).map(|at| {
                let (i, j) = (at / rank, at % rank);
                of_column[i][column] * covariance[at] * of_column[j][column]
            });
            sum(terms).max(0.0).sqrt()
        };
        (0..self.parts.len())
            .map(|column| self.kept.contains(&column).then(|| error(column)))
            .collect()
    }
}

/// The sum of the products.
pub(super) fn dot(one: &[f64], other: &[f64]) -> f64 {
    sum(one.iter().zip(other).map(|(one, other)| one * other))
}
