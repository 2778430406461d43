//! Values that must differ, and codes that must be one person's: by keyed fingerprints, never by the values.
//!
//! The fingerprints of a long file spill into a private temporary database; the key is drawn for each run and dies with it.

use std::hash::{BuildHasher as _, RandomState};

use rusqlite::Connection;

use crate::error::CheckError;

/// How many fingerprints stay in memory.
const HELD_MAX: usize = 1 << 20;

/// One row's fingerprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// Of what must differ.
    pub(crate) key: u128,
    /// The row, from 0.
    pub(crate) row: u64,
    /// Its line.
    pub(crate) line: u64,
    /// Of what tells two equal keys apart.
    pub(crate) rest: u64,
}

/// The keys of the fingerprints of one run.
///
/// Two files of ten million rows in a billion billion meet a false equality.
pub(crate) struct Keys {
    high: RandomState,
    low: RandomState,
}

impl Keys {
    pub(crate) fn new() -> Keys {
        Keys {
            high: RandomState::new(),
            low: RandomState::new(),
        }
    }

    pub(crate) fn wide(&self, bytes: &[u8]) -> u128 {
        (u128::from(self.high.hash_one(bytes)) << 64) | u128::from(self.low.hash_one(bytes))
    }

    pub(crate) fn narrow(&self, bytes: &[u8]) -> u64 {
        self.low.hash_one(bytes)
    }
}

/// The fingerprints of a column, or of columns together, over a file.
pub(crate) struct Marks {
    held: Vec<Mark>,
    held_max: usize,
    spilled: Option<Connection>,
}

impl Marks {
    pub(crate) fn new() -> Marks {
        Marks::holding(HELD_MAX)
    }

    fn holding(held_max: usize) -> Marks {
        Marks {
            held: Vec::new(),
            held_max,
            spilled: None,
        }
    }

    pub(crate) fn push(&mut self, mark: Mark) -> Result<(), CheckError> {
        self.held.push(mark);
        match self.held.len() < self.held_max {
            true => Ok(()),
            false => self.spill().map_err(CheckError::Database),
        }
    }

    fn spill(&mut self) -> rusqlite::Result<()> {
        let database = match &mut self.spilled {
            Some(database) => database,
            empty => {
                // A database without a name is private, lives in a temporary file and is deleted with its connection.
                let database = Connection::open("")?;
                database.execute_batch(
                    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                     CREATE TABLE marks (high INTEGER, low INTEGER, row INTEGER, line INTEGER, rest INTEGER)",
                )?;
                empty.insert(database)
            }
        };
        let transaction = database.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO marks VALUES (?, ?, ?, ?, ?)")?;
            for mark in self.held.drain(..) {
                let (high, low) = ((mark.key >> 64) as u64, mark.key as u64);
                insert.execute((
                    high.cast_signed(),
                    low.cast_signed(),
                    mark.row.cast_signed(),
                    mark.line.cast_signed(),
                    mark.rest.cast_signed(),
                ))?;
            }
        }
        transaction.commit()
    }

    /// Calls `tell` with the marks of every key that stands in more than one row, in the order of the rows.
    pub(crate) fn for_each_group(
        mut self,
        mut tell: impl FnMut(&[Mark]),
    ) -> Result<(), CheckError> {
        let mut group: Vec<Mark> = Vec::new();
        let mut take = |mark: Mark| {
            if group.first().is_some_and(|first| first.key != mark.key) {
                if group.len() > 1 {
                    tell(&group);
                }
                group.clear();
            }
            group.push(mark);
        };
        if self.spilled.is_some() {
            self.spill().map_err(CheckError::Database)?;
        }
        match &self.spilled {
            None => {
                self.held.sort_unstable();
                self.held.iter().for_each(|mark| take(*mark));
            }
            Some(database) => sorted(database, &mut take).map_err(CheckError::Database)?,
        }
        if group.len() > 1 {
            tell(&group);
        }
        Ok(())
    }
}

fn sorted(database: &Connection, take: &mut impl FnMut(Mark)) -> rusqlite::Result<()> {
    let mut select =
        database.prepare("SELECT high, low, row, line, rest FROM marks ORDER BY high, low, row")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let number = |place: usize| row.get::<_, i64>(place).map(i64::cast_unsigned);
        take(Mark {
            key: (u128::from(number(0)?) << 64) | u128::from(number(1)?),
            row: number(2)?,
            line: number(3)?,
            rest: number(4)?,
        });
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn groups(keys: &[u8], held_max: usize) -> Vec<Vec<u64>> {
        let mut marks = Marks::holding(held_max);
        for (row, key) in keys.iter().enumerate() {
            let row = row as u64;
            marks
                .push(Mark {
                    key: u128::from(*key) << 60,
                    row,
                    line: row + 2,
                    rest: 0,
                })
                .unwrap();
        }
        let mut found = Vec::new();
        let tell = |group: &[Mark]| found.push(group.iter().map(|mark| mark.row).collect());
        marks.for_each_group(tell).unwrap();
        found.sort();
        found
    }

    proptest! {
        #[test]
        fn groups_are_those_of_a_map(keys in prop::collection::vec(0_u8..9, 0..40), held_max in 1_usize..50) {
            let mut plain: BTreeMap<u8, Vec<u64>> = BTreeMap::new();
            for (row, key) in keys.iter().enumerate() {
                plain.entry(*key).or_default().push(row as u64);
            }
            let mut plain: Vec<Vec<u64>> = plain.into_values().filter(|rows| rows.len() > 1).collect();
            plain.sort();
            prop_assert_eq!(groups(&keys, held_max), plain);
        }
    }

    #[test]
    fn fingerprints_are_of_one_run() {
        let (one, other) = (Keys::new(), Keys::new());
        assert_eq!(one.wide(b"x"), one.wide(b"x"));
        assert_ne!(one.wide(b"x"), one.wide(b"y"));
        assert_ne!(one.wide(b"x"), other.wide(b"x"));
    }
}
