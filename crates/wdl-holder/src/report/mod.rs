//! The two reports of a check: the full one stays at the body, the shareable one holds counts only.
//!
//! What may travel is decided by one type: [`Shareable`] has no place for a cell, and the shareable pages are made from it alone.
//! The texts in it are filled with words of the contract; a word read in the file, such as the name of a column it does not know or the name of the file itself, is not in it.

mod comparison;
mod html;
mod known;
mod workbook;

use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_check::{Checked, Counts, Finding, Findings, PeopleCount, Reason};
use wdl_contract as contract;
use wdl_vocab::diagnostics::{cause, fix, message};
use wdl_vocab::{BodyId, DatasetId, Diagnostic, Lang, Period, SYNTHETIC_NOTICE, Severity, Text};

use crate::body::write_whole;
use crate::error::HolderError;
use crate::words::{count, say};
use known::Known;

pub use comparison::{CodesChanged, Comparison, Line, Unit};
pub(crate) use html::{escape, full_page, sentence, shareable_page};
pub use workbook::{ROWS_MAX, Rows, workbook};

/// What a check may tell outside the body: names, codes and counts, never a cell.
#[derive(Clone, Debug, Serialize)]
pub struct Shareable {
    /// Version of the form.
    pub format: u8,
    /// `DATI SINTETICI…`, in a synthetic lab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Text>,
    /// Who.
    pub body: BodyId,
    /// Which dataset.
    pub dataset: DatasetId,
    /// What the dataset is called.
    pub title: Text,
    /// For which delivery period.
    pub period: Period,
    /// The contract: id, version, digest.
    pub contract: ContractRef,
    /// How the file was read, in words.
    pub decisions: Vec<Text>,
    /// Rows read.
    pub rows: u64,
    /// Rows that may be sealed.
    pub accepted: u64,
    /// Rows that may not.
    pub rejected: u64,
    /// How many findings of each severity.
    pub counts: Counts,
    /// Columns that name people.
    pub people: Vec<PeopleCount>,
    /// The columns of the contract.
    pub columns: Vec<ColumnReport>,
    /// The findings.
    pub findings: Vec<FindingReport>,
    /// Beside earlier deliveries.
    pub comparisons: Vec<Comparison>,
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
    pub(crate) fn of(treatment: &contract::Treatment) -> Fate {
        match treatment {
            contract::Treatment::Keep => Fate::Keep,
            contract::Treatment::Drop => Fate::Drop,
            contract::Treatment::Oprf(_) => Fate::Oprf,
            contract::Treatment::Keyed(_) => Fate::Keyed,
            contract::Treatment::CoarsenMonth => Fate::Month,
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Fate::Keep => "fate-keep",
            Fate::Drop => "fate-drop",
            Fate::Keyed => "fate-keyed",
            Fate::Oprf => "fate-oprf",
            Fate::Month => "fate-month",
        }
    }
}

/// A finding without its lines and its examples.
#[derive(Clone, Debug, Serialize)]
pub struct FindingReport {
    /// The stable code.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The column of the export, when it is about one of the contract's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The rule of the contract, when it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// How many rows.
    pub count: u64,
    /// What is wrong.
    pub message: Text,
    /// Why.
    pub cause: Text,
    /// What to do.
    pub fix: Text,
    /// The name of the contract that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Why it is right as it is, when the steward said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justified: Option<JustifiedReport>,
}

/// Why a finding is right as it is.
#[derive(Clone, Debug, Serialize)]
pub struct JustifiedReport {
    /// The reason, from a closed list.
    pub reason: Reason,
    /// In the steward's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl FindingReport {
    fn of(finding: &Finding, known: &Known) -> FindingReport {
        let cleared = known.finding(&finding.diagnostic);
        let both = |words: fn(&Finding, &Diagnostic, Lang) -> String| {
            let [it, en] = Lang::ALL.map(|lang| words(finding, &cleared, lang));
            Text::new(it, en)
        };
        FindingReport {
            code: cleared.code.id,
            severity: cleared.severity,
            column: finding.column().and_then(|column| known.name(column)),
            rule: finding.words.as_ref().map(|words| words.id.clone()),
            count: finding.count,
            message: both(what),
            cause: both(why),
            fix: both(what_to_do),
            suggestion: cleared.suggestion.clone(),
            justified: finding.justified.as_ref().map(|said| JustifiedReport {
                reason: said.reason,
                note: said.note.clone(),
            }),
        }
    }
}

fn counted(finding: &Finding, diagnostic: &Diagnostic, lang: Lang) -> Diagnostic {
    diagnostic.clone().with("count", count(lang, finding.count))
}

/// What is wrong, in words.
pub(crate) fn what(finding: &Finding, told: &Diagnostic, lang: Lang) -> String {
    match &finding.words {
        Some(words) => words.message.get(lang).to_owned(),
        None => message(&counted(finding, told, lang), lang),
    }
}

/// Why, in words.
pub(crate) fn why(finding: &Finding, told: &Diagnostic, lang: Lang) -> String {
    match finding
        .words
        .as_ref()
        .and_then(|words| words.cause.as_ref())
    {
        Some(text) => text.get(lang).to_owned(),
        None => cause(&counted(finding, told, lang), lang),
    }
}

/// What to do, in words.
pub(crate) fn what_to_do(finding: &Finding, told: &Diagnostic, lang: Lang) -> String {
    match &finding.words {
        Some(words) => words.fix.get(lang).to_owned(),
        None => fix(&counted(finding, told, lang), lang),
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
    /// Beside earlier deliveries.
    pub comparisons: &'a [Comparison],
}

impl Shareable {
    /// What may be told of a check.
    pub fn of(about: About<'_>, checked: &Checked) -> Shareable {
        let contract = about.contract;
        let known = Known::of(contract);
        let columns = contract.columns.iter().zip(&checked.filled);
        let findings = checked.findings.iter();
        Shareable {
            format: 2,
            notice: about.synthetic.then_some(SYNTHETIC_NOTICE),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            title: contract.title.clone(),
            period: about.period,
            contract: ContractRef {
                id: contract.id.clone(),
                version: contract.version.clone(),
                digest: contract.digest.to_string(),
            },
            decisions: decisions(checked, &known),
            rows: checked.rows,
            accepted: checked.accepted,
            rejected: checked.rejected,
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
            findings: findings
                .map(|finding| FindingReport::of(finding, &known))
                .collect(),
            comparisons: about
                .comparisons
                .iter()
                .map(Comparison::shareable)
                .collect(),
        }
    }

    /// The verdict in one sentence.
    pub(crate) fn verdict(&self) -> &'static str {
        match (self.counts.error, self.counts.to_justify) {
            (0, 0) => "ready",
            (0, _) => "ready-justify",
            _ if self.accepted > 0 => "ready-accepted",
            _ => "not-ready",
        }
    }
}

/// How the file was read, in words.
fn decisions(checked: &Checked, known: &Known) -> Vec<Text> {
    let cleared = checked
        .decisions
        .iter()
        .map(|decision| known.decision(&decision.diagnostic));
    cleared
        .map(|told| Text::new(message(&told, Lang::It), message(&told, Lang::En)))
        .collect()
}

/// The title of the reports of a check.
pub(crate) fn title(report: &Shareable, lang: Lang) -> String {
    say(
        lang,
        "title",
        &[
            ("dataset", report.title.get(lang).to_owned()),
            ("period", report.period.label(lang)),
        ],
    )
}

/// The key of a severity's words.
pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "severity-error",
        Severity::ToJustify => "severity-to-justify",
        Severity::Note => "severity-note",
    }
}

/// What the full report is made of, beside what may be told.
#[derive(Clone, Copy)]
pub struct Full<'a> {
    /// The name of the file, as the steward calls it.
    pub file: &'a str,
    /// The findings with their lines and examples.
    pub findings: &'a Findings,
    /// Beside earlier deliveries, amounts too.
    pub comparisons: &'a [Comparison],
    /// The rows with a problem.
    pub rows: &'a Rows,
}

/// Writes both reports of a check, in both languages, and returns where they are.
///
/// # Errors
/// [`HolderError::File`] when the disk refuses.
pub fn write(
    folder: &Path,
    about: About<'_>,
    checked: &Checked,
    rows: &Rows,
) -> Result<Vec<PathBuf>, HolderError> {
    std::fs::create_dir_all(folder).map_err(HolderError::file(folder))?;
    let shareable = Shareable::of(about, checked);
    let full = Full {
        file: &checked.file,
        findings: &checked.findings,
        comparisons: about.comparisons,
        rows,
    };
    let stem = format!(
        "{}-{}-{}",
        shareable.body, shareable.dataset, shareable.period
    );
    let json = serde_json::to_string_pretty(&shareable).expect("a report is plain JSON");
    let mut files = vec![(format!("{stem}.shareable.json"), (json + "\n").into_bytes())];
    for lang in Lang::ALL {
        let page = full_page(&shareable, full, lang);
        files.push((format!("{stem}.full.{lang}.html"), page.into_bytes()));
        let page = shareable_page(&shareable, lang);
        files.push((format!("{stem}.shareable.{lang}.html"), page.into_bytes()));
        let name = format!("{stem}.full.{lang}.xlsx");
        files.push((name, workbook(&shareable, full, lang)));
    }
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        write_whole(&path, &bytes).map_err(HolderError::file(&path))?;
        written.push(path);
    }
    Ok(written)
}
