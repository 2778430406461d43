//! How good a token is, told without a truth: people whose code stands in two datasets are known to be one person, and it shows how often their tokens agree.
//!
//! The codes are the labels: the share of known pairs whose tokens agree estimates the recall of the stage, and the share of agreeing pairs whose codes agree its precision.
//! People without a code may be harder than those with one, so the recall is an upper bound for them; the stages after the first can only add to it.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Input, Rows};
use crate::review::wilson;

/// What the codes say of a column of tokens, for a group of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// People of another dataset who stand in the reference population under the same code, with a token on both sides.
    pub known: u64,
    /// Those whose tokens agree.
    pub agreeing: u64,
    /// Pairs of a person of another dataset and one of the reference population whose tokens agree and whose codes are known.
    pub met: u64,
    /// Those who have one code.
    pub right: u64,
}

impl Agreement {
    /// The estimated share of true pairs that are found; none when fewer than [`KNOWN_MIN`] are known.
    pub fn recall(&self) -> Option<Share> {
        Share::of(self.agreeing, self.known)
    }

    /// The estimated share of pairs that are true; none when fewer than [`KNOWN_MIN`] were met.
    pub fn precision(&self) -> Option<Share> {
        Share::of(self.right, self.met)
    }

    fn add(&mut self, other: Agreement) {
        self.known += other.known;
        self.agreeing += other.agreeing;
        self.met += other.met;
        self.right += other.right;
    }
}

/// Of fewer people a share is a matter of one or two, and says who they are sooner than how good the stage is.
pub const KNOWN_MIN: u64 = 10;

/// A share with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub estimate: f64,
    /// Wilson's interval of 95 %.
    pub interval: (f64, f64),
}

impl Share {
    fn of(part: u64, of: u64) -> Option<Share> {
        let estimate = part as f64 / of as f64;
        (of >= KNOWN_MIN).then(|| Share {
            estimate,
            interval: wilson(estimate, of as f64),
        })
    }
}

/// A group of people, as the caller numbered them; none for those of whom it is not known.
pub type Group = Option<u8>;

type Tokens = BTreeMap<i64, BTreeSet<i64>>;

/// What the codes say of the strictest column of tokens that rows with a code have, by group; the sum of all is the column's.
pub fn agreement(input: &Input) -> BTreeMap<Group, Agreement> {
    let mut by_group: BTreeMap<Group, Agreement> = BTreeMap::new();
    let Some(probe) = input.probes.iter().position(|probe| probe.is_plain) else {
        return by_group;
    };
    let mut population = Population::default();
    for source in input.sources.iter().filter(|source| source.is_reference) {
        population.add(source, probe);
    }
    for source in input.sources.iter().filter(|source| !source.is_reference) {
        for (person, tokens) in people(source, probe) {
            for (group, found) in population.hold(person, &tokens) {
                by_group.entry(group).or_default().add(found);
            }
        }
    }
    by_group
}

fn people(source: &Rows, probe: usize) -> Tokens {
    let mut people = Tokens::new();
    let rows = source.persons.iter().zip(&source.tokens[probe]);
    for (person, token) in rows {
        if let (Some(person), Some(token)) = (person, token) {
            people.entry(*person).or_default().insert(*token);
        }
    }
    people
}

/// The reference population: who bears a token, and the group of each.
#[derive(Default)]
struct Population {
    bearers: FxHashMap<i64, FxHashSet<i64>>,
    groups: FxHashMap<i64, Group>,
}

impl Population {
    fn add(&mut self, source: &Rows, probe: usize) {
        let rows = source.persons.iter().zip(&source.tokens[probe]);
        for ((person, token), facts) in rows.zip(&source.facts) {
            if let (Some(person), Some(token)) = (person, token) {
                self.bearers.entry(*token).or_default().insert(*person);
                let group = self.groups.entry(*person).or_default();
                *group = (*group).max(facts.group);
            }
        }
    }

    fn hold(&self, person: i64, tokens: &BTreeSet<i64>) -> Vec<(Group, Agreement)> {
        let mut found = Vec::new();
        let mut is_met = false;
        for token in tokens {
            for bearer in self.bearers.get(token).into_iter().flatten() {
                let is_right = *bearer == person;
                is_met |= is_right;
                let met = Agreement {
                    met: 1,
                    right: u64::from(is_right),
                    ..Agreement::default()
                };
                found.push((self.groups.get(bearer).copied().flatten(), met));
            }
        }
        if let Some(group) = self.groups.get(&person) {
            let known = Agreement {
                known: 1,
                agreeing: u64::from(is_met),
                ..Agreement::default()
            };
            found.push((*group, known));
        }
        found
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_its_interval_and_needs_ten_people() {
        let of = |agreeing, known| Agreement {
            agreeing,
            known,
            ..Agreement::default()
        };
        assert_eq!(of(1, 1).recall(), None);
        assert_eq!(of(9, 9).recall(), None);
        // The interval of 81 of 263 (Newcombe, Statistics in Medicine 17, 1998, table I, method 3).
        let share = of(81, 263).recall().unwrap();
        assert!((share.interval.0 - 0.2553).abs() < 5e-5, "{share:?}");
        assert!((share.interval.1 - 0.3662).abs() < 5e-5, "{share:?}");
        let all = of(20, 20).recall().unwrap();
        assert!(all.interval.0 < 0.85 && all.interval.1 >= 1.0 - 1e-12);
    }
}
