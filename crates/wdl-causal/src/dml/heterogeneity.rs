//! For whom an effect is larger: a linear projection of the doubly robust scores, and their means by group (Semenova and Chernozhukov, Econometrics Journal 2021).

use nalgebra::{DMatrix, DVector};

use super::{DmlError, error_of, multiplier_critical_value};
use crate::dense;
use crate::matching::MatchError;

/// The best linear projection of the effect on some covariates.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// A constant and a coefficient for each covariate.
    pub coefficients: Vec<f64>,
    /// Standard errors robust to unequal variances (HC3), as in `grf::best_linear_projection`.
    pub standard_errors: Vec<f64>,
}

/// Regresses the scores of [`super::Dml::scores`] on covariates.
///
/// # Errors
/// [`DmlError::Collinear`] for a covariate that follows from those before it.
pub fn projection(scores: &[f64], covariates: &[&[f64]]) -> Result<Projection, DmlError> {
    for column in covariates.iter().copied().chain([scores]) {
        if column.len() != scores.len() {
            return Err(MatchError::Length {
                have: column.len(),
                need: scores.len(),
            }
            .into());
        }
        if let Some(row) = column.iter().position(|own| !own.is_finite()) {
            return Err(MatchError::NotFinite { row }.into());
        }
    }
    let ones = vec![1.0; scores.len()];
    let mut slices: Vec<&[f64]> = vec![&ones];
    slices.extend_from_slice(covariates);
    let kept = dense::independent(&slices, dense::COLLINEAR);
    if let Some(column) = (1..slices.len()).find(|column| !kept.contains(column)) {
        return Err(DmlError::Collinear(column - 1));
    }
    let x = DMatrix::from_fn(scores.len(), slices.len(), |row, column| {
        slices[column][row]
    });
    let fit = dense::least_squares(&x, &DVector::from_column_slice(scores), None)
        .filter(|_| scores.len() > slices.len())
        .ok_or(MatchError::TooFew)?;
    let turned = &x * &fit.bread;
    let mut meat = vec![0.0_f64; slices.len()];
    for row in 0..scores.len() {
        let leverage: f64 = (0..slices.len())
            .map(|at| turned[(row, at)] * x[(row, at)])
            .sum();
        // A row that alone fixes a coefficient leaves no residual to judge by.
        let residual = fit.residuals[row] / (1.0 - leverage).max(1e-12);
        for at in 0..slices.len() {
            meat[at] += (turned[(row, at)] * residual).powi(2);
        }
    }
    Ok(Projection {
        coefficients: fit.coefficients.iter().copied().collect(),
        standard_errors: meat.iter().map(|own| own.sqrt()).collect(),
    })
}

/// The mean effect of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupEffects {
    /// The mean effect of each group.
    pub effects: Vec<f64>,
    /// Their standard errors.
    pub standard_errors: Vec<f64>,
    /// The rows of each group.
    pub sizes: Vec<usize>,
    /// The critical value for all groups at once; nothing when a group has no variation.
    pub critical_value: Option<f64>,
}

/// Means of the scores by group, with a band over all of them from `draws` of multipliers.
///
/// # Errors
/// [`DmlError`] when a group has fewer than two rows.
pub fn group_effects(
    scores: &[f64],
    groups: &[usize],
    clusters: Option<&[usize]>,
    level: f64,
    draws: usize,
    seed: u64,
) -> Result<GroupEffects, DmlError> {
    if groups.len() != scores.len() {
        return Err(MatchError::Length {
            have: groups.len(),
            need: scores.len(),
        }
        .into());
    }
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let n = scores.len() as f64;
    let mut answer = GroupEffects {
        effects: Vec::new(),
        standard_errors: Vec::new(),
        sizes: Vec::new(),
        critical_value: None,
    };
    let mut influences = Vec::with_capacity(count);
    for group in 0..count {
        let size = groups.iter().filter(|own| **own == group).count();
        if size < 2 {
            return Err(MatchError::TooFew.into());
        }
        let here = |row: usize| groups[row] == group;
        let mean = (0..scores.len())
            .filter(|row| here(*row))
            .map(|row| scores[row])
            .sum::<f64>()
            / size as f64;
        let own: Vec<f64> = (0..scores.len())
            .map(|row| {
                if here(row) {
                    (scores[row] - mean) * n / size as f64
                } else {
                    0.0
                }
            })
            .collect();
        answer.effects.push(mean);
        answer.standard_errors.push(error_of(&own, clusters));
        answer.sizes.push(size);
        influences.push(own);
    }
    let slices: Vec<&[f64]> = influences.iter().map(Vec::as_slice).collect();
    answer.critical_value = multiplier_critical_value(&slices, clusters, level, draws, seed);
    Ok(answer)
}

/// Groups of equal size by a prediction, from the lowest; equal values by the order of the rows.
pub fn quantile_groups(predicted: &[f64], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_by(|one, other| predicted[*one].total_cmp(&predicted[*other]));
    let mut groups = vec![0; predicted.len()];
    for (at, row) in order.iter().enumerate() {
        groups[*row] = at * count.max(1) / predicted.len();
    }
    groups
}
