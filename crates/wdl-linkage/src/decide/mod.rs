//! What is decided about pairs, once they are weighed: which of them hold when a record may match one other at most, and how probable each is then.
//!
//! Pairs go in as edges between records; the sources they come from, and what was compared, are not known here.
//!
//! **Invariant:** what is decided depends on the set of edges alone, never on their order or on the number of threads.

mod belief;
mod components;
mod exact;
mod marginals;
mod matching;
mod ties;

pub use marginals::marginals;
pub use matching::one_to_one;

/// Two records that may be one person, and how much speaks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The record of the first source, or the smaller one within a source.
    pub a: u32,
    /// The record of the second source, or the greater one within a source.
    pub b: u32,
    /// The logarithm, to the base 2, of the odds that they match, before any constraint.
    pub weight: f64,
}

/// How many matches a record may have among the edges at hand.
///
/// It speaks of one pair of sources: with three sources a record may match one of each other source, and each pair of sources is decided by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A record of either side matches one at most.
    OneToOne,
    /// Several records `a` may be one record `b`: each `a` matches one at most.
    ManyToOne,
    /// Several records `b` may be one record `a`: each `b` matches one at most.
    OneToMany,
    /// None: as within a source with duplicates.
    ManyToMany,
}

/// Beyond this every weight counts as this: no evidence is a million binary orders of magnitude.
const WEIGHT_MAX: f64 = 1_048_576.0;

/// Parts of a unit of weight: below a millionth of a binary order two weights are the same.
const PARTS: f64 = 1_048_576.0;

/// A weight as a number of parts, so that sums do not depend on their order and ties are exact.
pub(crate) fn fixed(weight: f64) -> i64 {
    (bounded(weight) * PARTS).round() as i64
}

/// A number of parts as a weight.
pub(crate) fn unfixed(parts: i64) -> f64 {
    parts as f64 / PARTS
}

/// A weight that sums cannot carry beyond the numbers; what is no number speaks for nothing.
fn bounded(weight: f64) -> f64 {
    if weight.is_nan() {
        return -WEIGHT_MAX;
    }
    weight.clamp(-WEIGHT_MAX, WEIGHT_MAX)
}
