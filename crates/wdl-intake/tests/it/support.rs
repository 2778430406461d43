//! A contract of the shipped lab, invented rows, and the same rows in every layout.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use wdl_contract::{Contract, Contracts};
use wdl_intake::{Answers, Chunk, Hints, IntakeError, Native, Reading};

/// The columns of `comune/isee`.
pub(crate) const HEADER: [&str; 9] = [
    "ID_RIGA",
    "PROTOCOLLO_DSU",
    "CODICE_FISCALE",
    "DATA_PRESENTAZIONE",
    "ANNO_REDDITI",
    "ISEE",
    "ISE",
    "SCALA_EQUIVALENZA",
    "NUMERO_COMPONENTI",
];

pub(crate) fn contract() -> Contract {
    CONTRACT.clone()
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let contracts = Contracts::read(&lab).unwrap();
    let mut all = contracts.iter();
    all.find(|contract| contract.id == "comune-isee")
        .unwrap()
        .clone()
});

/// Reads a file by the contract of `isee`.
pub(crate) fn open(bytes: &[u8]) -> Result<Reading, IntakeError> {
    open_with(bytes, &[], &[])
}

/// The same with remembered names and answers.
pub(crate) fn open_with(
    bytes: &[u8],
    mapping: &[(&str, &str)],
    answers: &[(&str, &str)],
) -> Result<Reading, IntakeError> {
    open_by(&contract(), bytes, mapping, answers)
}

/// The same by another contract.
pub(crate) fn open_by(
    contract: &Contract,
    bytes: &[u8],
    mapping: &[(&str, &str)],
    answers: &[(&str, &str)],
) -> Result<Reading, IntakeError> {
    let mapping: BTreeMap<String, String> = mapping
        .iter()
        .map(|(name, column)| ((*name).to_owned(), (*column).to_owned()))
        .collect();
    let mut given = Answers::default();
    answers
        .iter()
        .for_each(|(key, value)| given.set(*key, *value));
    let hints = Hints {
        contract,
        mapping: &mapping,
        answers: &given,
    };
    Reading::from_bytes("isee.csv", bytes.to_vec(), hints)
}

/// All rows: line and cells.
pub(crate) fn rows(reading: &mut Reading) -> Result<Vec<(u64, Vec<String>)>, IntakeError> {
    let mut all = Vec::new();
    let mut chunk = Chunk::new();
    while reading.chunk(&mut chunk)? {
        for row in 0..chunk.rows() {
            let cells = (0..chunk.width(row)).map(|place| chunk.cell(row, place).text.to_owned());
            all.push((chunk.line(row), cells.collect()));
        }
    }
    Ok(all)
}

/// What the cells of one column were in the file.
pub(crate) fn natives(reading: &mut Reading, place: usize) -> Vec<Native> {
    let mut all = Vec::new();
    let mut chunk = Chunk::new();
    while reading.chunk(&mut chunk).unwrap() {
        all.extend((0..chunk.rows()).map(|row| chunk.cell(row, place).native));
    }
    all
}

/// The codes of what was decided, and of what is asked.
pub(crate) fn told(reading: &Reading) -> (Vec<&'static str>, Vec<&'static str>) {
    let decided = reading.decisions().iter();
    let asked = reading.questions().iter();
    (
        decided
            .map(|decision| decision.diagnostic.code.id)
            .collect(),
        asked.map(|question| question.diagnostic.code.id).collect(),
    )
}

/// Invented rows of `isee`, with accents and long amounts.
pub(crate) fn invented(count: usize) -> Vec<Vec<String>> {
    (0..count)
        .map(|row| {
            vec![
                format!("R{row:06}"),
                format!("DSU-è-{}", row / 3),
                String::new(),
                format!("{:02}/{:02}/2026", 1 + row % 28, 1 + row % 12),
                "2024".to_owned(),
                format!("{},{:02}", row * 37 % 60_000, 10 + row % 90),
                format!("{},{:02}", row * 91 % 90_000, 10 + row % 90),
                "2,46".to_owned(),
                (1 + row % 6).to_string(),
            ]
        })
        .collect()
}

/// A table as text with one delimiter and one line end.
pub(crate) fn text(rows: &[Vec<String>], delimiter: char, line_end: &str) -> String {
    let mut text = HEADER.join(&delimiter.to_string()) + line_end;
    for row in rows {
        text += &(row.join(&delimiter.to_string()) + line_end);
    }
    text
}

/// A text in UTF-16, low byte first, with its mark.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A text in code page 1252.
pub(crate) fn cp1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}
