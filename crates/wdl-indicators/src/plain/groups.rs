//! The groups that the rows of a file fall into, and names as numbers.

use std::collections::{BTreeMap, HashMap};

use wdl_frame::PlainTable;
use wdl_stats::Sample;

use super::Options;

/// The values of the grouping columns in one group.
pub(super) type GroupName = Vec<Option<String>>;

/// The groups that occur, numbered in the order of their names.
pub(super) struct Groups {
    pub(super) of_row: Vec<u32>,
    pub(super) names: Vec<GroupName>,
}

impl Groups {
    /// The groups of the rows at `places`.
    pub(super) fn of(places: &[usize], table: &PlainTable, options: &Options) -> Groups {
        if options.by.is_empty() {
            return Groups {
                of_row: Vec::new(),
                names: Vec::new(),
            };
        }
        let columns: Vec<Vec<Option<String>>> =
            options.by.iter().map(|name| table.text(name)).collect();
        // Each column's values as numbers first, so that a row's key is a short list of numbers.
        let mut numbers: Vec<Vec<u64>> = Vec::new();
        for column in &columns {
            let mut names = Names::default();
            let own = places
                .iter()
                .map(|row| names.number(column[*row].as_deref()));
            numbers.push(own.collect());
        }
        let mut first_of: HashMap<Vec<u64>, usize> = HashMap::new();
        let key = |at: usize| -> Vec<u64> { numbers.iter().map(|own| own[at]).collect() };
        for at in 0..places.len() {
            first_of.entry(key(at)).or_insert(at);
        }
        let name_at = |at: usize| -> GroupName {
            columns.iter().map(|own| own[places[at]].clone()).collect()
        };
        let sorted: BTreeMap<GroupName, Vec<u64>> = (first_of.into_iter())
            .map(|(key, at)| (name_at(at), key))
            .collect();
        let number_of: HashMap<&Vec<u64>, u32> = sorted.values().zip(0..).collect();
        Groups {
            of_row: (0..places.len()).map(|at| number_of[&key(at)]).collect(),
            names: sorted.keys().cloned().collect(),
        }
    }

    /// The rows of each group.
    pub(super) fn samples(&self, whole: &Sample) -> Vec<Sample> {
        match self.names.is_empty() {
            true => Vec::new(),
            false => whole.parts(&self.of_row, self.names.len()),
        }
    }
}

/// Names numbered as they are met; what is missing is a name of its own.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<String, u64>,
}

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, name: Option<&str>) -> u64 {
        let Some(name) = name else { return 0 };
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let next = self.known.len() as u64 + 1;
        self.known.insert(name.to_owned(), next);
        next
    }
}
