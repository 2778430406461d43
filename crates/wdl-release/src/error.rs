//! Why a step of a release is refused or must wait.

use std::io;
use std::path::PathBuf;

use wdl_disclosure::between::{Attack, Finding, Mention};
use wdl_protocol::{ActorId, PurposeId, Refusal};
use wdl_vocab::diagnostics::codes::{approval as codes, disclosure};
use wdl_vocab::{Code, Diagnose, Diagnostic, ReleaseId, Text};

use crate::machine::State;

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
    /// A vote of a version that did not seal votes.
    #[error("the vote `{}` was written by an earlier version", file.display())]
    EarlierVote {
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
    /// A reviewer wants it changed.
    #[error("`{release}` was returned to its author")]
    Returned {
        /// The release.
        release: ReleaseId,
    },
    /// The step does not follow on the state.
    #[error("`{release}` does not allow this step now")]
    NotNow {
        /// The release.
        release: ReleaseId,
        /// Where it stands.
        state: State,
    },
    /// The agreement does not hold on the day.
    #[error("the agreement does not hold on {day}")]
    Expired {
        /// The day.
        day: jiff::civil::Date,
    },
    /// Votes are read before all have voted.
    #[error("the votes on `{release}` are not read before all have voted")]
    TooEarly {
        /// The release.
        release: ReleaseId,
    },
    /// All have voted, and votes are still sealed.
    #[error("all have voted on `{release}`, and {} votes are not opened", by.len())]
    Unopened {
        /// The release.
        release: ReleaseId,
        /// Whose votes.
        by: Vec<ActorId>,
    },
    /// No vote that this key sealed waits to be opened.
    #[error("no vote of `{actor}` on `{release}` waits for this key")]
    NotSealedBy {
        /// The release.
        release: ReleaseId,
        /// The office.
        actor: ActorId,
    },
    /// Words are missing, or too many.
    #[error("words are missing, or longer than {maximum} characters")]
    NoWords {
        /// The most characters.
        maximum: usize,
    },
    /// A purpose that the agreement does not have.
    #[error("`{name}` is no purpose of the agreement")]
    UnknownPurpose {
        /// The purpose.
        name: PurposeId,
        /// Those there are.
        known: Vec<PurposeId>,
    },
    /// Together with what was released it would give somebody away.
    #[error("with earlier releases it gives somebody away, in {} ways", findings.len())]
    GivesAway {
        /// How.
        findings: Vec<Finding>,
    },
    /// A vote lets go what could not be bounded, and does not say why.
    #[error("{} populations of `{release}` could not be bounded, and the vote says nothing of it", unproved.len())]
    NotBounded {
        /// The release.
        release: ReleaseId,
        /// What could not be bounded.
        unproved: Vec<Text>,
    },
    /// Since the reviews more cannot be bounded.
    #[error("{} populations of `{release}` cannot be bounded since it was reviewed", unproved.len())]
    Unseen {
        /// The release.
        release: ReleaseId,
        /// What could not be bounded, and the reviewers did not see.
        unproved: Vec<Text>,
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
            ReleaseError::EarlierVote { file } => {
                Diagnostic::new(codes::EARLIER_VOTE).with("file", file.display())
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
            ReleaseError::Returned { release } => {
                Diagnostic::new(codes::RETURNED).with("entry", release)
            }
            ReleaseError::NotNow { release, state } => Diagnostic::new(codes::NOT_NOW)
                .with("entry", release)
                .with("actual", state),
            ReleaseError::Expired { day } => Diagnostic::new(codes::EXPIRED).with("value", day),
            ReleaseError::TooEarly { release } => {
                Diagnostic::new(codes::TOO_EARLY).with("entry", release)
            }
            ReleaseError::Unopened { release, by } => {
                let by: Vec<String> = by.iter().map(ToString::to_string).collect();
                Diagnostic::new(codes::UNOPENED)
                    .with("entry", release)
                    .with("name", by.join(", "))
            }
            ReleaseError::NotSealedBy { release, actor } => Diagnostic::new(codes::NOT_SEALED_BY)
                .with("entry", release)
                .with("name", actor),
            ReleaseError::NoWords { maximum } => {
                Diagnostic::new(codes::NO_WORDS).with("maximum", maximum)
            }
            ReleaseError::UnknownPurpose { name, known } => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                Diagnostic::new(codes::UNKNOWN_PURPOSE)
                    .with("name", name)
                    .with("expected", known.join(", "))
            }
            ReleaseError::GivesAway { findings } => gives_away(findings),
            ReleaseError::NotBounded { release, unproved } => {
                not_bounded(disclosure::NOT_BOUNDED, release, unproved)
            }
            ReleaseError::Unseen { release, unproved } => {
                not_bounded(disclosure::NOT_BOUNDED_NOW, release, unproved)
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

/// The first of what could not be bounded in words, and how many there are.
fn not_bounded(code: Code, release: &ReleaseId, unproved: &[Text]) -> Diagnostic {
    Diagnostic::new(code)
        .with("entry", release)
        .with("count", unproved.len())
        .with_words("detail", &unproved[0])
}

/// The first finding by its names, and how many there are; a combined one first, because it is the hardest to see.
fn gives_away(findings: &[Finding]) -> Diagnostic {
    let first = findings
        .iter()
        .max_by_key(|one| (one.attack, !one.means.is_empty()))
        .expect("it is refused for a finding");
    let code = match first.attack {
        Attack::SameCell => disclosure::SAME_CELL,
        Attack::OneInside => disclosure::ONE_INSIDE,
        Attack::Combined => disclosure::COMBINED,
    };
    let cell = |mention: &Mention| {
        let keys: Vec<String> = mention
            .cell
            .keys
            .iter()
            .map(|(dimension, key)| format!("{dimension}={key}"))
            .collect();
        keys.join(", ")
    };
    let means: Vec<String> = first
        .means
        .iter()
        .map(|mention| {
            let release = mention.release.as_deref().unwrap_or("*");
            let (indicator, period) = (mention.indicator(), mention.period());
            format!("`{indicator}` [{}] {period} ({release})", cell(mention))
        })
        .collect();
    Diagnostic::new(code)
        .with("count", findings.len())
        .with("indicator", first.target.indicator())
        .with("table", cell(&first.target))
        .with("period", first.target.period())
        .with("minimum", first.minimum)
        .with("other", means.join(" + "))
}
