//! What changed between two states, each change with its reason.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Doubt, Input, Link, Question, Replaced, Stage, State, Verdict};

/// One change of who is whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A row came to a person who has a code, or to another row without one.
    Linked(Link),
    /// A row that belonged to a provisional person belongs to one with a code now.
    CodeFound(Link),
    /// A row belongs to another person than before.
    Moved {
        /// As it was.
        before: Link,
        /// As it is.
        now: Link,
    },
    /// A row has its own valid code now, where before it had none.
    CodeCame {
        /// The dataset.
        dataset: String,
        /// The row.
        record: i64,
        /// Whether the code is that of the person it was linked to; none when it was linked to nobody with a code.
        is_as_linked: Option<bool>,
    },
    /// A row belongs to nobody any more: a person must decide.
    Doubtful(Link),
    /// A row went with its delivery.
    Gone(Link),
    /// A row belongs to nobody any more: what it shared its token with went.
    Parted(Link),
    /// A code was replaced by another.
    Replaced(Replaced),
    /// A code that was taken for replaced stands by itself again.
    Restored(Replaced),
    /// A new doubt.
    Asked(Doubt),
    /// A doubt that is none any more.
    Settled(Doubt),
    /// A doubt that is none any more, because a person decided.
    Decided(Doubt, Verdict),
}

/// All changes, ascending.
pub type Changes = Vec<Change>;

type Key<'a> = (&'a str, i64);

fn by_key(state: &State) -> BTreeMap<Key<'_>, &Link> {
    let links = state.links.iter();
    links
        .map(|link| ((link.dataset.as_str(), link.record), link))
        .collect()
}

/// What changed since an earlier state; `had_none` are the rows of the input that stood without a code before.
pub fn changes(earlier: &State, now: &State, input: &Input, had_none: &[(String, i64)]) -> Changes {
    let (before, after) = (by_key(earlier), by_key(now));
    let mut changes = Changes::new();
    for (key, link) in &after {
        match before.get(key) {
            None => changes.push(Change::Linked((*link).clone())),
            Some(old) if old.person == link.person => {}
            Some(old) if link.is_coded && !old.is_coded => {
                changes.push(Change::CodeFound((*link).clone()));
            }
            Some(old) => changes.push(Change::Moved {
                before: (*old).clone(),
                now: (*link).clone(),
            }),
        }
    }
    let codes = Codes::of(input);
    let doubtful: BTreeSet<Key<'_>> = now
        .doubts
        .iter()
        .flat_map(|doubt| doubt.about.records())
        .map(|(dataset, record)| (dataset.as_str(), *record))
        .collect();
    for (key, link) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        let link = (*link).clone();
        match codes.of_row(*key) {
            None => changes.push(Change::Gone(link)),
            // Told below, with every row whose code came.
            Some(Some(_)) => {}
            Some(None) if doubtful.contains(key) => changes.push(Change::Doubtful(link)),
            Some(None) => changes.push(Change::Parted(link)),
        }
    }
    let new: BTreeMap<i64, i64> = now.replaced.iter().map(|one| (one.old, one.new)).collect();
    for (dataset, record) in had_none {
        let Some(Some(code)) = codes.of_row((dataset, *record)) else {
            continue;
        };
        let code = new.get(&code).copied().unwrap_or(code);
        let linked = before.get(&(dataset.as_str(), *record));
        changes.push(Change::CodeCame {
            dataset: dataset.clone(),
            record: *record,
            is_as_linked: linked
                .filter(|link| link.is_coded)
                .map(|link| link.person == code),
        });
    }
    apart(
        &earlier.replaced,
        &now.replaced,
        Change::Replaced,
        Change::Restored,
        &mut changes,
    );
    doubts(earlier, now, input, &mut changes);
    changes.sort();
    changes
}

/// A doubt is one by its cause and by who and what it is about, whatever more is known of it.
fn doubts(earlier: &State, now: &State, input: &Input, changes: &mut Changes) {
    let by_question = |state: &State| -> BTreeMap<_, Doubt> {
        let doubts = state.doubts.iter().cloned();
        doubts
            .map(|doubt| ((doubt.cause, doubt.about.clone()), doubt))
            .collect()
    };
    let decisions = input.decisions.iter();
    let decided: BTreeMap<&Question, Verdict> =
        decisions.map(|one| (&one.about, one.verdict)).collect();
    let (before, after) = (by_question(earlier), by_question(now));
    let came = after
        .iter()
        .filter(|(question, _)| !before.contains_key(*question));
    changes.extend(came.map(|(_, doubt)| Change::Asked(doubt.clone())));
    let went = before
        .into_iter()
        .filter(|(question, _)| !after.contains_key(question));
    changes.extend(went.map(|(_, doubt)| match decided.get(&doubt.about) {
        Some(verdict) => Change::Decided(doubt, *verdict),
        None => Change::Settled(doubt),
    }));
}

fn apart<T: Ord + Clone>(
    earlier: &[T],
    now: &[T],
    came: fn(T) -> Change,
    went: fn(T) -> Change,
    changes: &mut Changes,
) {
    let (before, after): (BTreeSet<&T>, BTreeSet<&T>) =
        (earlier.iter().collect(), now.iter().collect());
    changes.extend(after.difference(&before).map(|one| came((*one).clone())));
    changes.extend(before.difference(&after).map(|one| went((*one).clone())));
}

/// The code of each row of an input.
struct Codes<'a>(&'a Input);

impl<'a> Codes<'a> {
    fn of(input: &'a Input) -> Codes<'a> {
        Codes(input)
    }

    /// None when there is no such row.
    fn of_row(&self, (dataset, record): Key<'_>) -> Option<Option<i64>> {
        let mut sources = self.0.sources.iter();
        let source = sources.find(|source| source.dataset == dataset)?;
        let place = source.records.binary_search(&record).ok()?;
        Some(source.persons[place])
    }
}

impl Change {
    /// A word for the kind of change.
    pub fn kind(&self) -> &'static str {
        match self {
            Change::Linked(_) => "linked",
            Change::CodeFound(_) => "code_found",
            Change::Moved { .. } => "moved",
            Change::CodeCame { .. } => "code_came",
            Change::Doubtful(_) => "doubtful",
            Change::Gone(_) => "gone",
            Change::Parted(_) => "parted",
            Change::Replaced(_) => "replaced",
            Change::Restored(_) => "restored",
            Change::Asked(_) => "asked",
            Change::Settled(_) => "settled",
            Change::Decided(..) => "decided",
        }
    }

    /// The stage that made or had made the link, where the change is of a link.
    pub fn stage(&self) -> Option<&Stage> {
        match self {
            Change::Linked(link)
            | Change::CodeFound(link)
            | Change::Moved { now: link, .. }
            | Change::Doubtful(link)
            | Change::Gone(link)
            | Change::Parted(link) => Some(&link.stage),
            Change::CodeCame { .. }
            | Change::Replaced(_)
            | Change::Restored(_)
            | Change::Asked(_)
            | Change::Settled(_)
            | Change::Decided(..) => None,
        }
    }

    /// The dataset of the row, where the change is of one row.
    pub fn dataset(&self) -> Option<&str> {
        match self {
            Change::Linked(link)
            | Change::CodeFound(link)
            | Change::Moved { now: link, .. }
            | Change::Doubtful(link)
            | Change::Gone(link)
            | Change::Parted(link) => Some(&link.dataset),
            Change::CodeCame { dataset, .. } => Some(dataset),
            Change::Replaced(_)
            | Change::Restored(_)
            | Change::Asked(_)
            | Change::Settled(_)
            | Change::Decided(..) => None,
        }
    }
}
