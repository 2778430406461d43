//! Why small areas cannot be estimated from a file.

use std::path::PathBuf;

use wdl_plain::PlainError;
use wdl_stats::areas::AreaError;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic};

use crate::population::Line;

/// Small areas cannot be estimated from a file.
#[derive(Debug, thiserror::Error)]
pub enum SmallAreaError {
    /// It cannot be read, or lacks a column.
    #[error(transparent)]
    File(#[from] PlainError),
    /// Two rows speak of the same area.
    #[error("area in two rows of `{}` (line {line})", path.display())]
    Repeated {
        /// The file.
        path: PathBuf,
        /// The second of them.
        line: usize,
    },
    /// A value is missing or impossible.
    #[error("column `{column}` of `{}` has a value that cannot be used (line {line})", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The line of a CSV file with a header, or the row of a Parquet file plus one.
        line: usize,
    },
    /// A poverty line that is none.
    #[error("`{option}` is no poverty line")]
    Line {
        /// The option.
        option: &'static str,
    },
    /// The model cannot be fitted.
    #[error("`{}`: {source}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Why.
        source: AreaError,
    },
    /// Some areas lack what the benchmark adds up.
    #[error("{count} areas of `{}` cannot be added up", path.display())]
    BenchmarkGaps {
        /// The file.
        path: PathBuf,
        /// How many.
        count: usize,
    },
    /// The estimates add up to zero or less, or all sizes are zero.
    #[error("the estimates of `{}` do not add up to a positive number", path.display())]
    BenchmarkSum {
        /// The file.
        path: PathBuf,
    },
    /// No area of the sample is one of the register.
    #[error("`{}` and `{}` have no area in common", sample.display(), population.display())]
    Apart {
        /// The sample.
        sample: PathBuf,
        /// The register.
        population: PathBuf,
    },
}

impl Diagnose for SmallAreaError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            SmallAreaError::File(fault) => fault.diagnostic(),
            SmallAreaError::Repeated { path, line } => new(codes::AREA_REPEATED)
                .with("file", path.display())
                .at(path.display(), *line, 0),
            SmallAreaError::Value { path, column, line } => new(codes::AREA_VALUE)
                .with("file", path.display())
                .with("column", column)
                .at(path.display(), *line, 0),
            SmallAreaError::Line { option } => new(codes::PLAIN_OPTIONS)
                .with("option", option)
                .with_words("detail", &Line::MUST_BE),
            SmallAreaError::Model { path, source } => match source {
                AreaError::TooFew { have, need } => new(codes::AREAS_TOO_FEW)
                    .with("have", have)
                    .with("need", need),
                AreaError::NoVariation => new(codes::AREA_NO_VARIATION),
                AreaError::NotPositive { count } => {
                    new(codes::AREA_NOT_POSITIVE).with("count", count)
                }
                AreaError::ThresholdNotPositive => new(codes::AREA_THRESHOLD),
            }
            .with("file", path.display()),
            SmallAreaError::BenchmarkGaps { path, count } => new(codes::AREA_BENCHMARK_GAPS)
                .with("file", path.display())
                .with("count", count),
            SmallAreaError::BenchmarkSum { path } => {
                new(codes::AREA_BENCHMARK_SUM).with("file", path.display())
            }
            SmallAreaError::Apart { sample, population } => new(codes::AREAS_APART)
                .with("file", sample.display())
                .with("other", population.display()),
        }
    }
}
