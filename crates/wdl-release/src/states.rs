//! The states of a release as types without public constructors.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use wdl_ledger::Act;
use wdl_protocol::ActorId;
use wdl_result::Table;
use wdl_vocab::{Digest, ReleaseId};

use crate::letters::Vote;

/// A request for release, verified.
#[derive(Clone, Debug)]
// INVARIANT: its signature, its author's permission and the digests of its tables were verified.
pub struct Request {
    pub(crate) id: ReleaseId,
    pub(crate) digest: Digest,
    pub(crate) author: ActorId,
    pub(crate) on: Timestamp,
    pub(crate) tables: Vec<(Digest, Table)>,
}

impl Request {
    /// Its name.
    pub fn id(&self) -> &ReleaseId {
        &self.id
    }

    /// The digest of the signed file: the object of its entry in the ledger.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the ledger records.
    pub fn act(&self) -> Act {
        Act::ReleaseRequested {
            release: Some(self.id.clone()),
            tables: self.tables.len() as u64,
        }
    }

    /// The office that asks.
    pub fn author(&self) -> &ActorId {
        &self.author
    }

    /// When.
    pub fn on(&self) -> Timestamp {
        self.on
    }

    /// The tables to be reviewed.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().map(|(_, table)| table)
    }
}

/// A vote that was written down.
#[derive(Clone, Debug)]
// INVARIANT: its signature and its reviewer's permission were verified.
pub struct Review {
    pub(crate) digest: Digest,
    pub(crate) release: ReleaseId,
    pub(crate) by: ActorId,
    pub(crate) on: Timestamp,
    pub(crate) vote: Vote,
}

impl Review {
    /// The digest of the signed file: the object of its entry in the ledger.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the ledger records.
    pub fn act(&self) -> Act {
        Act::ReleaseReviewed {
            release: self.release.clone(),
            approved: Some(self.vote == Vote::Approve),
        }
    }

    /// The office that voted.
    pub fn by(&self) -> &ActorId {
        &self.by
    }

    /// When.
    pub fn on(&self) -> Timestamp {
        self.on
    }

    /// How.
    pub fn vote(&self) -> Vote {
        self.vote
    }
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Votes are missing.
    Waiting {
        /// Votes there are.
        votes: usize,
        /// Votes there must be.
        needed: usize,
    },
    /// A reviewer disagreed.
    Rejected,
    /// All reviewers agreed; it can be released.
    Approved,
    /// It was released.
    Released,
}

/// One approval, as it may be told to the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The office.
    pub by: ActorId,
    /// When.
    pub on: Timestamp,
}

/// Who asked, who agreed, who released, when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The release.
    pub id: ReleaseId,
    /// The office that asked.
    pub requested_by: ActorId,
    /// When it asked.
    pub requested_on: Timestamp,
    /// The reviews that allowed it, by time.
    pub reviews: Vec<Approval>,
    /// The office that released.
    pub released_by: ActorId,
    /// When it was released.
    pub released_on: Timestamp,
    /// The digest of `released.json`: the object of its entry in the ledger.
    pub digest: Digest,
}

/// A thing that two people who did not make it have let out. Only a [`Desk`](crate::Desk) makes one.
#[derive(Clone, Debug)]
// INVARIANT: the value came from a release whose every signature, permission and digest was verified.
pub struct Released<T> {
    value: T,
    digest: Digest,
    facts: Arc<Facts>,
}

impl<T> Released<T> {
    /// The thing itself.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// Its digest as it was checked.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Who asked, who agreed, when.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

/// A release: its facts and its tables.
#[derive(Clone, Debug)]
pub struct Release {
    facts: Arc<Facts>,
    tables: Vec<Released<Table>>,
}

impl Release {
    pub(crate) fn new(facts: Facts, tables: Vec<(Digest, Table)>) -> Release {
        let facts = Arc::new(facts);
        let tables = tables
            .into_iter()
            .map(|(digest, value)| Released {
                value,
                digest,
                facts: Arc::clone(&facts),
            })
            .collect();
        Release { facts, tables }
    }

    /// Who asked, who agreed, when.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What the ledger records.
    pub fn act(&self) -> Act {
        Act::Released {
            release: self.facts.id.clone(),
        }
    }

    /// The tables, in the order of the request.
    pub fn tables(&self) -> &[Released<Table>] {
        &self.tables
    }
}

/// The newest release of every table, by indicator and breakdown: what is public now.
///
/// The order is that of the releases and of the tables in them.
pub fn latest(releases: &[Release]) -> Vec<&Released<Table>> {
    let name = |released: &Released<Table>| {
        let table = released.get();
        (table.header.indicator.to_string(), table.breakdown())
    };
    let all = || releases.iter().flat_map(Release::tables);
    let mut newest: BTreeMap<(String, String), Timestamp> = BTreeMap::new();
    for released in all() {
        let on = released.facts.released_on;
        let known = newest.entry(name(released)).or_insert(on);
        *known = (*known).max(on);
    }
    // Of two releases at the same instant the later one in the list holds.
    let mut kept: Vec<&Released<Table>> = Vec::new();
    for released in all().filter(|each| newest[&name(each)] == each.facts.released_on) {
        match kept.iter().position(|other| name(other) == name(released)) {
            Some(at) => kept[at] = released,
            None => kept.push(released),
        }
    }
    kept
}
