//! The distance of Mahalanobis, with the covariance within the groups.

use nalgebra::DMatrix;

use super::{MatchError, check};

/// Covariates turned and scaled so that their plain distance is that of Mahalanobis.
#[derive(Clone, Debug)]
pub struct Mahalanobis {
    /// One row after the other.
    values: Vec<f64>,
    rank: usize,
    constant: Vec<usize>,
}

impl Mahalanobis {
    /// The squared distance of two rows.
    pub fn squared(&self, one: usize, other: usize) -> f64 {
        let row = |at: usize| &self.values[at * self.rank..(at + 1) * self.rank];
        let pairs = row(one).iter().zip(row(other));
        pairs
            .map(|(one, other)| (one - other) * (one - other))
            .sum()
    }

    /// The directions that vary: fewer than the covariates when some repeat others.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Covariates without variation, left out.
    pub fn constant(&self) -> &[usize] {
        &self.constant
    }
}

/// The distance of Mahalanobis, `sqrt((x-z)' S⁻¹ (x-z))`, with `S` the covariance pooled within treated and others (Rubin 1980), and its generalised inverse when covariates repeat each other.
///
/// # Errors
/// [`MatchError`] for values that are no numbers, and when no covariate varies.
pub fn mahalanobis(covariates: &[&[f64]], is_treated: &[bool]) -> Result<Mahalanobis, MatchError> {
    check(is_treated, covariates)?;
    let n = is_treated.len();
    let mut scaled: Vec<Vec<f64>> = Vec::new();
    let mut constant = Vec::new();
    for (at, column) in covariates.iter().enumerate() {
        let mean = column.iter().sum::<f64>() / n as f64;
        let squares: f64 = column.iter().map(|own| (own - mean) * (own - mean)).sum();
        let deviation = (squares / (n as f64 - 1.0)).sqrt();
        match deviation > 1e-9 * (1.0 + mean.abs()) {
            true => scaled.push(column.iter().map(|own| (own - mean) / deviation).collect()),
            false => constant.push(at),
        }
    }
    if scaled.is_empty() {
        return Err(MatchError::NoVariation);
    }
    let within: Vec<Vec<f64>> = scaled
        .iter()
        .map(|column| centred(column, is_treated))
        .collect();
    let width = scaled.len();
    let covariance = DMatrix::from_fn(width, width, |one, other| {
        let products = within[one].iter().zip(&within[other]);
        products.map(|(one, other)| one * other).sum::<f64>() / (n as f64 - 2.0)
    });
    let own = covariance.symmetric_eigen();
    let largest = own.eigenvalues.max();
    let kept: Vec<usize> = (0..width)
        .filter(|at| own.eigenvalues[*at] > 1e-8 * largest && own.eigenvalues[*at] > 0.0)
        .collect();
    if kept.is_empty() {
        return Err(MatchError::NoVariation);
    }
    let along = |row: usize, at: usize| {
        let direction = own.eigenvectors.column(at);
        let parts = scaled.iter().zip(direction.iter());
        let along: f64 = parts.map(|(column, part)| column[row] * part).sum();
        along / own.eigenvalues[at].sqrt()
    };
    let values = (0..n)
        .flat_map(|row| kept.iter().map(move |at| (row, *at)))
        .map(|(row, at)| along(row, at))
        .collect();
    Ok(Mahalanobis {
        values,
        rank: kept.len(),
        constant,
    })
}

fn centred(column: &[f64], is_treated: &[bool]) -> Vec<f64> {
    let mean = |wanted: bool| {
        let mut count = 0.0;
        let mut total = 0.0;
        for (value, is_treated) in column.iter().zip(is_treated) {
            if *is_treated == wanted {
                count += 1.0;
                total += value;
            }
        }
        total / count
    };
    let (treated, others) = (mean(true), mean(false));
    let rows = column.iter().zip(is_treated);
    rows.map(|(value, is_treated)| value - if *is_treated { treated } else { others })
        .collect()
}
