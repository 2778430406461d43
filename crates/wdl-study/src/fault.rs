//! What only a study may have wrong, in its file and when it is run.

use wdl_evaluation::EvaluationError;
use wdl_frame::SqlError;
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, StudyId};

/// The studies of a lab cannot be used; every fault found is listed.
pub type StudyError = wdl_yaml::FolderError<StudyFault>;
/// One fault of a study's file.
pub type Fault = wdl_yaml::Fault<StudyFault>;
/// What is wrong at a place of a study's file.
pub type FaultKind = wdl_yaml::FaultKind<StudyFault>;

/// What a study's file alone may have wrong.
#[derive(Debug, thiserror::Error)]
pub enum StudyFault {
    /// The file is named otherwise than the study.
    #[error("the file of study `{id}` must be named `{id}.yaml`")]
    FileName {
        /// The study.
        id: String,
    },
    /// The catalog has no such method.
    #[error(transparent)]
    Method(Box<EvaluationError>),
    /// The method has no such option.
    #[error("`{option}` is no option of `{method}`")]
    Option {
        /// The method.
        method: &'static str,
        /// The option.
        option: String,
        /// The one that was probably meant.
        meant: Option<&'static str>,
    },
    /// The design reads the outcome.
    #[error("the design names `{column}`, which is the outcome")]
    OutcomeInFrame {
        /// The column.
        column: String,
    },
    /// The SQL of a query.
    #[error(transparent)]
    Sql(Box<SqlError>),
}

impl Diagnose for StudyFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            StudyFault::FileName { id } => Diagnostic::new(codes::STUDY_FILE_NAME).with("name", id),
            StudyFault::Method(fault) => fault.diagnostic(),
            StudyFault::Option {
                method,
                option,
                meant,
            } => {
                let options = wdl_evaluation::method(method).map(|own| own.options());
                let known: Vec<&str> = options
                    .iter()
                    .flat_map(|all| *all)
                    .map(|own| own.name)
                    .collect();
                Diagnostic::new(codes::STUDY_OPTION)
                    .with("option", option)
                    .with("name", method)
                    .with("expected", known.join(", "))
                    .suggest(*meant)
            }
            StudyFault::OutcomeInFrame { column } => {
                Diagnostic::new(codes::STUDY_OUTCOME_IN_FRAME).with("column", column)
            }
            StudyFault::Sql(fault) => fault.diagnostic(),
        }
    }
}

/// A study could not be planned or run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A query does not run.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The queries do not give what the study reads.
    #[error("the queries of study `{study}`: {detail}")]
    Frame {
        /// The study.
        study: StudyId,
        /// What is wrong, in a few words that are the same in every language.
        detail: String,
    },
    /// The method gives no answer.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
}

impl Diagnose for RunError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            RunError::Sql(fault) => fault.diagnostic(),
            RunError::Frame { study, detail } => Diagnostic::new(codes::STUDY_FRAME)
                .with("name", study)
                .with("detail", detail),
            RunError::Evaluation(fault) => fault.diagnostic(),
        }
    }
}
