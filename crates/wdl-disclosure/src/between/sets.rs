//! The set of units that a cell counts, as far as the lab must compare it with another: exactly, and without a list of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wdl_perturbation::cell_key::RecordKey;
use wdl_stats::{NoPowerSums, PowerSums};

/// A set of units by the power sums of the numbers that a keyed hash gives them; it stays in the lab.
///
/// Only how many units two sets do not share ever leaves this type, and only when they are few.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitSet(Arc<PowerSums>);

/// What a set is compared up to when nobody says.
const USUAL_CAPACITY: usize = 32;

/// How far two sets are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Apart {
    /// So many units are in one and not in the other.
    Units(u64),
    /// At least so many are.
    AtLeast(u64),
}

impl UnitSet {
    /// Compares it with another.
    pub(crate) fn apart(&self, other: &UnitSet) -> Apart {
        match self.0.differs_by(&other.0) {
            Some(units) => Apart::Units(units as u64),
            None => Apart::AtLeast(self.0.capacity().min(other.0.capacity()) as u64),
        }
    }

    /// The key of a cell that counts these units, by the sum of their numbers; none when it counts nobody that is known.
    pub(crate) fn key(&self) -> Option<RecordKey> {
        let [units, sum, ..] = self.0.numbers() else {
            return None;
        };
        // Fifty-three of the sixty-one bits: every one of them has a place in the fraction.
        let fraction = (sum >> 8) as f64 / 2.0_f64.powi(53);
        (*units > 0).then(|| RecordKey::new(fraction)).flatten()
    }

    /// Whether they are known to be the same units.
    pub(crate) fn is_same(&self, other: &UnitSet) -> bool {
        self.apart(other) == Apart::Units(0)
    }

    /// Whether fewer than `minimum` units are in one and not in the other, and not none; `None` when the sets do not tell, because more may be asked than they were made for.
    pub(crate) fn is_near(&self, other: &UnitSet, minimum: u64) -> Option<bool> {
        match self.apart(other) {
            Apart::Units(units) => Some(0 < units && units < minimum),
            Apart::AtLeast(units) if units >= minimum => Some(false),
            Apart::AtLeast(_) => None,
        }
    }
}

impl From<PowerSums> for UnitSet {
    fn from(sums: PowerSums) -> UnitSet {
        UnitSet(Arc::new(sums))
    }
}

impl FromIterator<u64> for UnitSet {
    /// The set of units by numbers that are spread evenly.
    fn from_iter<I: IntoIterator<Item = u64>>(units: I) -> UnitSet {
        let mut sums = PowerSums::new(USUAL_CAPACITY);
        for unit in units {
            sums.add(unit);
        }
        UnitSet::from(sums)
    }
}

impl From<UnitSet> for String {
    fn from(set: UnitSet) -> String {
        set.0.to_string()
    }
}

impl TryFrom<String> for UnitSet {
    type Error = NoPowerSums;

    fn try_from(text: String) -> Result<UnitSet, NoPowerSums> {
        Ok(UnitSet::from(text.parse::<PowerSums>()?))
    }
}
