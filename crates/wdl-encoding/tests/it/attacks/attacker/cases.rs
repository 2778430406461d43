//! One attack on one way of encoding, told by its numbers.

use super::encode::{Claims, Outcome, Target, Way};
use super::graph::{self, View};
use super::people::{Known, mistaken};
use super::random::Random;
use super::{frequency, pairs, patterns};

/// The attacks on encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attack {
    Frequency,
    Patterns,
    Graph,
    Pairs,
    /// The closest pairs across two files of the same people, linked already.
    PairsAcross,
    /// Graph matching by somebody who knows already which record is whose for one person in ten; only the others count.
    GraphWithTenth,
    /// Graph matching on all encodings of a record together.
    Together,
    /// The same by somebody who knows a tenth.
    TogetherWithTenth,
}

impl Attack {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Attack::Frequency => "frequency",
            Attack::Patterns => "pattern mining",
            Attack::Graph => "graph matching",
            Attack::Pairs => "closest pairs",
            Attack::PairsAcross => "closest pairs across two files",
            Attack::GraphWithTenth => "graph matching, a tenth known",
            Attack::Together => "graph matching together",
            Attack::TogetherWithTenth => "graph matching together, a tenth known",
        }
    }

    /// Encodes the people under a secret key drawn from the seed, and attacks.
    pub(crate) fn run(self, way: &Way, people: &[Known], seed: u64) -> Outcome {
        let target = Target::new(way, people, seed);
        let known = match self {
            Attack::GraphWithTenth | Attack::TogetherWithTenth => known_tenth(&target, seed),
            Attack::Frequency
            | Attack::Patterns
            | Attack::Graph
            | Attack::Together
            | Attack::PairsAcross
            | Attack::Pairs => Vec::new(),
        };
        let claims: Claims = match self {
            Attack::Frequency => frequency::attack(&target.surfaces, people, way),
            Attack::Patterns => patterns::attack(&target.surfaces, people, way),
            Attack::Pairs => pairs::attack(&target.surfaces, people, way),
            Attack::PairsAcross => {
                let second = target.second_file(way, &mistaken(people, seed), seed);
                pairs::attack_across((&target.surfaces, &second), people, way)
            }
            Attack::Graph | Attack::GraphWithTenth => {
                graph::attack(&target.surfaces, people, way, (&known, View::Each))
            }
            Attack::Together | Attack::TogetherWithTenth => {
                graph::attack(&target.surfaces, people, way, (&known, View::Together))
            }
        };
        Outcome::of(&claims, &target, (people, way), &known)
    }
}

fn known_tenth(target: &Target, seed: u64) -> Vec<(usize, usize)> {
    let mut known = Random::new(seed ^ 0x5eed).order(target.truth.len());
    known.truncate(target.truth.len() / 10);
    let pair = |record: usize| (record, target.truth[record]);
    known.into_iter().map(pair).collect()
}

/// What encodings show to anybody who looks at them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// The share of records that are like another beyond chance.
    pub(crate) visible: f64,
    /// Sets of bits that go together.
    pub(crate) patterns: usize,
}

impl Seen {
    pub(crate) fn of(way: &Way, people: &[Known], seed: u64) -> Seen {
        let surfaces = Target::new(way, people, seed).surfaces;
        Seen {
            visible: pairs::visible(&surfaces) as f64 / people.len().max(1) as f64,
            patterns: patterns::found(&surfaces),
        }
    }
}
