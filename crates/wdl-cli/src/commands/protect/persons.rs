//! Whose the records of a plain file are: companions are persons, and a person with several records is not her own.

use std::collections::BTreeMap;

use wdl_plain::PlainTable;

/// The records that count: one for each person in each class of records alike.
pub(super) struct Persons {
    /// The record that counts for each row.
    pub(super) place: Vec<usize>,
    /// The first row of each record that counts.
    pub(super) first: Vec<usize>,
    /// The most records that count of one person.
    pub(super) most: u32,
}

impl Persons {
    /// By the column of the persons; without it every row is a person's only one.
    ///
    /// `classes` says which rows are alike, by row.
    pub(super) fn new(table: &PlainTable, column: Option<&str>, classes: &[u32]) -> Persons {
        let Some(column) = column else {
            let rows: Vec<usize> = (0..classes.len()).collect();
            return Persons {
                place: rows.clone(),
                first: rows,
                most: 1,
            };
        };
        // Records that do not say whose they are might all be one person's: they have no code, and that is one.
        let (codes, _) = table.coded(column);
        let mut known: BTreeMap<(Option<u32>, u32), usize> = BTreeMap::new();
        let mut first = Vec::new();
        let mut place = Vec::with_capacity(classes.len());
        for (row, (person, class)) in codes.into_iter().zip(classes).enumerate() {
            let record = *known.entry((person, *class)).or_insert_with(|| {
                first.push(row);
                first.len() - 1
            });
            place.push(record);
        }
        let mut records: BTreeMap<Option<u32>, u32> = BTreeMap::new();
        for (person, _) in known.keys() {
            *records.entry(*person).or_default() += 1;
        }
        Persons {
            place,
            first,
            most: records.into_values().max().unwrap_or(1),
        }
    }

    /// The values of the records that count.
    pub(super) fn counted<T: Clone>(&self, column: &[T]) -> Vec<T> {
        self.first.iter().map(|row| column[*row].clone()).collect()
    }
}
