//! The way of a table from a draft to a release.

use std::collections::BTreeSet;

use wdl_publication::{ReleaseFace, ReleasedTable, Review, Site, SiteInput};
use wdl_result::{Draft, Status, Table};
use wdl_vocab::{Lang, ReleaseId, Text};

use crate::invented::{self, Record};

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

/// What a test knows of the site beside its files.
pub(crate) struct Known {
    drafts: Vec<Table>,
    tables: Vec<Table>,
    record: Record,
}

impl Known {
    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    pub(crate) fn entries(&self) -> usize {
        self.record.entries.len()
    }

    /// A text without what a throw-away key makes different every time.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.to_owned()
    }

    /// Numbers of suppressed cells as a file could write them, save those that a shown cell has too.
    pub(crate) fn hidden(&self) -> BTreeSet<String> {
        let (mut hidden, mut shown) = (BTreeSet::new(), BTreeSet::new());
        for (draft, table) in self.drafts.iter().zip(&self.tables) {
            for (before, after) in draft.cells.iter().zip(&table.cells) {
                let words = [before.estimate, before.standard_error]
                    .into_iter()
                    .flatten()
                    .flat_map(forms);
                match after.status {
                    Status::SuppressedPrimary | Status::SuppressedSecondary => hidden.extend(words),
                    _ => shown.extend(words),
                }
            }
        }
        hidden
            .into_iter()
            .filter(|word| !shown.contains(word))
            .collect()
    }
}

/// A number in every way a file of the site may write it; none when it is too common to be told from others.
fn forms(value: f64) -> Vec<String> {
    let plain = value.to_string();
    let digits = plain.split('.').nth(1).map_or(0, str::len);
    let cents = value >= 1_000.0 && digits == 2;
    if digits < 8 && !cents {
        return Vec::new();
    }
    let mut forms = vec![plain.replace('.', ","), plain];
    for lang in Lang::ALL {
        if cents {
            forms.push(lang.number(value, 2));
        }
    }
    forms
}

pub(crate) fn with_input<T>(
    synthetic: bool,
    then: impl FnOnce(&mut SiteInput<'_>, &Known) -> T,
) -> T {
    let drafts: Vec<Draft<Table>> = invented::kinds()
        .iter()
        .flat_map(|kind| invented::drafts(kind, synthetic))
        .collect();
    let known = Known {
        drafts: drafts.iter().map(|draft| draft.0.clone()).collect(),
        tables: protect(drafts),
        record: invented::record(&face().id),
    };
    let mut input = invented::input(synthetic, &known.record);
    input.tables = released(&known.tables);
    then(&mut input, &known)
}

pub(crate) fn with_site<T>(synthetic: bool, then: impl FnOnce(&Site, &Known) -> T) -> T {
    with_input(synthetic, |input, known| {
        let site = Site::make(input).unwrap();
        then(&site, known)
    })
}

pub(crate) fn large() -> Vec<Table> {
    invented::large().into_iter().flat_map(protect).collect()
}
