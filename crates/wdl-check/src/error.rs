//! Why a file cannot be checked; what is wrong in its rows is a finding, not an error.

use wdl_intake::IntakeError;
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why a file cannot be checked; no variant holds a cell.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The file cannot be read on.
    #[error("the file cannot be read")]
    Intake(#[from] IntakeError),
    /// Two readings are equally good and nobody answered which is right.
    #[error("`{file}` can be read in more than one way: {}", questions.join(", "))]
    OpenQuestions {
        /// The file, without its folder.
        file: String,
        /// The keys of the questions.
        questions: Vec<String>,
    },
    /// A rule of the contract is not SQL that can be run.
    #[error("rule `{rule}` of contract `{contract}` cannot be run: {detail}")]
    RuleWrong {
        /// The contract.
        contract: String,
        /// The rule.
        rule: String,
        /// What the database says of its text.
        detail: String,
    },
    /// A rule of the contract wants more than to read.
    #[error("rule `{rule}` of contract `{contract}` is not allowed: {detail}")]
    RuleForbidden {
        /// The contract.
        contract: String,
        /// The rule.
        rule: String,
        /// What it wants.
        detail: String,
    },
    /// A rule of the contract does not come to an end.
    #[error("rule `{rule}` of contract `{contract}` was stopped")]
    RuleTooLong {
        /// The contract.
        contract: String,
        /// The rule.
        rule: String,
    },
    /// The private temporary database fails: the disk is full, most often.
    #[error("the temporary database of the check fails")]
    Database(#[source] rusqlite::Error),
    /// The file is not the one that was checked: another pass reads it differently.
    #[error("the file changed while it was read")]
    Changed,
}

impl Diagnose for CheckError {
    fn diagnostic(&self) -> Diagnostic {
        let rule = |code, contract: &str, rule: &str| {
            Diagnostic::new(code)
                .with("contract", contract)
                .with("name", rule)
        };
        match self {
            CheckError::Intake(error) => error.diagnostic(),
            CheckError::OpenQuestions { file, questions } => Diagnostic::new(codes::OPEN_QUESTIONS)
                .with("file", file)
                .with("detail", questions.join(", ")),
            CheckError::RuleWrong {
                contract,
                rule: name,
                detail,
            } => rule(codes::RULE_WRONG, contract, name).with("detail", detail),
            CheckError::RuleForbidden {
                contract,
                rule: name,
                detail,
            } => rule(codes::RULE_FORBIDDEN, contract, name).with("detail", detail),
            CheckError::RuleTooLong {
                contract,
                rule: name,
            } => rule(codes::RULE_TOO_LONG, contract, name),
            CheckError::Database(_) => Diagnostic::new(codes::TEMPORARY_DATABASE),
            CheckError::Changed => Diagnostic::new(codes::FILE_CHANGED),
        }
    }
}
