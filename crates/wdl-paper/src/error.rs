//! Why a document cannot be set.

use typst::WorldExt as _;
use typst::diag::SourceDiagnostic;

use crate::world::OneSource;

/// Why a document cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The markup is wrong, asks for something outside itself, or breaks a standard, at a line of it.
    #[error("line {line} of the document: {message}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The document as a whole is not accessible or not fit for an archive.
    #[error("the document: {message}")]
    Whole {
        /// What is wrong.
        message: String,
    },
}

/// The first fault, at its line in the text that was handed over.
pub(crate) fn told(faults: &[SourceDiagnostic], world: &OneSource, preamble: usize) -> PaperError {
    let Some(fault) = faults.first() else {
        return PaperError::Whole {
            message: "no reason given".to_owned(),
        };
    };
    let message = fault.message.to_string();
    let line = world
        .range(fault.span)
        .map(|range| world.line(range.start) + 1)
        .and_then(|line| line.checked_sub(preamble));
    match line {
        Some(line) if line > 0 => PaperError::Line { line, message },
        _ => PaperError::Whole { message },
    }
}
