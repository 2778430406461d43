//! Protected themes as a plain file: what `wdl themes --out` writes and `wdl joint` reads.

use std::fmt::Write as _;

use serde::Serialize;
use wdl_disclosure::Checked;
use wdl_result::{Status, Table};
use wdl_vocab::Text;

use super::codebook::EntryId;
use super::error::CodingError;

/// One cell of a file of themes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThemeCell {
    /// The theme.
    pub theme: EntryId,
    /// Its name for people.
    pub label: Text,
    /// The breakdown; empty where there is none.
    pub by: String,
    /// The category; none for the total.
    pub group: Option<String>,
    /// Participants; none where hidden.
    pub n: Option<u64>,
    /// The share of them who speak of it; none where hidden.
    pub share: Option<f64>,
    /// Whether disclosure control hides it.
    pub is_hidden: bool,
}

/// A file of themes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThemesFile {
    /// Its cells, in their order.
    pub cells: Vec<ThemeCell>,
}

/// The columns of the file, in order.
const COLUMNS: [&str; 9] = [
    "theme",
    "label_it",
    "label_en",
    "by",
    "group",
    "participants",
    "share",
    "status",
    "period",
];

/// The word of a hidden cell.
const HIDDEN: &str = "hidden";
/// The word of a cell with a number.
const SHOWN: &str = "shown";
/// The word of a cell with nobody in it.
const EMPTY: &str = "empty";

impl ThemesFile {
    /// The columns of the file, in order.
    pub fn columns() -> &'static [&'static str] {
        &COLUMNS
    }

    /// The file of protected tables: what is hidden has no number in it.
    pub fn write<'t>(
        tables: impl Iterator<Item = (&'t EntryId, &'t Text, &'t Checked<Table>)>,
    ) -> String {
        let mut text = COLUMNS.join(",");
        text.push('\n');
        for (theme, label, table) in tables {
            let table = table.get();
            for cell in &table.cells {
                let by = table.dimensions.first().map_or("", |own| own.id.as_str());
                let group = cell.keys.first().cloned().flatten().unwrap_or_default();
                let (word, n, share) = match cell.status {
                    Status::Value => (SHOWN, cell.n, cell.estimate),
                    Status::NotComputableEmpty | Status::NotComputableUndefined => {
                        (EMPTY, Some(0), None)
                    }
                    Status::SuppressedPrimary
                    | Status::SuppressedSecondary
                    | Status::NotCollected => (HIDDEN, None, None),
                };
                let n = n.map(|n| n.to_string()).unwrap_or_default();
                let share = share.map(|share| share.to_string()).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "{theme},{},{},{by},{group},{n},{share},{word},{}",
                    quoted(&label.it),
                    quoted(&label.en),
                    cell.period
                );
            }
        }
        text
    }

    /// Reads a row, its cells in the order of the columns.
    ///
    /// # Errors
    /// [`CodingError::Themes`] when it is no row of such a file, or a hidden cell brings a number along.
    pub fn add(&mut self, row: &[Option<&str>], line: usize) -> Result<(), CodingError> {
        let bad = |it: &str, en: &str| CodingError::Themes {
            detail: Text::new(it, en),
            line,
        };
        let cell = |at: usize| row.get(at).copied().flatten();
        let theme = cell(0)
            .and_then(|cell| EntryId::parse(cell).ok())
            .ok_or_else(|| bad("manca il tema", "the theme is missing"))?;
        let label = |at: usize| cell(at).unwrap_or(theme.as_str()).to_owned();
        let n: Option<u64> = cell(5).and_then(|cell| cell.parse().ok());
        let share: Option<f64> = cell(6).and_then(|cell| cell.parse().ok());
        let is_hidden = match cell(7) {
            Some(HIDDEN) if cell(5).is_none() && cell(6).is_none() => true,
            Some(HIDDEN) => {
                return Err(bad(
                    "una cella nascosta ha un numero",
                    "a hidden cell has a number",
                ));
            }
            Some(SHOWN) if n.is_some() && share.is_some_and(|own| (0.0..=1.0).contains(&own)) => {
                false
            }
            Some(EMPTY) if n == Some(0) && share.is_none() => false,
            _ => {
                return Err(bad(
                    "`status` e numeri non vanno insieme",
                    "`status` and numbers do not go together",
                ));
            }
        };
        self.cells.push(ThemeCell {
            label: Text::new(label(1), label(2)),
            theme,
            by: cell(3).unwrap_or_default().to_owned(),
            group: cell(4).map(str::to_owned),
            n,
            share,
            is_hidden,
        });
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}
