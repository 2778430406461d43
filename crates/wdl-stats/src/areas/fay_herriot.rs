//! The model of areas: a direct estimate is the area's value plus a sampling error of known variance; the value is a line in covariates plus an effect of the area.
//!
//! Fay and Herriot, *Journal of the American Statistical Association* 74 (1979); estimation and mean squared errors after Rao and Molina, *Small Area Estimation* (2015), chapter 6.

use std::f64::consts::PI;

use super::basis::{Basis, Covariates, dot};
use super::half_line;
use super::{AreaError, NoEstimate};
use crate::factor::Factor;
use crate::sum::sum;

/// A direct estimate with its sampling variance.
// INVARIANT: both are finite and the variance is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Direct {
    estimate: f64,
    variance: f64,
}

impl Direct {
    /// Nothing when the variance is not positive, or one of them not finite.
    pub fn new(estimate: f64, variance: f64) -> Option<Direct> {
        let is_whole = estimate.is_finite() && variance.is_finite() && variance > 0.0;
        is_whole.then_some(Direct { estimate, variance })
    }
}

/// How the variance between areas is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Restricted maximum likelihood.
    Reml,
    /// Maximum likelihood.
    Ml,
    /// The moments of Fay and Herriot.
    FayHerriot,
}

/// The fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct FayHerriot {
    /// The variance between areas that the covariates do not explain.
    pub variance: f64,
    /// One coefficient per column of covariates; zero for one that repeats others.
    pub coefficients: Vec<f64>,
    /// Their standard errors; nothing for a column that repeats others.
    pub coefficient_errors: Vec<Option<f64>>,
    /// The areas whose direct estimate was used.
    pub areas_used: usize,
    /// The logarithm of the normal likelihood at the estimates.
    pub log_likelihood: f64,
    /// Akaike's criterion, the variance counted as a parameter.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// One per area, in their order.
    pub areas: Vec<Result<AreaEstimate, NoEstimate>>,
}

/// The estimate of one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaEstimate {
    /// The empirical best linear unbiased predictor; the model's line alone where there is no direct estimate.
    pub estimate: f64,
    /// The estimated mean squared error.
    pub mse: f64,
    /// The weight of the direct estimate, from zero to one; zero where there is none.
    pub weight_of_direct: f64,
}

/// Fits the model and estimates every area.
///
/// `None` is an area without a direct estimate that can be used: it gets the model's line, and its mean squared error.
///
/// # Errors
/// [`AreaError::TooFew`] when no more areas have a direct estimate than the model has coefficients.
///
/// # Panics
/// When there is not one row of covariates per area.
pub fn fay_herriot(
    direct: &[Option<Direct>],
    covariates: &Covariates,
    method: Method,
) -> Result<FayHerriot, AreaError> {
    assert_eq!(direct.len(), covariates.rows(), "one row per area");
    let used: Vec<usize> = (0..direct.len())
        .filter(|area| direct[*area].is_some())
        .collect();
    let basis = Basis::of(&covariates.taken(used.iter().copied()));
    let known: Vec<Direct> = direct.iter().copied().flatten().collect();
    let (have, need) = (known.len(), basis.rank() + 1);
    if have < need {
        return Err(AreaError::TooFew { have, need });
    }
    let data = Data {
        direct: &known,
        basis: &basis,
    };
    let variance = data.variance_between(method);
    let fit = data.fit(variance).ok_or(AreaError::TooFew { have, need })?;
    let error = Error::of(method, &data, &fit);
    let estimate = |area: usize| {
        let own = basis.coordinates(covariates.row(area));
        let own = own.ok_or(NoEstimate::NotIdentified)?;
        Ok(fit.area(direct[area], &own, &error))
    };
    let parameters = (basis.rank() + 1) as f64;
    let log_likelihood = fit.log_likelihood();
    Ok(FayHerriot {
        variance,
        coefficients: basis.coefficients(&fit.coefficients),
        coefficient_errors: basis.errors(&fit.root.inverse()),
        areas_used: have,
        log_likelihood,
        aic: -2.0 * log_likelihood + 2.0 * parameters,
        bic: -2.0 * log_likelihood + (have as f64).ln() * parameters,
        areas: (0..direct.len()).map(estimate).collect(),
    })
}

/// The areas that have a direct estimate, their covariates in the basis.
struct Data<'a> {
    direct: &'a [Direct],
    basis: &'a Basis,
}

/// The model at one variance between areas.
struct Fit {
    variance: f64,
    /// One over the variance of each direct estimate around the line.
    weights: Vec<f64>,
    /// Of `X' V⁻¹ X`.
    root: Factor,
    coefficients: Vec<f64>,
    residuals: Vec<f64>,
}

impl Data<'_> {
    /// Nothing when the numbers are too far apart for the equations to be solved.
    fn fit(&self, variance: f64) -> Option<Fit> {
        let of = |direct: &Direct| 1.0 / (variance + direct.variance);
        let weights: Vec<f64> = self.direct.iter().map(of).collect();
        let root = Factor::definite(&self.products(&weights), self.basis.rank())?;
        let told = (0..self.basis.rank()).map(|column| {
            let terms = self.direct.iter().zip(&weights).enumerate();
            sum(terms.map(|(area, (direct, weight))| {
                weight * self.basis.row(area)[column] * direct.estimate
            }))
        });
        let coefficients = root.solve(&told.collect::<Vec<f64>>());
        let residual = |(area, direct): (usize, &Direct)| {
            direct.estimate - dot(self.basis.row(area), &coefficients)
        };
        let residuals = self.direct.iter().enumerate().map(residual).collect();
        Some(Fit {
            variance,
            weights,
            root,
            coefficients,
            residuals,
        })
    }

    /// `X' W X` in the basis.
    fn products(&self, weights: &[f64]) -> Vec<f64> {
        let rank = self.basis.rank();
        let product = |at: usize| {
            let (i, j) = (at / rank, at % rank);
            sum(weights.iter().enumerate().map(|(area, weight)| {
                let row = self.basis.row(area);
                weight * row[i] * row[j]
            }))
        };
        let mut products = vec![0.0; rank * rank];
        for i in 0..rank {
            for j in 0..=i {
                products[i * rank + j] = product(i * rank + j);
                products[j * rank + i] = products[i * rank + j];
            }
        }
        products
    }

    fn variance_between(&self, method: Method) -> f64 {
        let scale = self.scale();
        let at = |variance: f64| self.fit(variance);
        let score = |variance: f64| at(variance).map_or(f64::NAN, |fit| self.score(method, &fit));
        match method {
            Method::Reml | Method::Ml => {
                let height = |variance: f64| {
                    at(variance).map_or(f64::NEG_INFINITY, |fit| match method {
                        Method::Ml => fit.profile(),
                        Method::Reml | Method::FayHerriot => {
                            fit.profile() - fit.root.log_determinant() / 2.0
                        }
                    })
                };
                half_line::highest(scale, &height, &score)
            }
            Method::FayHerriot if score(0.0) <= 0.0 => 0.0,
            Method::FayHerriot => {
                let mut above = scale;
                while score(above) > 0.0 {
                    above *= 4.0;
                }
                half_line::root(0.0, above, &score)
            }
        }
    }

    /// The variance of the direct estimates around a line without weights, or their own variances where there is none.
    fn scale(&self) -> f64 {
        let estimates: Vec<f64> = self.direct.iter().map(|direct| direct.estimate).collect();
        let told: Vec<f64> = (0..self.basis.rank())
            .map(|column| {
                let terms = estimates.iter().enumerate();
                sum(terms.map(|(area, estimate)| self.basis.row(area)[column] * estimate))
            })
            .collect();
        let around = estimates
            .iter()
            .enumerate()
            .map(|(area, estimate)| (estimate - dot(self.basis.row(area), &told)).powi(2));
        let own = sum(self.direct.iter().map(|direct| direct.variance));
        let free = (self.direct.len() - self.basis.rank()) as f64;
        (sum(around) / free).max(own / self.direct.len() as f64)
    }

    /// What is zero at the estimate and positive below it: the slope of the likelihood, or the lack of the weighted squares against their expectation.
    fn score(&self, method: Method, fit: &Fit) -> f64 {
        let weights = || fit.weights.iter().copied();
        let weighted = fit.residuals.iter().zip(weights());
        let squares = sum(weighted
            .clone()
            .map(|(residual, weight)| (weight * residual).powi(2)));
        match method {
            Method::Ml => (squares - sum(weights())) / 2.0,
            Method::Reml => {
                let square: Vec<f64> = weights().map(|weight| weight * weight).collect();
                let lost = fit.root.trace_of_quotient(&self.products(&square));
                (squares - sum(weights()) + lost) / 2.0
            }
            Method::FayHerriot => {
                let free = self.direct.len() - self.basis.rank();
                sum(weighted.map(|(residual, weight)| weight * residual * residual)) - free as f64
            }
        }
    }
}

impl Fit {
    /// The likelihood without what does not depend on the variance.
    fn profile(&self) -> f64 {
        let terms = self.residuals.iter().zip(&self.weights);
        -sum(terms.map(|(residual, weight)| weight * residual * residual - weight.ln())) / 2.0
    }

    fn log_likelihood(&self) -> f64 {
        self.profile() - self.weights.len() as f64 * (2.0 * PI).ln() / 2.0
    }

    fn area(&self, direct: Option<Direct>, own: &[f64], error: &Error) -> AreaEstimate {
        let line = dot(own, &self.coefficients);
        let of_line = self.root.quadratic(own);
        let Some(direct) = direct else {
            return AreaEstimate {
                estimate: line,
                mse: self.variance + of_line - error.bias,
                weight_of_direct: 0.0,
            };
        };
        let all = self.variance + direct.variance;
        let (kept, lost) = (self.variance / all, direct.variance / all);
        let g1 = kept * direct.variance;
        let g2 = lost * lost * of_line;
        let g3 = lost * lost * error.variance / all;
        AreaEstimate {
            estimate: line + kept * (direct.estimate - line),
            mse: g1 + g2 + 2.0 * g3 - error.bias * lost * lost,
            weight_of_direct: kept,
        }
    }
}

/// How far off the estimated variance between areas is: its variance and its bias, to the order of one over the areas.
///
/// Prasad and Rao 1990 for REML; Datta and Lahiri 2000 for ML; Datta, Rao and Smith 2005 for the moments.
struct Error {
    variance: f64,
    bias: f64,
}

impl Error {
    fn of(method: Method, data: &Data<'_>, fit: &Fit) -> Error {
        let areas = data.direct.len() as f64;
        let first = sum(fit.weights.iter().copied());
        let square: Vec<f64> = fit.weights.iter().map(|weight| weight * weight).collect();
        let second = sum(square.iter().copied());
        match method {
            Method::Reml => Error {
                variance: 2.0 / second,
                bias: 0.0,
            },
            Method::Ml => Error {
                variance: 2.0 / second,
                bias: -fit.root.trace_of_quotient(&data.products(&square)) / second,
            },
            Method::FayHerriot => Error {
                variance: 2.0 * areas / (first * first),
                bias: 2.0 * (areas * second - first * first) / first.powi(3),
            },
        }
    }
}
