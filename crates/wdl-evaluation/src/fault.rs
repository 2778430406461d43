//! Why nothing is estimated, in words that never hold a cell.

use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};

/// An evaluation that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The catalog has no such method.
    #[error("there is no method `{name}`")]
    UnknownMethod {
        /// As it was asked for.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// An option that the method cannot do without.
    #[error("`--{option}` is missing")]
    Missing {
        /// The option.
        option: &'static str,
    },
    /// A word that the option does not have.
    #[error("`{value}` is no value of `--{option}`")]
    UnknownWord {
        /// The option.
        option: &'static str,
        /// What was given.
        value: String,
        /// What may be given.
        expected: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// Options that do not go together, or a value out of its range.
    #[error("`--{option}`: {}", detail.en)]
    Options {
        /// The option.
        option: &'static str,
        /// What it needs, excludes or allows.
        detail: Text,
    },
    /// A column of numbers with values that are not finite.
    #[error("column `{column}` has {count} values that are not finite")]
    Infinite {
        /// The column.
        column: String,
        /// How many.
        count: usize,
    },
    /// A column that must hold 0 and 1 holds something else.
    #[error("column `{column}` has {count} values other than 0 and 1")]
    NotZeroOne {
        /// The column.
        column: String,
        /// How many rows.
        count: usize,
    },
    /// No row has a value in every column.
    #[error("no row has a value in every column")]
    Nothing,
    /// The rows do not have what the method needs: two rows of one unit and period, a date that changes inside a unit.
    #[error("{}", detail.en)]
    Data {
        /// What is wrong, with counts and names of groups.
        detail: Text,
    },
    /// The rows are as they should be, and the estimate does not exist: no variation, separation, one cluster.
    #[error("{}", detail.en)]
    NotEstimable {
        /// Why.
        detail: Text,
    },
}

impl EvaluationError {
    /// The rows do not have what the method needs.
    pub fn data(it: impl Into<String>, en: impl Into<String>) -> EvaluationError {
        EvaluationError::Data {
            detail: Text::new(it, en),
        }
    }

    /// The estimate does not exist.
    pub fn not_estimable(it: impl Into<String>, en: impl Into<String>) -> EvaluationError {
        EvaluationError::NotEstimable {
            detail: Text::new(it, en),
        }
    }

    /// An option out of its range, or options that do not go together.
    pub fn options(
        option: &'static str,
        it: impl Into<String>,
        en: impl Into<String>,
    ) -> EvaluationError {
        EvaluationError::Options {
            option,
            detail: Text::new(it, en),
        }
    }
}

impl Diagnose for EvaluationError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            EvaluationError::UnknownMethod { name, meant } => {
                let names = crate::methods().map(|method| method.name());
                Diagnostic::new(codes::UNKNOWN_METHOD)
                    .with("name", name)
                    .with("expected", names.collect::<Vec<_>>().join(", "))
                    .suggest(meant.as_deref())
            }
            EvaluationError::Missing { option } => {
                Diagnostic::new(codes::MISSING).with("option", format!("--{option}"))
            }
            EvaluationError::UnknownWord {
                option,
                value,
                expected,
                meant,
            } => Diagnostic::new(codes::UNKNOWN_WORD)
                .with("option", format!("--{option}"))
                .with("name", value)
                .with("expected", expected)
                .suggest(meant.as_deref()),
            EvaluationError::Options { option, detail } => Diagnostic::new(codes::OPTIONS)
                .with("option", format!("--{option}"))
                .with_words("detail", detail),
            EvaluationError::Infinite { column, count } => Diagnostic::new(codes::INFINITE)
                .with("column", column)
                .with("count", count),
            EvaluationError::NotZeroOne { column, count } => Diagnostic::new(codes::NOT_ZERO_ONE)
                .with("column", column)
                .with("count", count),
            EvaluationError::Nothing => Diagnostic::new(codes::NOTHING),
            EvaluationError::Data { detail } => {
                Diagnostic::new(codes::DATA).with_words("detail", detail)
            }
            EvaluationError::NotEstimable { detail } => {
                Diagnostic::new(codes::NOT_ESTIMABLE).with_words("detail", detail)
            }
        }
    }
}
