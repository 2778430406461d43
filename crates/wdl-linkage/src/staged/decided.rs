//! What a person decides on a doubt: that who and what it is about are one person, or that none of them are.
//!
//! A decision is part of the input, as rows are, and comes before every rule: what is decided to be one person is joined first, what is decided to be apart is neither joined nor asked about again.
//! It speaks of codes that stand and of rows without a code: a row that has got a code since is its code's.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::Input;

/// Who and what may be one person: every person here and every group of rows is a side of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Question {
    /// The persons of codes, ascending.
    pub persons: Vec<i64>,
    /// Rows without a code, by those that belong together: dataset and record, ascending.
    pub rows: Vec<Vec<(String, i64)>>,
}

impl Question {
    /// All rows without a code, group by group.
    pub fn records(&self) -> impl Iterator<Item = &(String, i64)> {
        self.rows.iter().flatten()
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All sides are one person.
    Same,
    /// No two sides are one person.
    Different,
}

/// A decision of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decision {
    /// What was asked.
    pub about: Question,
    /// The answer.
    pub verdict: Verdict,
    /// The newest delivery when it was decided.
    pub delivery: u32,
}

/// The decisions of an input, by the entities they speak of.
#[derive(Default)]
pub(super) struct Decided {
    /// What is one person: the entities, and the delivery it was decided with.
    pub(super) same: Vec<(Vec<u32>, u32)>,
    /// What is apart: pairs of entities, the smaller first.
    apart: FxHashSet<(u32, u32)>,
}

impl Decided {
    /// `person` gives the entity of a code that stands on some row.
    pub(super) fn of(
        input: &Input,
        starts: &[u32],
        entities: &[u32],
        person: impl Fn(i64) -> Option<u32>,
    ) -> Decided {
        let places: FxHashMap<&str, usize> = (input.sources.iter().zip(0..))
            .map(|(source, place)| (source.dataset.as_str(), place))
            .collect();
        let row = |(dataset, record): &(String, i64)| {
            let place = *places.get(dataset.as_str())?;
            let source = &input.sources[place];
            let row = source.records.binary_search(record).ok()?;
            let is_free = source.persons[row].is_none();
            is_free.then(|| entities[starts[place] as usize + row])
        };
        let mut decided = Decided::default();
        for decision in &input.decisions {
            let persons = decision.about.persons.iter();
            let persons = persons.filter_map(|one| Some(vec![person(*one)?]));
            let rows = decision.about.rows.iter();
            let rows = rows.map(|group| group.iter().filter_map(row).collect::<Vec<u32>>());
            let sides: Vec<Vec<u32>> = persons
                .chain(rows)
                .filter(|side| !side.is_empty())
                .collect();
            decided.add(&sides, decision);
        }
        decided
    }

    fn add(&mut self, sides: &[Vec<u32>], decision: &Decision) {
        if sides.len() < 2 {
            return;
        }
        match decision.verdict {
            Verdict::Same => self.same.push((sides.concat(), decision.delivery)),
            Verdict::Different => {
                for (place, side) in sides.iter().enumerate() {
                    let others = sides[place + 1..].iter().flatten();
                    for other in others {
                        let pairs = side.iter().map(|one| (*one.min(other), *one.max(other)));
                        self.apart.extend(pairs);
                    }
                }
            }
        }
    }

    /// Whether anything was decided to be apart.
    pub(super) fn parts_anybody(&self) -> bool {
        !self.apart.is_empty()
    }

    /// Whether any of these was decided not to be any of those.
    pub(super) fn is_apart(&self, these: &[u32], those: &[u32]) -> bool {
        let is_decided = |a: u32, b: u32| self.apart.contains(&(a.min(b), a.max(b)));
        !self.apart.is_empty()
            && these
                .iter()
                .any(|a| those.iter().any(|b| is_decided(*a, *b)))
    }
}
