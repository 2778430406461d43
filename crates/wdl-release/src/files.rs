//! The folder of one release.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use wdl_vocab::Digest;

use crate::error::ReleaseError;

pub(crate) const REQUEST: &str = "request.json";
pub(crate) const RELEASED: &str = "released.json";
pub(crate) const WITHDRAWN: &str = "withdrawn.json";
pub(crate) const FACTS: &str = "facts.json";
const TABLES: &str = "tables";
const RULES: &str = "rules";

/// The name of a review's file, from 1.
pub(crate) fn review(number: usize) -> String {
    format!("review-{number}.json")
}

/// The name of the same vote's file once it is opened.
pub(crate) fn vote(number: usize) -> String {
    format!("vote-{number}.json")
}

/// The file of a table.
pub(crate) fn table(folder: &Path, digest: Digest) -> PathBuf {
    folder.join(TABLES).join(format!("{digest}.json"))
}

/// The file of the rules that were applied to a table.
pub(crate) fn rules(folder: &Path, table: Digest) -> PathBuf {
    folder.join(RULES).join(format!("{table}.json"))
}

/// Writes a file whole or not at all, with the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ReleaseError> {
    put(path, bytes).map_err(|source| ReleaseError::File {
        file: path.to_owned(),
        source,
    })
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let waiting = path.with_extension("part");
    let mut file = File::create(&waiting)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&waiting, path)?;
    File::open(folder)?.sync_all()
}

/// Reads a file; `None` when it is not there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, ReleaseError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ReleaseError::File {
            file: path.to_owned(),
            source,
        }),
    }
}
