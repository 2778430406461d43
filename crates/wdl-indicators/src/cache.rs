//! The cells of one indicator and period, kept under the hash of everything they were made from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wdl_result::{Cell, Input};
use wdl_vocab::{Digest, Period};

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

    /// Writes beside the place and moves there when it is on the disk.
    pub(crate) fn write(&self, cells: &[Vec<Cell>]) -> Result<(), EvaluateError> {
        self.write_file(cells)
            .map_err(|fault| EvaluateError::Cache {
                path: self.path.clone(),
                source: fault,
            })
    }

    fn write_file(&self, cells: &[Vec<Cell>]) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let part = self.path.with_extension("part");
        let mut file = fs::File::create(&part)?;
        file.write_all(&serde_json::to_vec(cells)?)?;
        file.sync_all()?;
        fs::rename(&part, &self.path)
    }
}
