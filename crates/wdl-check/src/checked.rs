//! A file that was checked: what was found, which rows are accepted, and their fingerprint.

use serde::Serialize;
use wdl_intake::Decision;
use wdl_vocab::{DatasetId, Digest};

use crate::findings::Findings;
use crate::rows::RowSet;
use crate::sql::Kept;
use crate::summary::Summary;

/// A file that was checked.
pub struct Checked {
    /// Its name, without its folder.
    pub file: String,
    /// Its dataset.
    pub dataset: DatasetId,
    /// What the intake decided about the file.
    pub decisions: Vec<Decision>,
    /// Rows read.
    pub rows: u64,
    /// Rows that may be sealed.
    pub accepted: u64,
    /// Rows with an error; all of them when the whole file has one.
    pub rejected: u64,
    /// The lines of the rejected rows, at most [`crate::LINES`].
    pub rejected_lines: Vec<u64>,
    /// What was found.
    pub findings: Findings,
    /// For each column of the contract, the rows with a value; none when it is not in the file.
    pub filled: Vec<Option<u64>>,
    /// The columns that name people.
    pub people: Vec<PeopleCount>,
    /// The counts of the accepted rows.
    pub summary: Summary,
    /// The digest of the accepted rows as typed: the same for any encoding and layout of the file.
    pub fingerprint: Digest,
    pub(crate) rejects: RowSet,
    pub(crate) kept: Option<Kept>,
}

impl Checked {
    /// Whether every row may be sealed.
    pub fn is_sealable(&self) -> bool {
        self.findings.counts().error == 0
    }

    /// Whether a row, counted from 0 in the file, is rejected.
    pub fn is_rejected(&self, row: u64) -> bool {
        self.rejects.contains(row)
    }
}

/// What a column of tax codes holds, in rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeopleCount {
    /// The column of the export.
    pub column: String,
    /// Right codes of sixteen characters.
    pub tax_codes: u64,
    /// Right provisional codes.
    pub provisional: u64,
    /// STP and ENI codes.
    pub health_codes: u64,
    /// Nothing written.
    pub missing: u64,
    /// Something else.
    pub wrong: u64,
}
