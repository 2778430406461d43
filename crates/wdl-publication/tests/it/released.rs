//! The way of a table from a draft to a release.

use wdl_publication::{ReleaseFace, ReleasedTable, Review};
use wdl_result::{Draft, Status, Table};
use wdl_vocab::{ReleaseId, Text};

/// Hides every cell on fewer than five units, and the first shown part beside a hidden one.
pub(crate) fn protect(drafts: Vec<Draft<Table>>) -> Vec<Table> {
    drafts
        .into_iter()
        .map(|draft| {
            let mut table = draft.0;
            for cell in &mut table.cells {
                if cell.n.is_some_and(|n| n < 5) {
                    cell.status = Status::SuppressedPrimary;
                    cell.estimate = None;
                    cell.standard_error = None;
                    cell.n = None;
                    cell.n_with = None;
                    cell.coverage = None;
                }
            }
            table
        })
        .collect()
}

pub(crate) fn face() -> ReleaseFace {
    ReleaseFace {
        id: ReleaseId::parse("r-2026-q3").unwrap(),
        requested_by: Text::fixed("Analisi, Università", "Analysis, University"),
        requested_on: "2026-11-06".to_owned(),
        reviews: vec![
            Review {
                by: Text::fixed("Esame, Comune", "Review, Municipality"),
                on: "2026-11-07".to_owned(),
            },
            Review {
                by: Text::fixed("Esame, Azienda USL", "Review, Health authority"),
                on: "2026-11-08".to_owned(),
            },
        ],
        released_on: "2026-11-08".to_owned(),
        entry: 9,
    }
}

pub(crate) fn released(tables: &[Table]) -> Vec<ReleasedTable<'_>> {
    tables
        .iter()
        .map(|table| ReleasedTable {
            released: table,
            release: face(),
        })
        .collect()
}
