//! The coefficients of an event study with their covariance, checked once.

use nalgebra::{DMatrix, DVector};

use super::Question;

/// The coefficients of an event study, in the order of time, the reference period (the last before the start) left out, and their covariance.
#[derive(Clone, Debug)]
pub struct EventStudy {
    // INVARIANT: finite, at least one before and one after the start, the covariance symmetric without negative variances in any direction.
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
    before: usize,
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NoInterval {
    /// There must be a coefficient before and one after the start.
    #[error("an event study needs a coefficient before and one after the reference period")]
    TooFewPeriods,
    /// The covariance has another size than the coefficients.
    #[error("the covariance is not {0} by {0}")]
    Shape(usize),
    /// A coefficient, or a covariance in its row, is not a finite number.
    #[error("coefficient {0} or its covariance is not a finite number")]
    NotFinite(usize),
    /// The covariance is no covariance.
    #[error("the covariance is not symmetric, or has a negative variance in some direction")]
    NotACovariance,
    /// The weights do not fit the periods after the start.
    #[error("there must be {0} finite weights, not all zero")]
    Weights(usize),
    /// Alpha, or the size of the first stage, is not between zero and one (kappa below alpha).
    #[error("{0} is not a size of a test")]
    Size(f64),
    /// The bound is not a number of zero or more.
    #[error("{0} is not a bound of zero or more")]
    Bound(f64),
    /// What is asked for, or an inequality that bounds it, has no variance.
    #[error("the estimate, or a difference of coefficients that bounds it, has no variance")]
    NoVariance,
    /// A fixed length needs a covariance without directions of zero variance before the start.
    #[error("a combination of the coefficients before the start has no variance")]
    Singular,
    /// Every value is rejected: what was seen before the start does not agree with the restriction.
    #[error("every value is rejected: the restriction does not agree with what was seen")]
    AllRejected,
}

impl EventStudy {
    /// An event study of `before` coefficients before the reference period and the rest after it.
    ///
    /// # Errors
    /// [`NoInterval`] when it is none.
    pub fn new(
        coefficients: &[f64],
        covariance: &DMatrix<f64>,
        before: usize,
    ) -> Result<EventStudy, NoInterval> {
        let periods = coefficients.len();
        if before == 0 || before >= periods {
            return Err(NoInterval::TooFewPeriods);
        }
        if covariance.shape() != (periods, periods) {
            return Err(NoInterval::Shape(periods));
        }
        let is_finite = |at: &usize| {
            coefficients[*at].is_finite() && covariance.row(*at).iter().all(|own| own.is_finite())
        };
        if let Some(at) = (0..periods).find(|at| !is_finite(at)) {
            return Err(NoInterval::NotFinite(at));
        }
        if !is_covariance(covariance) {
            return Err(NoInterval::NotACovariance);
        }
        Ok(EventStudy {
            coefficients: DVector::from_column_slice(coefficients),
            covariance: 0.5 * (covariance + covariance.transpose()),
            before,
        })
    }

    /// How many coefficients are before the start.
    pub fn before(&self) -> usize {
        self.before
    }

    /// How many coefficients are after the start.
    pub fn after(&self) -> usize {
        self.coefficients.len() - self.before
    }

    /// `v'Σw`.
    pub(super) fn product(&self, left: &DVector<f64>, right: &DVector<f64>) -> f64 {
        left.dot(&(&self.covariance * right))
    }

    /// `v'β`.
    pub(super) fn value(&self, vector: &DVector<f64>) -> f64 {
        self.coefficients.dot(vector)
    }

    pub(super) fn covariance(&self) -> &DMatrix<f64> {
        &self.covariance
    }

    /// The weights as a vector over all coefficients.
    pub(super) fn contrast(&self, weights: &[f64]) -> DVector<f64> {
        let mut contrast = DVector::zeros(self.coefficients.len());
        contrast
            .rows_mut(self.before, self.after())
            .copy_from_slice(weights);
        contrast
    }

    pub(super) fn check(&self, question: &Question) -> Result<(), NoInterval> {
        let weights = &question.weights;
        let is_usable = weights.len() == self.after()
            && weights.iter().all(|own| own.is_finite())
            && weights.iter().any(|own| *own != 0.0);
        if !is_usable {
            return Err(NoInterval::Weights(self.after()));
        }
        if !(question.alpha > 0.0 && question.alpha < 1.0) {
            return Err(NoInterval::Size(question.alpha));
        }
        let contrast = self.contrast(weights);
        match self.product(&contrast, &contrast) > 0.0 {
            true => Ok(()),
            false => Err(NoInterval::NoVariance),
        }
    }
}

pub(super) fn check_bound(bound: f64) -> Result<(), NoInterval> {
    match bound >= 0.0 && bound.is_finite() {
        true => Ok(()),
        false => Err(NoInterval::Bound(bound)),
    }
}

fn is_covariance(matrix: &DMatrix<f64>) -> bool {
    let size = matrix.amax();
    let is_symmetric = (matrix - matrix.transpose()).amax() <= 1e-8 * size;
    // Few clusters give a covariance of low rank, whose smallest eigenvalues are zero but for rounding.
    let least = (0.5 * (matrix + matrix.transpose()))
        .symmetric_eigenvalues()
        .min();
    is_symmetric && least >= -1e-8 * size
}
