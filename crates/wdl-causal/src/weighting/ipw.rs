//! Inverse probability weighting: Horvitz-Thompson and Hajek.

use nalgebra::DVector;

use super::{WeightError, Weighted, row_weights, standard_error};
use crate::dense;
use crate::matching::{Estimand, check, propensity, with_constant};

/// How the weighted sums become means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalised {
    /// Divided by the number of people of the estimand (Horvitz and Thompson 1952).
    HorvitzThompson,
    /// Divided by the sum of the weights of each group (Hajek 1971).
    Hajek,
}

/// The weight of a row for its group and its slope in the log odds.
fn weight(estimand: Estimand, is_treated: bool, p: f64) -> (f64, f64) {
    let odds = p / (1.0 - p);
    match (estimand, is_treated) {
        (Estimand::Ate, true) => (1.0 / p, -1.0 / odds),
        (Estimand::Ate, false) => (1.0 / (1.0 - p), odds),
        (Estimand::Att, true) | (Estimand::Atc, false) => (1.0, 0.0),
        (Estimand::Att, false) => (odds, odds),
        (Estimand::Atc, true) => (1.0 / odds, -1.0 / odds),
        (Estimand::Overlap, true) => (1.0 - p, -p * (1.0 - p)),
        (Estimand::Overlap, false) => (p, p * (1.0 - p)),
    }
}

/// Whom the estimand counts, and the slope in the log odds.
fn share(estimand: Estimand, is_treated: bool, p: f64) -> (f64, f64) {
    match estimand {
        Estimand::Ate => (1.0, 0.0),
        Estimand::Att => (f64::from(u8::from(is_treated)), 0.0),
        Estimand::Atc => (f64::from(u8::from(!is_treated)), 0.0),
        Estimand::Overlap => (p * (1.0 - p), p * (1.0 - p) * (1.0 - 2.0 * p)),
    }
}

/// The weights of a score for an estimand.
///
/// # Errors
/// [`WeightError::NoOverlap`] when a score leaves a weight without a value.
pub fn score_weights(
    probabilities: &[f64],
    is_treated: &[bool],
    estimand: Estimand,
) -> Result<Vec<f64>, WeightError> {
    check(is_treated, &[probabilities])?;
    let rows = probabilities.iter().zip(is_treated);
    let weights: Vec<f64> = rows
        .map(|(p, is_treated)| weight(estimand, *is_treated, *p).0)
        .collect();
    match weights.iter().position(|own| !own.is_finite()) {
        Some(row) => Err(WeightError::NoOverlap { row }),
        None => Ok(weights),
    }
}

/// The effect by weighting with a logit score on the covariates, which is estimated on the same rows.
///
/// The influence of a row counts that the score is estimated (Newey and McFadden 1994, section 6; for weighting, Lunceford and Davidian 2004).
///
/// # Errors
/// [`WeightError`] for rows that cannot be read, a score that does not exist, or scores of 0 or 1.
pub fn ipw(
    outcome: &[f64],
    is_treated: &[bool],
    covariates: &[&[f64]],
    rows: Option<&[f64]>,
    estimand: Estimand,
    normalised: Normalised,
) -> Result<Weighted, WeightError> {
    check(is_treated, covariates)?;
    check(is_treated, &[outcome])?;
    let own = row_weights(is_treated, rows)?;
    let score = propensity(covariates, is_treated, Some(&own))?;
    let p: Vec<f64> = score.probabilities.iter().copied().collect();
    let weights = score_weights(&p, is_treated, estimand)?;
    let x = with_constant(covariates, is_treated.len());
    let n = is_treated.len() as f64;
    let mean = |value: &dyn Fn(usize) -> f64| {
        (0..p.len()).map(|row| own[row] * value(row)).sum::<f64>() / n
    };
    let counted = mean(&|row| share(estimand, is_treated[row], p[row]).0);
    let mut influence = vec![0.0; p.len()];
    let mut slope: DVector<f64> = DVector::zeros(x.ncols());
    let mut means = [0.0; 2];
    for (at, group) in [(0, false), (1, true)] {
        let here = |row: usize| f64::from(u8::from(is_treated[row] == group));
        let total = mean(&|row| here(row) * weights[row] * outcome[row]);
        let size = match normalised {
            Normalised::Hajek => mean(&|row| here(row) * weights[row]),
            Normalised::HorvitzThompson => counted,
        };
        if size <= 0.0 {
            return Err(WeightError::RowWeights);
        }
        means[at] = total / size;
        let sign = if group { 1.0 } else { -1.0 };
        for row in 0..p.len() {
            let (counts, counts_slope) = share(estimand, is_treated[row], p[row]);
            let (_, weight_slope) = weight(estimand, is_treated[row], p[row]);
            let (below, below_slope) = match normalised {
                Normalised::Hajek => (here(row) * weights[row], here(row) * weight_slope),
                Normalised::HorvitzThompson => (counts, counts_slope),
            };
            let part = here(row) * weights[row] * outcome[row] - means[at] * below;
            let turn = here(row) * weight_slope * outcome[row] - means[at] * below_slope;
            influence[row] += sign * own[row] * part / size;
            for column in 0..x.ncols() {
                slope[column] += sign * own[row] * turn * x[(row, column)] / (size * n);
            }
        }
    }
    // The covariance of the fit is that of one row over n, so that n times it turns a score residual into its influence.
    let turned = &score.covariance * slope * n;
    for row in 0..p.len() {
        let residual = own[row] * (f64::from(u8::from(is_treated[row])) - p[row]);
        let along: f64 = (0..x.ncols())
            .map(|column| x[(row, column)] * turned[column])
            .sum();
        influence[row] += residual * along;
    }
    Ok(Weighted {
        estimate: means[1] - means[0],
        standard_error: standard_error(&influence),
        mean_treated: means[1],
        mean_others: means[0],
        influence,
        weights: weights
            .iter()
            .zip(&own)
            .map(|(one, other)| one * other)
            .collect(),
    })
}

/// The coefficients of a weighted regression of the outcome on the covariates in some rows.
pub(super) fn regression(
    x: &nalgebra::DMatrix<f64>,
    outcome: &[f64],
    weights: &[f64],
    is_in: impl Fn(usize) -> bool,
) -> Result<DVector<f64>, WeightError> {
    let rows: Vec<usize> = (0..outcome.len())
        .filter(|row| is_in(*row) && weights[*row] > 0.0)
        .collect();
    if rows.len() <= x.ncols() {
        return Err(WeightError::TooFew {
            have: rows.len(),
            need: x.ncols(),
        });
    }
    let here =
        nalgebra::DMatrix::from_fn(rows.len(), x.ncols(), |row, column| x[(rows[row], column)]);
    let columns: Vec<Vec<f64>> = here
        .column_iter()
        .map(|own| own.iter().copied().collect())
        .collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let kept = dense::independent(&slices, dense::COLLINEAR);
    if let Some(column) = (0..x.ncols()).find(|column| !kept.contains(column)) {
        return Err(WeightError::Collinear(column.saturating_sub(1)));
    }
    let y = DVector::from_fn(rows.len(), |row, _| outcome[rows[row]]);
    let own: Vec<f64> = rows.iter().map(|row| weights[*row]).collect();
    let fit = dense::least_squares(&here, &y, Some(&own)).ok_or(WeightError::TooFew {
        have: rows.len(),
        need: x.ncols(),
    })?;
    Ok(fit.coefficients)
}
