//! Measures on a plain CSV or Parquet file, outside any lab: `wdl indicators FILE`.

pub mod areas;
pub mod housing;
mod rows;
mod words;

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use wdl_frame::{PlainError, PlainTable};
use wdl_stats::scores::Method;
use wdl_stats::{Measured, SampleError};
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic};

use crate::population::Line;
use rows::Rows;
pub use wdl_stats::{Resampling, Undefined};
pub use words::{Errors, Measure, RESAMPLING, UnknownWord, bandwidth, quantile_rule};

/// What is asked of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The column of incomes.
    pub income: String,
    /// The column of weights; each row counts one without it.
    pub weight: Option<String>,
    /// The column that says who lives together: the clusters.
    pub household: Option<String>,
    /// The column of strata.
    pub strata: Option<String>,
    /// The columns that groups are made of.
    pub by: Vec<String>,
    /// What is computed.
    pub measures: Vec<Measure>,
    /// How errors are computed.
    pub errors: Errors,
    /// The poverty threshold.
    pub line: Line,
    /// The column whose median the threshold is a part of, when it is not the income: income before transfers is measured under the threshold after them.
    pub reference: Option<String>,
    /// The conventions of quantiles and densities.
    pub method: Method,
}

impl Options {
    /// The usual measures of a column of incomes, with linearised errors.
    pub fn new(income: impl Into<String>) -> Options {
        Options {
            income: income.into(),
            weight: None,
            household: None,
            strata: None,
            by: Vec::new(),
            measures: Measure::usual(),
            errors: Errors::Linearised,
            line: Line::default(),
            reference: None,
            method: Method::default(),
        }
    }

    fn columns(&self) -> Vec<&str> {
        let mut columns = vec![self.income.as_str()];
        let others = [&self.weight, &self.household, &self.strata, &self.reference];
        columns.extend(others.into_iter().flatten().map(String::as_str));
        columns.extend(self.by.iter().map(String::as_str));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// The rows of the file.
    pub rows: usize,
    /// Rows left out because they have no income.
    #[serde(skip_serializing_if = "is_zero")]
    pub rows_without_income: usize,
    /// Everybody first, then the groups in the order of their names.
    pub measures: Vec<MeasureOf>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureOf {
    /// The measure: `arpr`, `arpr:0.4`.
    pub id: String,
    /// Column and value of the group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
    /// The estimate; nothing where it is not defined.
    pub value: Option<f64>,
    /// The standard error.
    pub se: Option<f64>,
    /// The rows it rests on.
    pub n: usize,
    /// Rows left out because the measure is defined on positive values only.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// The coefficient of variation: the error over the size of the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<f64>,
    /// What the coefficient of variation allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Why there is no value or no error: `nobody_below`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

/// How far an estimate may be used, by its coefficient of variation.
///
/// The limits are those Statistics Canada publishes for household surveys: 16.5 % and 33.3 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Without reserve.
    Good,
    /// With care.
    UseWithCare,
    /// Too uncertain to be used.
    Unreliable,
}

/// The coefficient of variation up to which an estimate is good.
const GOOD: f64 = 0.165;
/// That up to which it may be used with care.
const USABLE: f64 = 0.333;

impl Quality {
    fn of(cv: f64) -> Quality {
        match cv {
            _ if cv <= GOOD => Quality::Good,
            _ if cv <= USABLE => Quality::UseWithCare,
            _ => Quality::Unreliable,
        }
    }
}

impl MeasureOf {
    fn put_error(&mut self, error: Measured) {
        let Some(value) = self.value else { return };
        match error {
            Ok(error) => {
                self.se = Some(error);
                self.cv = (value != 0.0).then(|| error / value.abs());
                self.quality = self.cv.map(Quality::of);
            }
            Err(why) => self.why = Some(why),
        }
    }
}

fn as_name<S: Serializer>(why: &Option<Undefined>, serializer: S) -> Result<S::Ok, S::Error> {
    match why {
        Some(why) => serializer.serialize_str(why.name()),
        None => serializer.serialize_none(),
    }
}

fn as_map<S: Serializer>(
    group: &[(String, Option<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(group.iter().map(|(name, value)| (name, value)))
}

/// A file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum PlainMeasureError {
    /// It cannot be read, or lacks a column.
    #[error(transparent)]
    File(#[from] PlainError),
    /// A column must be complete and is not.
    #[error("column `{column}` of `{}` has {count} missing values", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How many.
        count: usize,
    },
    /// A weight or an income is no number that can be taken.
    #[error("`{}`, line {line}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line of a CSV file with a header, or the row of a Parquet file plus one.
        line: usize,
        /// What is wrong.
        source: SampleError,
    },
}

impl Diagnose for PlainMeasureError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            PlainMeasureError::File(fault) => fault.diagnostic(),
            PlainMeasureError::Missing {
                path,
                column,
                count,
            } => Diagnostic::new(codes::PLAIN_MISSING)
                .with("file", path.display())
                .with("column", column)
                .with("count", count),
            PlainMeasureError::Row { path, line, source } => Diagnostic::new(codes::PLAIN_ROW)
                .with("file", path.display())
                .with("detail", source)
                .at(path.display(), *line, 0),
        }
    }
}

/// Measures a file.
///
/// The poverty threshold is that of all rows, also inside groups; rows without income are left out and counted.
///
/// # Errors
/// [`PlainMeasureError`] when the file lacks a column, or a weight, household or stratum is missing or impossible.
pub fn evaluate(file: &Path, options: &Options) -> Result<Measures, PlainMeasureError> {
    let table = PlainTable::read(file, &options.columns())?;
    let rows = Rows::of(file, &table, options)?;
    Ok(Measures {
        rows: table.rows(),
        rows_without_income: table.rows() - rows.places.len(),
        measures: rows.measure(options),
    })
}
