//! The ledger open for writing: one process at a time, one fsync an entry.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use wdl_crypto::SigningKey;
use wdl_protocol::ActorId;
use wdl_vocab::{Diagnostic, Digest, Severity};

use crate::FILE;
use crate::act::{Act, Outcome};
use crate::checkpoint::Checkpoint;
use crate::entry::{Deed, Entry};
use crate::error::{LedgerError, codes};
use crate::verify;

/// The ledger, locked for this process until it is dropped.
#[derive(Debug)]
// INVARIANT: `file` ends after the line of the last of `entries`, whose hash is `head`; `is_sound` is false once that could not be kept.
pub struct Ledger {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
    head: Digest,
    length: u64,
    torn: Option<TornLine>,
    is_sound: bool,
}

/// A last line that was never finished was dropped when the ledger was opened: the act it began to record did not come to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornLine {
    /// The file.
    pub file: PathBuf,
    /// Its line.
    pub line: u64,
    /// How many bytes were dropped.
    pub bytes: u64,
}

impl TornLine {
    /// A note for the user.
    pub fn note(&self) -> Diagnostic {
        Diagnostic::new(codes::TORN_LINE)
            .with("file", self.file.display())
            .with("line", self.line)
            .severity(Severity::Note)
    }
}

impl Ledger {
    /// Opens the ledger of a folder, making both when they are not there, and follows its chain.
    ///
    /// # Errors
    /// [`LedgerError`] when another process holds it, the disk refuses, or an entry is bad.
    pub fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        let path = folder.join(FILE);
        let mut file = open_locked(folder, &path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| LedgerError::unreadable(&path, source))?;
        let verified = verify::follow(&bytes)?;
        let torn_bytes = verified.torn_bytes() as u64;
        let (entries, head) = verified.into_parts();
        let mut ledger = Ledger {
            length: bytes.len() as u64 - torn_bytes,
            torn: None,
            path,
            file,
            entries,
            head,
            is_sound: true,
        };
        if torn_bytes > 0 {
            ledger.drop_tail()?;
            ledger.torn = Some(TornLine {
                file: ledger.path.clone(),
                line: ledger.entries.len() as u64 + 1,
                bytes: torn_bytes,
            });
        }
        Ok(ledger)
    }

    /// Records an act. When this returns, the entry is on the disk: it is the commit of the act.
    ///
    /// # Errors
    /// [`LedgerError`] when the disk refuses; the ledger is then as it was.
    pub fn append(
        &mut self,
        (actor, key): (&ActorId, &SigningKey),
        act: Act,
        object: Option<Digest>,
        outcome: Outcome,
        time: Timestamp,
    ) -> Result<&Entry, LedgerError> {
        if !self.is_sound {
            return Err(LedgerError::Unsound {
                file: self.path.clone(),
            });
        }
        let deed = Deed {
            actor,
            act,
            object,
            outcome,
            time,
        };
        let entry = Entry::sign(key, self.entries.len() as u64, self.head, deed);
        let mut line = entry.line();
        let head = Digest::of(&line);
        line.push(b'\n');
        self.write(&line)?;
        self.length += line.len() as u64;
        self.head = head;
        self.entries.push(entry);
        Ok(self.entries.last().expect("an entry was just added"))
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The hash of the last entry.
    pub fn head(&self) -> Digest {
        self.head
    }

    /// What was dropped at opening, if anything.
    pub fn torn(&self) -> Option<&TornLine> {
        self.torn.as_ref()
    }

    /// A signed checkpoint of the ledger as it stands.
    pub fn checkpoint(&self, (actor, key): (&ActorId, &SigningKey), time: Timestamp) -> Checkpoint {
        let extent = (self.entries.len() as u64, self.head);
        Checkpoint::sign(key, actor, extent, time)
    }

    fn write(&mut self, line: &[u8]) -> Result<(), LedgerError> {
        let written = self
            .file
            .write_all(line)
            .and_then(|()| self.file.sync_data());
        written.map_err(|source| {
            // What reached the file is taken back, or nothing more is written to it.
            self.is_sound = self.drop_tail().is_ok();
            LedgerError::unwritable(&self.path, source)
        })
    }

    fn drop_tail(&mut self) -> Result<(), LedgerError> {
        self.file
            .set_len(self.length)
            .and_then(|()| self.file.seek(SeekFrom::Start(self.length)))
            .and_then(|_| self.file.sync_data())
            .map_err(|source| LedgerError::unwritable(&self.path, source))
    }
}

fn open_locked(folder: &Path, path: &Path) -> Result<File, LedgerError> {
    std::fs::create_dir_all(folder).map_err(|source| LedgerError::unwritable(folder, source))?;
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|source| LedgerError::unreadable(path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(LedgerError::Locked {
                file: path.to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(LedgerError::unreadable(path, source)),
    }
    if is_new {
        // The name of the file must reach the disk too, before any entry counts on it.
        File::open(folder)
            .and_then(|directory| directory.sync_all())
            .map_err(|source| LedgerError::unwritable(folder, source))?;
    }
    Ok(file)
}
