//! What is true, when somebody knows: a column that says who is who, or a file of pairs.

use std::path::Path;

use wdl_lab::Stopped;
use wdl_linkage::{Column, Data};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::linkage as codes;

use super::input::{Table, note};

/// Which records truly speak of the same person.
pub(super) enum Truth {
    /// For each record the number of its person; 0 when nobody knows.
    Labels(Vec<u32>),
    /// Pairs of records, the smaller first, each once, in order.
    Pairs {
        pairs: Vec<(u32, u32)>,
        /// True pairs that speak of records that are not there.
        unknown: u64,
    },
}

impl Truth {
    /// From a column.
    pub(super) fn of_column(column: Column) -> Truth {
        Truth::Labels(column.cells)
    }

    /// From a file of pairs: of records of A and of B, or of one source in any order.
    pub(super) fn of_pairs(
        path: &Path,
        data: &Data,
        id: &str,
    ) -> Result<(Truth, Option<Diagnostic>), Stopped> {
        let rows = Table::open(path)?.first_two(path)?;
        let last = data.sources.len() - 1;
        let straight = Found::new(&rows, data, [0, last]);
        // Whoever wrote the pairs of B and A may have given the files the other way round.
        let turned = match straight.pairs.is_empty() && last > 0 {
            true => Found::new(&rows, data, [last, 0]),
            false => Found::default(),
        };
        let found = match turned.pairs.is_empty() {
            true => straight,
            false => turned,
        };
        if found.pairs.is_empty() && found.unknown > 0 {
            return Err(Stopped::new(
                Diagnostic::new(codes::TRUTH_UNKNOWN)
                    .with("count", found.unknown)
                    .with("file", path.display())
                    .with("column", id),
            ));
        }
        let notice = (found.unknown > 0).then(|| {
            note(codes::TRUTH_PARTLY_UNKNOWN)
                .with("count", found.unknown)
                .with("file", path.display())
        });
        let Found { pairs, unknown } = found;
        Ok((Truth::Pairs { pairs, unknown }, notice))
    }
}

/// Pairs of ids as pairs of records.
#[derive(Default)]
struct Found {
    pairs: Vec<(u32, u32)>,
    unknown: u64,
}

impl Found {
    fn new(rows: &[[String; 2]], data: &Data, sources: [usize; 2]) -> Found {
        let ones = records(rows, 0, data, sources[0]);
        let others = records(rows, 1, data, sources[1]);
        let mut found = Found::default();
        for (place, pair) in ones.into_iter().zip(others).enumerate() {
            match pair {
                (Some(one), Some(other)) if one != other => {
                    found.pairs.push((one.min(other), one.max(other)));
                }
                (Some(_), Some(_)) => {}
                // The first row holds the names of the columns, unless its cells are ids.
                _ if place == 0 => {}
                _ if rows[place].iter().all(String::is_empty) => {}
                _ => found.unknown += 1,
            }
        }
        found.pairs.sort_unstable();
        found.pairs.dedup();
        found
    }
}

/// The records of a source with the ids in a column of rows; both are in order, so one walk finds them.
fn records(rows: &[[String; 2]], column: usize, data: &Data, source: usize) -> Vec<Option<u32>> {
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    order.sort_unstable_by(|a, b| rows[*a as usize][column].cmp(&rows[*b as usize][column]));
    let mut found = vec![None; rows.len()];
    let range = data.sources[source].records.clone();
    let mut record = range.start;
    for row in order {
        let id = rows[row as usize][column].as_str();
        while record < range.end && data.ids.get(record) < id {
            record += 1;
        }
        if record < range.end && data.ids.get(record) == id {
            found[row as usize] = Some(record);
        }
    }
    found
}
