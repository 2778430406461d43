//! A file of the body opened and checked, and its accepted rows read again for the seal.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;

use wdl_intake::{Answers, Hints, Reading};

pub use wdl_check::{
    Counts, EXAMPLES, Example, Finding, Findings, PeopleCount, Subject, Terms, first_of_month,
};

use crate::error::HolderError;
use crate::report::Rows;

/// A file that was checked, open to be read again.
pub struct Checked<'a> {
    found: wdl_check::Checked,
    reading: Reading,
    /// What the rows are read again with: no other file, so that nothing is borrowed of one.
    terms: Terms<'a>,
}

impl Deref for Checked<'_> {
    type Target = wdl_check::Checked;

    fn deref(&self) -> &wdl_check::Checked {
        &self.found
    }
}

impl<'a> Checked<'a> {
    /// Checks a file that is open, against all there is; it is read again against its contract alone.
    ///
    /// # Errors
    /// When it cannot be read as a table, or a rule of its contract cannot be run.
    pub fn of(
        mut reading: Reading,
        terms: Terms<'_>,
        alone: Terms<'a>,
    ) -> Result<Checked<'a>, HolderError> {
        Ok(Checked {
            found: wdl_check::check(&mut reading, terms)?,
            reading,
            terms: alone,
        })
    }

    /// The same under another name: a file in work is kept under one that is not its own.
    pub(crate) fn called(mut self, name: &str) -> Checked<'a> {
        self.found.file = name.to_owned();
        self
    }

    /// The rows that have a problem, as the list for the office shows them.
    ///
    /// # Errors
    /// When the file no longer reads.
    pub(crate) fn rows_found(&mut self) -> Result<Rows, HolderError> {
        let rows = Rows::read(&mut self.reading, &self.found.findings);
        Ok(rows.map_err(wdl_check::CheckError::from)?)
    }

    /// What was found, without the file: what the checks of other files of the delivery look at.
    pub fn found(&self) -> &wdl_check::Checked {
        &self.found
    }

    /// The accepted rows, read once more; the last item is an error when they are not those that were checked.
    pub(crate) fn typed(&mut self) -> wdl_check::Typed<'_> {
        wdl_check::typed(&mut self.reading, self.terms, &self.found)
    }
}

/// Checks a file.
///
/// # Errors
/// When it cannot be read as a table, or a rule of its contract cannot be run.
pub fn check<'a>(path: &Path, terms: Terms<'a>) -> Result<Checked<'a>, HolderError> {
    let reading = Reading::open(path, plain(&terms, &Answers::default()));
    Checked::of(reading.map_err(wdl_check::CheckError::from)?, terms, terms)
}

/// Checks content that is in memory.
///
/// # Errors
/// As [`check`].
pub fn check_bytes<'a>(
    name: &str,
    bytes: &[u8],
    terms: Terms<'a>,
) -> Result<Checked<'a>, HolderError> {
    let reading = Reading::from_bytes(name, bytes.to_vec(), plain(&terms, &Answers::default()));
    Checked::of(reading.map_err(wdl_check::CheckError::from)?, terms, terms)
}

/// Nothing was answered, no column is renamed.
fn plain<'a>(terms: &Terms<'a>, answers: &'a Answers) -> Hints<'a> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    Hints {
        contract: terms.contract,
        mapping: &NONE,
        answers,
    }
}
