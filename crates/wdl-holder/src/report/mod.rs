//! The two reports of a check: the full one stays at the body, the shareable one holds counts only.
//!
//! What may travel is decided by one type: [`Shareable`] has no place for a cell, and the shareable pages are made from it alone.

mod html;

use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_contract as contract;
use wdl_vocab::diagnostics::message;
use wdl_vocab::{BodyId, DatasetId, Diagnostic, Lang, Period, SYNTHETIC_NOTICE, Severity, Text};

use crate::body::write_whole;
use crate::check::{Checked, Counts, Finding, PeopleCount};
use crate::error::HolderError;

pub(crate) use html::{full_page, shareable_page};

/// What a check may tell outside the body: names, codes and counts, never a cell.
#[derive(Clone, Debug, Serialize)]
pub struct Shareable {
    /// Version of the form.
    pub format: u8,
    /// `DATI SINTETICI…`, in a synthetic lab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Text>,
    /// The name of the file.
    pub file: String,
    /// Who.
    pub body: BodyId,
    /// Which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// The contract: id, version, digest.
    pub contract: ContractRef,
    /// Rows read.
    pub rows: u64,
    /// How many findings of each severity.
    pub counts: Counts,
    /// Columns that name people.
    pub people: Vec<PeopleCount>,
    /// The columns of the contract.
    pub columns: Vec<ColumnReport>,
    /// The findings.
    pub findings: Vec<FindingReport>,
}

/// Which contract a file was checked against.
#[derive(Clone, Debug, Serialize)]
pub struct ContractRef {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
}

/// A column of the contract in the file.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnReport {
    /// Its name in the export.
    pub name: String,
    /// What it holds.
    pub label: Text,
    /// What happens to it.
    pub fate: Fate,
    /// Rows with a value; null when the column is not in the file.
    pub filled: Option<u64>,
}

/// What happens to a column at sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It leaves as it is.
    Keep,
    /// It stays at the body.
    Drop,
    /// It leaves as a keyed hash.
    Keyed,
    /// It leaves as a token of the two custodians.
    Oprf,
    /// Only its month leaves.
    Month,
}

impl Fate {
    fn of(treatment: &contract::Treatment) -> Fate {
        match treatment {
            contract::Treatment::Keep => Fate::Keep,
            contract::Treatment::Drop => Fate::Drop,
            contract::Treatment::Oprf(_) => Fate::Oprf,
            contract::Treatment::Keyed(_) => Fate::Keyed,
            contract::Treatment::CoarsenMonth => Fate::Month,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Fate::Keep => "fate-keep",
            Fate::Drop => "fate-drop",
            Fate::Keyed => "fate-keyed",
            Fate::Oprf => "fate-oprf",
            Fate::Month => "fate-month",
        }
    }
}

/// A finding without its examples.
#[derive(Clone, Debug, Serialize)]
pub struct FindingReport {
    /// The stable code.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The column of the export, when it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How many rows.
    pub count: u64,
    /// The message.
    pub message: Text,
    /// The name of the contract that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    #[serde(skip)]
    diagnostic: Diagnostic,
}

impl FindingReport {
    fn of(finding: &Finding) -> FindingReport {
        let counted = finding.counted();
        FindingReport {
            code: counted.code.id,
            severity: counted.severity,
            column: counted.args.get("column").cloned(),
            count: finding.count,
            message: Text::new(message(&counted, Lang::It), message(&counted, Lang::En)),
            suggestion: counted.suggestion.clone(),
            diagnostic: counted,
        }
    }
}

/// About what a report is made.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The contract of the dataset.
    pub contract: &'a contract::Contract,
    /// The delivery period.
    pub period: Period,
    /// Whether the lab's data are invented.
    pub synthetic: bool,
}

impl Shareable {
    /// What may be told of a check.
    pub fn of(about: About<'_>, checked: &Checked) -> Shareable {
        let contract = about.contract;
        let columns = contract.columns.iter().zip(&checked.filled);
        Shareable {
            format: 1,
            notice: about.synthetic.then_some(SYNTHETIC_NOTICE),
            file: checked.file.clone(),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: about.period,
            contract: ContractRef {
                id: contract.id.clone(),
                version: contract.version.clone(),
                digest: contract.digest.to_string(),
            },
            rows: checked.rows,
            counts: checked.findings.counts(),
            people: checked.people.clone(),
            columns: columns
                .map(|(column, filled)| ColumnReport {
                    name: column.physical_name.clone(),
                    label: column.label.clone(),
                    fate: Fate::of(&column.treatment),
                    filled: *filled,
                })
                .collect(),
            findings: checked.findings.iter().map(FindingReport::of).collect(),
        }
    }
}

/// Writes both reports of a check, in both languages, and returns where they are.
///
/// # Errors
/// [`HolderError::File`] when the disk refuses.
pub fn write(
    folder: &Path,
    about: About<'_>,
    checked: &Checked,
) -> Result<Vec<PathBuf>, HolderError> {
    std::fs::create_dir_all(folder).map_err(HolderError::file(folder))?;
    let shareable = Shareable::of(about, checked);
    let stem = format!(
        "{}-{}-{}",
        shareable.body, shareable.dataset, shareable.period
    );
    let json = serde_json::to_string_pretty(&shareable).expect("a report is plain JSON");
    let mut files = vec![(format!("{stem}.shareable.json"), json + "\n")];
    for lang in Lang::ALL {
        let full = full_page(&shareable, &checked.findings, lang);
        files.push((format!("{stem}.full.{lang}.html"), full));
        let shared = shareable_page(&shareable, lang);
        files.push((format!("{stem}.shareable.{lang}.html"), shared));
    }
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        write_whole(&path, text.as_bytes()).map_err(HolderError::file(&path))?;
        written.push(path);
    }
    Ok(written)
}
