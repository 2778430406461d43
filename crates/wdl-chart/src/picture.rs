//! Pictures of plain numbers: what every kind gives, and how its sheet begins and ends.

use wdl_vocab::Lang;

use crate::frame::Sheet;
use crate::words::{TEXTS, synthetic};
use crate::{Chart, Column, DataCell, DataTable, Gaps, Row, Scope, Width};

/// Where the records come from, as far as a reader must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing to tell.
    Unsaid,
    /// Invented records: the drawing says so.
    Synthetic,
}

/// Where a picture goes.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding.
    pub title: &'a str,
    /// How wide.
    pub width: Width,
    /// Whether the records are invented.
    pub origin: Origin,
}

/// A kind of picture.
pub trait Picture {
    /// The drawing.
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart;
    /// Its numbers.
    fn table(&self, lang: Lang) -> DataTable;
    /// What it shows, in words: the finding, also for those who do not see it.
    fn alt(&self, lang: Lang) -> String;
}

/// Begins a sheet with its title and the subtitle under a key.
pub(crate) fn begin(place: &Place<'_>, subtitle: &str, lang: Lang) -> Sheet {
    Sheet::begin(place.title, &say(lang, subtitle), place.width, lang)
}

/// Ends a sheet with its notes and, for invented records, the notice.
pub(crate) fn finish(mut sheet: Sheet, place: &Place<'_>, alt: String, notes: &[String]) -> Chart {
    sheet.y += 8.0;
    for note in notes {
        sheet.note(note);
    }
    if place.origin == Origin::Synthetic {
        let words = synthetic(sheet.lang);
        sheet.notice(&words);
    }
    Chart {
        svg: sheet.finish(place.id, place.title, &alt),
        alt,
        gaps: Gaps::new(),
    }
}

pub(crate) fn say(lang: Lang, key: &str) -> String {
    TEXTS.get(lang, key, &[])
}

pub(crate) fn tell(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    TEXTS.get(lang, key, args)
}

/// A table of numbers and words; `columns` are keys of texts, a number's column first in its pair.
pub(crate) fn table(
    lang: Lang,
    caption: String,
    corner: &str,
    columns: &[(&str, bool)],
) -> DataTable {
    let column = |(key, is_number): &(&str, bool)| Column {
        text: say(lang, key),
        scope: Scope::Column,
        is_number: *is_number,
    };
    DataTable {
        caption,
        corner: say(lang, corner),
        columns: columns.iter().map(column).collect(),
        rows: Vec::new(),
        gaps: Gaps::new(),
    }
}

pub(crate) fn row(head: String, is_total: bool, cells: Vec<String>) -> Row {
    Row {
        head,
        scope: Scope::Row,
        is_total,
        cells: cells
            .into_iter()
            .map(|text| DataCell { text, gap: None })
            .collect(),
    }
}
