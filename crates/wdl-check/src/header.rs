//! What is wrong with a file before its rows: names of columns, texts that come with it.

use wdl_contract::Contract;
use wdl_intake::{Carrier, Reading};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnostic, Severity, did_you_mean};

use crate::findings::{Findings, Seen, Subject};

/// Holds the header against the contract; whether rows can be read under it.
///
/// A column that is missing refuses the whole file; one that is not in the contract stays at the body.
pub(crate) fn hold(reading: &Reading, contract: &Contract, findings: &mut Findings) -> bool {
    let places: Vec<Option<usize>> = (0..contract.columns.len())
        .map(|column| reading.place(column))
        .collect();
    let wanted = || {
        contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str())
    };
    let names = reading.header();
    let is_near = |name: &String| did_you_mean(name, wanted()).is_some();
    if places.iter().all(Option::is_none) && !names.iter().any(is_near) {
        let code = match names.iter().all(String::is_empty) {
            true => codes::NO_ROWS,
            false => codes::NO_HEADER,
        };
        let expected: Vec<&str> = wanted().collect();
        findings.add((Severity::Error, Subject::File, code), None, || {
            Diagnostic::new(code).with("expected", expected.join(", "))
        });
        return false;
    }
    missing(names, contract, &places, findings);
    extra(reading, contract, &places, findings);
    true
}

fn missing(
    names: &[String],
    contract: &Contract,
    places: &[Option<usize>],
    findings: &mut Findings,
) {
    let strangers = || {
        let unplaced = names.iter().enumerate();
        unplaced
            .filter(|(place, _)| !places.contains(&Some(*place)))
            .map(|(_, name)| name.as_str())
            .filter(|name| is_a_name(name))
    };
    for (index, column) in contract.columns.iter().enumerate() {
        if places[index].is_some() {
            continue;
        }
        let code = codes::COLUMN_MISSING;
        let key = (Severity::Error, Subject::Column(index), code);
        findings.add(key, None, || {
            Diagnostic::new(code)
                .with("column", &column.physical_name)
                .suggest(did_you_mean(&column.physical_name, strangers()))
        });
    }
}

fn extra(
    reading: &Reading,
    contract: &Contract,
    places: &[Option<usize>],
    findings: &mut Findings,
) {
    let known = || {
        contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str())
    };
    for (place, name) in reading.header().iter().enumerate() {
        if places.contains(&Some(place)) {
            continue;
        }
        let is_twice = known().any(|known| known == name);
        let (severity, code, argument) = match is_twice {
            true => (Severity::Error, codes::COLUMN_TWICE, "column"),
            false => (Severity::Note, codes::COLUMN_EXTRA, "name"),
        };
        let shown = match is_a_name(name) {
            true => name.clone(),
            false => format!("#{}", place + 1),
        };
        let seen = Seen::at(reading.header_line(), name);
        let key = (severity, Subject::Header(place), code);
        findings.add(key, Some(seen), || {
            let diagnostic = Diagnostic::new(code).with(argument, shown);
            match is_twice {
                true => diagnostic,
                false => diagnostic.suggest(did_you_mean(name, known())),
            }
        });
    }
}

/// Whether a name of the header looks like one, so that it may be told outside the body.
///
/// A header that is really a row of data would otherwise tell a person's values.
fn is_a_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '.'))
        && !wdl_identity::find_in_text(name)
}

/// Looks for personal codes in what comes with the file besides its cells; the code itself is never repeated.
pub(crate) fn hold_metadata(reading: &Reading, findings: &mut Findings) {
    for (_, text) in reading.metadata() {
        if !wdl_identity::find_in_text(text) {
            continue;
        }
        let code = codes::IDENTIFIER_IN_METADATA;
        let key = (Severity::Error, Subject::File, code);
        findings.add(key, None, || Diagnostic::new(code));
    }
}

/// The file's name as it may be told: nothing when it identifies a person.
pub(crate) fn file_name(reading: &Reading) -> String {
    let name = reading
        .metadata()
        .iter()
        .find(|(carrier, _)| *carrier == Carrier::FileName)
        .map_or("", |(_, name)| name);
    match wdl_identity::find_in_text(name) {
        true => "…".to_owned(),
        false => name.to_owned(),
    }
}
