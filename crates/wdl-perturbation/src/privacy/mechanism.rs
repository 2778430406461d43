//! Discrete Laplace and Gaussian noise on counts, what each costs and how exact it leaves the count.

use opendp::accuracy::{discrete_gaussian_scale_to_accuracy, discrete_laplacian_scale_to_accuracy};
use opendp::combinators::make_zCDP_to_approxDP;
use opendp::core::Measurement;
use opendp::domains::AtomDomain;
use opendp::measurements::{make_gaussian, make_laplace};
use opendp::measures::{MaxDivergence, ZeroConcentratedDivergence};
use opendp::metrics::AbsoluteDistance;

/// Noise on a whole number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mechanism {
    /// Discrete Laplace: P(v) proportional to exp(−|v| / scale).
    Laplace {
        /// In people.
        scale: f64,
    },
    /// Discrete Gaussian: P(v) proportional to exp(−v² / 2 scale²).
    Gaussian {
        /// In people.
        scale: f64,
    },
}

/// What an answer costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// Pure: ε.
    Pure(f64),
    /// Zero-concentrated: ρ.
    Concentrated(f64),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// A parameter that is none.
    #[error("{name} must be a number above 0")]
    Parameter {
        /// Which one.
        name: &'static str,
    },
    /// The budget does not reach.
    #[error(
        "the answer would bring the loss of this population to ε = {after:.6}, above its limit of {limit:.6}"
    )]
    Spent {
        /// ε with this answer.
        after: f64,
        /// The limit.
        limit: f64,
    },
    /// The library refused.
    #[error("the library of noise refused the request")]
    Library(#[source] opendp::error::Error),
}

impl From<opendp::error::Error> for PrivacyError {
    fn from(error: opendp::error::Error) -> Self {
        PrivacyError::Library(error)
    }
}

type Count<M> = Measurement<AtomDomain<i64>, AbsoluteDistance<i64>, M, i64>;

impl Mechanism {
    /// Laplace noise that costs `epsilon` when one person changes the count by `sensitivity`.
    ///
    /// # Errors
    /// An ε that is not above 0; no sensitivity.
    pub fn laplace_for(epsilon: f64, sensitivity: u32) -> Result<Self, PrivacyError> {
        check(epsilon, "ε")?;
        let scale = f64::from(check_sensitivity(sensitivity)?) / epsilon;
        within(
            |scale| Mechanism::Laplace { scale },
            scale,
            sensitivity,
            epsilon,
        )
    }

    /// Gaussian noise that costs `rho` (zero-concentrated) when one person changes the count by `sensitivity`.
    ///
    /// # Errors
    /// A ρ that is not above 0; no sensitivity.
    pub fn gaussian_for(rho: f64, sensitivity: u32) -> Result<Self, PrivacyError> {
        check(rho, "ρ")?;
        let scale = f64::from(check_sensitivity(sensitivity)?) / (2.0 * rho).sqrt();
        within(
            |scale| Mechanism::Gaussian { scale },
            scale,
            sensitivity,
            rho,
        )
    }

    /// What an answer costs when one person changes the count by at most `sensitivity`.
    ///
    /// # Errors
    /// A scale that is not above 0; no sensitivity.
    pub fn loss(&self, sensitivity: u32) -> Result<Loss, PrivacyError> {
        let distance = i64::from(check_sensitivity(sensitivity)?);
        match self {
            Mechanism::Laplace { scale } => Ok(Loss::Pure(laplace(*scale)?.map(&distance)?)),
            Mechanism::Gaussian { scale } => {
                Ok(Loss::Concentrated(gaussian(*scale)?.map(&distance)?))
            }
        }
    }

    /// The noisy count differs from the true one by less than this with a chance of at least 1 − `alpha`.
    ///
    /// # Errors
    /// A scale or an α that are none.
    pub fn accuracy(&self, alpha: f64) -> Result<f64, PrivacyError> {
        check(alpha, "α")?;
        match self {
            Mechanism::Laplace { scale } => Ok(discrete_laplacian_scale_to_accuracy(
                check(*scale, "the scale")?,
                alpha,
            )?),
            Mechanism::Gaussian { scale } => Ok(discrete_gaussian_scale_to_accuracy(
                check(*scale, "the scale")?,
                alpha,
            )?),
        }
    }

    /// Draws a noisy count. Only [`super::Account`] does, so that no draw goes without its price.
    pub(super) fn draw(&self, count: i64) -> Result<i64, PrivacyError> {
        match self {
            Mechanism::Laplace { scale } => Ok(laplace(*scale)?.invoke(&count)?),
            Mechanism::Gaussian { scale } => Ok(gaussian(*scale)?.invoke(&count)?),
        }
    }
}

/// The ε at which a loss of ρ is (ε, δ)-private, by OpenDP's conversion (tighter than ρ + 2√(ρ ln 1/δ)).
///
/// # Errors
/// A ρ or δ that are none.
pub fn epsilon_of(rho: f64, delta: f64) -> Result<f64, PrivacyError> {
    check(rho, "ρ")?;
    check(delta, "δ")?;
    let scale = (0.5 / rho).sqrt();
    Ok(make_zCDP_to_approxDP(gaussian(scale)?)?
        .map(&1)?
        .epsilon(delta)?)
}

fn laplace(scale: f64) -> Result<Count<MaxDivergence>, PrivacyError> {
    check(scale, "the scale")?;
    Ok(make_laplace(
        AtomDomain::<i64>::default(),
        AbsoluteDistance::<i64>::default(),
        scale,
        None,
    )?)
}

fn gaussian(scale: f64) -> Result<Count<ZeroConcentratedDivergence>, PrivacyError> {
    check(scale, "the scale")?;
    Ok(make_gaussian(
        AtomDomain::<i64>::default(),
        AbsoluteDistance::<i64>::default(),
        scale,
        None,
    )?)
}

/// The smallest scale from `scale` up whose price is not above what was asked: division may have rounded it down.
fn within(
    make: impl Fn(f64) -> Mechanism,
    mut scale: f64,
    sensitivity: u32,
    most: f64,
) -> Result<Mechanism, PrivacyError> {
    loop {
        let mechanism = make(scale);
        let (Loss::Pure(cost) | Loss::Concentrated(cost)) = mechanism.loss(sensitivity)?;
        if cost <= most {
            return Ok(mechanism);
        }
        scale = scale.next_up();
    }
}

pub(super) fn check(value: f64, name: &'static str) -> Result<f64, PrivacyError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(PrivacyError::Parameter { name })
    }
}

fn check_sensitivity(sensitivity: u32) -> Result<u32, PrivacyError> {
    if sensitivity > 0 {
        Ok(sensitivity)
    } else {
        Err(PrivacyError::Parameter {
            name: "the sensitivity",
        })
    }
}
