//! Writes an invented quarter for the measurements: `quarter ROWS COLUMNS FILE`, with 11 columns or all of them.
//!
//! It is the fixture of the tests, so that what is measured is what is tested.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

#[path = "../tests/it/fixture/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
mod fixture;

use std::fmt::Write as _;

/// The columns of the published comparison with other tools.
const ELEVEN: [&str; 11] = [
    "ID_INTERVENTO",
    "CODICE_FISCALE",
    "COGNOME",
    "NOME",
    "DATA_NASCITA",
    "TIPO_INTERVENTO",
    "DATA_INIZIO",
    "DATA_FINE",
    "IMPORTO",
    "ISEE",
    "SEZIONE",
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [rows, columns, file] = words.as_slice() else {
        eprintln!("usage: quarter ROWS 11|20 FILE");
        std::process::exit(2);
    };
    let rows = fixture::many(rows.parse().unwrap());
    let names: Vec<&str> = match columns.as_str() {
        "11" => ELEVEN.to_vec(),
        _ => fixture::COLUMNS.iter().map(|column| column.name).collect(),
    };
    let mut text = names.join(";") + "\r\n";
    for row in &rows {
        let cells: Vec<String> = names.iter().map(|name| quoted(row.get(name))).collect();
        write!(text, "{}\r\n", cells.join(";")).unwrap();
    }
    std::fs::write(file, text).unwrap();
}

fn quoted(cell: &str) -> String {
    match cell.contains([';', '"']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}
