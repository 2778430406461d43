//! The exact set of units that a cell counts, as the lab alone can compare it.

use serde::{Deserialize, Serialize};

/// A set of units by the numbers that a keyed hash gives them; it stays in the lab.
///
/// Only how many units two sets do not share ever leaves this type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
// INVARIANT: sorted, each once.
pub struct UnitSet(Vec<u64>);

impl UnitSet {
    /// How many units.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many units are in one of the two sets and not in both; counting stops at `enough`.
    pub fn differs_by(&self, other: &UnitSet, enough: u64) -> u64 {
        let (mut one, mut two, mut found) = (0, 0, 0);
        while found < enough {
            match (self.0.get(one), other.0.get(two)) {
                (Some(mine), Some(theirs)) if mine == theirs => {
                    one += 1;
                    two += 1;
                }
                (Some(mine), Some(theirs)) if mine < theirs => {
                    one += 1;
                    found += 1;
                }
                (_, Some(_)) => {
                    two += 1;
                    found += 1;
                }
                (Some(_), None) => {
                    one += 1;
                    found += 1;
                }
                (None, None) => break,
            }
        }
        found
    }
}

impl FromIterator<u64> for UnitSet {
    fn from_iter<I: IntoIterator<Item = u64>>(units: I) -> UnitSet {
        let mut units: Vec<u64> = units.into_iter().collect();
        units.sort_unstable();
        units.dedup();
        UnitSet(units)
    }
}
