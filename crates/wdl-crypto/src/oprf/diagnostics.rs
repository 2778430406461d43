//! How the faults of the function and of its messages are told to a user.

use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::{Diagnose, Diagnostic};

use super::OprfError;
use super::wire::WireError;

impl Diagnose for OprfError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            OprfError::Input => Diagnostic::new(codes::INPUT),
            OprfError::Element => Diagnostic::new(codes::BAD_ELEMENT),
            OprfError::Count { expected, actual } => Diagnostic::new(codes::ANSWER_COUNT)
                .with("expected", expected)
                .with("actual", actual),
            OprfError::Proof => Diagnostic::new(codes::PROOF),
        }
    }
}

impl Diagnose for WireError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            WireError::TooMany { maximum, .. } => {
                Diagnostic::new(codes::REQUEST_TOO_LARGE).with("maximum", maximum)
            }
            WireError::NotAMessage
            | WireError::Length
            | WireError::Header
            | WireError::Elements
            | WireError::Place
            | WireError::Values => Diagnostic::new(codes::REQUEST_MALFORMED).with("detail", self),
        }
    }
}
