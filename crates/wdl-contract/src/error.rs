//! What only a contract or a code list may have wrong, beside what any file of the lab folder may have.

use wdl_vocab::diagnostics::codes::contract as codes;
use wdl_vocab::{Diagnose, Diagnostic};

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
}

impl Diagnose for ContractFault {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            ContractFault::ListShape { detail } => new(codes::LIST_SHAPE).with("detail", detail),
            ContractFault::ColumnsShape { detail } => {
                new(codes::COLUMNS_SHAPE).with("detail", detail)
            }
        }
    }
}
