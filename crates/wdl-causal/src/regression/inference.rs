//! Coefficients with their uncertainty, and tests of several together.

use nalgebra::{DMatrix, DVector};

use super::fitting::{Fit, Kind};
use super::model::{RegressionError, Term};
use super::variance::{self, Middle, Variance};
use super::{jackknife, variance::ClusterFactor};
use crate::{dense, distribution};

/// A coefficient with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// What it belongs to.
    pub term: Term,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The estimate over its standard error.
    pub t: f64,
    /// `P(|T| ≥ |t|)`.
    pub p: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// What a reader must know of the standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Note {
    /// Two clusters: one degree of freedom, hardly any information; a wild bootstrap or randomisation says more.
    TwoClusters,
    /// Few clusters (below twenty): the clustered variance rejects too often.
    FewClusters(usize),
    /// The covariance had a negative eigenvalue, set to zero; the least one before, relative to the largest.
    Repaired(f64),
}

/// Coefficients with one kind of variance.
#[derive(Clone, Debug)]
pub struct Inference {
    /// The coefficients, the constant first.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: DMatrix<f64>,
    /// Degrees of freedom of t; infinite for the normal distribution.
    pub degrees: f64,
    /// The small-sample factors applied: one, or one for each term of the sum over choices of ways of clustering.
    pub factors: Vec<f64>,
    /// Coefficients that the factor counts, with those of the fixed effects not nested in clusters.
    pub counted: usize,
    /// Clusters of each way, or periods.
    pub clusters: Vec<usize>,
    /// What a reader must know.
    pub notes: Vec<Note>,
}

/// A joint test that coefficients are zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wald {
    /// `b'V⁻¹b / q`.
    pub f: f64,
    /// How many coefficients.
    pub first: f64,
    /// Degrees of freedom below; infinite for the chi-squared.
    pub second: f64,
    /// Its probability under no effect at all.
    pub p: f64,
}

impl Fit {
    /// The coefficients with one kind of variance; `level` is that of the intervals, such as 0.95.
    ///
    /// # Errors
    /// [`RegressionError`] when that variance is not defined for these rows.
    pub fn inference(&self, kind: &Variance<'_>, level: f64) -> Result<Inference, RegressionError> {
        if !(level > 0.0 && level < 1.0) {
            return Err(RegressionError::Setting(
                "the level lies between zero and one",
            ));
        }
        let (middle, covariance) = self.covariance(kind)?;
        let mut notes = Vec::new();
        if let (Variance::Cluster { .. } | Variance::Jackknife { .. }, Some(least)) =
            (kind, middle.clusters.iter().min())
        {
            match *least {
                2 => notes.push(Note::TwoClusters),
                few if few < 20 => notes.push(Note::FewClusters(few)),
                _ => (),
            }
        }
        let (covariance, repaired) = repaired(covariance);
        notes.extend(repaired.map(Note::Repaired));
        let degrees = match self.inner.kind {
            Kind::Poisson => f64::INFINITY,
            Kind::Linear | Kind::Instruments => middle.degrees,
        };
        let quantile = match degrees.is_infinite() {
            true => distribution::normal_quantile(0.5 + level / 2.0),
            false => distribution::student_quantile(0.5 + level / 2.0, degrees),
        };
        let coefficients = self.terms.iter().enumerate().map(|(at, term)| {
            let estimate = self.coefficients[at];
            let standard_error = covariance[(at, at)].max(0.0).sqrt();
            let t = estimate / standard_error;
            Coefficient {
                term: *term,
                estimate,
                standard_error,
                t,
                p: distribution::student_two_sided(t, degrees),
                low: estimate - quantile * standard_error,
                high: estimate + quantile * standard_error,
            }
        });
        Ok(Inference {
            coefficients: coefficients.collect(),
            covariance,
            degrees,
            factors: middle.factors,
            counted: middle.counted,
            clusters: middle.clusters,
            notes,
        })
    }

    /// The middle of the sandwich, and the covariance of the coefficients.
    fn covariance(&self, kind: &Variance<'_>) -> Result<(Middle, DMatrix<f64>), RegressionError> {
        let inner = &self.inner;
        let middle = match kind {
            Variance::Iid => variance::same(inner, self.squares)?,
            Variance::Hc0 | Variance::Hc1 | Variance::Hc2 | Variance::Hc3 => {
                variance::white(inner, kind)?
            }
            Variance::Cluster { ways, factor } => variance::clustered(inner, ways, *factor)?,
            Variance::DriscollKraay {
                periods,
                lag,
                has_factor,
            } => variance::driscoll_kraay(inner, periods, *lag, *has_factor)?,
            Variance::NeweyWest {
                units,
                periods,
                lag,
                has_factor,
            } => variance::newey_west(inner, *units, periods, *lag, *has_factor)?,
            Variance::Jackknife { clusters, factor } => {
                let middle = jackknife::over_clusters(inner, clusters, *factor)?;
                let covariance = inner.outward_covariance(middle.matrix.clone());
                return Ok((middle, covariance));
            }
        };
        let inside = match kind {
            Variance::Iid => middle.matrix.clone(),
            _ => &inner.bread * &middle.matrix * &inner.bread,
        };
        let covariance = inner.outward_covariance(inside);
        Ok((middle, covariance))
    }

    /// The place of a regressor among the coefficients.
    pub(crate) fn place(&self, regressor: usize) -> Result<usize, RegressionError> {
        let mut terms = self.terms.iter();
        terms
            .position(|term| *term == Term::Regressor(regressor))
            .ok_or(RegressionError::NoSuchTerm(regressor))
    }
}

impl Inference {
    /// The coefficient of a regressor.
    pub fn of(&self, regressor: usize) -> Option<&Coefficient> {
        let mut all = self.coefficients.iter();
        all.find(|own| own.term == Term::Regressor(regressor))
    }

    /// Wald's test that the coefficients of these regressors are all zero.
    ///
    /// # Errors
    /// [`RegressionError::NoSuchTerm`], or [`RegressionError::WaldSingular`] when fewer clusters than coefficients, or a repaired covariance, leave no inverse.
    pub fn wald(&self, regressors: &[usize]) -> Result<Wald, RegressionError> {
        let mut places = Vec::with_capacity(regressors.len());
        for regressor in regressors {
            let wanted = Term::Regressor(*regressor);
            let mut all = self.coefficients.iter();
            let place = all.position(|own| own.term == wanted);
            places.push(place.ok_or(RegressionError::NoSuchTerm(*regressor))?);
        }
        let singular = RegressionError::WaldSingular(places.len());
        let matrix = self.covariance.select_rows(&places).select_columns(&places);
        // A rank below the number of coefficients shows in eigenvalues that are nothing but rounding.
        let scale = matrix.diagonal().map(f64::sqrt);
        let correlation = DMatrix::from_fn(places.len(), places.len(), |row, column| {
            matrix[(row, column)] / (scale[row] * scale[column])
        });
        if correlation.iter().any(|own| !own.is_finite())
            || correlation.symmetric_eigenvalues().min() < 1e-11
        {
            return Err(singular);
        }
        let inverse = dense::inverse(&matrix).ok_or(singular)?;
        let estimates = DVector::from_iterator(
            places.len(),
            places.iter().map(|at| self.coefficients[*at].estimate),
        );
        let first = places.len() as f64;
        let f = estimates.dot(&(inverse * &estimates)) / first;
        Ok(Wald {
            f,
            first,
            second: self.degrees,
            p: distribution::fisher_upper(f, first, self.degrees),
        })
    }
}

impl Variance<'_> {
    /// Its stable name: `hc1`, `crv1`.
    pub fn name(&self) -> &'static str {
        match self {
            Variance::Iid => "iid",
            Variance::Hc0 => "hc0",
            Variance::Hc1 => "hc1",
            Variance::Hc2 => "hc2",
            Variance::Hc3 => "hc3",
            Variance::Cluster { .. } => "crv1",
            Variance::Jackknife { .. } => "crv3",
            Variance::DriscollKraay { .. } => "driscoll_kraay",
            Variance::NeweyWest { .. } => "newey_west",
        }
    }
}

impl ClusterFactor {
    /// Its stable name: `least`.
    pub fn name(self) -> &'static str {
        match self {
            ClusterFactor::Least => "least",
            ClusterFactor::EachTerm => "each_term",
            ClusterFactor::None => "none",
        }
    }
}

/// A covariance without negative eigenvalues, and the least one when there were any (relative to the largest).
fn repaired(covariance: DMatrix<f64>) -> (DMatrix<f64>, Option<f64>) {
    let scale = covariance
        .diagonal()
        .map(|own| own.abs().sqrt().max(f64::MIN_POSITIVE));
    let size = covariance.nrows();
    let scaled = DMatrix::from_fn(size, size, |row, column| {
        covariance[(row, column)] / (scale[row] * scale[column])
    });
    if scaled.iter().any(|own| !own.is_finite()) {
        return (covariance, None);
    }
    let scaled_least = scaled.symmetric_eigenvalues().min();
    // What rounding alone makes negative is no finding.
    if scaled_least >= -1e-10 {
        return (covariance, None);
    }
    let own = covariance.clone().symmetric_eigen();
    let (least, largest) = (own.eigenvalues.min(), own.eigenvalues.max());
    let positive = own.eigenvalues.map(|value| value.max(0.0));
    let rebuilt =
        &own.eigenvectors * DMatrix::from_diagonal(&positive) * own.eigenvectors.transpose();
    (rebuilt, Some(least / largest.abs().max(f64::MIN_POSITIVE)))
}
