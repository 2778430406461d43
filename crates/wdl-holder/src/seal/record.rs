//! What a body keeps of a delivery for itself: which line of which file each row was, so that a row the lab rejects can be found.
//!
//! It lies in the body's folder, beside its keys; it holds names of files and numbers of lines, no cell.

use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_vocab::{DatasetId, DeliveryId, Period};

use crate::body::{Body, private_folder, write_whole};
use crate::error::HolderError;

/// A delivery as the body remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    format: u8,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The dataset.
    pub dataset: DatasetId,
    /// The delivery period.
    pub period: Period,
    /// The file it was made from, without its folder.
    pub file: String,
    /// The rows that were sealed.
    pub rows: u64,
    /// When, as the caller's clock said.
    pub created: String,
}

fn folder(body: &Body) -> PathBuf {
    body.folder().join("records")
}

/// The bytes of the number of a line.
const LINE: u64 = 8;

impl Record {
    /// The record of a delivery; nothing when this folder did not make it.
    ///
    /// # Errors
    /// [`HolderError`] when it does not read.
    pub fn read(body: &Body, delivery: &DeliveryId) -> Result<Option<Record>, HolderError> {
        let path = folder(body).join(format!("{delivery}.json"));
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| HolderError::file(&path)(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(HolderError::file(&path)(error)),
        }
    }

    /// The lines of the file in which some rows stood; rows count from 1, as in a receipt.
    ///
    /// # Errors
    /// [`HolderError`] when the record does not read or has no such row.
    pub fn lines(&self, body: &Body, rows: &[u32]) -> Result<Vec<u64>, HolderError> {
        let path = folder(body).join(format!("{}.lines", self.delivery));
        let mut file = File::open(&path).map_err(HolderError::file(&path))?;
        let mut line = |row: u32| {
            let place = u64::from(row.saturating_sub(1)) * LINE;
            file.seek(SeekFrom::Start(place))?;
            let mut bytes = [0; LINE as usize];
            file.read_exact(&mut bytes)?;
            Ok(u64::from_le_bytes(bytes))
        };
        let lines: std::io::Result<Vec<u64>> = rows.iter().map(|row| line(*row)).collect();
        lines.map_err(HolderError::file(&path))
    }
}

/// A record that grows with its delivery; one that is not finished leaves nothing behind.
pub(crate) struct Recorder {
    folder: PathBuf,
    partial: PathBuf,
    lines: Option<BufWriter<File>>,
}

impl Recorder {
    pub(crate) fn new(body: &Body, name: &str) -> Result<Recorder, HolderError> {
        let folder = folder(body);
        private_folder(&folder).map_err(HolderError::file(&folder))?;
        let partial = folder.join(format!(".{name}.lines.partial"));
        let file = File::create(&partial).map_err(HolderError::file(&partial))?;
        Ok(Recorder {
            folder,
            partial,
            lines: Some(BufWriter::new(file)),
        })
    }

    pub(crate) fn push(&mut self, lines: &[u64]) -> Result<(), HolderError> {
        let out = self.lines.as_mut().expect("it is not finished");
        let mut write = || {
            lines
                .iter()
                .try_for_each(|line| out.write_all(&line.to_le_bytes()))
        };
        write().map_err(HolderError::file(&self.partial))
    }

    pub(crate) fn finish(mut self, record: &Record) -> Result<(), HolderError> {
        let out = self.lines.take().expect("it is finished once");
        let target = self.folder.join(format!("{}.lines", record.delivery));
        let put = |partial: &Path| {
            let file = out
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            drop(file);
            fs::rename(partial, &target)
        };
        put(&self.partial).map_err(HolderError::file(&target))?;
        let described = self.folder.join(format!("{}.json", record.delivery));
        let text = serde_json::to_vec_pretty(record).expect("names and numbers are JSON");
        write_whole(&described, &text).map_err(HolderError::file(&described))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.lines.take().is_some() {
            // The next run of the same dataset takes its place otherwise.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

impl Record {
    pub(crate) fn new(
        delivery: &DeliveryId,
        (dataset, period): (&DatasetId, Period),
        (file, rows): (&str, u64),
        created: &str,
    ) -> Record {
        Record {
            format: 1,
            delivery: delivery.clone(),
            dataset: dataset.clone(),
            period,
            file: file.to_owned(),
            rows,
            created: created.to_owned(),
        }
    }
}
