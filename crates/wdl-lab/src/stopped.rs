//! What stops a command: any error of a lower room that can tell itself to the user.

use std::error::Error;
use std::fmt;
use std::path::Path;

use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Code, Diagnose, Diagnostic};

/// A command stopped; the state is as it was before the act that failed.
///
/// It is not an error itself, so that every error that is a [`Diagnose`] turns into it with `?`.
#[derive(Debug)]
pub struct Stopped {
    diagnostic: Box<Diagnostic>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Stopped {
    /// A stop that is its own diagnostic.
    pub fn new(diagnostic: Diagnostic) -> Stopped {
        Stopped {
            diagnostic: Box::new(diagnostic),
            source: None,
        }
    }

    /// A file or folder that cannot be read or written.
    pub fn file(path: &Path, fault: &dyn fmt::Display) -> Stopped {
        Stopped::new(
            Diagnostic::new(codes::FILE)
                .with("file", path.display())
                .with("detail", fault),
        )
    }

    /// The code, the arguments, the place.
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.diagnostic.code
    }

    /// The error of the lower room, when there was one.
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync)> {
        self.source.as_deref()
    }
}

impl<E: Diagnose + Send + Sync + 'static> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped {
            diagnostic: Box::new(error.diagnostic()),
            source: Some(Box::new(error)),
        }
    }
}
