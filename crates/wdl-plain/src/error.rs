//! Why a plain file cannot be used.

use std::path::PathBuf;

use wdl_frame::ParquetError;
use wdl_intake::IntakeError;
use wdl_vocab::diagnostics::codes::sql as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why a plain file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// It is missing, damaged, or no table of text.
    #[error("`{}`: {detail}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// It has no such column.
    #[error("`{}` has no column `{name}`", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// Two columns have the name asked for.
    #[error("`{}` has the column `{name}` twice", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The column.
        name: String,
    },
    /// A row has more or fewer cells than there are columns.
    #[error("`{}`, line {line}: {actual} cells, {expected} columns", path.display())]
    Uneven {
        /// The file.
        path: PathBuf,
        /// The first such line.
        line: u64,
        /// The cells it has.
        actual: usize,
        /// The columns of the file.
        expected: usize,
    },
    /// A column that must be numeric is not.
    #[error("column `{name}` of `{}` is not numeric (line {line})", path.display())]
    NotNumeric {
        /// The file.
        path: PathBuf,
        /// The column.
        name: String,
        /// The first line whose value is no number; 0 when unknown.
        line: u64,
    },
    /// Every point of a column of numbers could be the decimal one or a mark of thousands.
    #[error("column `{name}` of `{}`: a point may be decimal or of thousands (line {line})", path.display())]
    TwoWays {
        /// The file.
        path: PathBuf,
        /// The column.
        name: String,
        /// The first line with such a point.
        line: u64,
    },
}

impl PlainError {
    pub(crate) fn parquet(path: &std::path::Path, fault: &ParquetError) -> PlainError {
        PlainError::Read {
            path: path.to_owned(),
            detail: fault.to_string(),
        }
    }

    pub(crate) fn text(path: &std::path::Path, fault: &IntakeError) -> PlainError {
        let detail = match fault {
            IntakeError::Unreadable { source, .. } => source.to_string(),
            other => other.to_string(),
        };
        PlainError::Read {
            path: path.to_owned(),
            detail,
        }
    }
}

impl Diagnose for PlainError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            PlainError::Read { path, detail } => Diagnostic::new(codes::PLAIN_FILE)
                .with("file", path.display())
                .with("detail", detail),
            PlainError::NoColumn { path, name, meant } => Diagnostic::new(codes::PLAIN_NO_COLUMN)
                .with("file", path.display())
                .with("column", name)
                .suggest(meant.as_deref()),
            PlainError::Twice { path, name } => Diagnostic::new(codes::PLAIN_TWICE)
                .with("file", path.display())
                .with("column", name),
            PlainError::Uneven {
                path,
                line,
                actual,
                expected,
            } => Diagnostic::new(codes::PLAIN_UNEVEN)
                .with("file", path.display())
                .with("actual", actual)
                .with("expected", expected)
                .at(path.display(), place(*line), 0),
            PlainError::NotNumeric { path, name, line } => {
                Diagnostic::new(codes::PLAIN_NOT_NUMERIC)
                    .with("file", path.display())
                    .with("column", name)
                    .at(path.display(), place(*line), 0)
            }
            PlainError::TwoWays { path, name, line } => Diagnostic::new(codes::PLAIN_TWO_WAYS)
                .with("file", path.display())
                .with("column", name)
                .at(path.display(), place(*line), 0),
        }
    }
}

fn place(line: u64) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}
