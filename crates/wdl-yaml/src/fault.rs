//! A fault with its file, line and column, and the error that lists all of them.

use std::error::Error;
use std::fmt;
use std::path::Path;

use wdl_vocab::{Diagnose, Diagnostic};

use crate::kind::FaultKind;

/// One fault of a file of the lab folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {kind}")]
pub struct Fault<K> {
    /// The file, as the user named its folder.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub kind: FaultKind<K>,
}

impl<K> Fault<K> {
    /// A fault of a whole file or folder.
    pub fn whole(path: &Path, kind: impl Into<FaultKind<K>>) -> Fault<K> {
        Fault {
            file: path.display().to_string(),
            line: 0,
            column: 0,
            kind: kind.into(),
        }
    }

    /// A file or folder that cannot be read.
    pub fn unreadable(path: &Path, why: &std::io::Error) -> Fault<K> {
        let detail = why.to_string();
        Fault::whole(path, FaultKind::Unreadable { detail })
    }
}

impl<K: Diagnose> Diagnose for Fault<K> {
    fn diagnostic(&self) -> Diagnostic {
        let diagnostic = self.kind.diagnostic().with("file", &self.file);
        match (self.line, &diagnostic.place) {
            // What another language's parser found has its own, nearer place.
            (0, _) | (_, Some(_)) => diagnostic,
            (line, None) => diagnostic.at(&self.file, line, self.column),
        }
    }
}

/// Files of the lab folder cannot be used; every fault found is listed.
#[derive(Debug)]
// INVARIANT: at least one fault, sorted by file, line and column.
pub struct FolderError<K> {
    faults: Vec<Fault<K>>,
}

impl<K> FolderError<K> {
    /// The error of some faults.
    ///
    /// # Panics
    /// When there are none.
    pub fn new(mut faults: Vec<Fault<K>>) -> FolderError<K> {
        assert!(!faults.is_empty(), "an error has a reason");
        faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        FolderError { faults }
    }

    /// Nothing when there are no faults.
    ///
    /// # Errors
    /// [`FolderError`] with all of them when there are some.
    pub fn unless_empty(faults: Vec<Fault<K>>) -> Result<(), FolderError<K>> {
        match faults.is_empty() {
            true => Ok(()),
            false => Err(FolderError::new(faults)),
        }
    }

    /// Every fault, by file and line.
    pub fn faults(&self) -> &[Fault<K>] {
        &self.faults
    }

    /// Every fault, to be listed with others.
    pub fn into_faults(self) -> Vec<Fault<K>> {
        self.faults
    }

    fn first(&self) -> &Fault<K> {
        self.faults.first().expect("an error has a reason")
    }
}

impl<K: Diagnose> FolderError<K> {
    /// Every fault as a diagnostic.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.faults.iter().map(Diagnose::diagnostic).collect()
    }
}

impl<K> From<Fault<K>> for FolderError<K> {
    fn from(fault: Fault<K>) -> FolderError<K> {
        FolderError::new(vec![fault])
    }
}

impl<K: fmt::Display> fmt::Display for FolderError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first())?;
        match self.faults.len() {
            1 => Ok(()),
            count => write!(f, " (and {} more)", count - 1),
        }
    }
}

impl<K: fmt::Debug + fmt::Display> Error for FolderError<K> {}

impl<K: Diagnose> Diagnose for FolderError<K> {
    fn diagnostic(&self) -> Diagnostic {
        self.first().diagnostic()
    }
}
