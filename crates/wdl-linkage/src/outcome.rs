//! What came of a linkage, and what is known of it: for tables, pictures and decisions, never a value of a record.

use crate::block::{Matcher, resolve};
use crate::compare::glance;
use crate::duplicates::is_stated_clean;
use crate::estimation::DUPLICATES;
use crate::model::{BlockingRule, Kind, Level, Model};

/// A pair with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The earlier record.
    pub a: u32,
    /// The later record.
    pub b: u32,
    /// The level of each field.
    pub pattern: Pattern,
    /// The blocking rules that find the pair, one bit each, the first rule lowest.
    pub found_by: u16,
    /// The logarithm, to base two, of the odds that the two are one person, the pair looked at alone.
    pub weight: f64,
    /// The probability that they are, given what else the two could be linked to.
    pub probability: f64,
}

/// The levels of a pair, four bits for each place: the fields in their order, then the pairs of columns that may be exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern(pub u64);

/// The level of a place of which one value or both are missing.
pub const LEVEL_MISSING: u8 = 15;

impl Pattern {
    /// The number of the level of a place, the best 0; [`LEVEL_MISSING`] when there is none.
    pub fn level(self, place: usize) -> u8 {
        (self.0 >> (4 * place) & 15) as u8
    }
}

/// How often matches and others show a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelParameters {
    /// The level.
    pub level: Level,
    /// Its share among matches.
    pub m: f64,
    /// Its share among pairs of strangers.
    pub u: f64,
    /// What it adds to the weight of a pair: log2(m / u).
    pub weight: f64,
}

/// The parameters of one field, or of one pair of columns that may be exchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldParameters {
    /// The column, or both.
    pub column: String,
    /// What it holds; nothing for a pair of columns.
    pub kind: Option<Kind>,
    /// Its levels, the best first.
    pub levels: Vec<LevelParameters>,
}

/// What was estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The share of matches among all pairs.
    pub prior: f64,
    /// The fields, in the order of the pattern.
    pub fields: Vec<FieldParameters>,
    /// How many pairs of people in common were found among those looked at: the same house, the same family.
    pub related_pairs: f64,
    /// The share of matches in which the dwelling changed.
    pub moved: Option<f64>,
}

/// Values of a column that stand for no value: they brought no records together and were no agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The column.
    pub column: String,
    /// How many different values.
    pub values: u64,
    /// How many records have one of them.
    pub records: u64,
    /// Those that stand in the public lists of what is written for nothing; no other value is told.
    pub known: Vec<String>,
}

/// What a blocking rule finds.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleCounts {
    /// The rule.
    pub rule: BlockingRule,
    /// The pairs that have its parts in common.
    pub pairs: u64,
    /// Those among them that no earlier rule finds.
    pub new_pairs: u64,
    /// How many values were left out because far too many records share them.
    pub values_left_out: u64,
    /// The pairs they would have made.
    pub pairs_left_out: u64,
}

/// Pairs of about one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// From this weight on.
    pub from: f64,
    /// To below this weight.
    pub to: f64,
    /// How many pairs.
    pub pairs: f64,
    /// How many of them are expected to match.
    pub matches: f64,
}

/// What is believed of the links without any truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// How many pairs match, whether looked at or not.
    pub matches: f64,
    /// The share of the links that are right; nothing without links.
    pub precision: Option<f64>,
    /// The share of the matches that are linked; nothing where none is expected, to the nearest whole one.
    pub recall: Option<f64>,
    /// The share of the matches that some blocking rule finds.
    pub blocking_recall: f64,
}

/// One step of the weight of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The place of the pattern.
    pub place: usize,
    /// The level; nothing when a value is missing.
    pub level: Option<Level>,
    /// What the level adds.
    pub weight: f64,
    /// What the rarity of the common value adds to that.
    pub rarity: f64,
}

/// Why a pair has its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The weight of any pair of records.
    pub prior: f64,
    /// What each place adds.
    pub steps: Vec<Step>,
    /// What the places add together beyond each alone: people who moved, and people in common.
    pub together: f64,
    /// What pairs that are known not to match add to or take from it.
    pub calibration: f64,
    /// The sum.
    pub weight: f64,
    /// The levels.
    pub pattern: Pattern,
}

/// What came of a linkage.
#[derive(Debug)]
pub struct Linked {
    /// The model as it was used, nothing left open.
    pub model: Model,
    /// The decided links, by their records.
    pub links: Vec<Scored>,
    /// All pairs with a probability of at least one in a hundred, the links among them, by their records.
    pub near: Vec<Scored>,
    /// For each record, the smallest record of its cluster.
    pub clusters: Vec<u32>,
    /// Links that would have joined what cannot be one person.
    pub repairs: Vec<crate::cluster::Repair>,
    /// For each source, the share of its records that look like another record of it.
    pub duplicates: Vec<f64>,
    /// Values that stand for none, by column.
    pub set_aside: Vec<SetAside>,
    /// What was estimated.
    pub parameters: Parameters,
    /// The rules in their order.
    pub blocking: Vec<RuleCounts>,
    /// All pairs looked at, by the odds of their probability.
    pub histogram: Vec<Bin>,
    /// How good the links are believed to be.
    pub estimated: Estimated,
    /// Weighs any pair again.
    pub engine: crate::engine::Engine,
}

impl Linked {
    /// Whether some rule brings two records together; a pair that none does was not compared, whatever weight it would have.
    pub fn is_compared(&self, a: u32, b: u32) -> bool {
        let columns: Vec<&str> = self
            .model
            .fields
            .iter()
            .map(|field| field.column.as_str())
            .collect();
        let records = &self.engine.records;
        let (row_a, row_b) = (records.row(a), records.row(b));
        let seen = glance(row_a, row_b);
        let mut rules = self.model.blocking.iter();
        rules.any(|rule| {
            resolve(rule, &columns)
                .is_some_and(|rule| Matcher::of(records, &rule).holds(seen, row_a, row_b))
        })
    }

    /// Sources that the model says have no duplicates and in which records look like another one all the same.
    pub fn contradicted(&self) -> Vec<usize> {
        let shares = self.duplicates.iter().enumerate();
        shares
            .filter(|(source, share)| {
                is_stated_clean(self.model.cardinality, *source) && **share >= DUPLICATES
            })
            .map(|(source, _)| source)
            .collect()
    }
}
