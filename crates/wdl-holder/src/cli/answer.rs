//! The answers of `check` and `seal` as one JSON document with stable keys: names, codes, lines and counts, never a cell.

use std::path::PathBuf;

use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};
use wdl_check::Checked;
use wdl_vocab::{Digest, Severity};

use crate::report::Shareable;
use crate::seal::SealedFile;

/// The answer of `check` and `seal`.
#[derive(Default, Serialize)]
pub(super) struct Answer {
    /// Rows read, of all files.
    pub(super) rows: u64,
    /// Rows that may be sealed.
    pub(super) accepted: u64,
    /// Rows that may not.
    pub(super) rejected: u64,
    /// Each place where something was found.
    pub(super) findings: Places,
    /// Each file by itself.
    pub(super) files: Vec<FileAnswer>,
    /// The reports that were written.
    pub(super) reports: Vec<PathBuf>,
    /// The deliveries that were made.
    pub(super) sealed: Vec<SealedFile>,
}

/// Every place where something was found, in the order of the reports; written one by one, since a long file may have very many.
#[derive(Default)]
pub(super) struct Places(Vec<Kind>);

/// The places of one finding.
struct Kind {
    file: String,
    code: &'static str,
    column: Option<String>,
    rule: Option<String>,
    severity: Severity,
    lines: Vec<u64>,
}

/// A place where something was found.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    code: &'a str,
    /// The line of the file; none for what is about the whole of it.
    line: Option<u64>,
    /// The column of the export.
    column: Option<&'a str>,
    /// The rule of the contract, for a finding of its own rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    severity: Severity,
}

impl Serialize for Places {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut places = serializer.serialize_seq(None)?;
        for kind in &self.0 {
            let whole = kind.lines.is_empty().then_some(None);
            let lines = kind.lines.iter().map(|line| Some(*line)).chain(whole);
            for line in lines {
                places.serialize_element(&Place {
                    file: &kind.file,
                    code: kind.code,
                    line,
                    column: kind.column.as_deref(),
                    rule: kind.rule.as_deref(),
                    severity: kind.severity,
                })?;
            }
        }
        places.end()
    }
}

/// A file by itself.
#[derive(Serialize)]
pub(super) struct FileAnswer {
    /// Its name, without its folder.
    pub(super) file: String,
    /// The digest of its accepted rows, the same for any encoding and layout. It stays at the body: rows could be guessed and tried against it.
    pub(super) fingerprint: Digest,
    /// What may travel.
    #[serde(flatten)]
    pub(super) shareable: Shareable,
}

impl Answer {
    /// Adds a file that was checked.
    pub(super) fn add(&mut self, checked: &Checked, shareable: Shareable) {
        self.rows += checked.rows;
        self.accepted += checked.accepted;
        self.rejected += checked.rejected;
        self.findings.0.extend(kinds(checked));
        self.files.push(FileAnswer {
            file: checked.file.clone(),
            fingerprint: checked.fingerprint,
            shareable,
        });
    }
}

fn kinds(checked: &Checked) -> impl Iterator<Item = Kind> + '_ {
    checked.findings.iter().map(|finding| Kind {
        file: checked.file.clone(),
        code: finding.diagnostic.code.id,
        column: finding.column().map(str::to_owned),
        rule: finding.words.as_ref().map(|words| words.id.clone()),
        severity: finding.diagnostic.severity,
        lines: finding.lines.clone(),
    })
}
