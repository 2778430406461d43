//! The folder of a run: pairs, clusters, model and report, each file whole or not there.
//!
//! A run that was interrupted leaves no `report.json`, which is written last; the next one begins anew and replaces what is there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use wdl_lab::Stopped;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::linkage as codes;

use super::earlier::Read;

/// Says that a folder was made by this command; stands there from the first moment to the last.
const MARK: &str = ".wdl-link";

/// The file that is written last.
pub(super) const DONE: &str = "report.json";

/// A folder that results may be written to.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Takes a folder that is new, empty, or of an earlier run; nothing in it is touched yet.
    pub(super) fn take(path: &Path) -> Result<Folder, Stopped> {
        let taken = Folder {
            path: path.to_owned(),
        };
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(taken),
            Err(fault) => return Err(Stopped::file(path, &fault)),
        };
        let is_empty = entries.count() == 0;
        match is_empty || path.join(MARK).is_file() {
            true => Ok(taken),
            false => Err(Stopped::new(
                Diagnostic::new(codes::OUT_NOT_EMPTY).with("directory", path.display()),
            )),
        }
    }

    /// Begins to replace what is there: from now on the folder holds no finished run.
    ///
    /// `read` is what the mark keeps of the records, for whoever asks about the run later.
    pub(super) fn begin(&self, read: Option<&Read>) -> Result<(), Stopped> {
        let done = self.path.join(DONE);
        fs::create_dir_all(&self.path).map_err(|fault| Stopped::file(&self.path, &fault))?;
        self.write(MARK, |file| {
            writeln!(file, "wdl link {}", env!("CARGO_PKG_VERSION"))?;
            match read {
                Some(read) => writeln!(file, "{}", serde_json::json!(read)),
                None => Ok(()),
            }
        })?;
        match fs::remove_file(&done) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => {
                Err(Stopped::file(&done, &fault))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file beside its place and moves it there when it is whole.
    pub(super) fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Stopped> {
        write_whole(&self.path.join(name), content)
    }
}

/// Writes a file beside its place and moves it there when it is whole and on the disk.
pub(super) fn write_whole(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stopped> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = || -> io::Result<()> {
        // What an interrupted run left, or a link to somewhere else, is not written through.
        match fs::remove_file(&part) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            _ => {}
        }
        let mut file = BufWriter::with_capacity(1 << 18, File::create_new(&part)?);
        content(&mut file)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    written().map_err(|fault| {
        // The fault that is told is the first; a part that cannot be removed either is beside its place.
        let _ = fs::remove_file(&part);
        Stopped::file(path, &fault)
    })
}

/// Whether a folder holds a finished run.
pub(super) fn is_finished(path: &Path) -> bool {
    path.join(MARK).is_file() && path.join(DONE).is_file()
}

/// What stands in the mark of a folder.
pub(super) fn mark_of(path: &Path) -> Result<String, Stopped> {
    let mark = path.join(MARK);
    fs::read_to_string(&mark).map_err(|fault| Stopped::file(&mark, &fault))
}

/// A cell of a CSV file, in quotation marks when it needs them.
///
/// A cell that a spreadsheet would take for a formula is left as it is: these files are read back by programs, and ids must come back as they were.
pub(super) fn cell(out: &mut dyn Write, text: &str) -> io::Result<()> {
    match text.contains([',', '"', '\n', '\r']) {
        true => write!(out, "\"{}\"", text.replace('"', "\"\"")),
        false => out.write_all(text.as_bytes()),
    }
}
