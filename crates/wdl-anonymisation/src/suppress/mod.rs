//! Local suppression: the fewest cells to blank so that every record has enough companions.
//!
//! Two readings of a blanked cell, because they protect against different people.
//!
//! [`Reading::Groups`], as sdcMicro and μ-ARGUS count: a blanked cell agrees with any value, so that a blanked record may stand beside a visible one.
//! Counting only that, one record blanked altogether would serve the whole file, and protect nobody.
//! Here every record therefore belongs to one group of at least k records that agree with each other, and counts in no other.
//!
//! [`Reading::OwnCategory`]: a blanked cell agrees only with another blanked cell.
//! Also whoever knows a person's values and looks for the record finds at least k that look the same.
//! It needs at least one cell for every record below k.
//!
//! A value missing from the beginning agrees only with another missing value in both.

mod bound;
mod groups;
mod strict;
mod units;

use crate::risk::{Frequencies, KeyTable, MissingReading, RiskError, frequencies};

/// What a blanked cell agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// With any value, within one group of records.
    #[default]
    Groups,
    /// Only with another blanked cell of the same column.
    OwnCategory,
}

/// So many records must agree on these columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Positions of the columns.
    pub columns: Vec<usize>,
    /// Least number of records, the record itself included.
    pub k: u32,
}

impl Requirement {
    /// On all columns of a table.
    pub fn on_all(keys: &KeyTable, k: u32) -> Self {
        Requirement {
            columns: (0..keys.columns()).collect(),
            k,
        }
    }

    /// On every set of `size` columns of a table.
    pub fn on_each(keys: &KeyTable, size: usize, k: u32) -> Vec<Self> {
        combinations(keys.columns(), size)
            .into_iter()
            .map(|columns| Requirement { columns, k })
            .collect()
    }
}

/// What was blanked and how far from least it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The blanked columns of each row, bit `c` for column `c`.
    pub hidden: Vec<u64>,
    /// Blanked cells of each column.
    pub cells: Vec<u64>,
    /// Their cost: cells times the importance of their column.
    pub cost: u64,
    /// No way to meet the requirements costs less than this.
    pub cost_at_least: u64,
    /// Companions of the most exposed record over all columns, where a blanked cell agrees with every value.
    pub k_any_value: u32,
    /// The same where it agrees only with another blanked cell.
    pub k_own_category: u32,
}

/// Why nothing can be blanked to that end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuppressError {
    /// Fewer records than companions asked.
    #[error("there are {rows} records: none can have {k} companions")]
    TooFewRows {
        /// Records.
        rows: usize,
        /// Companions asked.
        k: u32,
    },
    /// A requirement that asks nothing or names no column.
    #[error("a requirement names no column, a column that is not there, or less than one record")]
    Requirement,
    /// Costs that do not fit the columns.
    #[error("every column needs an importance of at least one")]
    Importance,
    /// Only whole patterns can be held to the strict reading.
    #[error(
        "where a blanked cell is a category of its own, companions are asked on all columns together"
    )]
    StrictSubsets,
    /// The table itself.
    #[error(transparent)]
    Table(#[from] RiskError),
}

/// Blanks cells until every requirement holds, at a cost near the least; `importance` is the cost of a cell of each column.
///
/// The result is the same for every order of the rows, up to which of several equal records is blanked.
/// Every requirement is counted again on the result, by code that took no part in choosing.
///
/// # Errors
/// Requirements that cannot hold or are none, costs that do not fit.
pub fn suppress(
    keys: &KeyTable,
    requirements: &[Requirement],
    importance: &[u64],
    reading: Reading,
) -> Result<Suppression, SuppressError> {
    check(keys, requirements, importance)?;
    let mut hidden = vec![0; keys.rows()];
    let mut least = 0;
    for requirement in requirements {
        // Each on its own: blanking more for another requirement parts no group.
        let part = units::Part::new(keys, requirement, importance);
        let (found, bound) = match reading {
            Reading::Groups => (groups::solve(&part), bound::groups(&part)),
            Reading::OwnCategory if requirement.columns.len() == keys.columns() => {
                (strict::solve(&part), bound::own_category(&part))
            }
            Reading::OwnCategory => return Err(SuppressError::StrictSubsets),
        };
        part.store(&found, &mut hidden);
        least = least.max(bound);
    }
    verify(keys, &hidden, requirements, reading);
    Ok(told(keys, hidden, importance, least))
}

fn check(
    keys: &KeyTable,
    requirements: &[Requirement],
    importance: &[u64],
) -> Result<(), SuppressError> {
    if importance.len() != keys.columns() || importance.contains(&0) {
        return Err(SuppressError::Importance);
    }
    for requirement in requirements {
        let mut columns = requirement.columns.clone();
        columns.sort_unstable();
        columns.dedup();
        if requirement.k == 0
            || columns.is_empty()
            || columns.len() != requirement.columns.len()
            || columns.iter().any(|c| *c >= keys.columns())
        {
            return Err(SuppressError::Requirement);
        }
        if keys.rows() < requirement.k as usize {
            return Err(SuppressError::TooFewRows {
                rows: keys.rows(),
                k: requirement.k,
            });
        }
    }
    Ok(())
}

/// Counts the companions of the result from the beginning.
fn verify(keys: &KeyTable, hidden: &[u64], requirements: &[Requirement], reading: Reading) {
    for requirement in requirements {
        let smallest = smallest(keys, hidden, &requirement.columns, reading);
        assert!(
            smallest >= requirement.k,
            "a blanked file holds what was asked of it"
        );
    }
}

fn told(keys: &KeyTable, hidden: Vec<u64>, importance: &[u64], cost_at_least: u64) -> Suppression {
    let all: Vec<usize> = (0..keys.columns()).collect();
    let cells: Vec<u64> = all
        .iter()
        .map(|c| hidden.iter().map(|set| set >> c & 1).sum())
        .collect();
    let cost = cells
        .iter()
        .zip(importance)
        .map(|(cells, importance)| cells * importance)
        .sum();
    let k_any_value = smallest(keys, &hidden, &all, Reading::Groups);
    let k_own_category = smallest(keys, &hidden, &all, Reading::OwnCategory);
    Suppression {
        hidden,
        cells,
        cost,
        cost_at_least,
        k_any_value,
        k_own_category,
    }
}

/// Companions of the most exposed record on some columns of a blanked file.
fn smallest(keys: &KeyTable, hidden: &[u64], columns: &[usize], reading: Reading) -> u32 {
    companions(keys, hidden, columns, reading)
        .map_or(0, |found| found.sample.into_iter().min().unwrap_or(0))
}

fn companions(
    keys: &KeyTable,
    hidden: &[u64],
    columns: &[usize],
    reading: Reading,
) -> Result<Frequencies, RiskError> {
    // A value missing from the beginning becomes a code of its own, so that only blanked cells agree with others.
    let codes: Vec<Vec<Option<u32>>> = columns
        .iter()
        .map(|c| {
            (0..keys.rows())
                .map(|row| {
                    (hidden[row] >> c & 1 == 0)
                        .then(|| keys.code(*c, row).map_or(0, |code| code + 1))
                })
                .collect()
        })
        .collect();
    let missing = match reading {
        Reading::Groups => MissingReading::AnyValue,
        Reading::OwnCategory => MissingReading::OwnCategory,
    };
    frequencies(&KeyTable::new(&codes)?, None, missing)
}

fn combinations(columns: usize, size: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..size {
        all = all
            .into_iter()
            .flat_map(|set: Vec<usize>| {
                (set.last().map_or(0, |last| last + 1)..columns)
                    .map(move |c| [set.clone(), vec![c]].concat())
            })
            .collect();
    }
    all.retain(|set| !set.is_empty());
    all
}
