//! The file as bytes: its encoding, its delimiter, its header.
//!
//! What disagrees with the contract is a finding; the reading goes on with what the file really is, so that everything wrong is told at once.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use wdl_contract::{Contract, Encoding};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnostic, Severity, did_you_mean};

use super::findings::{Findings, Subject};

/// A file that can be read cell by cell.
pub(crate) struct Source<'a> {
    /// The content after the mark at the beginning.
    pub(crate) bytes: &'a [u8],
    is_utf8: bool,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl<'a> Source<'a> {
    /// Finds out the encoding; nothing when the file is no text of one byte per character.
    pub(crate) fn open(
        bytes: &'a [u8],
        contract: &Contract,
        findings: &mut Findings,
    ) -> Option<Source<'a>> {
        let says_utf8 = contract.encoding == Encoding::Utf8;
        let expected = if says_utf8 { "UTF-8" } else { "Windows-1252" };
        let mut differs = |actual: &str| {
            findings.add(
                (Severity::Error, Subject::File, codes::ENCODING),
                None,
                || {
                    Diagnostic::new(codes::ENCODING)
                        .with("actual", actual)
                        .with("expected", expected)
                },
            );
        };
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            differs("UTF-16");
            return None;
        }
        let (has_bom, content) = match bytes.strip_prefix(BOM) {
            Some(content) => (true, content),
            None => (false, bytes),
        };
        let reads_as_utf8 = std::str::from_utf8(content).is_ok();
        let is_utf8 = match (says_utf8, reads_as_utf8) {
            (true, true) => true,
            (true, false) => {
                differs("Windows-1252");
                false
            }
            // Text in Windows-1252 that reads as UTF-8 beyond ASCII does not occur by chance.
            (false, true) if has_bom || !content.is_ascii() => {
                differs("UTF-8");
                true
            }
            (false, _) => false,
        };
        Some(Source {
            bytes: content,
            is_utf8,
        })
    }

    /// A cell as text, without the spaces around it.
    pub(crate) fn text<'c>(&self, cell: &'c [u8]) -> Cow<'c, str> {
        let cell = cell.trim_ascii();
        if (self.is_utf8 || cell.is_ascii())
            && let Ok(text) = std::str::from_utf8(cell)
        {
            return Cow::Borrowed(text.trim());
        }
        let text = WINDOWS_1252.decode_without_bom_handling(cell).0;
        Cow::Owned(text.trim().to_owned())
    }
}

/// Where the contract's columns stand in the file.
pub(crate) struct Header {
    /// For each column of the contract.
    pub(crate) places: Vec<Option<usize>>,
    /// How many columns the file has.
    pub(crate) width: usize,
}

/// Reads the header; nothing when no row can be read under it.
pub(crate) fn header(
    names: &[Cow<'_, str>],
    contract: &Contract,
    findings: &mut Findings,
) -> Option<Header> {
    if let Some(actual) = other_delimiter(names, contract) {
        let key = (Severity::Error, Subject::File, codes::DELIMITER);
        findings.add(key, None, || {
            Diagnostic::new(codes::DELIMITER)
                .with("actual", delimiter_name(actual))
                .with("expected", delimiter_name(contract.delimiter))
        });
        return None;
    }
    let wanted = || {
        contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str())
    };
    let places: Vec<Option<usize>> = wanted()
        .map(|wanted| names.iter().position(|name| name == wanted))
        .collect();
    let is_near = |name: &str| did_you_mean(name, wanted()).is_some();
    if places.iter().all(Option::is_none) && !names.iter().any(|name| is_near(name)) {
        let key = (Severity::Error, Subject::File, codes::NO_HEADER);
        let expected: Vec<&str> = wanted().collect();
        findings.add(key, None, || {
            Diagnostic::new(codes::NO_HEADER).with("expected", expected.join(", "))
        });
        return None;
    }
    missing(names, contract, &places, findings);
    extra(names, contract, &places, findings);
    Some(Header {
        places,
        width: names.len(),
    })
}

fn missing(
    names: &[Cow<'_, str>],
    contract: &Contract,
    places: &[Option<usize>],
    findings: &mut Findings,
) {
    let strangers = || {
        names
            .iter()
            .enumerate()
            .filter(|(place, _)| !places.contains(&Some(*place)))
            .map(|(_, name)| name.as_ref())
            .filter(|name| is_a_name(name))
    };
    for (index, column) in contract.columns.iter().enumerate() {
        if places[index].is_some() {
            continue;
        }
        let key = (
            Severity::Error,
            Subject::Column(index),
            codes::COLUMN_MISSING,
        );
        findings.add(key, None, || {
            Diagnostic::new(codes::COLUMN_MISSING)
                .with("column", &column.physical_name)
                .suggest(did_you_mean(&column.physical_name, strangers()))
        });
    }
}

fn extra(
    names: &[Cow<'_, str>],
    contract: &Contract,
    places: &[Option<usize>],
    findings: &mut Findings,
) {
    for (place, name) in names.iter().enumerate() {
        if places.contains(&Some(place)) {
            continue;
        }
        let known = contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str());
        let (code, argument) = match known.clone().any(|known| known == name) {
            true => (codes::COLUMN_TWICE, "column"),
            false => (codes::COLUMN_EXTRA, "name"),
        };
        let shown = match is_a_name(name) {
            true => name.to_string(),
            false => format!("#{}", place + 1),
        };
        let key = (Severity::Error, Subject::Header(place), code);
        findings.add(key, Some((1, name.as_ref())), || {
            let diagnostic = Diagnostic::new(code).with(argument, shown);
            match code == codes::COLUMN_EXTRA {
                true => diagnostic.suggest(did_you_mean(name, known)),
                false => diagnostic,
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

fn other_delimiter(names: &[Cow<'_, str>], contract: &Contract) -> Option<u8> {
    let [only] = names else { return None };
    if contract.columns.len() < 2 {
        return None;
    }
    [b',', b';', b'\t', b'|']
        .into_iter()
        .filter(|delimiter| *delimiter != contract.delimiter)
        .find(|delimiter| only.as_bytes().contains(delimiter))
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "TAB".to_owned(),
        other => format!("`{}`", char::from(other)),
    }
}
