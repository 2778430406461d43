//! The fit of a segmented regression, with errors that allow for correlation over time.

use nalgebra::{DMatrix, DVector};

use super::design::{Series, Term};
use crate::{dense, distribution};

/// How errors over time are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// As independent.
    Independent,
    /// Least squares with the covariance of Newey and West (1987).
    NeweyWest {
        /// Up to which lag; `⌊4 (n/100)^(2/9)⌋` unless said.
        lag: Option<usize>,
        /// Whether the covariance is multiplied by `n / (n - k)`.
        is_corrected: bool,
    },
    /// Generalised least squares with errors of first-order autoregression, the first period kept (Prais and Winsten 1954), iterated.
    PraisWinsten,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFit {
    /// A period has a value that is not finite.
    #[error("period {0} has a value that is not finite")]
    NotFinite(usize),
    /// A control series has another length.
    #[error("control series {0} has another length than the outcome")]
    Length(usize),
    /// The cycle is too short for its terms.
    #[error("a cycle of {0} periods is too short for its terms")]
    Cycle(usize),
    /// Two periods are needed before the interruption, and two with it when the slope may change.
    #[error("too few periods before or after the interruption")]
    Start,
    /// Terms leave no degree of freedom.
    #[error("{periods} periods do not allow {terms} terms")]
    TooManyTerms {
        /// How many periods.
        periods: usize,
        /// How many terms.
        terms: usize,
    },
    /// A term follows from those before it.
    #[error("term {0} follows from those before it")]
    Collinear(usize),
    /// The residuals are zero.
    #[error("the terms tell the outcome exactly: there are no errors to judge by")]
    Exact,
    /// The autocorrelation does not settle below one.
    #[error("the autocorrelation does not settle below one")]
    NotStationary,
}

/// An estimate with its standard error and interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The lower end of its interval.
    pub lower: f64,
    /// The upper end of its interval.
    pub upper: f64,
}

/// A period with the intervention, as it was and as it would have been.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counterfactual {
    /// The period, from zero.
    pub period: usize,
    /// What was observed.
    pub observed: f64,
    /// What the regression expects with the intervention.
    pub fitted: f64,
    /// What it expects without, with the interval of that mean.
    pub without: Mean,
    /// The difference between the two.
    pub effect: Mean,
}

/// A fitted segmented regression.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// What each coefficient is.
    pub terms: Vec<Term>,
    /// The coefficients.
    pub coefficients: Vec<f64>,
    /// Their covariance.
    pub covariance: DMatrix<f64>,
    /// The degrees of freedom of the t they are judged with.
    pub degrees: f64,
    /// The lag of Newey and West's covariance.
    pub lag: Option<usize>,
    /// The autocorrelation of Prais and Winsten.
    pub autocorrelation: Option<f64>,
    /// `y - Xb`.
    pub residuals: Vec<f64>,
    /// What is left after the autocorrelation is taken out; the residuals themselves without it.
    pub innovations: Vec<f64>,
    /// The periods with the intervention.
    pub periods: Vec<Counterfactual>,
    /// The mean effect over them.
    pub mean_effect: Mean,
    level: f64,
}

impl Fitted {
    /// A coefficient with its error and interval.
    pub fn coefficient(&self, term: Term) -> Option<Mean> {
        let at = self.terms.iter().position(|own| *own == term)?;
        let weights = DVector::from_fn(self.terms.len(), |own, _| f64::from(u8::from(own == at)));
        Some(self.combination(&weights))
    }

    fn combination(&self, weights: &DVector<f64>) -> Mean {
        let estimate = weights.iter().zip(&self.coefficients);
        let estimate = estimate.map(|(weight, own)| weight * own).sum::<f64>();
        let standard_error = weights.dot(&(&self.covariance * weights)).max(0.0).sqrt();
        let reach =
            distribution::student_quantile(0.5 + self.level / 2.0, self.degrees) * standard_error;
        Mean {
            estimate,
            standard_error,
            lower: estimate - reach,
            upper: estimate + reach,
        }
    }
}

/// Fits a segmented regression, with intervals of coverage `level`.
///
/// # Errors
/// [`NoFit`] when there is none.
pub fn fit(series: &Series<'_>, errors: Errors, level: f64) -> Result<Fitted, NoFit> {
    series.check()?;
    let terms = series.terms();
    let (periods, count) = (series.outcome.len(), terms.len());
    if periods <= count {
        return Err(NoFit::TooManyTerms {
            periods,
            terms: count,
        });
    }
    let x = series.matrix(&terms);
    let columns: Vec<Vec<f64>> = x
        .column_iter()
        .map(|own| own.iter().copied().collect())
        .collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let kept = dense::independent(&slices, dense::COLLINEAR);
    if let Some(at) = (0..count).find(|at| !kept.contains(at)) {
        return Err(NoFit::Collinear(at));
    }
    let y = DVector::from_column_slice(series.outcome);
    let solved = match errors {
        Errors::Independent => independent(&x, &y)?,
        Errors::NeweyWest { lag, is_corrected } => newey_west(&x, &y, lag, is_corrected)?,
        Errors::PraisWinsten => prais_winsten(&x, &y)?,
    };
    let mut fitted = Fitted {
        coefficients: solved.coefficients.iter().copied().collect(),
        covariance: solved.covariance,
        degrees: (periods - count) as f64,
        lag: solved.lag,
        autocorrelation: solved.autocorrelation,
        residuals: (&y - &x * &solved.coefficients).iter().copied().collect(),
        innovations: solved.innovations.iter().copied().collect(),
        periods: Vec::new(),
        mean_effect: Mean {
            estimate: 0.0,
            standard_error: 0.0,
            lower: 0.0,
            upper: 0.0,
        },
        level,
        terms,
    };
    add_periods(series, &x, &mut fitted);
    Ok(fitted)
}

fn add_periods(series: &Series<'_>, x: &DMatrix<f64>, fitted: &mut Fitted) {
    let mut mean = DVector::zeros(fitted.terms.len());
    let after = series.outcome.len() - series.start;
    for period in series.start..series.outcome.len() {
        let row = x.row(period).transpose();
        let effect = series.effect(&fitted.terms, period);
        mean += &effect / after as f64;
        let own = Counterfactual {
            period,
            observed: series.outcome[period],
            fitted: series.outcome[period] - fitted.residuals[period],
            without: fitted.combination(&(row - &effect)),
            effect: fitted.combination(&effect),
        };
        fitted.periods.push(own);
    }
    fitted.mean_effect = fitted.combination(&mean);
}

struct Solved {
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
    innovations: DVector<f64>,
    lag: Option<usize>,
    autocorrelation: Option<f64>,
}

fn least_squares(x: &DMatrix<f64>, y: &DVector<f64>) -> Result<dense::LeastSquares, NoFit> {
    // The columns were found independent; what a transformation makes of them may not be.
    let own = dense::least_squares(x, y, None).ok_or(NoFit::Collinear(x.ncols() - 1))?;
    match own.residuals.norm() > 1e-12 * y.norm() {
        true => Ok(own),
        false => Err(NoFit::Exact),
    }
}

fn independent(x: &DMatrix<f64>, y: &DVector<f64>) -> Result<Solved, NoFit> {
    let own = least_squares(x, y)?;
    let degrees = (x.nrows() - x.ncols()) as f64;
    Ok(Solved {
        covariance: &own.bread * (own.residuals.norm_squared() / degrees),
        coefficients: own.coefficients,
        innovations: own.residuals,
        lag: None,
        autocorrelation: None,
    })
}

fn newey_west(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    lag: Option<usize>,
    is_corrected: bool,
) -> Result<Solved, NoFit> {
    let own = least_squares(x, y)?;
    let (rows, columns) = x.shape();
    let lag = lag.unwrap_or_else(|| (4.0 * (rows as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize);
    let lag = lag.min(rows - 1);
    let scores = DMatrix::from_fn(rows, columns, |row, column| {
        x[(row, column)] * own.residuals[row]
    });
    let mut middle = scores.transpose() * &scores;
    for back in 1..=lag {
        let weight = 1.0 - back as f64 / (lag as f64 + 1.0);
        let product = scores.rows(back, rows - back).transpose() * scores.rows(0, rows - back);
        middle += (&product + product.transpose()) * weight;
    }
    let factor = match is_corrected {
        true => rows as f64 / (rows - columns) as f64,
        false => 1.0,
    };
    Ok(Solved {
        covariance: &own.bread * middle * &own.bread * factor,
        coefficients: own.coefficients,
        innovations: own.residuals,
        lag: Some(lag),
        autocorrelation: None,
    })
}

fn prais_winsten(x: &DMatrix<f64>, y: &DVector<f64>) -> Result<Solved, NoFit> {
    let mut solved = independent(x, y)?;
    let mut known = 0.0;
    for _ in 0..1000 {
        let residuals = y - x * &solved.coefficients;
        let count = residuals.len();
        let (earlier, later) = (residuals.rows(0, count - 1), residuals.rows(1, count - 1));
        let next = later.dot(&earlier) / earlier.norm_squared();
        if next.is_nan() || next.abs() >= 1.0 {
            return Err(NoFit::NotStationary);
        }
        let (wide, target) = (
            transformed(x, next),
            transformed(&DMatrix::from_columns(std::slice::from_ref(y)), next),
        );
        solved = independent(&wide, &target.column(0).into_owned())?;
        solved.autocorrelation = Some(next);
        if (next - known).abs() <= 1e-13 {
            return Ok(solved);
        }
        known = next;
    }
    Err(NoFit::NotStationary)
}

/// Each row less `rho` times the one before, the first by `√(1 - rho²)`.
fn transformed(x: &DMatrix<f64>, rho: f64) -> DMatrix<f64> {
    DMatrix::from_fn(x.nrows(), x.ncols(), |row, column| match row {
        0 => (1.0 - rho * rho).sqrt() * x[(0, column)],
        _ => x[(row, column)] - rho * x[(row - 1, column)],
    })
}
