//! What changed between two versions of a contract, in words, and whether a delivery made by the old one still holds.
//!
//! The version of a contract is raised as semantic versioning asks: the first number when something no longer holds, the second when something was added, the third when only words changed.

mod codes;
mod columns;
mod terms;

use serde::Serialize;
use wdl_vocab::Text;
use wdl_yaml::{Key, Node};

use crate::contract::Contract;

pub use codes::diff_codes;

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What kind of change it is.
    pub what: What,
    /// The column, rule, property or code it is about.
    pub about: String,
    /// Which number of the version it asks to raise.
    pub asks: Raise,
    /// What changed, in words.
    pub text: Text,
}

impl Change {
    /// Whether what held before still holds: a delivery that was right is right, and what reads it reads it.
    pub fn is_compatible(&self) -> bool {
        self.asks != Raise::Major
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Body or dataset.
    Subject,
    /// Purpose, legal basis, notice, roles, retention.
    Law,
    /// Shape, encoding, delimiter, layout.
    Form,
    /// When a delivery is due, and how much it may differ.
    Timing,
    /// Columns that are new.
    ColumnAdded,
    /// Columns that are gone.
    ColumnRemoved,
    /// The name of a column in the export.
    PhysicalName,
    /// What a cell holds.
    Kind,
    /// Least, most, length, digits.
    Range,
    /// Whether a cell may be empty, or a value stand twice, or which column is the key.
    Constraint,
    /// What the body does with a column.
    Treatment,
    /// What the values are in the world.
    Semantic,
    /// Rules between columns and rules in SQL.
    Rule,
    /// Codes of a list.
    Code,
    /// Words for people.
    Wording,
}

/// Which number of a version is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Raise {
    /// The third: only words changed.
    Patch,
    /// The second: something was added, all that held still holds.
    Minor,
    /// The first: something no longer holds.
    Major,
}

/// How a version was raised, and whether that is enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Versions {
    /// The old version.
    pub old: String,
    /// The new version.
    pub new: String,
    /// What the changes ask for; nothing when there are none.
    pub asked: Option<Raise>,
    /// What was done; nothing when the version is the same or lower.
    pub raised: Option<Raise>,
}

impl Versions {
    /// Compares what the changes ask for with what was done.
    pub fn of(old: &Contract, new: &Contract, changes: &[Change]) -> Versions {
        Versions {
            old: old.version.clone(),
            new: new.version.clone(),
            asked: changes.iter().map(|change| change.asks).max(),
            raised: raised(numbers(&old.version), numbers(&new.version)),
        }
    }

    /// Whether the version was raised as far as the changes ask.
    pub fn is_right(&self) -> bool {
        self.raised >= self.asked
    }

    /// The least version that the changes ask for.
    pub fn due(&self) -> String {
        let [first, second, third] = numbers(&self.old);
        match self.asked {
            Some(Raise::Major) => format!("{}.0.0", first + 1),
            Some(Raise::Minor) => format!("{first}.{}.0", second + 1),
            Some(Raise::Patch) => format!("{first}.{second}.{}", third + 1),
            None => self.old.clone(),
        }
    }
}

/// The three numbers of a version.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

fn raised(old: [u64; 3], new: [u64; 3]) -> Option<Raise> {
    match (old, new) {
        ([old, ..], [new, ..]) if new != old => (new > old).then_some(Raise::Major),
        ([_, old, _], [_, new, _]) if new != old => (new > old).then_some(Raise::Minor),
        ([.., old], [.., new]) => (new > old).then_some(Raise::Patch),
    }
}

/// What changed from `old` to `new`; code lists are compared by [`diff_codes`].
///
/// ```
/// use wdl_contract::{Contract, Raise, Versions, diff};
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena/contracts/comune/residenti.odcs.yaml");
/// let text = std::fs::read_to_string(path)?;
/// let old = Contract::parse("old", &text)?;
/// let new = Contract::parse("new", &text.replace("value: coarsen_month", "value: drop"))?;
/// let changes = diff(&old, &new);
/// assert!(!changes[0].is_compatible());
/// let versions = Versions::of(&old, &new, &changes);
/// assert_eq!((versions.is_right(), versions.due()), (false, "2.0.0".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn diff(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = terms::changes(old, new);
    changes.extend(columns::changes(old, new));
    changes.extend(terms::rules(old, new));
    if changes.is_empty() && rest(old) != rest(new) {
        changes.push(change(
            What::Wording,
            "",
            Raise::Patch,
            "sono cambiate parti del file che il laboratorio non legge".to_owned(),
            "parts of the file that the lab does not read changed".to_owned(),
        ));
    }
    changes
}

/// The whole file but its version.
fn rest(contract: &Contract) -> Vec<&(Key, Node)> {
    let entries = contract.document().entries().iter();
    entries.filter(|(key, _)| key.name != "version").collect()
}

fn change(what: What, about: &str, asks: Raise, it: String, en: String) -> Change {
    Change {
        what,
        about: about.to_owned(),
        asks,
        text: Text::new(it, en),
    }
}
