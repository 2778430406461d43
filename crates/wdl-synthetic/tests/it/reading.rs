//! Reading back what the city wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;
use wdl_synthetic::{City, Request};

/// A row by column name.
pub(crate) type Row = BTreeMap<String, String>;

/// The delivery periods, in order, with the last day each knows.
pub(crate) const DELIVERIES: [(&str, &str); 4] = [
    ("2025-Q4", "2025-12-31"),
    ("2026-Q1", "2026-03-31"),
    ("2026-Q2", "2026-06-30"),
    ("2026-Q3", "2026-09-30"),
];

/// A city written into a folder of its own.
pub(crate) fn city(residents: u32, clean: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    City::live(Request {
        residents,
        seed: 7,
        clean,
    })
    .unwrap()
    .write(folder.path())
    .unwrap();
    folder
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|record| {
            header
                .iter()
                .map(str::to_owned)
                .zip(record.unwrap().iter().map(str::to_owned))
                .collect()
        })
        .collect()
}

/// A table of the truth.
pub(crate) fn truth(folder: &Path, table: &str) -> Vec<Row> {
    rows(&fs::read(folder.join("truth").join(format!("{table}.csv"))).unwrap())
}

/// A dataset of one delivery, or nothing when the body had nothing to say.
pub(crate) fn delivery(folder: &Path, body: &str, dataset: &str, period: &str) -> Vec<Row> {
    let file = folder
        .join("exports")
        .join(body)
        .join(period)
        .join(format!("{dataset}.csv"));
    if file.exists() {
        rows(&fs::read(file).unwrap())
    } else {
        Vec::new()
    }
}

/// A dataset with every delivery applied, by its key column.
pub(crate) fn upserted(
    folder: &Path,
    body: &str,
    dataset: &str,
    key: &str,
) -> BTreeMap<String, Row> {
    let mut all = BTreeMap::new();
    for (period, _) in DELIVERIES {
        for row in delivery(folder, body, dataset, period) {
            all.insert(row[key].clone(), row);
        }
    }
    all
}

/// dd/mm/yyyy as yyyy-mm-dd.
pub(crate) fn iso(day: &str) -> String {
    match day.split('/').collect::<Vec<_>>()[..] {
        [of_month, month, year] => format!("{year}-{month}-{of_month}"),
        _ => String::new(),
    }
}

/// Whether an episode of the truth covers a day.
pub(crate) fn covers(row: &Row, day: &str) -> bool {
    row["valid_from"].as_str() <= day
        && (row["valid_to"].is_empty() || row["valid_to"].as_str() > day)
}

/// A number of the truth.
pub(crate) fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}
