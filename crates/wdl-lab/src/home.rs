//! Where a lab stands on disk: the lab folder, the state beside it, the site.

use std::path::{Path, PathBuf};

use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::usage as codes;

use crate::Stopped;

/// The folder that holds a lab.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The home at a folder, which must hold a lab.
    ///
    /// # Errors
    /// [`Stopped`] when `lab/lab.yaml` is not there.
    pub fn open(root: &Path) -> Result<Home, Stopped> {
        let home = Home {
            root: root.to_owned(),
        };
        match home.lab().join("lab.yaml").is_file() {
            true => Ok(home),
            false => Err(Stopped::new(
                Diagnostic::new(codes::NO_LAB).with("directory", root.display()),
            )),
        }
    }

    /// Makes a home with a copy of a lab folder.
    ///
    /// # Errors
    /// [`Stopped`] when the folder is not empty or cannot be written.
    pub fn found(root: &Path, lab_files: &[(&str, &[u8])]) -> Result<Home, Stopped> {
        let is_taken = root
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some());
        if is_taken {
            return Err(Stopped::new(
                Diagnostic::new(codes::NOT_EMPTY).with("directory", root.display()),
            ));
        }
        let home = Home {
            root: root.to_owned(),
        };
        for (name, bytes) in lab_files {
            write(&home.lab().join(name), bytes)?;
        }
        Ok(home)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The lab folder: the agreement and the definitions.
    pub fn lab(&self) -> PathBuf {
        self.root.join("lab")
    }

    /// The state the lab keeps.
    pub fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    /// A folder of the state.
    pub fn of(&self, part: Part) -> PathBuf {
        self.state().join(part.name())
    }

    /// The public site.
    pub fn site(&self) -> PathBuf {
        self.root.join("site")
    }
}

/// A folder of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Verifying keys and the recipient key.
    PublicKeys,
    /// The lab's own secrets.
    SecretKeys,
    /// Partitions and snapshots of the base.
    Base,
    /// Checked tables.
    Results,
    /// Receipts that the lab has signed, for the bodies.
    Receipts,
    /// Sealed transcripts of interviews, focus groups and open answers.
    Transcripts,
    /// What people decided on doubts of the linkage.
    Decisions,
    /// What was registered of studies, and what their runs gave.
    Studies,
    /// Requests, reviews, releases.
    Release,
    /// The record.
    Ledger,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::PublicKeys => "keys/public",
            Part::SecretKeys => "keys/secret",
            Part::Base => "derived",
            Part::Results => "results",
            Part::Receipts => "receipts",
            Part::Transcripts => "vault/transcripts",
            Part::Decisions => "decisions",
            Part::Studies => "studies",
            Part::Release => "release",
            Part::Ledger => "ledger",
        }
    }
}

/// Writes a file whole or not at all, with the folders above it.
///
/// # Errors
/// [`Stopped`] when the disk refuses.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Stopped> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder).map_err(|fault| Stopped::file(folder, &fault))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let waiting = folder.join(format!(".{name}.part"));
    let put = || -> std::io::Result<()> {
        std::fs::write(&waiting, bytes)?;
        std::fs::File::open(&waiting)?.sync_all()?;
        std::fs::rename(&waiting, path)
    };
    put().map_err(|fault| Stopped::file(path, &fault))
}

/// Reads a file.
///
/// # Errors
/// [`Stopped`] when it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Stopped> {
    std::fs::read(path).map_err(|fault| Stopped::file(path, &fault))
}
