//! The check: an export against its contract, everything wrong told at once.
//!
//! Place in the flow: bytes of a file in, findings and the columns as read out.
//! It knows nothing of keys, custodians or the network.

pub(crate) mod cells;
mod columns;
mod findings;
mod rules;
mod source;

use std::borrow::Cow;
use std::collections::HashSet;

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::util::display::array_value_to_string;
use csv::ByteRecord;
use wdl_contract::{CodeLists, Contract, Kind, Shape};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnostic, Period, Severity};

pub use columns::PeopleCount;
pub use findings::{Counts, EXAMPLES, Example, Finding, Findings, Subject};

use columns::{ColumnReader, ReadColumn, Row};
use rules::Rows;
use source::{Header, Source};

/// A file that was checked.
pub struct Checked {
    /// Its name, without its folder.
    pub file: String,
    /// Rows read.
    pub rows: u64,
    /// What was found.
    pub findings: Findings,
    /// For each column of the contract, the rows with a value; none when it is not in the file.
    pub filled: Vec<Option<u64>>,
    /// The columns that name people.
    pub people: Vec<PeopleCount>,
    /// For each column of the contract, its values; they are personal data and stay in memory.
    pub(crate) arrays: Vec<Option<ArrayRef>>,
}

impl Checked {
    /// Whether it may be sealed.
    pub fn is_sealable(&self) -> bool {
        self.findings.counts().error == 0
    }
}

/// What a file is held against.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The contract of its dataset.
    pub contract: &'a Contract,
    /// The lab's code lists.
    pub codes: &'a CodeLists,
    /// The delivery period.
    pub period: Period,
}

/// Checks a file.
pub fn check(file: &str, bytes: &[u8], terms: Terms<'_>) -> Checked {
    let mut checked = Checked {
        file: file.to_owned(),
        rows: 0,
        findings: Findings::default(),
        filled: vec![None; terms.contract.columns.len()],
        people: Vec::new(),
        arrays: vec![None; terms.contract.columns.len()],
    };
    if let Some(source) = Source::open(bytes, terms.contract, &mut checked.findings) {
        read(&source, terms, &mut checked);
    }
    checked
}

fn read(source: &Source<'_>, terms: Terms<'_>, checked: &mut Checked) {
    let contract = terms.contract;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(contract.delimiter)
        .from_reader(source.bytes);
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| {
        reader
            .read_byte_record(record)
            .expect("rows of any length are read from memory")
    };
    if !next(&mut record) {
        file_error(checked, codes::NO_ROWS);
        return;
    }
    let names: Vec<Cow<'_, str>> = record.iter().map(|cell| source.text(cell)).collect();
    let Some(header) = source::header(&names, contract, &mut checked.findings) else {
        return;
    };
    drop(names);
    let mut columns = readers(&header, terms);
    let mut lines: Vec<u32> = Vec::new();
    let mut last_width = header.width;
    while next(&mut record) {
        last_width = record.len();
        let line = record
            .position()
            .map_or(0, |place| line_of(source.bytes, place));
        if !is_whole(&record, &header, line, &mut checked.findings) {
            continue;
        }
        let findings = &mut checked.findings;
        let mut row = Row { findings, line };
        for (place, column) in &mut columns {
            column.read(&source.text(&record[*place]), &mut row);
        }
        lines.push(u32::try_from(line).unwrap_or(u32::MAX));
    }
    if lines.is_empty() && checked.findings.counts().error == 0 {
        file_error(checked, codes::NO_ROWS);
    }
    let is_open = !source.bytes.ends_with(b"\n") && !source.bytes.ends_with(b"\r");
    if is_open && last_width < header.width {
        // A last row that is short, in a file that does not end with a line end, was cut.
        file_error(checked, codes::TRUNCATED);
    }
    checked.rows = lines.len() as u64;
    finish(columns, &lines, terms, checked);
}

/// The line a row begins on: the reader's place may still be before the line ends that precede it.
fn line_of(bytes: &[u8], place: &csv::Position) -> u64 {
    let start = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let before = bytes
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    place.line() + before as u64
}

/// A fault of the whole file.
fn file_error(checked: &mut Checked, code: wdl_vocab::Code) {
    let key = (Severity::Error, Subject::File, code);
    checked.findings.add(key, None, || Diagnostic::new(code));
}

/// The readers of the columns that are in the file, with their places.
fn readers<'a>(header: &Header, terms: Terms<'a>) -> Vec<(usize, ColumnReader<'a>)> {
    let columns = terms.contract.columns.iter().enumerate();
    columns
        .filter_map(|(index, column)| {
            let place = header.places[index]?;
            let reader = ColumnReader::new((index, column), terms);
            Some((place, reader))
        })
        .collect()
}

/// Whether a row has a cell for every column and holds something.
fn is_whole(record: &ByteRecord, header: &Header, line: u64, findings: &mut Findings) -> bool {
    let is_empty = record.iter().all(|cell| cell.trim_ascii().is_empty());
    let (severity, code) = match (is_empty, record.len() == header.width) {
        (true, _) => (Severity::Note, codes::EMPTY_ROW),
        (false, true) => return true,
        (false, false) => (Severity::Error, codes::ROW_LENGTH),
    };
    let shown = record.iter().next().unwrap_or_default();
    let shown = String::from_utf8_lossy(shown);
    findings.add(
        (severity, Subject::File, code),
        Some((line, &shown)),
        || Diagnostic::new(code).with("expected", header.width),
    );
    false
}

/// The columns as read, and what can only be seen over the whole of them.
fn finish(
    columns: Vec<(usize, ColumnReader<'_>)>,
    lines: &[u32],
    terms: Terms<'_>,
    checked: &mut Checked,
) {
    for (_, column) in columns {
        let index = column.index();
        let ReadColumn {
            array,
            filled,
            people,
        } = column.finish();
        checked.filled[index] = Some(filled);
        checked.arrays[index] = array;
        checked.people.extend(people);
    }
    duplicates(lines, terms.contract, checked);
    let rows = Rows {
        contract: terms.contract,
        arrays: &checked.arrays,
        lines,
    };
    rules::hold(&rows, &mut checked.findings);
}

/// Values that must differ and do not.
fn duplicates(lines: &[u32], contract: &Contract, checked: &mut Checked) {
    for (index, column) in contract.columns.iter().enumerate() {
        if column.unique || column.is_key {
            repeated(&[index], index, lines, contract, checked);
        }
    }
    if contract.shape != Shape::Aggregate {
        return;
    }
    // A figure has no key of its own: it is known by its year and its group.
    let columns = contract.columns.iter().enumerate();
    let group: Vec<usize> = columns
        .filter(|(_, column)| {
            matches!(column.kind, Kind::Code { .. }) || column.name == "reference_year"
        })
        .map(|(index, _)| index)
        .collect();
    if let Some(first) = group.first() {
        repeated(&group, *first, lines, contract, checked);
    }
}

fn repeated(
    together: &[usize],
    told: usize,
    lines: &[u32],
    contract: &Contract,
    checked: &mut Checked,
) {
    let arrays: Option<Vec<&ArrayRef>> = together
        .iter()
        .map(|index| checked.arrays[*index].as_ref())
        .collect();
    let Some(arrays) = arrays else { return };
    let names: Vec<&str> = together
        .iter()
        .map(|index| contract.columns[*index].physical_name.as_str())
        .collect();
    let key = (Severity::Error, Subject::Column(told), codes::DUPLICATE);
    let findings = &mut checked.findings;
    for_each_repeated(&arrays, |row, value| {
        findings.add(key, Some((u64::from(lines[row]), value)), || {
            Diagnostic::new(codes::DUPLICATE).with("column", names.join(" + "))
        });
    });
}

/// Calls `tell` with every row whose value was seen in an earlier one; rows with nothing in it are passed over.
fn for_each_repeated(arrays: &[&ArrayRef], mut tell: impl FnMut(usize, &str)) {
    let rows = arrays.first().map_or(0, |array| array.len());
    if let [only] = arrays
        && let Some(texts) = only.as_string_opt::<i32>()
    {
        let mut seen: HashSet<&str> = HashSet::with_capacity(rows);
        for (row, text) in texts.iter().enumerate() {
            if let Some(text) = text
                && !seen.insert(text)
            {
                tell(row, text);
            }
        }
        return;
    }
    let mut seen: HashSet<String> = HashSet::with_capacity(rows);
    for row in 0..rows {
        if arrays.iter().any(|array| array.is_null(row)) {
            continue;
        }
        let value: Vec<String> = arrays
            .iter()
            .map(|array| array_value_to_string(array, row).unwrap_or_default())
            .collect();
        let value = value.join(" + ");
        match seen.contains(&value) {
            true => tell(row, &value),
            false => {
                seen.insert(value);
            }
        }
    }
}
