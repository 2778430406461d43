//! Blanked cells as a category of their own: lacking records are brought together, by the cheapest sets of columns first.
//!
//! A group whose lacking records are too few may borrow records from groups that have more than they need.

use std::collections::BTreeMap;

use super::units::{FEW_COLUMNS, Part, Unit};

/// Largest sets tried before everything is blanked, where there are too many columns to try all.
const LARGEST_SET: u32 = 3;

/// The units with what must be blanked.
pub(super) fn solve(part: &Part) -> Vec<Unit> {
    let mut merging = Merging {
        part,
        left: part.units.iter().map(|unit| unit.rows.clone()).collect(),
        made: BTreeMap::new(),
    };
    for set in sets(part) {
        merging.merge(set);
    }
    merging.finish();
    merging.units()
}

/// Sets of columns by cost; the last is all of them.
fn sets(part: &Part) -> Vec<u64> {
    let mut sets: Vec<u64> = if part.width() <= FEW_COLUMNS {
        (1..=part.everything()).collect()
    } else {
        let mut some = vec![0_u64];
        for _ in 0..LARGEST_SET {
            some = some
                .iter()
                .flat_map(|set| (0..part.width()).map(move |c| set | 1 << c))
                .collect();
            some.sort_unstable();
            some.dedup();
        }
        some.push(part.everything());
        some
    };
    sets.sort_by_key(|set| (part.cost(*set), *set));
    sets.dedup();
    sets
}

type Codes = Vec<Option<u32>>;

struct Merging<'a> {
    part: &'a Part,
    /// Rows of each unit that are not blanked.
    left: Vec<Vec<u32>>,
    /// Blanked rows, by blanked columns and what stays visible.
    made: BTreeMap<(u64, Codes), Vec<u32>>,
}

impl Merging<'_> {
    fn k(&self) -> usize {
        self.part.k as usize
    }

    fn lacks(&self, unit: usize) -> bool {
        !self.left[unit].is_empty() && self.left[unit].len() < self.k()
    }

    /// Brings together what agrees without a set of columns.
    fn merge(&mut self, set: u64) {
        let mut groups: BTreeMap<Codes, Vec<usize>> = BTreeMap::new();
        for unit in 0..self.left.len() {
            groups
                .entry(self.part.visible(unit, set))
                .or_default()
                .push(unit);
        }
        for (visible, units) in groups {
            let lacking: usize = units
                .iter()
                .filter(|unit| self.lacks(**unit))
                .map(|unit| self.left[*unit].len())
                .sum();
            if lacking == 0 {
                continue;
            }
            let there = self.made.get(&(set, visible.clone())).map_or(0, Vec::len);
            let missing = self.k().saturating_sub(there + lacking);
            let spare: usize = units
                .iter()
                .map(|unit| self.left[*unit].len().saturating_sub(self.k()))
                .sum();
            // Borrowing more than as many again would cost more than one column more for those who lack.
            if missing <= spare && missing <= lacking {
                let lend: Vec<usize> = units
                    .iter()
                    .copied()
                    .filter(|unit| !self.lacks(*unit))
                    .collect();
                for unit in units {
                    if self.lacks(unit) {
                        let count = self.left[unit].len();
                        self.take(unit, count, set, &visible);
                    }
                }
                self.borrow(&lend, missing, set, &visible);
            }
        }
    }

    fn take(&mut self, unit: usize, count: usize, set: u64, visible: &Codes) {
        let rows: Vec<u32> = (0..count).filter_map(|_| self.left[unit].pop()).collect();
        self.made
            .entry((set, visible.clone()))
            .or_default()
            .extend(rows);
    }

    fn borrow(&mut self, lend: &[usize], mut missing: usize, set: u64, visible: &Codes) {
        for unit in lend {
            let count = missing.min(self.left[*unit].len().saturating_sub(self.k()));
            self.take(*unit, count, set, visible);
            missing -= count;
        }
    }

    /// Blanks whatever still lacks companions altogether, with as many others as it takes.
    fn finish(&mut self) {
        let set = self.part.everything();
        let none = Codes::new();
        for unit in 0..self.left.len() {
            if self.lacks(unit) {
                let count = self.left[unit].len();
                self.take(unit, count, set, &none);
            }
        }
        let have = |merging: &Self| merging.made.get(&(set, Codes::new())).map_or(0, Vec::len);
        if have(self) == 0 {
            return;
        }
        let all: Vec<usize> = (0..self.left.len()).collect();
        let missing = self.k().saturating_sub(have(self));
        self.borrow(&all, missing, set, &none);
        while have(self) < self.k() {
            self.dissolve_smallest(set);
        }
    }

    /// Blanks one whole group, the smallest, the first of them.
    fn dissolve_smallest(&mut self, set: u64) {
        let made = self
            .made
            .iter()
            .filter(|((columns, _), _)| *columns != set)
            .min_by_key(|(_, rows)| rows.len())
            .map(|(key, rows)| (rows.len(), key.clone()));
        let plain = (0..self.left.len())
            .filter(|unit| !self.left[*unit].is_empty())
            .min_by_key(|unit| self.left[*unit].len());
        match (made, plain) {
            (Some((size, key)), plain)
                if plain.is_none_or(|unit| self.left[unit].len() >= size) =>
            {
                let rows = self.made.remove(&key).unwrap_or_default();
                self.made
                    .entry((set, Codes::new()))
                    .or_default()
                    .extend(rows);
            }
            (_, Some(unit)) => {
                let count = self.left[unit].len();
                self.take(unit, count, set, &Codes::new());
            }
            (_, None) => {
                unreachable!("a file of at least k records has a group left until k are blanked")
            }
        }
    }

    fn units(self) -> Vec<Unit> {
        let blanked = self
            .made
            .into_iter()
            .map(|((set, _), rows)| Unit { hidden: set, rows });
        self.left
            .into_iter()
            .map(|rows| Unit { hidden: 0, rows })
            .chain(blanked)
            .collect()
    }
}
