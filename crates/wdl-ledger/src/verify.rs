//! Offline verification: the file and the known keys, nothing else.

use std::path::Path;

use wdl_vocab::Digest;

use crate::checkpoint::Checkpoint;
use crate::entry::{self, Entry};
use crate::error::{BadEntry, CheckpointError, Fault, LedgerError};
use crate::{FILE, KnownKeys};

/// A ledger whose every entry holds.
#[derive(Clone, Debug)]
// INVARIANT: the chain was followed from the first entry to the last; `hashes` has one hash for each entry.
pub struct Verified {
    entries: Vec<Entry>,
    hashes: Vec<Digest>,
    torn_bytes: usize,
}

impl Verified {
    /// The entries, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The hash of the last entry.
    pub fn head(&self) -> Digest {
        self.hashes.last().copied().unwrap_or_else(entry::genesis)
    }

    /// The bytes of a last line that was never finished: an append that did not come to be.
    pub fn torn_bytes(&self) -> usize {
        self.torn_bytes
    }

    /// Compares with a published checkpoint, whose signature must be of a known key.
    ///
    /// # Errors
    /// [`CheckpointError`] when entries are missing or are others than the checkpoint saw.
    pub fn against(
        &self,
        checkpoint: &Checkpoint,
        keys: &KnownKeys,
    ) -> Result<(), CheckpointError> {
        checkpoint.verify(keys)?;
        let found = self.entries.len() as u64;
        if found < checkpoint.entries {
            return Err(CheckpointError::Truncated {
                expected: checkpoint.entries,
                found,
            });
        }
        match self.head_after(checkpoint.entries) == checkpoint.root {
            true => Ok(()),
            false => Err(CheckpointError::OtherHistory {
                entries: checkpoint.entries,
            }),
        }
    }

    fn head_after(&self, entries: u64) -> Digest {
        match entries.checked_sub(1) {
            Some(last) => self.hashes[last as usize],
            None => entry::genesis(),
        }
    }

    pub(crate) fn into_parts(self) -> (Vec<Entry>, Digest) {
        let head = self.head();
        (self.entries, head)
    }
}

/// Verifies the ledger of a folder with the keys that the reader knows.
///
/// # Errors
/// [`LedgerError`], which names the first bad entry and what is wrong with it.
pub fn verify(folder: &Path, keys: &KnownKeys) -> Result<Verified, LedgerError> {
    let path = folder.join(FILE);
    let bytes = std::fs::read(&path).map_err(|source| LedgerError::unreadable(&path, source))?;
    let verified = follow(&bytes)?;
    for entry in &verified.entries {
        if !keys.knows(&entry.actor, &entry.key) {
            return Err(bad(entry.sequence, Fault::UnknownKey));
        }
    }
    Ok(verified)
}

fn bad(sequence: u64, fault: Fault) -> LedgerError {
    LedgerError::Bad(BadEntry {
        sequence,
        line: sequence + 1,
        fault,
    })
}

/// Follows the chain through the bytes of a file.
pub(crate) fn follow(bytes: &[u8]) -> Result<Verified, LedgerError> {
    let end = bytes
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let (whole, tail) = bytes.split_at(end);
    let mut entries = Vec::new();
    let mut hashes = Vec::new();
    let mut previous = entry::genesis();
    for line in whole.split_inclusive(|b| *b == b'\n') {
        let sequence = entries.len() as u64;
        let line = &line[..line.len() - 1];
        entries.push(Entry::read(line, sequence, previous).map_err(|fault| bad(sequence, fault))?);
        previous = Digest::of(line);
        hashes.push(previous);
    }
    if !is_unfinished(tail) {
        return Err(bad(entries.len() as u64, Fault::NotAnEntry));
    }
    Ok(Verified {
        entries,
        hashes,
        torn_bytes: tail.len(),
    })
}

/// Whether bytes without an end of line can be an append that was cut short: the beginning of one object, or exactly one.
fn is_unfinished(tail: &[u8]) -> bool {
    let mut values =
        serde_json::Deserializer::from_slice(tail).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        None => tail.is_empty(),
        Some(Ok(_)) => values.byte_offset() == tail.len(),
        Some(Err(fault)) => fault.is_eof() && tail.starts_with(b"{"),
    }
}
