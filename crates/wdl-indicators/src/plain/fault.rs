//! Why a file cannot be measured, in words that never hold a cell.

use std::path::PathBuf;

use wdl_plain::PlainError;
use wdl_stats::SampleError;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};
use wdl_yaml::Fault;

use super::margins::MarginFault;

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
    /// A group that is to be compared does not occur.
    #[error("there is no group `{name}`")]
    NoGroup {
        /// The group as asked for.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// A file of known totals cannot be used.
    #[error("`{}`: {}", path.display(), detail.en)]
    Margins {
        /// The file of totals.
        path: PathBuf,
        /// What is wrong with it.
        detail: Text,
    },
    /// A YAML file of known totals is not written as it must be.
    #[error(transparent)]
    MarginsFile(#[from] Fault<MarginFault>),
    /// The known totals cannot be met.
    #[error("the totals of `{}` cannot be met: {}", path.display(), detail.en)]
    NotCalibrated {
        /// The file of totals.
        path: PathBuf,
        /// Which total, by how much, and why as far as it is known.
        detail: Text,
    },
    /// Members of one household have different weights, and it is to keep one.
    #[error("{count} households of `{}` have members of different weights", path.display())]
    Households {
        /// The file.
        path: PathBuf,
        /// How many households.
        count: usize,
    },
    /// Two options that do not go together, or one that needs another.
    #[error("`{option}`: {}", detail.en)]
    Options {
        /// The option.
        option: &'static str,
        /// What it needs or excludes.
        detail: Text,
    },
    /// No column has a name that was asked for by its pattern.
    #[error("no column of `{}` is named like `{pattern}`", path.display())]
    NoColumns {
        /// The file.
        path: PathBuf,
        /// The pattern.
        pattern: String,
    },
    /// A column has values of another kind than it must.
    #[error("column `{column}` of `{}`: {}", path.display(), detail.en)]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What its values must be, and how many are not.
        detail: Text,
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
                .with_words("detail", &of_row(*source))
                .at(path.display(), *line, 0),
            PlainMeasureError::NoGroup { name, meant } => Diagnostic::new(codes::PLAIN_NO_GROUP)
                .with("name", name)
                .suggest(meant.as_deref()),
            PlainMeasureError::Margins { path, detail } => Diagnostic::new(codes::PLAIN_MARGINS)
                .with("file", path.display())
                .with_words("detail", detail),
            PlainMeasureError::MarginsFile(fault) => fault.diagnostic(),
            PlainMeasureError::NotCalibrated { path, detail } => {
                Diagnostic::new(codes::PLAIN_NOT_CALIBRATED)
                    .with("file", path.display())
                    .with_words("detail", detail)
            }
            PlainMeasureError::Households { path, count } => {
                Diagnostic::new(codes::PLAIN_HOUSEHOLDS)
                    .with("file", path.display())
                    .with("count", count)
            }
            PlainMeasureError::Options { option, detail } => Diagnostic::new(codes::PLAIN_OPTIONS)
                .with("option", option)
                .with_words("detail", detail),
            PlainMeasureError::NoColumns { path, pattern } => {
                Diagnostic::new(codes::PLAIN_NO_COLUMNS)
                    .with("file", path.display())
                    .with("name", pattern)
            }
            PlainMeasureError::Column {
                path,
                column,
                detail,
            } => Diagnostic::new(codes::PLAIN_COLUMN)
                .with("file", path.display())
                .with("column", column)
                .with_words("detail", detail),
        }
    }
}

/// What is wrong with a row, in words.
fn of_row(fault: SampleError) -> Text {
    match fault {
        SampleError::Value { .. } => Text::fixed(
            "il reddito non è un numero finito",
            "the income is no finite number",
        ),
        SampleError::Weight { .. } => Text::fixed(
            "il peso non è un numero da zero in su",
            "the weight is no number of zero or more",
        ),
        SampleError::Length { .. } => Text::fixed(
            "redditi e pesi non sono altrettanti",
            "not one weight for each income",
        ),
        SampleError::TooLong => Text::fixed(
            "più di quattro miliardi di righe",
            "more than four thousand million rows",
        ),
    }
}
