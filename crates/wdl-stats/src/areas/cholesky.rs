//! The triangular root of a small positive definite matrix.

use crate::sum::sum;

/// `L` with `L L' = A`, row by row.
// INVARIANT: `lower` has `size * size` numbers, and those on the diagonal are positive.
pub(super) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// The root of `matrix`, of which the lower triangle is read; nothing when it is not positive definite.
    pub(super) fn of(matrix: &[f64], size: usize) -> Option<Cholesky> {
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let known = (0..column).map(|k| -lower[row * size + k] * lower[column * size + k]);
                let rest = sum(std::iter::once(matrix[row * size + column]).chain(known));
                lower[row * size + column] = match row == column {
                    true if rest > 0.0 && rest.is_finite() => rest.sqrt(),
                    true => return None,
                    false => rest / lower[column * size + column],
                };
            }
        }
        Some(Cholesky { size, lower })
    }

    /// `L⁻¹ b`.
    pub(super) fn forward(&self, b: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut solved = vec![0.0; size];
        for (row, b) in b.iter().enumerate() {
            let known = (0..row).map(|k| -self.lower[row * size + k] * solved[k]);
            let rest = sum(std::iter::once(*b).chain(known));
            solved[row] = rest / self.lower[row * size + row];
        }
        solved
    }

    /// `A⁻¹ b`.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut solved = self.forward(b);
        for row in (0..size).rev() {
            let known = (row + 1..size).map(|k| -self.lower[k * size + row] * solved[k]);
            let rest = sum(std::iter::once(solved[row]).chain(known));
            solved[row] = rest / self.lower[row * size + row];
        }
        solved
    }

    /// `b' A⁻¹ b`.
    pub(super) fn quadratic(&self, b: &[f64]) -> f64 {
        sum(self.forward(b).into_iter().map(|part| part * part))
    }

    /// `A⁻¹`.
    pub(super) fn inverse(&self) -> Vec<f64> {
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
    pub(super) fn trace_of_quotient(&self, other: &[f64]) -> f64 {
        sum(self
            .inverse()
            .iter()
            .zip(other)
            .map(|(own, other)| own * other))
    }

    /// The logarithm of the determinant.
    pub(super) fn log_determinant(&self) -> f64 {
        2.0 * sum((0..self.size).map(|k| self.lower[k * self.size + k].ln()))
    }
}
