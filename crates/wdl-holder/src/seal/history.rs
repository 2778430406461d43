//! What a body remembers of its deliveries, for the comparison with the next: counts, and the columns that rules between quarters name.
//!
//! `history/<dataset>/<period>.summary.sealed` and `….rows.sealed` in the body's folder, both sealed to the body's own key.
//! A delivery that is replaced takes its memory with it; one that only completes another leaves it as it was.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use wdl_check::{Past, Summary};
use wdl_contract::Contract;
use wdl_delivery::{Declaration, Delivery, Sealer};
use wdl_vocab::{DatasetId, DeliveryId, Period};
use zeroize::Zeroizing;

use crate::body::{Body, partial, private_folder, write_whole};
use crate::error::{HolderError, chain};

/// The deliveries a body remembers, before one period.
pub struct Remembered<'a> {
    body: &'a Body,
    period: Period,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    format: u8,
    delivery: DeliveryId,
    summary: Summary,
}

fn folder(body: &Body, dataset: &DatasetId) -> PathBuf {
    body.folder().join("history").join(dataset.as_str())
}

fn summary_file(folder: &Path, period: Period) -> PathBuf {
    folder.join(format!("{period}.summary.sealed"))
}

fn rows_file(folder: &Path, period: Period) -> PathBuf {
    folder.join(format!("{period}.rows.sealed"))
}

impl<'a> Remembered<'a> {
    /// What the body delivered before a period.
    pub fn before(body: &'a Body, period: Period) -> Remembered<'a> {
        Remembered { body, period }
    }

    /// The periods of a dataset that are remembered, in order; a file of another name is none.
    pub fn periods(&self, dataset: &DatasetId) -> Vec<Period> {
        let Ok(entries) = fs::read_dir(folder(self.body, dataset)) else {
            return Vec::new();
        };
        let period = |entry: std::io::Result<fs::DirEntry>| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_suffix(".summary.sealed")?.parse().ok()
        };
        let mut periods: Vec<Period> = entries.filter_map(period).collect();
        periods.sort();
        periods
    }

    /// A delivery that is remembered; nothing when its memory does not open any more.
    fn past(&self, dataset: &DatasetId, period: Period) -> Option<Past> {
        let folder = folder(self.body, dataset);
        let sealed = fs::read(summary_file(&folder, period)).ok()?;
        let plain = Zeroizing::new(self.body.map.open(&sealed).ok()?);
        let counts: Counts = serde_json::from_slice(&plain).ok()?;
        Some(Past {
            period,
            summary: counts.summary,
            rows: self.rows(&rows_file(&folder, period)),
        })
    }

    fn rows(&self, path: &Path) -> Option<Vec<RecordBatch>> {
        let delivery = Delivery::read(path).ok()?;
        delivery.verify(&self.body.signing.verifying_key()).ok()?;
        let opened = delivery.open(&self.body.map).ok()?;
        Some(vec![opened.batch().clone()])
    }
}

impl wdl_check::History for Remembered<'_> {
    fn previous(&self, dataset: &DatasetId) -> Option<Past> {
        let periods = self.periods(dataset);
        let last = periods.into_iter().rfind(|period| *period < self.period)?;
        self.past(dataset, last)
    }

    fn same_quarter_last_year(&self, dataset: &DatasetId) -> Option<Past> {
        let Period::Quarter { year, quarter } = self.period else {
            return None;
        };
        self.past(dataset, Period::quarter(year - 1, quarter))
    }
}

/// The columns of a dataset that rules between quarters name, by their places in the contract.
pub(crate) fn columns_kept(contract: &Contract, all: &[&Contract]) -> Vec<usize> {
    let tables = ["previous", "last_year"].map(|when| format!("{when}_{}", contract.dataset));
    let mut named: BTreeSet<String> = BTreeSet::new();
    for rule in all.iter().flat_map(|one| &one.sql_rules) {
        let words: BTreeSet<String> = rule
            .lines
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .map(str::to_owned)
            .collect();
        if tables.iter().any(|table| words.contains(table)) {
            named.extend(words);
        }
    }
    let columns = contract.columns.iter().enumerate();
    columns
        .filter(|(_, column)| named.contains(&column.name.to_lowercase()))
        .map(|(place, _)| place)
        .collect()
}

/// The memory of a delivery as it is made; without [`Memory::keep`] nothing is remembered.
pub(crate) struct Memory<'a> {
    body: &'a Body,
    folder: PathBuf,
    period: Period,
    columns: Vec<usize>,
    recipient: &'a wdl_crypto::Recipient,
    rows: Option<Sealer<'a>>,
}

impl<'a> Memory<'a> {
    pub(crate) fn new(
        body: &'a Body,
        recipient: &'a wdl_crypto::Recipient,
        (dataset, period): (&DatasetId, Period),
        columns: Vec<usize>,
    ) -> Result<Memory<'a>, HolderError> {
        let folder = folder(body, dataset);
        let above = folder.parent().expect("it is inside the body's folder");
        for one in [above, &folder] {
            private_folder(one).map_err(HolderError::file(one))?;
        }
        Ok(Memory {
            body,
            folder,
            period,
            columns,
            recipient,
            rows: None,
        })
    }

    /// Remembers the columns that rules name; the first batch says their types.
    pub(crate) fn push(
        &mut self,
        declared: &Declaration,
        batch: &RecordBatch,
    ) -> Result<(), HolderError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let fault = |detail: String| HolderError::Seal {
            dataset: declared.dataset.clone(),
            detail,
        };
        let kept = batch
            .project(&self.columns)
            .map_err(|error| fault(error.to_string()))?;
        let sealer = match &mut self.rows {
            Some(sealer) => sealer,
            empty => {
                let path = partial(&rows_file(&self.folder, self.period));
                // What an interrupted run left is of no use.
                let _ = fs::remove_file(&path);
                let schema = Arc::new(Schema::clone(&kept.schema()));
                let sealer = Sealer::new(
                    declared.clone(),
                    schema,
                    self.recipient,
                    &self.body.signing,
                    &path,
                )
                .map_err(|error| fault(chain(&error)))?;
                empty.insert(sealer)
            }
        };
        sealer.push(&kept).map_err(|error| fault(chain(&error)))
    }

    /// Puts the memory of a delivery that is in its place into its own.
    pub(crate) fn keep(
        self,
        (delivery, dataset): (&DeliveryId, &DatasetId),
        summary: &Summary,
    ) -> Result<(), HolderError> {
        let rows = rows_file(&self.folder, self.period);
        match self.rows {
            Some(sealer) => {
                sealer.finish().map_err(|error| HolderError::Seal {
                    dataset: dataset.clone(),
                    detail: chain(&error),
                })?;
                fs::rename(partial(&rows), &rows).map_err(HolderError::file(&rows))?;
            }
            None => forget_file(&rows)?,
        }
        let counts = Counts {
            format: 1,
            delivery: delivery.clone(),
            summary: summary.clone(),
        };
        let plain = serde_json::to_vec(&counts).expect("counts are JSON");
        let path = summary_file(&self.folder, self.period);
        write_whole(&path, &self.recipient.seal(&plain)).map_err(HolderError::file(&path))
    }
}

/// Forgets a delivery that was cancelled.
pub(crate) fn forget(body: &Body, dataset: &DatasetId, period: Period) -> Result<(), HolderError> {
    let folder = folder(body, dataset);
    forget_file(&summary_file(&folder, period))?;
    forget_file(&rows_file(&folder, period))
}

fn forget_file(path: &Path) -> Result<(), HolderError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(HolderError::file(path)(error))
        }
        _ => Ok(()),
    }
}
