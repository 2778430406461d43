//! What kind of file it is, from how its content begins.

use std::io::{Read as _, SeekFrom};

use crate::IntakeError;
use crate::text::Stream;
use crate::workbook::is_archive;

/// The kinds of files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text whose columns are separated by a mark.
    Delimited,
    /// Text whose columns stand at fixed positions.
    FixedWidth,
    /// A workbook of Excel (Office Open XML).
    Xlsx,
    /// A workbook of LibreOffice (OpenDocument).
    Ods,
}

impl Kind {
    /// Its name, the same in both languages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Delimited => "CSV",
            Kind::FixedWidth => "TXT",
            Kind::Xlsx => "XLSX",
            Kind::Ods => "ODS",
        }
    }
}

/// What the first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
    /// A ZIP archive, perhaps a workbook.
    Zip,
    /// Nothing that is not text.
    Text,
}

/// First bytes of what is often sent instead of a table.
const STRANGERS: [(&[u8], &str); 14] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"age-encryption.org", "age"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
];

/// The first bytes of the old office documents, and of new ones with a password.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Looks at the beginning; leaves the source there.
pub(crate) fn recognise(source: &mut dyn Stream) -> Result<Recognised, IntakeError> {
    let unreadable = |source| IntakeError::Unreadable {
        file: String::new(),
        source,
    };
    let mut start = Vec::new();
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    (&mut *source)
        .take(64)
        .read_to_end(&mut start)
        .map_err(unreadable)?;
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if start.starts_with(b"PK\x03\x04") {
        return Ok(Recognised::Zip);
    }
    if start.starts_with(COMPOUND_FILE) {
        return Err(IntakeError::OldWorkbook);
    }
    if is_archive(&start) || start.starts_with(b"PK\x05\x06") {
        return Err(IntakeError::Archive);
    }
    let plain = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    let plain = plain.trim_ascii_start().to_ascii_lowercase();
    for (mark, name) in STRANGERS {
        if start.starts_with(mark) || plain.starts_with(mark) {
            return Err(IntakeError::NotATable(name));
        }
    }
    Ok(Recognised::Text)
}
