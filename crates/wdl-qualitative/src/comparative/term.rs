//! Conjunctions of levels: the words in which solutions are written.

use super::Sets;

/// One level of one condition: of a set, 1 is its presence and 0 its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal {
    /// The place of the condition.
    pub condition: usize,
    /// The level.
    pub level: u8,
}

/// A conjunction of levels of some conditions; none is everything.
///
/// Four bits a condition: `mask` marks the conditions that count, `values` holds their levels.
// INVARIANT: `values` is zero where `mask` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    pub(super) mask: u64,
    pub(super) values: u64,
}

impl Term {
    /// The term of some levels; a condition named twice keeps its last.
    pub fn new(literals: &[Literal]) -> Term {
        let mut term = Term { mask: 0, values: 0 };
        for literal in literals {
            let shift = 4 * literal.condition as u32;
            let place = 0xF_u64.checked_shl(shift).unwrap_or(0);
            term.mask |= place;
            term.values = (term.values & !place) | ((u64::from(literal.level) << shift) & place);
        }
        term
    }

    /// Its levels by condition.
    pub fn literals(&self) -> Vec<Literal> {
        (0..super::CONDITIONS_MAX)
            .filter(|condition| self.mask >> (4 * condition) & 0xF != 0)
            .map(|condition| Literal {
                condition,
                level: (self.values >> (4 * condition) & 0xF) as u8,
            })
            .collect()
    }

    /// Whether a configuration lies in it.
    pub(super) fn covers(&self, configuration: u64) -> bool {
        configuration & self.mask == self.values
    }

    /// Whether another term lies in it.
    pub(super) fn contains(&self, other: &Term) -> bool {
        self.mask & other.mask == self.mask && other.values & self.mask == self.values
    }

    /// The membership of each case: the least over its levels.
    pub fn memberships(&self, sets: &Sets) -> Vec<f64> {
        let literals = self.literals();
        let membership = |case: usize| {
            let levels = literals
                .iter()
                .map(|own| sets.conditions[own.condition].membership(case, own.level));
            levels.fold(1.0, f64::min)
        };
        (0..sets.cases()).map(membership).collect()
    }
}

/// A configuration in four bits a condition.
pub(super) fn packed(levels: &[u8]) -> u64 {
    let places = levels.iter().enumerate();
    places.fold(0, |all, (at, level)| all | u64::from(*level) << (4 * at))
}

/// The mask of some conditions, one bit each, in four bits a condition.
pub(super) fn mask(conditions: u32) -> u64 {
    (0..16)
        .filter(|at| conditions >> at & 1 == 1)
        .fold(0, |all, at| all | 0xF << (4 * at))
}
