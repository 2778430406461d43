//! How many units stand behind the rows of an answer: what each method declares, and the rows that rest on few.
//!
//! It only counts; what may leave a lab is decided by whoever holds the answer.

use serde::Serialize;
use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Evaluation, Table};
use crate::numbers::Digits;
use crate::shown;

/// The fewest units that a row may rest on without a warning, unless said.
pub const SMALLEST_GROUP: u64 = 3;

/// How many units stand behind the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// As many as the least of some columns says; a group of nobody is none.
    Counted {
        /// The table.
        table: &'static str,
        /// How many of its first columns name a row.
        names: usize,
        /// The columns that count.
        columns: &'static [&'static str],
    },
    /// Each row is one unit, by its name.
    Named {
        /// The table.
        table: &'static str,
    },
    /// Each row rests on all rows used, or says again what is counted elsewhere.
    Whole {
        /// The table.
        table: &'static str,
    },
    /// The method is not told how many.
    Untold {
        /// The table.
        table: &'static str,
    },
}

impl Rests {
    /// The table it is about.
    pub fn table(self) -> &'static str {
        match self {
            Rests::Counted { table, .. }
            | Rests::Named { table }
            | Rests::Whole { table }
            | Rests::Untold { table } => table,
        }
    }
}

/// A row that rests on few units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SmallGroup {
    /// The key of its table, or `estimates`.
    pub part: &'static str,
    /// The row, in words.
    pub row: Text,
    /// How many units.
    pub units: u64,
}

/// The fewest units behind any row, and the rows that rest on fewer than a threshold.
pub(crate) fn count(
    rules: &[Rests],
    answer: &Evaluation,
    threshold: u64,
) -> (Option<u64>, Vec<SmallGroup>) {
    let estimates = answer.estimates.iter().filter_map(|own| {
        Some(SmallGroup {
            part: "estimates",
            row: own.label.clone(),
            units: own.units?,
        })
    });
    let mut all: Vec<SmallGroup> = estimates.collect();
    for rule in rules {
        let tables = answer.tables.iter().filter(|own| own.key == rule.table());
        for table in tables {
            all.extend(of_table(*rule, table));
        }
    }
    let smallest = all.iter().map(|own| own.units).min();
    all.retain(|own| own.units < threshold);
    (smallest, all)
}

fn of_table(rule: Rests, table: &Table) -> Vec<SmallGroup> {
    let (names, columns): (usize, &[&str]) = match rule {
        Rests::Counted { names, columns, .. } => (names, columns),
        Rests::Named { .. } => (1, &[]),
        Rests::Whole { .. } | Rests::Untold { .. } => return Vec::new(),
    };
    let places: Vec<usize> = (0..table.columns.len())
        .filter(|at| columns.contains(&table.columns[*at].0))
        .collect();
    let units = |row: &[Cell]| match rule {
        Rests::Named { .. } => Some(1),
        _ => places.iter().filter_map(|at| units(&row[*at])).min(),
    };
    let rows = table.rows.iter().enumerate();
    rows.filter_map(|(at, row)| {
        let name = |lang| named(table, at, names, lang);
        Some(SmallGroup {
            part: table.key,
            units: units(row)?,
            row: Text::new(name(Lang::It), name(Lang::En)),
        })
    })
    .collect()
}

/// How many units a cell counts; nothing where it counts nobody.
fn units(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Count(count) => Some(*count).filter(|own| *own > 0),
        Cell::Number(value) if *value > 0.0 => Some(value.floor() as u64),
        Cell::Number(_) | Cell::Flag(_) | Cell::Words(_) | Cell::Said(_) | Cell::None => None,
    }
}

/// The first cells of a row, each after its column's title where it is a number.
fn named(table: &Table, row: usize, names: usize, lang: Lang) -> String {
    let cells = shown::cells(table, row, lang, Digits::Person);
    let parts = cells.into_iter().take(names).enumerate();
    let parts = parts.map(|(at, words)| match table.rows[row][at] {
        Cell::Number(_) | Cell::Count(_) => {
            format!("{} {words}", table.columns[at].1.get(lang))
        }
        Cell::Flag(_) | Cell::Words(_) | Cell::Said(_) | Cell::None => words,
    });
    parts.collect::<Vec<String>>().join(", ")
}
