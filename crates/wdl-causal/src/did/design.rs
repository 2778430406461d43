//! What the comparisons of a cohort share: who is compared, their covariates, the regression among the controls and the propensity score.

use nalgebra::{DMatrix, DVector};

use super::group_time::{Method, NoCell};
use crate::dense::{self, COLLINEAR};
use crate::logit::{self, NoLogit};

/// The highest propensity score at which a comparison is still made; as in the package `did`.
const SCORE_MAX: f64 = 0.999;

/// The rows of a comparison.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Whether each row belongs to the cohort; the others are controls.
    pub(super) treated: Vec<bool>,
    /// The weights.
    pub(super) weights: Vec<f64>,
    /// A constant, then the covariates.
    pub(super) x: DMatrix<f64>,
}

impl Sample {
    /// `Σ w x / Σ w`.
    pub(super) fn mean(&self, weights: &[f64]) -> DVector<f64> {
        let total: f64 = weights.iter().sum();
        let columns = self.x.column_iter().map(|column| {
            let pairs = column.iter().zip(weights);
            pairs.map(|(own, weight)| own * weight).sum::<f64>() / total
        });
        DVector::from_iterator(self.x.ncols(), columns)
    }

    /// `row'vector` of each row.
    pub(super) fn times(&self, vector: &DVector<f64>) -> DVector<f64> {
        &self.x * vector
    }

    fn count(&self, is_treated: bool) -> usize {
        self.treated
            .iter()
            .filter(|own| **own == is_treated)
            .count()
    }
}

/// A weighted regression among some of the rows, its factor kept for many outcomes.
#[derive(Clone, Debug)]
pub(super) struct Regression {
    rows: Vec<usize>,
    roots: Vec<f64>,
    q: DMatrix<f64>,
    r_inverse: DMatrix<f64>,
}

impl Regression {
    /// The regression over `rows` with one weight for each row of the sample.
    pub(super) fn new(
        sample: &Sample,
        rows: Vec<usize>,
        weights: &[f64],
    ) -> Result<Regression, NoCell> {
        let width = sample.x.ncols();
        if rows.len() < width {
            return Err(NoCell::TooFewControls {
                rows: rows.len(),
                columns: width,
            });
        }
        let roots: Vec<f64> = rows.iter().map(|row| weights[*row].sqrt()).collect();
        let scaled = DMatrix::from_fn(rows.len(), width, |at, column| {
            sample.x[(rows[at], column)] * roots[at]
        });
        let columns: Vec<&[f64]> = (0..width)
            .map(|column| &scaled.as_slice()[column * rows.len()..(column + 1) * rows.len()])
            .collect();
        let kept = dense::independent(&columns, COLLINEAR);
        if let Some(column) = (0..width).find(|column| !kept.contains(column)) {
            return Err(singular(column));
        }
        let factor = scaled.qr();
        let r_inverse = factor
            .r()
            .solve_upper_triangular(&DMatrix::identity(width, width))
            .ok_or(NoCell::NoControls)?;
        Ok(Regression {
            q: factor.q(),
            rows,
            roots,
            r_inverse,
        })
    }

    /// The coefficients for an outcome of every row of the sample.
    pub(super) fn coefficients(&self, outcome: &[f64]) -> DVector<f64> {
        let scaled = self.rows.iter().zip(&self.roots);
        let scaled = scaled.map(|(row, root)| outcome[*row] * root);
        let target = DVector::from_iterator(self.rows.len(), scaled);
        &self.r_inverse * self.q.tr_mul(&target)
    }

    /// Adds to `influence` what the estimation of the coefficients does to `moment'b`: `w e x'(X'WX)⁻¹ moment`.
    pub(super) fn add_influence(
        &self,
        influence: &mut [f64],
        residuals: &[f64],
        moment: &DVector<f64>,
        sign: f64,
    ) {
        // x'(X'WX)⁻¹ m √w is a row of Q times R⁻ᵀ m.
        let along = &self.q * self.r_inverse.tr_mul(moment);
        for ((row, root), own) in self.rows.iter().zip(&self.roots).zip(along.iter()) {
            influence[*row] += sign * root * residuals[*row] * own;
        }
    }
}

/// A propensity score.
#[derive(Clone, Debug)]
pub(super) struct Propensity {
    /// The weight of each control: `w p / (1 - p)`; zero for the treated and for controls left out.
    pub(super) odds: Vec<f64>,
    /// Controls left out because their score is too high.
    pub(super) trimmed: usize,
    score: Vec<f64>,
    covariance: DMatrix<f64>,
}

impl Propensity {
    fn new(sample: &Sample, method: Method, trim: f64) -> Result<Propensity, NoCell> {
        let fit =
            logit::fit(&sample.x, &sample.treated, Some(&sample.weights)).map_err(no_score)?;
        let highest = fit.probabilities.max();
        if highest >= SCORE_MAX {
            return Err(NoCell::NoOverlap);
        }
        if method == Method::DoublyRobustImproved {
            return Propensity::tilted(sample, fit.coefficients);
        }
        let mut trimmed = 0;
        let rows = fit.probabilities.iter().enumerate();
        let odds = rows.map(|(row, p)| match sample.treated[row] {
            true => 0.0,
            false if *p >= trim => {
                trimmed += 1;
                0.0
            }
            false => sample.weights[row] * p / (1.0 - p),
        });
        let odds = odds.collect();
        let rows = fit.probabilities.iter().enumerate();
        let score = rows
            .map(|(row, p)| sample.weights[row] * (f64::from(u8::from(sample.treated[row])) - p));
        let curvature: Vec<f64> = rows_of(&fit.probabilities, sample);
        let covariance = dense::inverse(&gram(sample, &curvature)).ok_or(NoCell::NoOverlap)?;
        Ok(Propensity {
            score: score.collect(),
            odds,
            trimmed,
            covariance,
        })
    }

    /// Inverse-probability tilting (Graham, Pinto and Egel 2012): the odds `exp(x'b)` that give the controls the mean covariates of the treated.
    fn tilted(sample: &Sample, start: DVector<f64>) -> Result<Propensity, NoCell> {
        let mut coefficients = start;
        let treated: Vec<f64> = weights_of(sample, true);
        let goal = sample.x.tr_mul(&DVector::from_vec(treated.clone()));
        let size = sample.x.abs().tr_mul(&DVector::from_vec(treated));
        let odds_at = |coefficients: &DVector<f64>| -> Vec<f64> {
            let index = sample.times(coefficients);
            let rows = index.iter().enumerate();
            rows.map(|(row, index)| match sample.treated[row] {
                true => 0.0,
                false => sample.weights[row] * index.exp(),
            })
            .collect()
        };
        let loss = |odds: &[f64], coefficients: &DVector<f64>| {
            odds.iter().sum::<f64>() - goal.dot(coefficients)
        };
        let mut odds = odds_at(&coefficients);
        for _ in 0..100 {
            let gap = &goal - sample.x.tr_mul(&DVector::from_column_slice(&odds));
            let is_even = gap
                .iter()
                .zip(size.iter())
                .all(|(gap, size)| gap.abs() <= 1e-13 * size.max(f64::MIN_POSITIVE) * 10.0);
            let covariance = dense::inverse(&gram(sample, &odds)).ok_or(NoCell::NotBalanced)?;
            if is_even {
                return Ok(Propensity {
                    odds,
                    trimmed: 0,
                    score: vec![0.0; sample.treated.len()],
                    covariance,
                });
            }
            let step = &covariance * gap;
            let known = loss(&odds, &coefficients);
            let mut part = 1.0;
            let next = loop {
                let tried = &coefficients + part * &step;
                let tried_odds = odds_at(&tried);
                let reached = loss(&tried_odds, &tried);
                if reached <= known + 1e-12 * (1.0 + known.abs()) {
                    break Some((tried, tried_odds));
                }
                part *= 0.5;
                if part < 1e-9 {
                    break None;
                }
            };
            (coefficients, odds) = next.ok_or(NoCell::NotBalanced)?;
        }
        Err(NoCell::NotBalanced)
    }

    /// Adds what the estimation of the score does to `moment'b`: `w (d - p) x'I⁻¹ moment`.
    pub(super) fn add_influence(
        &self,
        sample: &Sample,
        influence: &mut [f64],
        moment: &DVector<f64>,
        sign: f64,
    ) {
        let along = sample.times(&(&self.covariance * moment));
        for ((own, score), along) in influence.iter_mut().zip(&self.score).zip(along.iter()) {
            *own += sign * score * along;
        }
    }
}

fn rows_of(probabilities: &DVector<f64>, sample: &Sample) -> Vec<f64> {
    let rows = probabilities.iter().zip(&sample.weights);
    rows.map(|(p, weight)| weight * p * (1.0 - p)).collect()
}

/// `X'WX`.
fn gram(sample: &Sample, weights: &[f64]) -> DMatrix<f64> {
    let mut scaled = sample.x.clone();
    for mut column in scaled.column_iter_mut() {
        for (own, weight) in column.iter_mut().zip(weights) {
            *own *= weight;
        }
    }
    sample.x.tr_mul(&scaled)
}

/// The weights of the treated or of the controls, zero for the others.
pub(super) fn weights_of(sample: &Sample, is_treated: bool) -> Vec<f64> {
    let rows = sample.weights.iter().zip(&sample.treated);
    rows.map(|(weight, own)| match *own == is_treated {
        true => *weight,
        false => 0.0,
    })
    .collect()
}

fn singular(column: usize) -> NoCell {
    match column {
        0 => NoCell::NoControls,
        other => NoCell::SingularCovariates {
            covariate: other - 1,
        },
    }
}

fn no_score(why: NoLogit) -> NoCell {
    match why {
        NoLogit::NoVariation => NoCell::NoControls,
        NoLogit::Separation => NoCell::NoOverlap,
        NoLogit::Collinear(column) => singular(column),
        NoLogit::NotConverged => NoCell::NoConvergence,
    }
}

/// A sample with what a method needs of it.
#[derive(Clone, Debug)]
pub(super) struct Design {
    pub(super) sample: Sample,
    pub(super) method: Method,
    /// The weights of the cohort's rows.
    pub(super) cohort: Vec<f64>,
    pub(super) propensity: Option<Propensity>,
}

impl Design {
    pub(super) fn new(sample: Sample, method: Method, trim: f64) -> Result<Design, NoCell> {
        if sample.count(true) == 0 {
            return Err(NoCell::NoTreated);
        }
        if sample.count(false) == 0 {
            return Err(NoCell::NoControls);
        }
        let propensity = match method {
            Method::OutcomeRegression => None,
            _ => Some(Propensity::new(&sample, method, trim)?),
        };
        if let Some(own) = &propensity
            && own.odds.iter().all(|own| *own == 0.0)
        {
            return Err(NoCell::NoOverlap);
        }
        Ok(Design {
            cohort: weights_of(&sample, true),
            sample,
            method,
            propensity,
        })
    }

    /// The regression over rows chosen among the controls (or the treated); weighted by the odds in the improved method.
    pub(super) fn regression(
        &self,
        is_treated: bool,
        chosen: impl Fn(usize) -> bool,
    ) -> Result<Regression, NoCell> {
        let rows = (0..self.sample.treated.len())
            .filter(|row| self.sample.treated[*row] == is_treated && chosen(*row));
        let weights = match (&self.propensity, self.method) {
            (Some(own), Method::DoublyRobustImproved) if !is_treated => &own.odds,
            _ => &self.sample.weights,
        };
        Regression::new(&self.sample, rows.collect(), weights)
    }
}
