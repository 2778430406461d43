//! Weighting by the propensity score, doubly robust estimates and entropy balancing, with standard errors from influence functions.
//!
//! Place in the flow: takes rows without missing values; the score is [`crate::logit`], and the standard errors count that it was estimated.
//!
//! **Invariant:** rows trimmed are listed, and a weight that would divide by nothing is an error.

mod aipw;
mod entropy;
mod ipw;
mod overlap;

pub use aipw::aipw;
pub use entropy::{Entropy, entropy_balance};
pub use ipw::{Normalised, ipw, score_weights};
pub use overlap::{Overlap, crump, overlap, trim};

use crate::logit::NoLogit;
use crate::matching::MatchError;

/// An estimate with the influence of each row on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The mean outcome of the treated, as weighted.
    pub mean_treated: f64,
    /// The mean outcome of the others, as weighted.
    pub mean_others: f64,
    /// The influence of each row: their mean is zero, their squares give the standard error.
    pub influence: Vec<f64>,
    /// The weights of the rows.
    pub weights: Vec<f64>,
}

/// Why there is no weighted estimate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WeightError {
    /// Rows that cannot be read.
    #[error(transparent)]
    Rows(#[from] MatchError),
    /// No score.
    #[error(transparent)]
    Score(#[from] NoLogit),
    /// A weight of a row is negative, or all of a group are zero.
    #[error("row weights are negative, or zero for a whole group")]
    RowWeights,
    /// A score of exactly 0 or 1 in a row that would be divided by it.
    #[error("row {row} has a score of 0 or 1: there is no overlap")]
    NoOverlap {
        /// The first such row.
        row: usize,
    },
    /// A covariate follows from those before it in one of the groups.
    #[error("covariate {0} follows from those before it in one of the groups")]
    Collinear(usize),
    /// No weights bring the covariate to its target: it lies at or beyond the edge of the group.
    #[error("no weights bring covariate {covariate} to its target")]
    Infeasible {
        /// The covariate farthest from its target.
        covariate: usize,
    },
    /// Too few rows of a group for its covariates.
    #[error("too few rows: {have} where more than {need} are needed")]
    TooFew {
        /// Rows of the group.
        have: usize,
        /// Covariates and a constant.
        need: usize,
    },
}

/// Row weights with mean one, and both groups there.
pub(crate) fn row_weights(
    is_treated: &[bool],
    weights: Option<&[f64]>,
) -> Result<Vec<f64>, WeightError> {
    let Some(weights) = weights else {
        return Ok(vec![1.0; is_treated.len()]);
    };
    crate::matching::check(is_treated, &[weights])?;
    let has = |wanted: bool| {
        let mut rows = is_treated.iter().zip(weights);
        rows.any(|(is_treated, weight)| *is_treated == wanted && *weight > 0.0)
    };
    if weights.iter().any(|own| *own < 0.0) || !has(true) || !has(false) {
        return Err(WeightError::RowWeights);
    }
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    Ok(weights.iter().map(|own| own / mean).collect())
}

/// `sqrt(Σ φ²) / n` of influences with mean zero.
pub(crate) fn standard_error(influence: &[f64]) -> f64 {
    let squares: f64 = influence.iter().map(|own| own * own).sum();
    squares.sqrt() / influence.len() as f64
}
