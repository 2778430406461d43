//! Persons over deliveries, inside the lab: linked at each build; told as counts, by stage and group, and change by change with its reason.
//!
//! Nothing told here holds a row, a pseudonym or a number made of one: rows and people are counted, doubts and changes are numbered as they are told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use wdl_base::{Age, Difference, Group, Linkage, Linking, Persons, Snapshot, link_persons};
use wdl_contract::Contracts;
use wdl_crypto::HashKey;
use wdl_encoding::Recipe;
use wdl_ledger::{Act, Entry, verify};
use wdl_linkage::staged::{
    Agreement, Cause, Change, Compared, Doubt, Evidence, Question, Residue, Stage, Verdict, Work,
};
use wdl_protocol::Lab;
use wdl_register::{Accepted, LinkSecrets, Register};
use wdl_vocab::diagnostics::codes::{linkage as codes, usage};
use wdl_vocab::{DeliveryId, Diagnostic, Digest, Period, SnapshotId};

use crate::decide;
use crate::desk::known_keys;
use crate::home::Part;
use crate::office::Secrets;
use crate::receive::accepted;
use crate::{Desk, Home, Stopped};

/// Links what is new since the snapshot that stands.
pub(crate) fn persons(
    desk: &Desk,
    contracts: &Contracts,
    register: &Register,
    in_force: &[Accepted],
    standing: Option<&Snapshot>,
) -> Result<Option<Persons>, Stopped> {
    let recipes = Recipe::read_all(&desk.home.lab())?;
    let secrets = Secrets::read(&desk.home)?;
    let order: Vec<DeliveryId> = accepted(desk.ledger.entries())
        .into_iter()
        .map(|one| one.delivery)
        .collect();
    let keys = known_keys(&desk.home, &desk.lab)?;
    let decisions = decide::read_all(&desk.home, &desk.lab, &keys, desk.ledger.entries())?;
    let decisions = decide::for_linkage(decisions);
    let linking = Linking {
        decisions: &decisions,
        contracts,
        recipes: &recipes,
        register,
        accepted: in_force,
        order: &order,
        secrets: LinkSecrets {
            sealing: &secrets.sealing,
            ids: &secrets.ids,
        },
        state: &desk.home.state(),
    };
    let earlier = standing.and_then(Snapshot::linkage);
    Ok(link_persons(&linking, earlier)?)
}

/// What a build linked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// Whether anything had to be looked at; otherwise the answer was there.
    pub is_new: bool,
    /// Rows of the linked datasets.
    pub rows: u64,
    /// Those without a valid code.
    pub without_code: u64,
    /// Those of them that belong to a person with a code, by stage.
    pub linked: BTreeMap<String, u64>,
    /// Those that belong together and have no code.
    pub among_themselves: u64,
    /// Codes that were replaced by another.
    pub replaced: u64,
    /// What a person must decide.
    pub doubts: u64,
    /// Rows and codes that were found late: they change history older than a year with the delivery of the next fourth quarter.
    pub held: u64,
    /// How much was looked at.
    pub work: Work,
}

impl Linked {
    /// What a build linked; nothing when no dataset is.
    pub(crate) fn of(persons: Option<&Persons>) -> Option<Linked> {
        let persons = persons?;
        let linkage = persons.linkage();
        let mut told = Linked {
            is_new: persons.work().is_some(),
            replaced: linkage.state.replaced.len() as u64,
            doubts: linkage.state.doubts.len() as u64,
            held: held(linkage),
            work: persons.work().unwrap_or_default(),
            ..Linked::default()
        };
        for count in &linkage.census {
            told.rows += count.rows;
            told.without_code += count.without_code;
            told.among_themselves += count.among_themselves.values().sum::<u64>();
            for (stage, rows) in &count.linked {
                *told.linked.entry(stage.clone()).or_default() += rows;
            }
        }
        Some(told)
    }
}

/// How the linkage of the snapshot that stands is.
#[derive(Clone, Debug, Serialize)]
pub struct LinkageStatus {
    /// The snapshot.
    pub snapshot: SnapshotId,
    /// The datasets that are linked.
    pub datasets: Vec<LinkedRows>,
    /// The reference population's groups, and what the codes say of the tokens.
    pub groups: Vec<LinkedGroup>,
    /// Replaced codes, by how it shows.
    pub replaced: BTreeMap<&'static str, u64>,
    /// Doubts, by cause.
    pub doubts: BTreeMap<&'static str, u64>,
    /// What the stage of encodings saw and did.
    pub residue: Residue,
    /// What people decided on others, by the answer.
    pub decisions: BTreeMap<&'static str, u64>,
    /// Rows and codes that were found late: they change history older than a year with the delivery of the next fourth quarter.
    pub held: u64,
}

fn held(linkage: &Linkage) -> u64 {
    (linkage.held.rows.len() + linkage.held.codes.len()) as u64
}

/// What became of the rows of a dataset or a group.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkedRows {
    /// The dataset, or the group.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Those without a valid code.
    pub without_code: u64,
    /// Those linked to a person with a code, by stage.
    pub linked: BTreeMap<String, u64>,
    /// Those that belong together and have no code.
    pub among_themselves: u64,
    /// Those that a person must decide.
    pub doubtful: u64,
    /// Those that belong to nobody else's rows.
    pub unlinked: u64,
}

/// A group of people.
#[derive(Clone, Debug, Serialize)]
pub struct LinkedGroup {
    /// Its rows in the reference population and what became of them.
    #[serde(flatten)]
    pub rows: LinkedRows,
    /// How many people the estimate rests on: those whose code stands in two datasets.
    pub known: u64,
    /// The share of them whose tokens agree: what the first stage would find without the code; none of too few people.
    pub estimated_recall: Option<f64>,
    /// Its interval of 95 %.
    pub estimated_recall_interval: Option<(f64, f64)>,
    /// The share of pairs with one token that have one code; none of too few pairs.
    pub estimated_precision: Option<f64>,
    /// Its interval of 95 %.
    pub estimated_precision_interval: Option<(f64, f64)>,
}

impl LinkedRows {
    fn add(&mut self, count: &wdl_base::Count) {
        self.rows += count.rows;
        self.without_code += count.without_code;
        self.doubtful += count.doubtful;
        self.unlinked += count.unlinked();
        self.among_themselves += count.among_themselves.values().sum::<u64>();
        for (stage, rows) in &count.linked {
            *self.linked.entry(stage.clone()).or_default() += rows;
        }
    }
}

/// The groups people are told by; one person is in several.
const GROUPS: [(&str, IsOf); 7] = [
    ("all", |_| true),
    ("italian", |group| group.is_foreign == Some(false)),
    ("foreign", |group| group.is_foreign == Some(true)),
    ("newborn", |group| group.age == Some(Age::Newborn)),
    ("minor", |group| group.age == Some(Age::Minor)),
    ("adult", |group| group.age == Some(Age::Adult)),
    ("elder", |group| group.age == Some(Age::Elder)),
];

/// How the linkage of the snapshot that stands is; nobody needs to act for it, and nothing is recorded.
///
/// # Errors
/// [`Stopped`] when nothing is built or nothing linked.
pub fn linkage_status(home: &Home) -> Result<LinkageStatus, Stopped> {
    let record = Record::read(home)?;
    let (snapshot, linkage) = record.standing(home)?;
    let mut datasets: BTreeMap<&str, LinkedRows> = BTreeMap::new();
    for count in &linkage.census {
        let rows = datasets.entry(&count.dataset).or_default();
        rows.name.clone_from(&count.dataset);
        rows.add(count);
    }
    let mut replaced = BTreeMap::new();
    for one in &linkage.state.replaced {
        *replaced.entry(evidence(one.evidence)).or_default() += 1;
    }
    let mut doubts = BTreeMap::new();
    for doubt in &linkage.state.doubts {
        *doubts.entry(cause(doubt.cause)).or_default() += 1;
    }
    let mut decisions = BTreeMap::new();
    for decision in &linkage.decisions {
        *decisions.entry(verdict(decision.verdict)).or_default() += 1;
    }
    Ok(LinkageStatus {
        decisions,
        residue: linkage.state.residue,
        snapshot,
        datasets: datasets.into_values().collect(),
        groups: groups(&linkage),
        held: held(&linkage),
        replaced,
        doubts,
    })
}

fn groups(linkage: &Linkage) -> Vec<LinkedGroup> {
    GROUPS
        .iter()
        .map(|(name, holds)| {
            let mut rows = LinkedRows {
                name: (*name).to_owned(),
                ..LinkedRows::default()
            };
            // A dataset that says nothing of the person has no groups.
            let grouped = linkage.census.iter();
            let grouped = grouped.filter(|count| count.group != Group::default());
            for count in grouped.filter(|count| holds(&count.group)) {
                rows.add(count);
            }
            let mut found = Agreement::default();
            for (_, agreement) in linkage.agreement.iter().filter(|(group, _)| holds(group)) {
                found.known += agreement.known;
                found.agreeing += agreement.agreeing;
                found.met += agreement.met;
                found.right += agreement.right;
            }
            LinkedGroup {
                rows,
                known: found.known,
                estimated_recall: found.recall().map(|share| share.estimate),
                estimated_recall_interval: found.recall().map(|share| share.interval),
                estimated_precision: found.precision().map(|share| share.estimate),
                estimated_precision_interval: found.precision().map(|share| share.interval),
            }
        })
        .collect()
}

/// A change, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldChange {
    /// Its number in this telling; it means nothing elsewhere.
    pub number: usize,
    /// What changed.
    pub kind: &'static str,
    /// The dataset of the row, where it is of one row.
    pub dataset: Option<String>,
    /// The stage of the link.
    pub stage: Option<String>,
    /// The reason: how a code shows as replaced, or why a person must decide.
    pub reason: Option<&'static str>,
    /// Whether a code that came was that of the person the row was linked to; told when it was linked to one.
    pub is_as_linked: Option<bool>,
    /// What a person decided, where it is of a doubt that was decided.
    pub verdict: Option<&'static str>,
    /// The delivery that made it possible: dataset and period.
    pub delivery: Option<(String, Period)>,
}

/// What changed from one snapshot to the next.
#[derive(Clone, Debug, Serialize)]
pub struct LinkageChanges {
    /// The snapshot before; none when the one that stands is the first.
    pub before: Option<SnapshotId>,
    /// The snapshot that stands.
    pub after: SnapshotId,
    /// How much was looked at.
    pub work: Work,
    /// Every change.
    pub changes: Vec<ToldChange>,
}

/// Every change of who is whose since the snapshot before, with its reason.
///
/// # Errors
/// [`Stopped`] when nothing is built or nothing linked.
pub fn linkage_changes(home: &Home) -> Result<LinkageChanges, Stopped> {
    let record = Record::read(home)?;
    let (after, linkage) = record.standing(home)?;
    let before = record.before(home, &after, linkage.input);
    let (before, was) = match before {
        Some((snapshot, input)) => (Some(snapshot), input),
        None => (None, None),
    };
    let difference = match was == Some(linkage.input) {
        true => None,
        false => Difference::read(&home.state(), was, linkage.input),
    };
    let (work, changes) = difference.map_or_else(Default::default, |one| (one.work, one.changes));
    Ok(LinkageChanges {
        before,
        after,
        work,
        changes: changes
            .iter()
            .zip(1..)
            .map(|(change, number)| record.told(change, number))
            .collect(),
    })
}

/// A doubt, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldDoubt {
    /// Its number in this telling; it means nothing elsewhere.
    pub number: usize,
    /// Its name, to decide by: the same at each telling, and made with a secret of the lab.
    pub name: String,
    /// Why the program does not decide.
    pub cause: &'static str,
    /// How many people with a code are concerned.
    pub persons: usize,
    /// How many rows without a code, by dataset.
    pub rows: BTreeMap<String, u64>,
    /// What agrees among them and what does not.
    pub compared: Compared,
    /// The newest delivery among them: dataset and period.
    pub delivery: Option<(String, Period)>,
}

/// What a person must decide; not what was decided since the snapshot was built.
///
/// # Errors
/// [`Stopped`] when nothing is built or nothing linked.
pub fn linkage_doubts(home: &Home) -> Result<Vec<ToldDoubt>, Stopped> {
    let record = Record::read(home)?;
    let (_, linkage) = record.standing(home)?;
    let ids = Secrets::read(home)?.ids;
    let decisions = decide::decisions(home)?;
    let last = decide::last_words(&decisions);
    let applied = |about: &Question, verdict: Verdict| {
        let mut decisions = linkage.decisions.iter();
        decisions.any(|one| one.about == *about && one.verdict == verdict)
    };
    // What was decided and is asked all the same goes against another decision.
    let is_open = |name: &str, doubt: &Doubt| {
        let last = last.get(name);
        last.is_none_or(|last| applied(&doubt.about, last.verdict))
    };
    let named = linkage.state.doubts.iter();
    let named = named.map(|doubt| (decide::name(&doubt.about, &ids), doubt));
    let open = named.filter(|(name, doubt)| is_open(name, doubt));
    let told = open.zip(1..).map(|((name, doubt), number)| {
        let mut rows: BTreeMap<String, u64> = BTreeMap::new();
        for (dataset, _) in doubt.about.records() {
            *rows.entry(dataset.clone()).or_default() += 1;
        }
        ToldDoubt {
            number,
            name,
            cause: cause(doubt.cause),
            persons: doubt.about.persons.len(),
            rows,
            compared: doubt.compared.clone(),
            delivery: record.delivery(doubt.delivery),
        }
    });
    Ok(told.collect())
}

/// The place of the newest delivery before an entry, among all that came.
pub(crate) fn accepted_before(entries: &[Entry]) -> u32 {
    let came = accepted(entries).len() as u32;
    came.saturating_sub(1)
}

/// The doubts of the snapshot that stands, and the names of those that were before.
pub(crate) struct Doubts {
    /// The snapshot.
    pub(crate) snapshot: SnapshotId,
    standing: BTreeMap<String, Question>,
    before: BTreeSet<String>,
}

impl Doubts {
    pub(crate) fn read(home: &Home, entries: &[Entry], ids: &HashKey) -> Result<Doubts, Stopped> {
        let record = Record {
            accepted: accepted(entries),
            entries: entries.to_vec(),
        };
        let (snapshot, linkage) = record.standing(home)?;
        let standing = linkage.state.doubts.into_iter();
        let standing = standing.map(|doubt| (decide::name(&doubt.about, ids), doubt.about));
        let before = record.built().into_iter().filter_map(|id| {
            let snapshot = Snapshot::read(&home.state(), &id).ok()?;
            Linkage::read(&home.state(), snapshot.linkage()?)
        });
        let before = before.flat_map(|linkage| linkage.state.doubts);
        Ok(Doubts {
            snapshot,
            standing: standing.collect(),
            before: before
                .map(|doubt| decide::name(&doubt.about, ids))
                .collect(),
        })
    }

    /// What a doubt that stands is about.
    pub(crate) fn standing(&self, name: &str) -> Option<&Question> {
        self.standing.get(name)
    }

    /// Whether a doubt stands, or stood in a snapshot before.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.standing.contains_key(name) || self.before.contains(name)
    }
}

/// The record, as far as linkage is told from it.
struct Record {
    entries: Vec<Entry>,
    accepted: Vec<Accepted>,
}

impl Record {
    fn read(home: &Home) -> Result<Record, Stopped> {
        let lab = Lab::read(&home.lab())?;
        let keys = known_keys(home, &lab)?;
        let record = verify(&home.of(Part::Ledger), &keys)?;
        let entries = record.entries().to_vec();
        Ok(Record {
            accepted: accepted(&entries),
            entries,
        })
    }

    /// The snapshots that builds recorded, the newest first, each once in a row.
    fn built(&self) -> Vec<SnapshotId> {
        let built = |entry: &Entry| match &entry.act {
            Act::Built { snapshot, .. } if entry.outcome.is_done() => snapshot.clone(),
            _ => None,
        };
        let mut built: Vec<SnapshotId> = self.entries.iter().rev().filter_map(built).collect();
        built.dedup();
        built
    }

    fn standing(&self, home: &Home) -> Result<(SnapshotId, Linkage), Stopped> {
        let built = self.built();
        let nothing = || Stopped::new(Diagnostic::new(usage::NOTHING_BUILT));
        let id = built.first().ok_or_else(nothing)?;
        let snapshot = Snapshot::read(&home.state(), id)?;
        let linkage = snapshot.linkage();
        let linkage = linkage.and_then(|input| Linkage::read(&home.state(), input));
        match linkage {
            Some(linkage) => Ok((id.clone(), linkage)),
            None => Err(Stopped::new(
                Diagnostic::new(codes::NOTHING_LINKED).with("snapshot", id),
            )),
        }
    }

    /// The snapshot before one, with its linkage.
    fn before(
        &self,
        home: &Home,
        after: &SnapshotId,
        input: Digest,
    ) -> Option<(SnapshotId, Option<Digest>)> {
        let built = self.built();
        let before = built.iter().skip_while(|id| *id != after).nth(1)?;
        let snapshot = Snapshot::read(&home.state(), before).ok()?;
        let was = snapshot.linkage().copied();
        // A linkage that can no longer be read was not built upon.
        let is_there =
            was.is_some_and(|was| was == input || Linkage::read(&home.state(), &was).is_some());
        Some((before.clone(), was.filter(|_| is_there)))
    }

    fn delivery(&self, place: u32) -> Option<(String, Period)> {
        let one = self.accepted.get(place as usize)?;
        Some((format!("{}_{}", one.body, one.dataset), one.period))
    }

    fn told(&self, change: &Change, number: usize) -> ToldChange {
        let (reason, delivery, is_as_linked) = match change {
            Change::Linked(link) | Change::CodeFound(link) | Change::Moved { now: link, .. } => {
                (None, Some(link.delivery), None)
            }
            Change::Doubtful(_) | Change::Gone(_) | Change::Parted(_) => (None, None, None),
            Change::CodeCame { is_as_linked, .. } => (None, None, *is_as_linked),
            Change::Replaced(one) | Change::Restored(one) => {
                (Some(evidence(one.evidence)), Some(one.delivery), None)
            }
            Change::Asked(doubt) | Change::Settled(doubt) | Change::Decided(doubt, _) => {
                (Some(cause(doubt.cause)), Some(doubt.delivery), None)
            }
        };
        let answer = match change {
            Change::Decided(_, answer) => Some(verdict(*answer)),
            _ => None,
        };
        ToldChange {
            number,
            kind: change.kind(),
            dataset: change.dataset().map(str::to_owned),
            stage: change.stage().map(stage),
            reason,
            verdict: answer,
            is_as_linked,
            delivery: delivery.and_then(|place| self.delivery(place)),
        }
    }
}

fn stage(stage: &Stage) -> String {
    match stage {
        Stage::Token(name) => name.clone(),
        Stage::Encoding => "clk".to_owned(),
        Stage::Decision => "decision".to_owned(),
    }
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::SameRow => "same_row",
        Evidence::NextPosition => "next_position",
        Evidence::Decided => "decided",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Different => "different",
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::SharedToken => "shared_token",
        Cause::AtOnce => "at_once",
        Cause::Differs => "differs",
        Cause::SeveralCodes => "several_codes",
        Cause::BothStand => "both_stand",
        Cause::NotContinued => "not_continued",
        Cause::OutsideReference => "outside_reference",
        Cause::OtherName => "other_name",
        Cause::Alike => "alike",
    }
}

/// Whether somebody is of a group.
type IsOf = fn(&Group) -> bool;
