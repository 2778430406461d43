//! Persons over deliveries: rows without a valid code find theirs, and codes that were replaced are one person's.
//!
//! Place in the flow: after the register, before the models; every model reads persons through it.
//! The linkage itself is `wdl_linkage::staged`; here its input is gathered from what each delivery carries, and its answer kept, named by the hash of what it was made from.
//! When no delivery is new nothing is linked; when one is, only what it touches.
//!
//! `linkage/links/<hash>.json` is the answer, `linkage/changes/<hash>-<hash>.json` what changed from one to the next and why.

mod apply;
mod carried;
mod census;
mod gather;
mod revision;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_contract::{Contract, Contracts};
use wdl_encoding::Recipes;
use wdl_linkage::staged::{self, Agreement, Changes, Decision, State, Work};
use wdl_register::{Accepted, LinkSecrets, Register, linkage_folder};
use wdl_vocab::{DeliveryId, Digest, Period};

use crate::fault::BuildError;
use crate::store::{read_json, write_json};

pub use census::{Age, Count, Group};
use gather::{Gathered, Terms};
use revision::Sight;

/// What linking reads.
pub struct Linking<'a> {
    /// The contracts: those that name a recipe are linked.
    pub contracts: &'a Contracts,
    /// The recipes.
    pub recipes: &'a Recipes,
    /// The register.
    pub register: &'a Register,
    /// The deliveries in force, in the order they came.
    pub accepted: &'a [Accepted],
    /// Every delivery that came, in order: a delivery's place here never changes.
    pub order: &'a [DeliveryId],
    /// What people decided on doubts, the earliest first, each with the place of the newest delivery of its time; on one question the last word counts.
    pub decisions: &'a [Decision],
    /// The lab's secrets.
    pub secrets: LinkSecrets<'a>,
    /// The lab's folder of state.
    pub state: &'a Path,
}

/// What the lab knows of rows without a code and of replaced codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Linkage {
    format: u32,
    /// The hash of what it was made from: its name.
    pub input: Digest,
    /// The recipes and the method.
    terms: Digest,
    /// The digest of what was decided and of what is held back.
    pub digest: Digest,
    /// The deliveries it was made from.
    deliveries: Vec<DeliveryId>,
    /// The decisions it was made with.
    pub decisions: Vec<Decision>,
    /// How many rows there are and what became of them.
    pub census: Vec<Count>,
    /// What the codes say of the tokens, by group.
    pub agreement: Vec<(Group, Agreement)>,
    /// What was decided.
    pub state: State,
    /// What was found too late for the history that it speaks of.
    pub held: Held,
}

/// What was decided and is not applied yet: history older than a year is revised with the delivery of the fourth quarter.
///
/// Until then the models see what they saw: a link that was found late is not there yet, one that was taken back late still is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Rows without a code, ascending.
    pub rows: Vec<HeldRow>,
    /// Codes, ascending.
    pub codes: Vec<HeldCode>,
}

/// A row without a code that the models see as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldRow {
    /// The dataset.
    pub dataset: String,
    /// The row.
    pub record: i64,
    /// Whose it is meanwhile; none when it is nobody's yet.
    pub person: Option<i64>,
}

/// A code that the models see as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldCode {
    /// The person of the code.
    pub old: i64,
    /// By which it is replaced meanwhile; none when by none yet.
    pub new: Option<i64>,
}

/// What changed from one linkage to the next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// The one before; none when there was none.
    pub before: Option<Digest>,
    /// The one after.
    pub after: Digest,
    /// How much was looked at.
    pub work: Work,
    /// The changes.
    pub changes: Changes,
}

/// The persons of a lab, as the models read them.
#[derive(Clone, Debug)]
pub struct Persons {
    linkage: Linkage,
    /// How much was looked at; none when nothing had to be linked.
    work: Option<Work>,
    replaced: HashMap<i64, i64>,
    links: BTreeMap<String, HashMap<i64, i64>>,
}

const FORMAT: u32 = 2;
/// The version of what is held back.
const REVISION: &str = "revision/2";

impl Persons {
    fn of(linkage: Linkage, work: Option<Work>) -> Persons {
        let sight = Sight::of(&linkage.state, &linkage.held);
        let mut links: BTreeMap<String, HashMap<i64, i64>> = BTreeMap::new();
        for ((dataset, record), person) in sight.links {
            let rows = links.entry(dataset.to_owned()).or_default();
            rows.insert(record, person);
        }
        Persons {
            replaced: sight.replaced.into_iter().collect(),
            links,
            work,
            linkage,
        }
    }

    /// What was decided, and what is known of it.
    pub fn linkage(&self) -> &Linkage {
        &self.linkage
    }

    /// Whether nobody was linked and no code was replaced.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty() && self.replaced.is_empty()
    }

    /// How much was looked at; none when the answer was there already.
    pub fn work(&self) -> Option<Work> {
        self.work
    }

    /// What bears on a dataset: the replaced codes and the links of its own rows.
    pub(crate) fn digest_of(&self, contract: &Contract) -> Option<Digest> {
        let mut text = String::new();
        let in_order = |pairs: &HashMap<i64, i64>| -> BTreeMap<i64, i64> {
            pairs.iter().map(|(from, to)| (*from, *to)).collect()
        };
        if gather::has_persons(contract) {
            for (old, new) in in_order(&self.replaced) {
                text += &format!("{old} {new}\n");
            }
        }
        if let Some(rows) = self.links.get(&contract.table()) {
            for (record, person) in in_order(rows) {
                text += &format!("{record} -> {person}\n");
            }
        }
        (!text.is_empty()).then(|| Digest::of(text.as_bytes()))
    }
}

/// Links what is new, or finds the answer there; nothing when no contract names a recipe.
///
/// `earlier` is the linkage of the snapshot that stands.
///
/// # Errors
/// [`BuildError`] when the vault, the register or a recipe cannot be used, or the disk refuses.
pub fn link_persons(
    linking: &Linking<'_>,
    earlier: Option<&Digest>,
) -> Result<Option<Persons>, BuildError> {
    let Some(terms) = Terms::of(linking)? else {
        return Ok(None);
    };
    let decisions = last_words(linking.decisions, None);
    let all = linking;
    let linking = &Linking {
        decisions: &decisions,
        ..*all
    };
    let input = terms.input_hash(linking);
    if let Some(known) = read(linking.state, &input) {
        return Ok(Some(Persons::of(known, None)));
    }
    let before = before(all, &terms)?;
    let gathered = Gathered::of(linking, &terms)?;
    let earlier = earlier.and_then(|earlier| read(linking.state, earlier));
    let (linkage, work) = make(
        terms.digest(),
        input,
        &gathered,
        earlier.as_ref(),
        before.as_ref(),
    );
    let nothing = State::default();
    let was = earlier.as_ref().map_or(&nothing, |one| &one.state);
    let had_none = match &earlier {
        Some(earlier) if stands(earlier, terms.digest(), &gathered) => {
            gathered.new_since(earlier).had_none
        }
        _ => Vec::new(),
    };
    let difference = Difference {
        before: earlier.as_ref().map(|one| one.input),
        after: input,
        work,
        changes: staged::changes(was, &linkage.state, &gathered.input, &had_none),
    };
    write_json(
        &difference_file(linking.state, difference.before, input),
        &difference,
    )?;
    write_json(&linkage_file(linking.state, &input), &linkage)?;
    Ok(Some(Persons::of(linkage, Some(work))))
}

/// The linkage as it was with the deliveries of the quarters before the newest, and the last of these; nothing when the newest revises all history.
///
/// It is there when a snapshot was built then; else it is made, from the last fourth quarter on: what is held does not depend on when somebody built.
fn before(
    linking: &Linking<'_>,
    terms: &Terms<'_>,
) -> Result<Option<(Linkage, Period)>, BuildError> {
    let mut missing: Vec<(Period, Vec<Accepted>, Digest)> = Vec::new();
    let mut before: Option<(Linkage, Period)> = None;
    let mut newest = linking.accepted.iter().map(|one| one.period).max();
    while let Some(last) = newest.filter(|newest| !revision::revises(*newest)) {
        let earlier = linking.accepted.iter().filter(|one| one.period < last);
        let accepted: Vec<Accepted> = earlier.cloned().collect();
        newest = accepted.iter().map(|one| one.period).max();
        let Some(newest) = newest else { break };
        let decisions = decided_by(linking, &accepted);
        let then = Linking {
            accepted: &accepted,
            decisions: &decisions,
            ..*linking
        };
        let input = terms.input_hash(&then);
        before = read(linking.state, &input).map(|known| (known, newest));
        if before.is_some() {
            break;
        }
        missing.push((newest, accepted, input));
    }
    for (newest, accepted, input) in missing.into_iter().rev() {
        let decisions = decided_by(linking, &accepted);
        let then = Linking {
            accepted: &accepted,
            decisions: &decisions,
            ..*linking
        };
        let gathered = Gathered::of(&then, terms)?;
        let (linkage, _) = make(terms.digest(), input, &gathered, None, before.as_ref());
        write_json(&linkage_file(linking.state, &input), &linkage)?;
        before = Some((linkage, newest));
    }
    Ok(before)
}

/// What was decided while no delivery had come but these.
fn decided_by(linking: &Linking<'_>, accepted: &[Accepted]) -> Vec<Decision> {
    let newest = accepted.iter().map(|one| gather::place(linking, one)).max();
    last_words(linking.decisions, Some(newest.unwrap_or_default()))
}

/// The last word on each question, as far as it was spoken with a delivery up to one.
fn last_words(decisions: &[Decision], newest: Option<u32>) -> Vec<Decision> {
    let mut last: Vec<Decision> = Vec::new();
    let spoken = decisions.iter();
    for one in spoken.filter(|one| newest.is_none_or(|newest| one.delivery <= newest)) {
        last.retain(|before| before.about != one.about);
        last.push(one.clone());
    }
    last
}

/// Whether everything that an earlier linkage was made from is still in force, so that only what is new has to be linked.
fn stands(earlier: &Linkage, terms: Digest, gathered: &Gathered) -> bool {
    let is_in_force = |delivery: &DeliveryId| gathered.deliveries.contains(delivery);
    earlier.terms == terms && earlier.deliveries.iter().all(is_in_force)
}

fn make(
    terms: Digest,
    input: Digest,
    gathered: &Gathered,
    earlier: Option<&Linkage>,
    before: Option<&(Linkage, Period)>,
) -> (Linkage, Work) {
    let mut known = earlier.into_iter().chain(before.map(|(before, _)| before));
    let (state, work) = match known.find(|one| stands(one, terms, gathered)) {
        Some(known) => {
            let touched = gathered.new_since(known).touched;
            staged::relink(&gathered.input, &known.state, &touched)
        }
        None => staged::link(&gathered.input),
    };
    let held = match before {
        Some((before, newest)) => revision::held(gathered, &state, before, *newest),
        None => Held::default(),
    };
    let linkage = Linkage {
        format: FORMAT,
        input,
        terms,
        digest: digest(&state, &held),
        deliveries: gathered.deliveries.clone(),
        decisions: gathered.input.decisions.clone(),
        census: census::census(&gathered.input, &state),
        agreement: staged::agreement(&gathered.input)
            .into_iter()
            .map(|(group, found)| (Group::of(group), found))
            .collect(),
        state,
        held,
    };
    (linkage, work)
}

fn linkage_file(state: &Path, input: &Digest) -> PathBuf {
    let name = format!("{}.json", input.short(16));
    linkage_folder(state).join("links").join(name)
}

fn difference_file(state: &Path, before: Option<Digest>, after: Digest) -> PathBuf {
    let before = before.map_or("none".to_owned(), |before| before.short(16));
    let name = format!("{before}-{}.json", after.short(16));
    linkage_folder(state).join("changes").join(name)
}

/// A linkage that was made before; nothing when it is missing or damaged, for it can be made again.
fn read(state: &Path, input: &Digest) -> Option<Linkage> {
    let linkage: Linkage = read_json(&linkage_file(state, input))?;
    let is_whole = linkage.format == FORMAT && linkage.input == *input;
    let is_told = linkage.digest == digest(&linkage.state, &linkage.held);
    (is_whole && is_told).then_some(linkage)
}

fn digest(state: &State, held: &Held) -> Digest {
    let bytes = serde_json::to_vec(&(REVISION, state, held));
    Digest::of(&bytes.expect("plain values have a JSON form"))
}

impl Linkage {
    /// The linkage a snapshot was built with.
    pub fn read(state: &Path, input: &Digest) -> Option<Linkage> {
        read(state, input)
    }
}

impl Difference {
    /// What changed from one linkage to another, when the second was made after the first.
    pub fn read(state: &Path, before: Option<Digest>, after: Digest) -> Option<Difference> {
        read_json(&difference_file(state, before, after))
    }
}
