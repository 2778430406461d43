//! The part of a table one requirement speaks of: its columns, with equal records together.
//! A unit and its pattern of codes have the same position.

use std::collections::BTreeMap;

use super::Requirement;
use crate::risk::KeyTable;

/// Most columns for which all their sets are tried.
pub(super) const FEW_COLUMNS: usize = 12;

/// Records with the same codes and the same blanked columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Columns blanked.
    pub(super) hidden: u64,
    /// Its rows, ascending.
    pub(super) rows: Vec<u32>,
}

/// The columns of one requirement.
pub(super) struct Part {
    /// Columns of the table, by column here.
    columns: Vec<usize>,
    /// Codes of each pattern.
    codes: Vec<Box<[Option<u32>]>>,
    /// The records, in the order of their codes.
    pub(super) units: Vec<Unit>,
    /// Companions asked.
    pub(super) k: u32,
    importance: Vec<u64>,
}

impl Part {
    pub(super) fn new(keys: &KeyTable, requirement: &Requirement, importance: &[u64]) -> Self {
        let columns = requirement.columns.clone();
        let mut together: BTreeMap<Box<[Option<u32>]>, Vec<u32>> = BTreeMap::new();
        for row in 0..keys.rows() {
            together
                .entry(columns.iter().map(|c| keys.code(*c, row)).collect())
                .or_default()
                .push(crate::risk::index(row));
        }
        let importance = columns.iter().map(|c| importance[*c]).collect();
        let (codes, rows): (Vec<_>, Vec<_>) = together.into_iter().unzip();
        let units = rows
            .into_iter()
            .map(|rows| Unit { hidden: 0, rows })
            .collect();
        Part {
            columns,
            codes,
            units,
            k: requirement.k,
            importance,
        }
    }

    /// How many columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The set of all columns.
    pub(super) fn everything(&self) -> u64 {
        u64::MAX >> (64 - self.width())
    }

    /// Columns on which two patterns differ.
    pub(super) fn difference(&self, a: usize, b: usize) -> u64 {
        if a == b {
            return 0;
        }
        self.codes[a]
            .iter()
            .zip(self.codes[b].iter())
            .enumerate()
            .map(|(c, (a, b))| u64::from(a != b) << c)
            .sum()
    }

    /// What a set of columns costs.
    pub(super) fn cost(&self, set: u64) -> u64 {
        self.importance
            .iter()
            .enumerate()
            .map(|(c, importance)| (set >> c & 1) * importance)
            .sum()
    }

    /// The codes of a pattern outside a set of columns.
    pub(super) fn visible(&self, pattern: usize, set: u64) -> Vec<Option<u32>> {
        self.codes[pattern]
            .iter()
            .enumerate()
            .filter(|(c, _)| set >> c & 1 == 0)
            .map(|(_, code)| *code)
            .collect()
    }

    /// Writes the blanked columns of these units where the whole table keeps them.
    pub(super) fn store(&self, units: &[Unit], hidden: &mut [u64]) {
        for unit in units {
            let set: u64 = self
                .columns
                .iter()
                .enumerate()
                .map(|(here, there)| (unit.hidden >> here & 1) << there)
                .sum();
            unit.rows
                .iter()
                .for_each(|row| hidden[*row as usize] |= set);
        }
    }
}
