//! Augmented inverse probability weighting: right when either the score or the outcome model is.

use super::{WeightError, Weighted, ipw::regression, row_weights};
use crate::matching::{Estimand, check, propensity, with_constant};

/// The doubly robust effect with a logit score and a linear outcome model in each group (Robins, Rotnitzky, Zhao 1994; for the treated, Sant'Anna and Zhao 2020).
///
/// The standard error is `sd(ψ)/√n`, with `n - 1` below for everybody and `n` for a group: the estimation of the two models adds nothing to first order when both hold.
///
/// # Errors
/// [`WeightError`] for rows that cannot be read, models that do not exist, an estimand other than ATE, ATT or ATC.
pub fn aipw(
    outcome: &[f64],
    is_treated: &[bool],
    covariates: &[&[f64]],
    rows: Option<&[f64]>,
    estimand: Estimand,
) -> Result<Weighted, WeightError> {
    check(is_treated, covariates)?;
    check(is_treated, &[outcome])?;
    let own = row_weights(is_treated, rows)?;
    let score = propensity(covariates, is_treated, Some(&own))?;
    let weights = super::score_weights(score.probabilities.as_slice(), is_treated, estimand)?;
    let x = with_constant(covariates, is_treated.len());
    let predicted = |group: bool| {
        let fit = regression(&x, outcome, &own, |row| is_treated[row] == group)?;
        Ok::<_, WeightError>(&x * fit)
    };
    let (of_treated, of_others) = match estimand {
        Estimand::Ate => (Some(predicted(true)?), Some(predicted(false)?)),
        Estimand::Att => (None, Some(predicted(false)?)),
        Estimand::Atc => (Some(predicted(true)?), None),
        Estimand::Overlap => {
            return Err(crate::matching::MatchError::Estimand(estimand.name()).into());
        }
    };
    let n = is_treated.len();
    let counts = |row: usize| match estimand {
        Estimand::Att => f64::from(u8::from(is_treated[row])),
        Estimand::Atc => f64::from(u8::from(!is_treated[row])),
        Estimand::Ate | Estimand::Overlap => 1.0,
    };
    let total: f64 = (0..n).map(|row| own[row] * counts(row)).sum();
    let size = total / n as f64;
    // Each group's mean: the model where the estimand counts, and the weighted residual of the group; its own outcome where no model is needed.
    let part = |row: usize, group: bool, model: Option<&nalgebra::DVector<f64>>| {
        let here = is_treated[row] == group;
        match model {
            Some(model) => {
                let residual = if here {
                    weights[row] * (outcome[row] - model[row])
                } else {
                    0.0
                };
                counts(row) * model[row] + residual
            }
            None => counts(row) * outcome[row],
        }
    };
    let mean = |group: bool, model: Option<&nalgebra::DVector<f64>>| {
        (0..n)
            .map(|row| own[row] * part(row, group, model))
            .sum::<f64>()
            / total
    };
    let (mean_treated, mean_others) = (
        mean(true, of_treated.as_ref()),
        mean(false, of_others.as_ref()),
    );
    let estimate = mean_treated - mean_others;
    let influence: Vec<f64> = (0..n)
        .map(|row| {
            let gap = part(row, true, of_treated.as_ref()) - part(row, false, of_others.as_ref());
            own[row] * (gap - estimate * counts(row)) / size
        })
        .collect();
    // For everybody the score is a plain mean; for a group it is a ratio, whose influence has no degree of freedom to spend.
    let below = match estimand {
        Estimand::Ate => n as f64 - 1.0,
        Estimand::Att | Estimand::Atc | Estimand::Overlap => n as f64,
    };
    let squares: f64 = influence.iter().map(|own| own * own).sum();
    Ok(Weighted {
        estimate,
        standard_error: (squares / below / n as f64).sqrt(),
        mean_treated,
        mean_others,
        influence,
        weights: weights
            .iter()
            .zip(&own)
            .map(|(one, other)| one * other)
            .collect(),
    })
}
