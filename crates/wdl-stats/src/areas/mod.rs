//! Small areas: estimates for places that a sample sees too little of, by borrowing from the others.
//!
//! Two models: [`fay_herriot`] takes one direct estimate with its sampling variance per area; [`poverty`](poverty()) takes the sample's people and a register as population.
//! It must not know files, names of areas or why a value is missing; what has no value is gone, or `None`, before it comes here.
//!
//! **Invariant:** an estimate that rests on the model alone says so, and an area variance of zero is told, never passed over.

mod basis;
mod benchmark;
mod expectation;
mod fay_herriot;
mod half_line;
mod nested;
mod poverty;
mod replicate;
mod transformation;
mod units;

pub use basis::Covariates;
pub use benchmark::{Benchmark, benchmark};
pub use fay_herriot::{AreaEstimate, Direct, FayHerriot, Method, fay_herriot};
pub use poverty::{AreaPoverty, Asked, MEASURES, Measure, Model, Poverty, poverty};
pub use transformation::{Transformation, Transformed};
pub use units::{Population, Units};

/// Why a model cannot be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// Fewer areas, or fewer people, than the model has coefficients, or people in one area only.
    #[error("too few areas or rows: {have} where at least {need} are needed")]
    TooFew {
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// The values do not vary once the covariates are taken into account.
    #[error("the values do not vary inside the areas")]
    NoVariation,
    /// A logarithm or a power of values that are zero or negative.
    #[error("{count} values are zero or negative, and the transformation needs positive ones")]
    NotPositive {
        /// How many.
        count: usize,
    },
    /// The poverty threshold is zero or negative.
    #[error("the threshold is zero or negative")]
    ThresholdNotPositive,
}

/// Why an area has no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoEstimate {
    /// Its covariates lie outside what the areas or people with values say anything about: a category that none of them has.
    NotIdentified,
    /// A covariate of the area is missing.
    CovariateMissing,
    /// The population has nobody in it.
    NotInPopulation,
}

impl NoEstimate {
    /// Its stable name: `not_identified`.
    pub fn name(self) -> &'static str {
        match self {
            NoEstimate::NotIdentified => "not_identified",
            NoEstimate::CovariateMissing => "covariate_missing",
            NoEstimate::NotInPopulation => "not_in_population",
        }
    }
}
