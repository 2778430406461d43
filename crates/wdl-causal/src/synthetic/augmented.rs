//! Augmented synthetic control: what the weights leave unmatched is corrected by a ridge regression.
//!
//! Ben-Michael, Feller and Rothstein (2021), equations 4 and 11: `w = w_sc + (x₁ - X₀'w_sc)'(X₀'X₀ + λI)⁻¹X₀'` on outcomes of the fit's periods centred at the donors' mean; the weights sum to one and may be negative.
//! `λ` leaves out one period of the fit at a time and takes the value with the least mean squared error.

use nalgebra::{DMatrix, DVector};

use super::control::{Fit, NoSynthetic, Study};
use super::simplex;

/// A synthetic control with its ridge correction.
#[derive(Clone, Debug, PartialEq)]
pub struct Augmented {
    /// A weight for each donor, of any sign.
    pub weights: Vec<f64>,
    /// The sum of the negative weights: how far the answer extrapolates.
    pub negative: f64,
    /// The penalty.
    pub ridge: f64,
    /// The penalties tried, with the mean squared error of the periods left out.
    pub tried: Vec<(f64, f64)>,
    /// The root of the mean squared error over the periods of the fit.
    pub rmspe: f64,
    /// Treated less synthetic, in each period of the panel.
    pub gaps: Vec<f64>,
    /// The mean gap over the periods of the effect.
    pub att: f64,
}

/// Corrects a fit; the penalty is chosen by leaving out periods unless it is given.
///
/// # Errors
/// [`NoSynthetic`] when the penalty is not positive or the donors do not differ.
pub fn ridge(study: &Study, fit: &Fit, given: Option<f64>) -> Result<Augmented, NoSynthetic> {
    if given.is_some_and(|own| !(own > 0.0 && own.is_finite())) {
        return Err(NoSynthetic::Argument("ridge penalty"));
    }
    let tried = match given {
        Some(_) => Vec::new(),
        None => cross_validated(study)?,
    };
    let ridge = match given {
        Some(own) => own,
        None => {
            tried
                .iter()
                .copied()
                .reduce(|best, own| if own.1 < best.1 { own } else { best })
                .ok_or(NoSynthetic::NoVariation)?
                .0
        }
    };
    let weights =
        corrected(study, &study.fit, &fit.weights, ridge).ok_or(NoSynthetic::NoVariation)?;
    let gaps = study.gaps(&weights);
    let mean = |periods: &[usize], power: i32| -> f64 {
        periods.iter().map(|at| gaps[*at].powi(power)).sum::<f64>() / periods.len() as f64
    };
    Ok(Augmented {
        negative: weights.iter().filter(|own| **own < 0.0).sum(),
        ridge,
        tried,
        rmspe: mean(&study.fit, 2).sqrt(),
        att: mean(&study.post, 1),
        gaps,
        weights,
    })
}

/// The weights with the correction from some periods.
fn corrected(study: &Study, periods: &[usize], weights: &[f64], ridge: f64) -> Option<Vec<f64>> {
    let (centred, treated) = centred(study, periods);
    let own = DVector::from_column_slice(weights);
    let unmatched = treated - &centred * &own;
    let mut square = &centred * centred.transpose();
    for at in 0..periods.len() {
        square[(at, at)] += ridge;
    }
    let correction = centred.tr_mul(&square.cholesky()?.solve(&unmatched));
    Some((own + correction).as_slice().to_vec())
}

/// Outcomes less the donors' mean of the period.
fn centred(study: &Study, periods: &[usize]) -> (DMatrix<f64>, DVector<f64>) {
    let mut donors = study.donors.select_rows(periods);
    let mut treated = study.treated.select_rows(periods);
    let means = donors.column_mean();
    for (mut row, mean) in donors.row_iter_mut().zip(&means) {
        row.add_scalar_mut(-mean);
    }
    treated -= means;
    (donors, treated)
}

/// Twenty penalties from the largest squared singular value down to its 1e-8th part, each with its error.
fn cross_validated(study: &Study) -> Result<Vec<(f64, f64)>, NoSynthetic> {
    let (centred, _) = centred(study, &study.fit);
    let largest = centred.singular_values().max().powi(2);
    if largest <= 0.0 {
        return Err(NoSynthetic::NoVariation);
    }
    let penalties: Vec<f64> = (0..=20)
        .map(|step| largest * 10_f64.powf(-0.4 * f64::from(step)))
        .collect();
    let mut errors = vec![0.0; penalties.len()];
    for left_out in &study.fit {
        let rest: Vec<usize> = study
            .fit
            .iter()
            .copied()
            .filter(|at| at != left_out)
            .collect();
        let weights = simplex::nearest(&study.differences(&rest), 0.0).weights;
        for (error, penalty) in errors.iter_mut().zip(&penalties) {
            let own =
                corrected(study, &rest, &weights, *penalty).ok_or(NoSynthetic::NoVariation)?;
            *error += study.gaps(&own)[*left_out].powi(2) / study.fit.len() as f64;
        }
    }
    Ok(penalties.into_iter().zip(errors).collect())
}
