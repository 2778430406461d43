//! The cells of one indicator and period, kept under the hash of everything they were made from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_result::{Cell, Input};
use wdl_vocab::{Digest, Period};

use crate::behind::{BehindCells, BehindFile, SetsOf};
use crate::definition::Indicator;
use crate::evaluate::{Context, EvaluateError};

/// The place of one indicator's cells of one period.
pub(crate) struct Entry {
    path: PathBuf,
}

impl Entry {
    /// Named by definition, statistic, program version, period and inputs.
    pub(crate) fn new(
        cache: &Path,
        indicator: &Indicator,
        context: &Context,
        period: Period,
        inputs: &[Input],
    ) -> Entry {
        let statistic = indicator.statistic.id();
        let period_text = period.to_string();
        let mut parts: Vec<&[u8]> = vec![
            &indicator.digest.0,
            statistic.as_bytes(),
            context.code_version.as_bytes(),
            period_text.as_bytes(),
        ];
        for input in inputs {
            parts.push(input.table.as_bytes());
            parts.push(&input.digest.0);
        }
        let name = format!("{period}-{}.json", Digest::of_parts(parts).short(16));
        Entry {
            path: cache.join(indicator.id.as_str()).join(name),
        }
    }

    /// The cells, when they are there and whole; a damaged file is as good as none.
    pub(crate) fn read(&self) -> Option<Vec<Vec<Cell>>> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }

    /// What stands behind them, by the sets' key, when it is there and whole.
    pub(crate) fn read_behind(&self, sets: &SetsOf) -> Option<BehindCells> {
        let bytes = fs::read(self.behind(sets)).ok()?;
        let read: Vec<Vec<BehindFile>> = serde_json::from_slice(&bytes).ok()?;
        let cells = read
            .into_iter()
            .map(|cells| cells.into_iter().map(BehindFile::read).collect());
        cells.collect()
    }

    /// Writes what stands behind the cells.
    pub(crate) fn write_behind(
        &self,
        sets: &SetsOf,
        behind: &BehindCells,
    ) -> Result<(), EvaluateError> {
        let files: Vec<Vec<BehindFile>> = behind
            .iter()
            .map(|cells| cells.iter().map(BehindFile::from).collect())
            .collect();
        self.put(&self.behind(sets), &files)
    }

    /// The place of what stands behind the cells: another key is another file.
    fn behind(&self, sets: &SetsOf) -> PathBuf {
        let [one, two] = sets.key.map(u64::to_be_bytes);
        let capacity = (sets.capacity as u64).to_be_bytes();
        let under = Digest::of_parts([one.as_slice(), &two, &capacity]).short(8);
        self.path.with_extension(format!("{under}.behind"))
    }

    /// Writes beside the place and moves there when it is on the disk.
    pub(crate) fn write(&self, cells: &[Vec<Cell>]) -> Result<(), EvaluateError> {
        self.put(&self.path, cells)
    }

    fn put(&self, path: &Path, what: &(impl Serialize + ?Sized)) -> Result<(), EvaluateError> {
        self.write_file(path, what)
            .map_err(|fault| EvaluateError::Cache {
                path: path.to_owned(),
                source: fault,
            })
    }

    fn write_file(&self, path: &Path, what: &(impl Serialize + ?Sized)) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let mut file = fs::File::create(&part)?;
        file.write_all(&serde_json::to_vec(what)?)?;
        file.sync_all()?;
        fs::rename(&part, path)
    }
}
