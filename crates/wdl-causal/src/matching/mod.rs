//! Matching the treated with others like them: nearest neighbours on a score or a distance, subclasses, coarsened exact strata; with the balance reached and the effect.
//!
//! Place in the flow: takes rows without missing values; the propensity score itself is [`crate::logit`].
//! Conventions of distances, bins and weights are those MatchIt documents (Ho, Imai, King, Stuart, "MatchIt", Journal of Statistical Software 42(8), 2011).
//!
//! **Invariant:** whoever is left out is listed, and equal distances are settled by the order of the rows, never by chance.

mod balance;
mod effect;
mod mahalanobis;
mod nearest;
mod strata;

pub use balance::{Balance, Moments, balance, effective_sample_size, kolmogorov_distance};
pub use effect::{Effect, abadie_imbens, adjusted, difference};
pub use mahalanobis::{Mahalanobis, mahalanobis};
pub use nearest::{Matched, Metric, Nearest, Neighbour, Order, Pair, nearest};
pub use strata::{Cuts, Stratified, coarsened, exact_strata, subclasses};

use crate::logit::{self, Logit, NoLogit};

/// For whom the effect is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Estimand {
    /// The average effect for everybody.
    Ate,
    /// The average effect for the treated.
    Att,
    /// The average effect for those not treated.
    Atc,
    /// The average effect where treated and others overlap (Li, Morgan, Zaslavsky 2018).
    Overlap,
}

impl Estimand {
    /// Its stable name: `att`.
    pub fn name(self) -> &'static str {
        match self {
            Estimand::Ate => "ate",
            Estimand::Att => "att",
            Estimand::Atc => "atc",
            Estimand::Overlap => "ato",
        }
    }
}

/// Why there is no match, or no figure from it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MatchError {
    /// A column has another length than the rows.
    #[error("{have} values for {need} rows")]
    Length {
        /// The values given.
        have: usize,
        /// The rows.
        need: usize,
    },
    /// A value is no number.
    #[error("row {row} holds a value that is not a finite number")]
    NotFinite {
        /// The first such row.
        row: usize,
    },
    /// Nobody is treated.
    #[error("nobody is treated")]
    NobodyTreated,
    /// Everybody is treated.
    #[error("everybody is treated")]
    EverybodyTreated,
    /// No one found a match: the caliper, the strata or the bins are too narrow.
    #[error("nobody found a match")]
    NobodyMatched,
    /// A number of matches, subclasses or bins that is too small, or a caliper that is not positive.
    #[error("`{0}` is too small")]
    TooSmall(&'static str),
    /// An estimand that this kind of matching does not give.
    #[error("this kind of matching has no estimand `{0}`")]
    Estimand(&'static str),
    /// The score, or every covariate of the distance, is the same for all.
    #[error("all have the same score or covariates")]
    NoVariation,
    /// Fewer people than subclasses in a group.
    #[error("{have} people cannot fill {need} subclasses")]
    TooFewForSubclasses {
        /// The people of the smaller group.
        have: usize,
        /// The subclasses asked.
        need: usize,
    },
    /// A covariate follows from those before it, among the matched.
    #[error("covariate {0} follows from those before it")]
    Collinear(usize),
    /// Too few matched people, pairs or clusters for a standard error.
    #[error("too few matched people for a standard error")]
    TooFew,
}

/// The propensity score: a logit of the treatment on a constant and the covariates.
///
/// # Errors
/// [`NoLogit`]: everybody or nobody treated, covariates that tell exactly who is treated, a collinear one by its place among the covariates.
pub fn propensity(
    covariates: &[&[f64]],
    is_treated: &[bool],
    weights: Option<&[f64]>,
) -> Result<Logit, NoLogit> {
    let x = with_constant(covariates, is_treated.len());
    logit::fit(&x, is_treated, weights).map_err(|error| match error {
        // The constant is the first column of the design, not a covariate.
        NoLogit::Collinear(column) => NoLogit::Collinear(column.saturating_sub(1)),
        other => other,
    })
}

/// A constant and the covariates as a matrix.
pub(crate) fn with_constant(covariates: &[&[f64]], rows: usize) -> nalgebra::DMatrix<f64> {
    nalgebra::DMatrix::from_fn(rows, covariates.len() + 1, |row, column| match column {
        0 => 1.0,
        column => covariates[column - 1][row],
    })
}

/// Columns of one length, finite, and both groups there.
pub(crate) fn check(is_treated: &[bool], columns: &[&[f64]]) -> Result<(), MatchError> {
    for column in columns {
        if column.len() != is_treated.len() {
            return Err(MatchError::Length {
                have: column.len(),
                need: is_treated.len(),
            });
        }
        if let Some(row) = column.iter().position(|value| !value.is_finite()) {
            return Err(MatchError::NotFinite { row });
        }
    }
    match (is_treated.contains(&true), is_treated.contains(&false)) {
        (false, _) => Err(MatchError::NobodyTreated),
        (_, false) => Err(MatchError::EverybodyTreated),
        (true, true) => Ok(()),
    }
}
