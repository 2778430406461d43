//! The states of a release as types without public constructors.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use wdl_disclosure::between::Facts;
use wdl_ledger::Act;
use wdl_protocol::ActorId;
use wdl_result::Table;
use wdl_vocab::{BodyId, DatasetId, Digest, IndicatorId, ReleaseId, Text};

use crate::letters::{Context, Vote};
use crate::machine::State;

/// A request for release, verified.
#[derive(Clone, Debug)]
// INVARIANT: its signature, its author's permission and the digests of its tables were verified.
pub struct Request {
    pub(crate) id: ReleaseId,
    pub(crate) digest: Digest,
    pub(crate) author: ActorId,
    pub(crate) on: Timestamp,
    pub(crate) tables: Vec<(Digest, Table)>,
    pub(crate) facts: Facts,
    pub(crate) sources: Vec<(BodyId, DatasetId)>,
    pub(crate) context: Option<Context>,
    pub(crate) replaces: Option<ReleaseId>,
    pub(crate) unproved: Vec<Text>,
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

    /// Why it is asked for.
    pub fn context(&self) -> Option<&Context> {
        self.context.as_ref()
    }

    /// The request it takes the place of.
    pub fn replaces(&self) -> Option<&ReleaseId> {
        self.replaces.as_ref()
    }

    /// What could not be bounded together with earlier releases, for the reviewers: who lets it go says why.
    pub fn unproved(&self) -> &[Text] {
        &self.unproved
    }

    /// The datasets its tables rest on.
    pub fn sources(&self) -> &[(BodyId, DatasetId)] {
        &self.sources
    }

    /// The tables to be reviewed.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().map(|(_, table)| table)
    }
}

/// A vote that was given and that its reviewer alone can read.
#[derive(Clone, Debug)]
// INVARIANT: its signature and its reviewer's permission were verified.
pub struct SealedVote {
    pub(crate) digest: Digest,
    pub(crate) release: ReleaseId,
    pub(crate) by: ActorId,
    pub(crate) on: Timestamp,
}

impl SealedVote {
    /// The digest of the signed file: the object of its entry in the ledger.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the ledger records: that somebody voted, and nothing of the vote.
    pub fn act(&self) -> Act {
        Act::ReleaseReviewed {
            release: self.release.clone(),
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
}

/// A vote that was opened.
#[derive(Clone, Debug)]
// INVARIANT: its signature and its reviewer's permission were verified, and it is the vote that was sealed.
pub struct Review {
    pub(crate) digest: Digest,
    pub(crate) release: ReleaseId,
    pub(crate) by: ActorId,
    pub(crate) on: Timestamp,
    pub(crate) vote: Vote,
    pub(crate) words: Option<String>,
    /// What all votes together come to, when this is the last one that is opened.
    pub(crate) decides: Option<bool>,
}

impl Review {
    /// The digest of the signed file: the object of its entry in the ledger.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the ledger records: that a vote was opened, and with the last one what all of them come to.
    ///
    /// Which reviewer voted how is in no entry.
    pub fn act(&self) -> Act {
        Act::VoteOpened {
            release: self.release.clone(),
            approved: self.decides,
        }
    }

    /// The condition, what must change, or why not.
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// The office that voted.
    pub fn by(&self) -> &ActorId {
        &self.by
    }

    /// When it was given.
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
    /// All have voted, and votes are still sealed.
    Sealed {
        /// Votes that are opened.
        opened: usize,
        /// Votes there are.
        needed: usize,
    },
    /// A reviewer disagreed.
    Rejected,
    /// A reviewer wants it changed: the author asks again.
    Returned,
    /// All reviewers agreed; it can be released.
    Approved,
    /// All reviewers agreed, at least one under a condition; it can be released with it.
    Conditional,
    /// It was released.
    Released,
    /// It was taken back.
    Withdrawn,
    /// Another request took its place.
    Replaced,
}

impl Progress {
    /// The state, without how many votes there are.
    pub fn state(self) -> State {
        match self {
            Progress::Waiting { .. } => State::Waiting,
            Progress::Sealed { .. } => State::Sealed,
            Progress::Rejected => State::Refused,
            Progress::Returned => State::Returned,
            Progress::Approved => State::Approved,
            Progress::Conditional => State::Conditional,
            Progress::Released => State::Released,
            Progress::Withdrawn => State::Withdrawn,
            Progress::Replaced => State::Replaced,
        }
    }
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
pub struct ReleaseFacts {
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
    /// The conditions of the reviewers, in their words.
    pub conditions: Vec<String>,
    /// The digest of `released.json`: the object of its entry in the ledger.
    pub digest: Digest,
}

/// A release that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Withdrawal {
    /// The release.
    pub release: ReleaseId,
    /// The tables that are out no more: indicator and breakdown.
    pub tables: Vec<(IndicatorId, String)>,
    /// The titles of their indicators.
    pub titles: BTreeMap<IndicatorId, Text>,
    /// The office that took it back.
    pub by: ActorId,
    /// When.
    pub on: Timestamp,
    /// Why, in words for the public.
    pub why: String,
    /// The digest of `withdrawn.json`: the object of its entry in the ledger.
    pub digest: Digest,
}

impl Withdrawal {
    /// What the ledger records.
    pub fn act(&self) -> Act {
        Act::Withdrawn {
            release: self.release.clone(),
        }
    }
}

/// A thing that two people who did not make it have let out. Only a [`Desk`](crate::Desk) makes one.
#[derive(Clone, Debug)]
// INVARIANT: the value came from a release whose every signature, permission and digest was verified.
pub struct Released<T> {
    value: T,
    digest: Digest,
    rules: Option<Arc<[u8]>>,
    facts: Arc<ReleaseFacts>,
}

impl<T> Released<T> {
    /// The thing itself.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The signed record of the rules that were applied to it, as its file stands; none for a release before there were such records.
    pub fn rules(&self) -> Option<&[u8]> {
        self.rules.as_deref()
    }

    /// Its digest as it was checked.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Who asked, who agreed, when.
    pub fn facts(&self) -> &ReleaseFacts {
        &self.facts
    }
}

/// A release: its facts and its tables.
#[derive(Clone, Debug)]
pub struct Release {
    facts: Arc<ReleaseFacts>,
    tables: Vec<Released<Table>>,
}

impl Release {
    /// `rules` stand in the order of the tables; none of them for an old release.
    pub(crate) fn new(
        facts: ReleaseFacts,
        tables: Vec<(Digest, Table)>,
        rules: Vec<Vec<u8>>,
    ) -> Release {
        let facts = Arc::new(facts);
        let mut rules = rules.into_iter();
        let tables = tables
            .into_iter()
            .map(|(digest, value)| Released {
                value,
                digest,
                rules: rules.next().map(Arc::from),
                facts: Arc::clone(&facts),
            })
            .collect();
        Release { facts, tables }
    }

    /// Who asked, who agreed, when.
    pub fn facts(&self) -> &ReleaseFacts {
        &self.facts
    }

    /// What the ledger records.
    pub fn act(&self) -> Act {
        Act::Released {
            release: self.facts.id.clone(),
        }
    }

    /// The release with some of its tables; `None` when none is left.
    pub fn keeping(mut self, is_kept: &dyn Fn(&Table) -> bool) -> Option<Release> {
        self.tables.retain(|released| is_kept(released.get()));
        (!self.tables.is_empty()).then_some(self)
    }

    /// The tables, in the order of the request.
    pub fn tables(&self) -> &[Released<Table>] {
        &self.tables
    }
}

/// The releases without what was taken back: a table of one that came before a release of it that was taken back does not show again.
pub fn standing(releases: Vec<Release>, withdrawn: &[Withdrawal]) -> Vec<Release> {
    releases
        .into_iter()
        .filter_map(|release| {
            let is_over = |table: &Table, on: Timestamp| {
                let name = (table.header.indicator.clone(), table.breakdown());
                withdrawn
                    .iter()
                    .any(|one| on < one.on && one.tables.contains(&name))
            };
            let on = release.facts().released_on;
            release.keeping(&|table| !is_over(table, on))
        })
        .collect()
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
