//! The columns of a plain file that its risk is told from.

use wdl_anonymisation::models::{ClassValues, Distance, Overall};
use wdl_anonymisation::risk::{KeyTable, SampleWeights};
use wdl_lab::Stopped;
use wdl_plain::PlainTable;

use super::super::persons::Persons;
use super::{Risk, refused};

/// What was read.
pub(super) struct Input {
    /// Of the records that count.
    pub(super) keys: KeyTable,
    pub(super) persons: Persons,
    pub(super) weights: Option<SampleWeights>,
    pub(super) households: Option<Vec<Option<u64>>>,
    /// Distinct values of the poorest class and distance of the farthest, for each sensitive column.
    pub(super) sensitive: Vec<(String, u32, f64)>,
    /// The missing values of each quasi-identifier.
    pub(super) missing: Vec<usize>,
}

impl Input {
    pub(super) fn read(asked: &Risk) -> Result<Input, Stopped> {
        let mut wanted: Vec<&str> = asked
            .quasi_identifiers
            .iter()
            .chain(&asked.sensitive)
            .map(String::as_str)
            .collect();
        wanted.extend(asked.weight.as_deref());
        wanted.extend(asked.household.as_deref());
        wanted.extend(asked.person.as_deref());
        wanted.sort_unstable();
        wanted.dedup();
        let table = PlainTable::read(&asked.file, &wanted)?;
        let columns: Vec<Vec<Option<String>>> = asked
            .quasi_identifiers
            .iter()
            .map(|name| table.text(name))
            .collect();
        let fault = |fault| refused(&asked.file, &fault);
        let keys = KeyTable::of_texts(&columns).map_err(fault)?;
        let weights = match &asked.weight {
            Some(name) => {
                let numbers = table
                    .numbers(name)?
                    .iter()
                    .map(|weight| weight.unwrap_or(f64::NAN))
                    .collect();
                Some(SampleWeights::new(numbers).map_err(fault)?)
            }
            None => None,
        };
        let classes = keys.classes();
        let persons = Persons::new(&table, asked.person.as_deref(), &classes);
        let counted: Vec<Vec<Option<String>>> = columns
            .iter()
            .map(|column| persons.counted(column))
            .collect();
        let keys = KeyTable::of_texts(&counted).map_err(fault)?;
        Ok(Input {
            weights,
            households: asked.household.as_ref().map(|name| {
                table
                    .coded(name)
                    .0
                    .into_iter()
                    .map(|code| code.map(u64::from))
                    .collect()
            }),
            sensitive: asked
                .sensitive
                .iter()
                .map(|name| of_classes(&table, name, &classes))
                .collect(),
            missing: columns
                .iter()
                .map(|column| column.iter().filter(|value| value.is_none()).count())
                .collect(),
            keys,
            persons,
        })
    }
}

/// Distinct l and equal-distance t of one sensitive column; a missing value counts as no further value for l, and at its worst for t.
fn of_classes(table: &PlainTable, name: &str, classes: &[u32]) -> (String, u32, f64) {
    let (codes, values) = table.coded(name);
    let of_row: Vec<usize> = codes
        .iter()
        .map(|code| code.map_or(values.len(), |code| code as usize))
        .collect();
    let mut all = vec![0_u64; values.len()];
    codes
        .iter()
        .flatten()
        .for_each(|value| all[*value as usize] += 1);
    let overall = Overall::new(&all);
    let mut rows: Vec<(u32, usize)> = classes.iter().copied().zip(of_row).collect();
    rows.sort_unstable();
    let (mut least, mut farthest) = (u32::MAX, 0.0_f64);
    for class in rows.chunk_by(|a, b| a.0 == b.0) {
        let runs: Vec<(u32, u32)> = class
            .chunk_by(|a, b| a.1 == b.1)
            .map(|run| (run[0].1 as u32, run.len() as u32))
            .collect();
        let (codes, counts): (Vec<u32>, Vec<u32>) = runs.into_iter().unzip();
        let class = ClassValues::new(&codes, &counts, values.len());
        least = least.min(class.distinct());
        farthest = farthest.max(class.closeness(&overall, &Distance::Equal));
    }
    (name.to_owned(), least, farthest)
}
