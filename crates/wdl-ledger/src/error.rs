//! What can be wrong with a ledger, and how it is told.

use std::io;
use std::path::{Path, PathBuf};

use wdl_crypto::SignatureError;
use wdl_protocol::ActorId;
pub(crate) use wdl_vocab::diagnostics::codes::ledger as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The line is no entry at all.
    NotAnEntry,
    /// The line is an entry in another form than the canonical one.
    NotCanonical,
    /// It says another place than the one it stands at.
    Order,
    /// It does not name the hash of the line before.
    Chain,
    /// The signature does not hold.
    Signature,
    /// The key is not one of the office it names.
    UnknownKey,
}

/// The first bad entry of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {sequence} of the ledger (line {line}) is bad: {}", fault.as_str())]
pub struct BadEntry {
    /// Its place, from 0.
    pub sequence: u64,
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: Fault,
}

impl Fault {
    /// The fault in a few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::NotAnEntry => "not an entry",
            Fault::NotCanonical => "not in canonical form",
            Fault::Order => "out of order",
            Fault::Chain => "not chained to the entry before",
            Fault::Signature => "the signature does not hold",
            Fault::UnknownKey => "signed with an unknown key",
        }
    }

    fn code(self) -> wdl_vocab::Code {
        match self {
            Fault::NotAnEntry => codes::NOT_AN_ENTRY,
            Fault::NotCanonical => codes::NOT_CANONICAL,
            Fault::Order => codes::ORDER,
            Fault::Chain => codes::CHAIN,
            Fault::Signature => codes::SIGNATURE,
            Fault::UnknownKey => codes::UNKNOWN_KEY,
        }
    }
}

/// The ledger cannot be opened, verified or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// An entry is bad.
    #[error(transparent)]
    Bad(#[from] BadEntry),
    /// There is no ledger.
    #[error("there is no ledger at `{}`", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
    },
    /// The disk refuses to read.
    #[error("the ledger `{}` cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The disk refuses to write.
    #[error("the ledger `{}` cannot be written", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An entry was written in part and could not be taken back: nothing more is written until it is opened again.
    #[error("the ledger `{}` must be opened again", file.display())]
    Unsound {
        /// The file.
        file: PathBuf,
    },
    /// Another process writes it.
    #[error("the ledger `{}` is in use", file.display())]
    Locked {
        /// The file.
        file: PathBuf,
    },
}

impl LedgerError {
    pub(crate) fn unreadable(file: &Path, source: io::Error) -> LedgerError {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => LedgerError::Missing { file },
            _ => LedgerError::Unreadable { file, source },
        }
    }

    pub(crate) fn unwritable(file: &Path, source: io::Error) -> LedgerError {
        LedgerError::Unwritable {
            file: file.to_owned(),
            source,
        }
    }
}

impl Diagnose for LedgerError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            LedgerError::Bad(bad) => Diagnostic::new(bad.fault.code())
                .with("entry", bad.sequence)
                .at(crate::FILE, bad.line as usize, 0),
            LedgerError::Missing { file } => {
                Diagnostic::new(codes::MISSING).with("file", file.display())
            }
            LedgerError::Unreadable { file, source } => Diagnostic::new(codes::UNREADABLE)
                .with("file", file.display())
                .with("detail", source),
            LedgerError::Unwritable { file, source } => Diagnostic::new(codes::UNWRITABLE)
                .with("file", file.display())
                .with("detail", source),
            LedgerError::Unsound { file } => Diagnostic::new(codes::UNWRITABLE)
                .with("file", file.display())
                .with("detail", "-"),
            LedgerError::Locked { file } => {
                Diagnostic::new(codes::LOCKED).with("file", file.display())
            }
        }
    }
}

/// The ledger does not agree with a checkpoint, or the checkpoint does not hold.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Entries are missing at the end.
    #[error("the checkpoint saw {expected} entries and the ledger has {found}")]
    Truncated {
        /// How many the checkpoint saw.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The ledger was rewritten.
    #[error("the first {entries} entries are not those the checkpoint saw")]
    OtherHistory {
        /// How many the checkpoint saw.
        entries: u64,
    },
    /// The signature does not hold.
    #[error("the signature of the checkpoint does not hold")]
    Signature(#[source] SignatureError),
    /// The key is not one of the office it names.
    #[error("the checkpoint is signed by `{actor}` with an unknown key")]
    UnknownKey {
        /// The office.
        actor: ActorId,
    },
    /// It is something else.
    #[error("the file is not a checkpoint")]
    NotACheckpoint,
}

impl Diagnose for CheckpointError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            CheckpointError::Truncated { expected, found } => Diagnostic::new(codes::TRUNCATED)
                .with("expected", expected)
                .with("actual", found),
            CheckpointError::OtherHistory { entries } => {
                Diagnostic::new(codes::OTHER_HISTORY).with("count", entries)
            }
            CheckpointError::Signature(_)
            | CheckpointError::UnknownKey { .. }
            | CheckpointError::NotACheckpoint => Diagnostic::new(codes::BAD_CHECKPOINT),
        }
    }
}
