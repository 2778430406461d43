//! Why a step of a release is refused or must wait.

use std::io;
use std::path::PathBuf;

use wdl_protocol::{ActorId, Refusal};
use wdl_vocab::diagnostics::codes::approval as codes;
use wdl_vocab::{Diagnose, Diagnostic, ReleaseId};

/// A step of a release that is refused or must wait.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The agreement does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The office is not one of the lab.
    #[error("`{actor}` is no office of the lab")]
    UnknownOffice {
        /// The office.
        actor: ActorId,
    },
    /// The key is not one of the office it signs for.
    #[error("a key that is not one of `{actor}` signed for it")]
    UnknownKey {
        /// The office.
        actor: ActorId,
    },
    /// The author may not review.
    #[error("`{actor}` asked for `{release}` and cannot review it")]
    OwnRequest {
        /// The release.
        release: ReleaseId,
        /// The office.
        actor: ActorId,
    },
    /// A reviewer votes once.
    #[error("`{actor}` has voted on `{release}` already")]
    VotedAlready {
        /// The release.
        release: ReleaseId,
        /// The office.
        actor: ActorId,
    },
    /// There is no such request.
    #[error("there is no request `{release}`")]
    Unknown {
        /// The release.
        release: ReleaseId,
    },
    /// A file is not the one that was signed, or is missing.
    #[error("the file `{}` is not the one that was signed", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// Votes are missing.
    #[error("`{release}` has {votes} of {needed} votes")]
    Waiting {
        /// The release.
        release: ReleaseId,
        /// Votes there are.
        votes: usize,
        /// Votes there must be.
        needed: usize,
    },
    /// A reviewer disagreed.
    #[error("`{release}` was rejected by a reviewer")]
    Rejected {
        /// The release.
        release: ReleaseId,
    },
    /// It is over: all have voted, or it was released.
    #[error("`{release}` takes no more votes")]
    Closed {
        /// The release.
        release: ReleaseId,
    },
    /// A request without tables, or with one table twice.
    #[error("the request names no table, or one twice")]
    NoTables,
    /// A table shows a number that the rules hide.
    #[error("a table of `{release}` shows {cells} numbers that the rules hide")]
    TooSmall {
        /// The release.
        release: ReleaseId,
        /// How many.
        cells: usize,
    },
    /// The disk refuses.
    #[error("the file `{}` cannot be read or written", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Diagnose for ReleaseError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ReleaseError::Refused(refusal) => refusal.diagnostic(),
            ReleaseError::UnknownOffice { actor } => {
                Diagnostic::new(codes::UNKNOWN_OFFICE).with("name", actor)
            }
            ReleaseError::UnknownKey { actor } => {
                Diagnostic::new(codes::UNKNOWN_KEY).with("name", actor)
            }
            ReleaseError::OwnRequest { release, actor } => Diagnostic::new(codes::OWN_REQUEST)
                .with("entry", release)
                .with("name", actor),
            ReleaseError::VotedAlready { release, actor } => Diagnostic::new(codes::VOTED_ALREADY)
                .with("entry", release)
                .with("name", actor),
            ReleaseError::Unknown { release } => {
                Diagnostic::new(codes::UNKNOWN_REQUEST).with("entry", release)
            }
            ReleaseError::Changed { file } => {
                Diagnostic::new(codes::CHANGED).with("file", file.display())
            }
            ReleaseError::Waiting {
                release,
                votes,
                needed,
            } => Diagnostic::new(codes::WAITING)
                .with("entry", release)
                .with("actual", votes)
                .with("expected", needed),
            ReleaseError::Rejected { release } => {
                Diagnostic::new(codes::REJECTED).with("entry", release)
            }
            ReleaseError::Closed { release } => {
                Diagnostic::new(codes::CLOSED).with("entry", release)
            }
            ReleaseError::NoTables => Diagnostic::new(codes::NO_TABLES),
            ReleaseError::TooSmall { release, cells } => Diagnostic::new(codes::TOO_SMALL)
                .with("entry", release)
                .with("count", cells),
            ReleaseError::File { file, source } => Diagnostic::new(codes::FILE)
                .with("file", file.display())
                .with("detail", source),
        }
    }
}
