//! Least squares and symmetric matrices of a few columns, on `nalgebra`; which columns repeat others is always said.

use nalgebra::{DMatrix, DVector};

/// The columns of a matrix that do not follow from those before them.
///
/// In their own order: a column is left out when what the kept ones before it do not explain is less than `tolerance` of its own size.
/// `columns` are slices of one length.
pub fn independent(columns: &[&[f64]], tolerance: f64) -> Vec<usize> {
    let mut kept = Vec::with_capacity(columns.len());
    let mut directions: Vec<DVector<f64>> = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let mut left = DVector::from_column_slice(column);
        let size = left.norm();
        // Twice is enough (Kahan): what the first pass leaves behind by rounding, the second takes.
        for _ in 0..2 {
            for direction in &directions {
                let along = direction.dot(&left);
                left.axpy(-along, direction, 1.0);
            }
        }
        let rest = left.norm();
        if rest > tolerance * size && rest > 0.0 {
            directions.push(left / rest);
            kept.push(at);
        }
    }
    kept
}

/// The tolerance that says a column repeats others.
pub const COLLINEAR: f64 = 1e-9;

/// The inverse of a symmetric positive definite matrix; nothing when it is none.
pub fn inverse(matrix: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    // Scaled to a unit diagonal first, so that units of the columns cost no digits.
    let scale = matrix.diagonal().map(|own| 1.0 / own.sqrt());
    if scale.iter().any(|own| !own.is_finite()) {
        return None;
    }
    let scaled = DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |row, column| {
        matrix[(row, column)] * scale[row] * scale[column]
    });
    let inverse = scaled.cholesky()?.inverse();
    Some(DMatrix::from_fn(
        matrix.nrows(),
        matrix.ncols(),
        |row, column| inverse[(row, column)] * scale[row] * scale[column],
    ))
}

/// A least-squares fit by Householder's QR.
#[derive(Clone, Debug)]
pub struct LeastSquares {
    /// A coefficient for each column.
    pub coefficients: DVector<f64>,
    /// `(X'WX)⁻¹`.
    pub bread: DMatrix<f64>,
    /// `y - Xb`, not weighted.
    pub residuals: DVector<f64>,
}

/// Weighted least squares on independent columns; nothing when they are not, or rows are fewer than columns.
pub fn least_squares(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    weights: Option<&[f64]>,
) -> Option<LeastSquares> {
    if x.nrows() < x.ncols() || x.ncols() == 0 {
        return None;
    }
    let root = |row: usize| weights.map_or(1.0, |weights| weights[row].sqrt());
    let scaled = DMatrix::from_fn(x.nrows(), x.ncols(), |row, column| {
        x[(row, column)] * root(row)
    });
    let target = DVector::from_fn(y.len(), |row, _| y[row] * root(row));
    let factor = scaled.qr();
    let r = factor.r();
    let largest = r.diagonal().amax();
    if r.diagonal()
        .iter()
        .any(|own| own.abs() <= 1e-13 * largest || !own.is_finite())
    {
        return None;
    }
    let coefficients = r.solve_upper_triangular(&(factor.q().transpose() * target))?;
    let inverse = r.solve_upper_triangular(&DMatrix::identity(x.ncols(), x.ncols()))?;
    let residuals = y - x * &coefficients;
    Some(LeastSquares {
        coefficients,
        bread: &inverse * inverse.transpose(),
        residuals,
    })
}
