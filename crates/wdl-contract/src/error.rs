//! What only a contract or a code list may have wrong, beside what any file of the lab folder may have.

use wdl_vocab::diagnostics::codes::contract as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};

/// Contracts or code lists cannot be used; every fault found is listed.
pub type ContractError = wdl_yaml::FolderError<ContractFault>;
/// One fault of a contract or a code list.
pub type Fault = wdl_yaml::Fault<ContractFault>;
/// What is wrong at a place of a contract or a code list.
pub type FaultKind = wdl_yaml::FaultKind<ContractFault>;

/// What a contract or a code list alone may have wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractFault {
    /// A code list is not in the form of the lab.
    #[error("{detail}")]
    ListShape {
        /// What was expected.
        detail: String,
    },
    /// The columns do not fit the shape of the dataset.
    #[error("{detail}")]
    ColumnsShape {
        /// What was expected.
        detail: String,
    },
    /// The contract does not say what the law asks of it.
    #[error("the contract does not say `{key}`")]
    Unlawful {
        /// The property that is missing.
        key: String,
    },
    /// The contract names what the agreement does not have.
    #[error("`{key}` is `{value}`, which the agreement does not have")]
    NotAgreed {
        /// The property.
        key: String,
        /// What it names.
        value: String,
        /// What the agreement has.
        expected: String,
    },
    /// The logical type of the standard and the kind of the lab do not agree.
    #[error("`{column}` has the logical type `{actual}`, and its kind asks for `{expected}`")]
    LogicalType {
        /// The column.
        column: String,
        /// The logical type it has.
        actual: String,
        /// The one that its kind asks for.
        expected: String,
    },
    /// A rule of quality cannot be run.
    #[error("{detail}")]
    RuleShape {
        /// What was expected.
        detail: String,
    },
}

impl Diagnose for ContractFault {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            ContractFault::ListShape { detail } => new(codes::LIST_SHAPE).with("detail", detail),
            ContractFault::ColumnsShape { detail } => {
                new(codes::COLUMNS_SHAPE).with("detail", detail)
            }
            ContractFault::Unlawful { key } => new(codes::UNLAWFUL).with("key", key),
            ContractFault::NotAgreed {
                key,
                value,
                expected,
            } => new(codes::NOT_AGREED)
                .with("key", key)
                .with("value", value)
                .with("expected", expected)
                .suggest(did_you_mean(value, expected.split(", "))),
            ContractFault::LogicalType {
                column,
                actual,
                expected,
            } => new(codes::LOGICAL_TYPE)
                .with("column", column)
                .with("actual", actual)
                .with("expected", expected),
            ContractFault::RuleShape { detail } => new(codes::RULE_SHAPE).with("detail", detail),
        }
    }
}
