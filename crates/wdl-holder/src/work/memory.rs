//! What a body's folder remembers of a dataset from one delivery to the next: how its file is read, and what was justified.
//!
//! Names of columns, answers and reasons only: no cell of any file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use wdl_check::Justified;
use wdl_intake::Answers;
use wdl_vocab::{DatasetId, Period};

use crate::body::write_whole;
use crate::error::HolderError;

/// The remembered things of a body, in its own folder.
#[derive(Clone, Debug)]
pub struct Memory {
    folder: PathBuf,
}

impl Memory {
    /// The memory in a body's folder.
    pub fn of(body: &Path) -> Memory {
        Memory {
            folder: body.join("memory"),
        }
    }

    /// Header in the file → physical name in the contract.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or cannot be read.
    pub fn mapping(&self, dataset: &DatasetId) -> Result<BTreeMap<String, String>, HolderError> {
        self.read(&format!("{dataset}.columns.json"))
    }

    /// Keeps a mapping beside what was kept before.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or the disk refuses.
    pub fn keep_mapping(
        &self,
        dataset: &DatasetId,
        mapping: &BTreeMap<String, String>,
    ) -> Result<(), HolderError> {
        let mut kept = self.mapping(dataset)?;
        kept.extend(mapping.clone());
        self.write(&format!("{dataset}.columns.json"), &kept)
    }

    /// The answers given when the file could be read in two ways.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or cannot be read.
    pub fn answers(&self, dataset: &DatasetId) -> Result<Answers, HolderError> {
        self.read(&format!("{dataset}.answers.json"))
    }

    /// Keeps answers beside those kept before; a newer answer to the same question takes the place of the older.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or the disk refuses.
    pub fn keep_answers(&self, dataset: &DatasetId, answers: &Answers) -> Result<(), HolderError> {
        let mut kept = self.answers(dataset)?;
        for (key, value) in answers.iter() {
            kept.set(key, value);
        }
        self.write(&format!("{dataset}.answers.json"), &kept)
    }

    /// What was justified for a delivery.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or cannot be read.
    pub fn justified(
        &self,
        dataset: &DatasetId,
        period: Period,
    ) -> Result<Vec<Justified>, HolderError> {
        self.read(&format!("{dataset}.{period}.justified.json"))
    }

    /// Keeps what was justified for a delivery beside what was kept before; a newer reason for the same thing takes the place of the older.
    ///
    /// # Errors
    /// [`HolderError`] when the file is damaged or the disk refuses.
    pub fn keep_justified(
        &self,
        dataset: &DatasetId,
        period: Period,
        justified: &[Justified],
    ) -> Result<(), HolderError> {
        let about = |one: &Justified| {
            let words = (one.code(), one.column(), one.rule());
            let owned = |word: Option<&str>| word.map(str::to_owned);
            (words.0.to_owned(), owned(words.1), owned(words.2))
        };
        let mut kept = self.justified(dataset, period)?;
        kept.retain(|old| !justified.iter().any(|new| about(new) == about(old)));
        kept.extend_from_slice(justified);
        self.write(&format!("{dataset}.{period}.justified.json"), &kept)
    }

    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, HolderError> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| HolderError::Memory {
                path,
                detail: error.to_string(),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
            Err(source) => Err(HolderError::file(&path)(source)),
        }
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<(), HolderError> {
        let path = self.folder.join(name);
        let bytes = serde_json::to_vec_pretty(value).expect("names and reasons are plain JSON");
        fs::create_dir_all(&self.folder).map_err(HolderError::file(&self.folder))?;
        write_whole(&path, &bytes).map_err(HolderError::file(&path))
    }
}
