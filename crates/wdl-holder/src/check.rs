//! A file of the body opened, checked and read: what `wdl-check` found, and the accepted rows as typed columns.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;

use arrow::array::{Array as _, ArrayRef};
use arrow::compute::concat;
use wdl_intake::{Answers, Hints, Reading};

pub use wdl_check::{
    Counts, EXAMPLES, Example, Finding, Findings, PeopleCount, Subject, Terms, first_of_month,
};

use crate::error::HolderError;

/// A file that was checked, with its accepted rows.
pub struct Checked {
    found: wdl_check::Checked,
    /// For each column of the contract, the values of the accepted rows; they are personal data and stay in memory.
    pub(crate) arrays: Vec<Option<ArrayRef>>,
}

impl Deref for Checked {
    type Target = wdl_check::Checked;

    fn deref(&self) -> &wdl_check::Checked {
        &self.found
    }
}

/// Checks a file.
///
/// # Errors
/// When it cannot be read as a table, or a rule of its contract cannot be run.
pub fn check(path: &Path, terms: Terms<'_>) -> Result<Checked, HolderError> {
    let hints = Hints {
        contract: terms.contract,
        mapping: &BTreeMap::new(),
        answers: &Answers::default(),
    };
    let reading = Reading::open(path, hints).map_err(wdl_check::CheckError::from)?;
    read(reading, terms)
}

/// Checks content that is in memory.
///
/// # Errors
/// As [`check`].
pub fn check_bytes(name: &str, bytes: &[u8], terms: Terms<'_>) -> Result<Checked, HolderError> {
    let hints = Hints {
        contract: terms.contract,
        mapping: &BTreeMap::new(),
        answers: &Answers::default(),
    };
    let reading = Reading::from_bytes(name, bytes.to_vec(), hints);
    read(reading.map_err(wdl_check::CheckError::from)?, terms)
}

fn read(mut reading: Reading, terms: Terms<'_>) -> Result<Checked, HolderError> {
    let found = wdl_check::check(&mut reading, terms)?;
    let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); terms.contract.columns.len()];
    for batch in wdl_check::typed(&mut reading, terms, &found) {
        for (part, array) in parts.iter_mut().zip(batch?.batch.columns()) {
            part.push(array.clone());
        }
    }
    let arrays = parts.iter().map(|parts| {
        let parts: Vec<&dyn arrow::array::Array> = parts.iter().map(|part| part.as_ref()).collect();
        concat(&parts).ok()
    });
    Ok(Checked {
        arrays: arrays.collect(),
        found,
    })
}
