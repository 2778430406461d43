//! One comparison of a cohort with its controls between two periods of a panel.
//!
//! Outcome regression, weighting and their doubly robust union after Sant'Anna and Zhao (2020), equations 3.1 and 3.2 and section 3.1; each weighted mean is normalised (Hájek).
//! Influence values are those of the estimate itself: their squares sum to its variance.

use nalgebra::DVector;

use super::design::{Design, Regression};
use super::group_time::{Method, NoCell};

/// An estimate with the influence of each row.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub(super) att: f64,
    pub(super) influence: Vec<f64>,
}

/// A design of a panel: the regression among the controls is the same in every period.
#[derive(Clone, Debug)]
pub(super) struct PanelDesign {
    pub(super) design: Design,
    regression: Option<Regression>,
}

impl PanelDesign {
    pub(super) fn new(design: Design) -> Result<PanelDesign, NoCell> {
        let regression = match design.method {
            Method::Weighting => None,
            _ => Some(design.regression(false, |_| true)?),
        };
        Ok(PanelDesign { design, regression })
    }

    /// Compares the change of the outcome.
    pub(super) fn compare(&self, change: &[f64]) -> Compared {
        let sample = &self.design.sample;
        let rest: Vec<f64> = match &self.regression {
            None => change.to_vec(),
            Some(own) => {
                let fitted = sample.times(&own.coefficients(change));
                change
                    .iter()
                    .zip(fitted.iter())
                    .map(|(a, b)| a - b)
                    .collect()
            }
        };
        let mut influence = vec![0.0; rest.len()];
        let cohort = &self.design.cohort;
        let mut att = add_mean(&mut influence, cohort, &rest, 1.0);
        let mut moment = sample.mean(cohort);
        if let Some(propensity) = &self.design.propensity {
            let odds = &propensity.odds;
            let controls = add_mean(&mut influence, odds, &rest, -1.0);
            att -= controls;
            moment -= sample.mean(odds);
            let slope = slope(&self.design, odds, &rest, controls);
            propensity.add_influence(sample, &mut influence, &slope, -1.0);
        }
        // With tilted odds the moment of the regression and the slope of the score are zero: the improved estimator needs no correction.
        if let (Some(own), false) = (
            &self.regression,
            self.design.method == Method::DoublyRobustImproved,
        ) {
            own.add_influence(&mut influence, &rest, &moment, -1.0);
        }
        Compared { att, influence }
    }
}

/// The weighted mean of `values`; adds its influence.
pub(super) fn add_mean(influence: &mut [f64], weights: &[f64], values: &[f64], sign: f64) -> f64 {
    let total: f64 = weights.iter().sum();
    let pairs = weights.iter().zip(values);
    let mean = pairs.map(|(weight, own)| weight * own).sum::<f64>() / total;
    let scale = sign / total;
    for ((own, weight), value) in influence.iter_mut().zip(weights).zip(values) {
        *own += scale * weight * (value - mean);
    }
    mean
}

/// How a mean under odds moves with the coefficients of the score: `Σ w (v - mean) x / Σ w`.
pub(super) fn slope(design: &Design, odds: &[f64], values: &[f64], mean: f64) -> DVector<f64> {
    let total: f64 = odds.iter().sum();
    let moved: Vec<f64> = odds
        .iter()
        .zip(values)
        .map(|(weight, own)| weight * (own - mean) / total)
        .collect();
    design.sample.x.tr_mul(&DVector::from_vec(moved))
}
