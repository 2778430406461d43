//! Where derived things lie on the disk, and how a file comes there whole or not at all.
//!
//! `derived/base/<model>/<period>-<hash>.parquet` with a small note beside it, `derived/slices`, `derived/codes`, `derived/snapshots`.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wdl_frame::{RecordBatch, SchemaRef, TableName, write_parquet};
use wdl_vocab::{Digest, Period, SnapshotId};

use crate::fault::BuildError;

/// The quarters a base covers, and the years that end within them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
// INVARIANT: two quarters, the first not after the last.
pub struct Span {
    first: Period,
    last: Period,
}

impl Span {
    /// From one quarter to another, both included; nothing when they are not two quarters in order.
    pub fn new(first: Period, last: Period) -> Option<Span> {
        let are_quarters = [first, last]
            .iter()
            .all(|period| matches!(period, Period::Quarter { .. }));
        (are_quarters && first <= last).then_some(Span { first, last })
    }

    /// The quarters, in order.
    pub fn quarters(&self) -> Vec<Period> {
        let next = |period: &Period| Some(period.next()).filter(|next| *next <= self.last);
        std::iter::successors(Some(self.first), next).collect()
    }

    /// The years whose last quarter is among the quarters: a year that has not ended has no state on 31 December.
    pub fn years(&self) -> Vec<Period> {
        self.quarters()
            .into_iter()
            .filter(|quarter| matches!(quarter, Period::Quarter { quarter: 4, .. }))
            .map(|quarter| Period::Year(quarter.year()))
            .collect()
    }
}

/// What is known of a partition without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// The digest of the file.
    pub(crate) digest: Digest,
    /// Its rows.
    pub(crate) rows: u64,
}

/// The folder of derived things.
#[derive(Clone, Debug)]
pub(crate) struct Store(PathBuf);

impl Store {
    pub(crate) fn of(state: &Path) -> Store {
        Store(state.join("derived"))
    }

    pub(crate) fn partition(&self, table: &TableName, period: Period, input: &Digest) -> PathBuf {
        let name = format!("{period}-{}.parquet", input.short(16));
        self.0.join(&table.schema).join(&table.table).join(name)
    }

    pub(crate) fn codes(&self, table: &TableName, digest: &Digest) -> PathBuf {
        let name = format!("{}-{}.parquet", table.table, digest.short(16));
        self.0.join("codes").join(name)
    }

    pub(crate) fn slices(&self, table: &TableName, key: &Digest) -> PathBuf {
        let name = format!("{}-{}.json", table.table, key.short(16));
        self.0.join("slices").join(name)
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    pub(crate) fn snapshot(&self, id: &SnapshotId) -> PathBuf {
        self.snapshots().join(format!("{id}.json"))
    }

    /// What is known of a partition that was written whole before; nothing when it was not.
    pub(crate) fn written(&self, partition: &Path) -> Option<Written> {
        if !partition.is_file() {
            return None;
        }
        read_json(&partition.with_extension("json"))
    }

    /// Writes a partition, then the note that says it is whole.
    pub(crate) fn write(
        &self,
        partition: &Path,
        schema: &SchemaRef,
        batch: &RecordBatch,
    ) -> Result<Written, BuildError> {
        make_parent(partition)?;
        write_parquet(partition, schema, std::slice::from_ref(batch))?;
        let bytes = std::fs::read(partition).map_err(BuildError::state(partition))?;
        let written = Written {
            digest: Digest::of(&bytes),
            rows: batch.num_rows() as u64,
        };
        // Not forced to the disk: a note that is lost or torn makes the partition be computed again.
        let note = partition.with_extension("json");
        let bytes = serde_json::to_vec(&written).expect("plain values have a JSON form");
        std::fs::write(&note, bytes).map_err(BuildError::state(&note))?;
        Ok(written)
    }
}

fn make_parent(path: &Path) -> Result<(), BuildError> {
    let parent = path
        .parent()
        .expect("every path of the store has a folder above it");
    std::fs::create_dir_all(parent).map_err(BuildError::state(parent))
}

/// A file of JSON, or nothing when it is missing or does not read: everything here can be made again.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Writes JSON beside `path` and moves it there when it is whole and on the disk.
pub(crate) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), BuildError> {
    make_parent(path)?;
    let fail = BuildError::state(path);
    let bytes = serde_json::to_vec(value).expect("plain values have a JSON form");
    let part = path.with_extension("json.part");
    let mut file = File::create(&part).map_err(&fail)?;
    file.write_all(&bytes).map_err(&fail)?;
    file.sync_all().map_err(&fail)?;
    std::fs::rename(&part, path).map_err(&fail)
}

/// Makes the names of a folder durable, after files were moved into it.
pub(crate) fn sync_folder(path: &Path) -> Result<(), BuildError> {
    let fail = BuildError::state(path);
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(fail)
}
