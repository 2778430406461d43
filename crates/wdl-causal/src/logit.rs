//! Logistic regression by Newton's method (iteratively reweighted least squares), for propensity scores.

use nalgebra::{DMatrix, DVector};

use crate::dense::{self, COLLINEAR};

/// A logistic regression.
#[derive(Clone, Debug)]
pub struct Logit {
    /// A coefficient for each column.
    pub coefficients: DVector<f64>,
    /// The fitted probability of each row.
    pub probabilities: DVector<f64>,
    /// `(X'WX)⁻¹` at the fit, with `W` the weights times `p(1-p)`.
    pub covariance: DMatrix<f64>,
    /// Minus twice the log-likelihood.
    pub deviance: f64,
    /// Steps taken.
    pub steps: usize,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLogit {
    /// Everybody, or nobody, is treated.
    #[error("everybody or nobody has the outcome")]
    NoVariation,
    /// The columns tell exactly who is treated, so that the coefficients have no end.
    #[error("the columns tell exactly who has the outcome")]
    Separation,
    /// A column follows from those before it.
    #[error("column {0} follows from those before it")]
    Collinear(usize),
    /// The steps did not settle.
    #[error("no convergence")]
    NotConverged,
}

/// Fits `P(treated) = 1 / (1 + exp(-x'b))` with the weights of the rows; `x` includes its constant.
///
/// # Errors
/// [`NoLogit`] when there is no finite maximum of the likelihood.
pub fn fit(
    x: &DMatrix<f64>,
    is_treated: &[bool],
    weights: Option<&[f64]>,
) -> Result<Logit, NoLogit> {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let counts = |wanted: bool| {
        let mut rows = is_treated.iter().enumerate();
        rows.any(|(row, own)| *own == wanted && weight(row) > 0.0)
    };
    if !counts(true) || !counts(false) {
        return Err(NoLogit::NoVariation);
    }
    let columns: Vec<Vec<f64>> = x
        .column_iter()
        .map(|column| column.iter().copied().collect())
        .collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let kept = dense::independent(&slices, COLLINEAR);
    if let Some(left_out) = (0..x.ncols()).find(|column| !kept.contains(column)) {
        return Err(NoLogit::Collinear(left_out));
    }
    let target = DVector::from_fn(x.nrows(), |row, _| f64::from(u8::from(is_treated[row])));
    let mut coefficients = DVector::zeros(x.ncols());
    let mut known = deviance(x, is_treated, weights, &coefficients);
    for steps in 1..=100 {
        let probabilities = probabilities(x, &coefficients);
        let curvature: Vec<f64> = probabilities
            .iter()
            .enumerate()
            .map(|(row, p)| weight(row) * p * (1.0 - p))
            .collect();
        let information = information(x, &curvature);
        let Some(inverse) = dense::inverse(&information) else {
            return Err(NoLogit::Separation);
        };
        let slope = DVector::from_fn(x.nrows(), |row, _| {
            weight(row) * (target[row] - probabilities[row])
        });
        let step = &inverse * (x.transpose() * slope);
        let (next, reached) = shortened(x, is_treated, weights, &coefficients, &step, known);
        // Twice below the noise of the deviance: the step after a quadratic one changes nothing more.
        let has_settled = (known - reached).abs() <= 1e-14 * (reached.abs() + 0.1)
            && step.amax() <= 1e-9 * (1.0 + next.amax());
        (coefficients, known) = (next, reached);
        if is_separated(x, &coefficients, is_treated, weights) {
            return Err(NoLogit::Separation);
        }
        if has_settled {
            return Ok(Logit {
                probabilities: self::probabilities(x, &coefficients),
                coefficients,
                covariance: inverse,
                deviance: known,
                steps,
            });
        }
    }
    Err(NoLogit::NotConverged)
}

/// The step, halved until the deviance does not rise.
fn shortened(
    x: &DMatrix<f64>,
    is_treated: &[bool],
    weights: Option<&[f64]>,
    from: &DVector<f64>,
    step: &DVector<f64>,
    known: f64,
) -> (DVector<f64>, f64) {
    let mut part = 1.0;
    for _ in 0..30 {
        let next = from + part * step;
        let reached = deviance(x, is_treated, weights, &next);
        if reached <= known + 1e-12 * (known.abs() + 1.0) {
            return (next, reached);
        }
        part *= 0.5;
    }
    (from.clone(), known)
}

/// The probabilities under given coefficients.
pub fn probabilities(x: &DMatrix<f64>, coefficients: &DVector<f64>) -> DVector<f64> {
    (x * coefficients).map(|index| 1.0 / (1.0 + (-index).exp()))
}

fn deviance(
    x: &DMatrix<f64>,
    is_treated: &[bool],
    weights: Option<&[f64]>,
    coefficients: &DVector<f64>,
) -> f64 {
    let index = x * coefficients;
    let rows = index.iter().zip(is_treated).enumerate();
    rows.map(|(row, (index, is_treated))| {
        let signed = if *is_treated { -index } else { *index };
        // ln(1 + e^s) without overflow.
        let loss = signed.max(0.0) + (-signed.abs()).exp().ln_1p();
        2.0 * weights.map_or(1.0, |weights| weights[row]) * loss
    })
    .sum()
}

fn information(x: &DMatrix<f64>, curvature: &[f64]) -> DMatrix<f64> {
    let scaled = DMatrix::from_fn(x.nrows(), x.ncols(), |row, column| {
        x[(row, column)] * curvature[row]
    });
    x.transpose() * scaled
}

/// Whether a line parts the treated from the others without an error and with probabilities at their ends: the likelihood then has no maximum.
fn is_separated(
    x: &DMatrix<f64>,
    coefficients: &DVector<f64>,
    is_treated: &[bool],
    weights: Option<&[f64]>,
) -> bool {
    let index = x * coefficients;
    let mut rows = index.iter().zip(is_treated).enumerate();
    rows.all(|(row, (index, is_treated))| {
        let counts = weights.is_none_or(|weights| weights[row] > 0.0);
        let signed = if *is_treated { *index } else { -index };
        !counts || signed > 15.0
    })
}
