//! Text files with a header, separated by one character.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// One row: its cells by the name of their column.
pub(crate) struct Row {
    cells: HashMap<String, String>,
}

impl Row {
    /// A cell; empty when nothing stands in it.
    pub(crate) fn text(&self, column: &str) -> &str {
        match self.cells.get(column) {
            Some(cell) => cell,
            None => panic!("no column `{column}`"),
        }
    }

    /// A cell, when something stands in it.
    pub(crate) fn some(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// A file read: the columns in order and the rows.
pub(crate) struct TextTable {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// Reads a file of UTF-8, with or without a mark.
pub(crate) fn utf8(file: &Path, separator: u8) -> TextTable {
    let text = fs::read_to_string(file);
    let text = text.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    parsed(&text, separator)
}

/// Reads the text of a file.
pub(crate) fn parsed(text: &str, separator: u8) -> TextTable {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let cells = columns
            .iter()
            .cloned()
            .zip(record.iter().map(str::to_owned));
        rows.push(Row {
            cells: cells.collect(),
        });
    }
    TextTable { columns, rows }
}
