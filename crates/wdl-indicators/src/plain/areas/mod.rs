//! Small areas on plain files, outside any lab: `wdl smallarea FILE`.
//!
//! [`of_areas`] takes one row per area with its direct estimate; [`of_people`] takes the people of a sample and a register as population.
//! The models are those of `wdl_stats::areas`.

mod covariates;
mod fault;
mod of_areas;
mod of_people;
mod words;

use serde::Serialize;

use super::Quality;

pub use covariates::CovariateColumns;
pub use fault::SmallAreaError;
pub use of_areas::{
    AreaLevel, AreaRow, AreasAnswer, BenchmarkAsked, Benchmarked, ErrorColumn, of_areas,
};
pub use of_people::{LineOfSample, PeopleAnswer, PeopleRow, Predicted, UnitLevel, of_people};
pub use wdl_stats::areas::{Benchmark, Method, NoEstimate, Transformation};
pub use words::{benchmark, method, transformation};

/// A coefficient of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// The column, with the category after `=`; `(constant)`.
    pub name: String,
    /// The estimate; nothing for a column that repeats others.
    pub value: Option<f64>,
    /// Its standard error under the model.
    pub se: Option<f64>,
}

/// Something about the whole answer that its reader must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum Warning {
    /// The variance between areas is estimated at zero: every estimate is the model's line, and the mean squared errors are too small.
    AreaVarianceZero,
    /// Columns that repeat others were left out.
    Collinear {
        /// Their names.
        columns: Vec<String>,
    },
    /// The shift or the power of the scale lies at the end of what is searched: another scale may fit better.
    ScaleAtEnd,
    /// Replicates of the bootstrap to which the model could not be fitted.
    ReplicatesLost {
        /// How many.
        count: u32,
    },
    /// The mean squared errors are those of the estimates before they were benchmarked.
    ErrorsBeforeBenchmark,
}

/// What is special about the estimate of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It rests on the model alone.
    Synthetic,
    /// There is no direct estimate.
    NoDirectEstimate,
    /// The direct estimate has no sampling variance, so it was not used.
    NoSamplingVariance,
    /// The sampling variance is zero, which a sample does not give by certainty but by chance: the direct estimate was not used.
    ZeroSamplingVariance,
    /// The sample has nobody of it.
    NotInSample,
    /// People of the register were left out: the sample says nothing about people like them.
    PeopleLeftOut,
    /// The mean squared error comes out at zero or less, which says nothing.
    MseNotPositive,
}

/// The mean squared error of an estimate, and what follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Uncertainty {
    /// The estimated mean squared error.
    pub mse: Option<f64>,
    /// Its square root.
    pub rmse: Option<f64>,
    /// The root over the size of the estimate.
    pub cv: Option<f64>,
    /// What the coefficient of variation allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
}

impl Uncertainty {
    /// Nothing of an error that is not positive.
    fn of(estimate: f64, mse: Option<f64>) -> Uncertainty {
        let mse = mse.filter(|mse| *mse > 0.0);
        let rmse = mse.map(f64::sqrt);
        let cv = rmse
            .filter(|_| estimate != 0.0)
            .map(|rmse| rmse / estimate.abs());
        Uncertainty {
            mse,
            rmse,
            cv,
            quality: cv.map(Quality::of),
        }
    }
}

/// The coefficients under their names; those of columns that repeat others have no number.
fn coefficients(names: &[String], values: &[f64], errors: &[Option<f64>]) -> Vec<Coefficient> {
    let parts = names.iter().zip(values).zip(errors);
    parts
        .map(|((name, value), error)| Coefficient {
            name: name.clone(),
            value: error.map(|_| *value),
            se: *error,
        })
        .collect()
}

/// The columns that repeat others, as a warning.
fn collinear(coefficients: &[Coefficient]) -> Option<Warning> {
    let repeated = coefficients.iter().filter(|one| one.value.is_none());
    let columns: Vec<String> = repeated.map(|one| one.name.clone()).collect();
    (!columns.is_empty()).then_some(Warning::Collinear { columns })
}
