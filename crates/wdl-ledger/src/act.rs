//! What can be recorded: the acts of the lab and how they ended.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wdl_vocab::{
    BodyId, Code, DatasetId, DeliveryId, Digest, Period, ReleaseId, SnapshotId, StudyId,
};

use crate::word::Word;

/// A number of rows, to the nearest ten: the record is public, and how many acts a quarter had can be a number that a published table hides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rows(u64);

impl Rows {
    /// About so many.
    pub fn about(exact: u64) -> Rows {
        Rows(exact.saturating_add(5) / 10 * 10)
    }

    /// The rounded number.
    pub fn get(self) -> u64 {
        self.0
    }

    fn is_none(&self) -> bool {
        self.0 == 0
    }
}

/// What a delivery did to one before it; an ordinary one did nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// It took its place.
    Replaces {
        /// The delivery.
        of: DeliveryId,
    },
    /// It added the rows that were rejected of it.
    Completes {
        /// The delivery.
        of: DeliveryId,
    },
    /// It took it back.
    Cancels {
        /// The delivery.
        of: DeliveryId,
    },
}

/// A delivery that the lab took in: all that is needed to find its rows again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The body it came from.
    pub body: BodyId,
    /// The dataset.
    pub dataset: DatasetId,
    /// The period in which it came.
    pub period: Period,
    /// The version of the contract it was read by.
    pub contract_version: Word,
    /// About how many rows.
    pub rows: Rows,
    /// About how many were rejected; not written when there are none.
    #[serde(default, skip_serializing_if = "Rows::is_none")]
    pub rows_rejected: Rows,
    /// About how many of those taken in have no usable person.
    pub rows_without_person: Rows,
    /// The digest of the rows, sorted.
    pub content: Digest,
    /// The file of the register that holds them.
    pub file: Word,
    /// What it did to one before it; not written when it is an ordinary delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// An act of the lab.
///
/// A refused act has the same kind as the one that was tried, and fewer facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// The lab came into being under this agreement.
    LabCreated {
        /// The digest of the lab's agreement files.
        agreement: Digest,
    },
    /// The keys of bodies were certified for the custodians.
    Certified {
        /// Whose; none when it was refused.
        bodies: Vec<BodyId>,
        /// For how many days from then.
        days: u32,
    },
    /// A delivery was accepted.
    Received(Received),
    /// A delivery was offered and refused. The names are those the lab itself knows: what an untrusted file says of itself is not repeated.
    Offered {
        /// The body, when it is one of the agreement and its signature held.
        body: Option<BodyId>,
        /// The dataset, when a contract knows it.
        dataset: Option<DatasetId>,
        /// The period.
        period: Option<Period>,
    },
    /// The linked base was brought up to date.
    Built {
        /// The snapshot; none when the build did not get there.
        snapshot: Option<SnapshotId>,
        /// Partitions computed anew.
        computed: u64,
        /// Partitions that were there already.
        kept: u64,
        /// The last period that the snapshot knows.
        period: Option<Period>,
    },
    /// A person decided on a doubt of the linkage; what was decided about stands in the lab alone, in the file whose digest is the object.
    DoubtDecided {
        /// The doubt, by the name the lab gives it; none when the lab knows none of the name that was given.
        doubt: Option<Word>,
        /// Whether it is one person; none when the decision was refused.
        same: Option<bool>,
    },
    /// The design of a study was read, without its outcome: who would be compared, what could be seen.
    StudyPlanned {
        /// The study; none when the lab knows none of the name that was given.
        study: Option<StudyId>,
    },
    /// A study was registered; the object is the digest of what it states.
    StudyRegistered {
        /// The study; none when the lab knows none of the name that was given.
        study: Option<StudyId>,
    },
    /// A study was run: its outcome was read. The object is the digest of its results, which stay in the lab.
    StudyRun {
        /// The study; none when the lab knows none of the name that was given.
        study: Option<StudyId>,
        /// Whether it was registered before; none when the run was refused.
        registered: Option<bool>,
        /// The version of the base it was run on; none when it did not get there.
        snapshot: Option<SnapshotId>,
    },
    /// A release was asked for.
    ReleaseRequested {
        /// The release; none when the request did not come to be.
        release: Option<ReleaseId>,
        /// How many tables.
        tables: u64,
    },
    /// A reviewer voted: the vote is sealed, and nobody but the reviewer can read it.
    ReleaseReviewed {
        /// The release.
        release: ReleaseId,
    },
    /// A reviewer opened the sealed vote, when all had voted.
    VoteOpened {
        /// The release.
        release: ReleaseId,
        /// Whether all agreed, in the entry of the last vote that was opened; none before, and none when it was refused.
        approved: Option<bool>,
    },
    /// Noise was drawn and paid for from the budget of a population; the object is its account.
    NoisePaid {
        /// The population.
        population: Word,
        /// What was spent on it in all (ε), in thousandths, rounded up.
        spent_thousandths: u64,
    },
    /// A release came to be.
    Released {
        /// The release.
        release: ReleaseId,
    },
    /// A release was taken back: what it said is in no entry.
    Withdrawn {
        /// The release.
        release: ReleaseId,
    },
    /// The public site was made.
    Published {
        /// The digest of all its files.
        site: Option<Digest>,
        /// How many tables it shows.
        tables: u64,
    },
    /// An office of the lab read tables that were not released; disclosure control had passed over them.
    DraftsRead {
        /// How many tables; none when it was refused.
        tables: u64,
    },
    /// A transcript of an interview, of a focus group or an open answer was sealed; what it is about and whose it is stands inside the seal, in the file whose digest is the object.
    TranscriptKept {
        /// The transcript, by the name the lab gives it; none when it was refused.
        transcript: Option<Word>,
    },
    /// An office read a transcript.
    TranscriptRead {
        /// The transcript; none when the lab knows none of the name that was given.
        transcript: Option<Word>,
    },
    /// A transcript was destroyed, because its consent was withdrawn.
    TranscriptDestroyed {
        /// The transcript; none when the lab knows none of the name that was given.
        transcript: Option<Word>,
    },
    /// The ledger or the site was verified.
    Verified {
        /// How many entries were read.
        entries: u64,
    },
}

impl Act {
    /// The kind as the file writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::LabCreated { .. } => "lab_created",
            Act::Certified { .. } => "certified",
            Act::Received(_) => "received",
            Act::Offered { .. } => "offered",
            Act::Built { .. } => "built",
            Act::DoubtDecided { .. } => "doubt_decided",
            Act::StudyPlanned { .. } => "study_planned",
            Act::StudyRegistered { .. } => "study_registered",
            Act::StudyRun { .. } => "study_run",
            Act::ReleaseRequested { .. } => "release_requested",
            Act::ReleaseReviewed { .. } => "release_reviewed",
            Act::VoteOpened { .. } => "vote_opened",
            Act::NoisePaid { .. } => "noise_paid",
            Act::Released { .. } => "released",
            Act::Withdrawn { .. } => "withdrawn",
            Act::Published { .. } => "published",
            Act::DraftsRead { .. } => "drafts_read",
            Act::TranscriptKept { .. } => "transcript_kept",
            Act::TranscriptRead { .. } => "transcript_read",
            Act::TranscriptDestroyed { .. } => "transcript_destroyed",
            Act::Verified { .. } => "verified",
        }
    }
}

/// The code of a refusal: `WDL-D004`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: `WDL-`, a letter, three digits.
pub struct RefusalCode(String);

impl RefusalCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Code> for RefusalCode {
    fn from(code: Code) -> RefusalCode {
        RefusalCode(code.id.to_owned())
    }
}

impl Serialize for RefusalCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RefusalCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RefusalCode, D::Error> {
        let text = String::deserialize(deserializer)?;
        let has_form = text.strip_prefix("WDL-").is_some_and(|rest| {
            let bytes = rest.as_bytes();
            bytes.len() == 4
                && bytes[0].is_ascii_uppercase()
                && bytes[1..].iter().all(u8::is_ascii_digit)
        });
        match has_form {
            true => Ok(RefusalCode(text)),
            false => Err(serde::de::Error::custom("not a code of the program")),
        }
    }
}

/// How an act ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It was done.
    Done {},
    /// It was refused.
    Refused {
        /// Under which code.
        code: RefusalCode,
    },
}

impl Outcome {
    /// It was done.
    pub const DONE: Outcome = Outcome::Done {};

    /// It was refused under a code.
    pub fn refused(code: Code) -> Outcome {
        Outcome::Refused { code: code.into() }
    }

    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        match self {
            Outcome::Done {} => true,
            Outcome::Refused { .. } => false,
        }
    }
}
