//! What only the definitions of a lab may have wrong, beside what any file of the lab folder may have.

use wdl_frame::SqlError;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// The definitions cannot be used; every fault found is listed.
pub type DefinitionError = wdl_yaml::FolderError<DefinitionFault>;
/// One fault of a definition.
pub type Fault = wdl_yaml::Fault<DefinitionFault>;
/// What is wrong at a place of a definition.
pub type FaultKind = wdl_yaml::FaultKind<DefinitionFault>;

/// What a definition alone may have wrong.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionFault {
    /// A statistic that the catalog does not have.
    #[error("there is no statistic `{name}`")]
    UnknownStatistic {
        /// The name.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// The catalog.
        known: String,
    },
    /// The file is named otherwise than the indicator.
    #[error("the file of indicator `{id}` must be named `{id}.yaml`")]
    FileName {
        /// The indicator.
        id: String,
    },
    /// A breakdown of a statistic that describes the whole population only.
    #[error("`{name}` has one value for the whole population and no breakdown")]
    NotDivisible {
        /// The statistic.
        name: &'static str,
    },
    /// A frame where there must be none, or none where there must be one.
    #[error("an indicator has a frame if and only if it can be observed here")]
    FrameMismatch,
    /// The SQL of a frame.
    #[error(transparent)]
    Sql(Box<SqlError>),
}

impl Diagnose for DefinitionFault {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            DefinitionFault::UnknownStatistic { name, meant, known } => {
                new(codes::UNKNOWN_STATISTIC)
                    .with("name", name)
                    .with("expected", known)
                    .suggest(meant.as_deref())
            }
            DefinitionFault::FileName { id } => new(codes::FILE_NAME).with("indicator", id),
            DefinitionFault::NotDivisible { name } => new(codes::NOT_DIVISIBLE).with("name", name),
            DefinitionFault::FrameMismatch => new(codes::FRAME_MISMATCH),
            DefinitionFault::Sql(fault) => fault.diagnostic(),
        }
    }
}
