//! Why a file cannot be read as a table.

use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why a file cannot be read; no variant holds a cell.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntakeError {
    /// The file cannot be opened or read.
    #[error("`{file}` cannot be read")]
    Unreadable {
        /// The file, without its folder.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A link, a folder or a device.
    #[error("`{file}` is not a file but {actual}")]
    NotAFile {
        /// The file, without its folder.
        file: String,
        /// What it is.
        actual: &'static str,
    },
    /// The content is of another kind.
    #[error("the content is not a table but {0}")]
    NotATable(&'static str),
    /// A workbook in the old binary format, or one with a password.
    #[error("the workbook is in the old format or has a password")]
    OldWorkbook,
    /// An archive, or a workbook that holds one.
    #[error("the file is an archive or holds one")]
    Archive,
    /// A workbook larger than the limit once expanded.
    #[error("the workbook expands beyond the limit")]
    Expansion,
    /// A part of a workbook whose name leads out of it.
    #[error("a part of the workbook has a path that leaves it")]
    ArchivePath,
    /// A row of text beyond [`ROW_BYTES_MAX`](crate::limits::ROW_BYTES_MAX).
    #[error("the row on line {line} is too long")]
    RowTooLong {
        /// The line it begins on.
        line: u64,
    },
    /// A row beyond [`COLUMNS_MAX`](crate::limits::COLUMNS_MAX).
    #[error("line {line} has too many columns")]
    TooManyColumns {
        /// Its line.
        line: u64,
    },
    /// A workbook that is damaged or cut.
    #[error("the workbook is damaged or incomplete: {0}")]
    BrokenWorkbook(&'static str),
    /// The sheet that was asked for does not exist.
    #[error("no sheet is named `{name}`")]
    NoSheet {
        /// The name that was asked for.
        name: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A sheet beyond [`CELLS_MAX`](crate::limits::CELLS_MAX).
    #[error("the sheet has too many cells")]
    TooManyCells,
    /// A text with NUL bytes.
    #[error("the text holds {0} NUL bytes")]
    NulBytes(u64),
    /// An answer that is none of the options.
    #[error("`{value}` does not answer `{question}`")]
    BadAnswer {
        /// The question's key.
        question: String,
        /// The answer given.
        value: String,
        /// The answers there are.
        options: Vec<String>,
    },
    /// A contract of fixed width without the positions of a column.
    #[error("column `{0}` has no position")]
    NoPositions(String),
}

impl Diagnose for IntakeError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            IntakeError::Unreadable { file, source } => Diagnostic::new(codes::UNREADABLE)
                .with("file", file)
                .with("detail", source),
            IntakeError::NotAFile { file, actual } => Diagnostic::new(codes::NOT_A_FILE)
                .with("file", file)
                .with("actual", actual),
            IntakeError::NotATable(actual) => {
                Diagnostic::new(codes::NOT_A_TABLE).with("actual", actual)
            }
            IntakeError::OldWorkbook => Diagnostic::new(codes::OLD_WORKBOOK),
            IntakeError::Archive => Diagnostic::new(codes::ARCHIVE),
            IntakeError::Expansion => Diagnostic::new(codes::EXPANSION).with("maximum", "1 GB"),
            IntakeError::ArchivePath => Diagnostic::new(codes::ARCHIVE_PATH),
            IntakeError::RowTooLong { line } => Diagnostic::new(codes::ROW_TOO_LONG)
                .with("line", line)
                .with("maximum", "1 MB"),
            IntakeError::TooManyColumns { line } => Diagnostic::new(codes::TOO_MANY_COLUMNS)
                .with("line", line)
                .with("maximum", crate::limits::COLUMNS_MAX),
            IntakeError::BrokenWorkbook(detail) => {
                Diagnostic::new(codes::BROKEN_WORKBOOK).with("detail", detail)
            }
            IntakeError::NoSheet { name, sheets } => Diagnostic::new(codes::NO_SHEET)
                .with("name", name)
                .with("expected", sheets.join(", ")),
            IntakeError::TooManyCells => {
                Diagnostic::new(codes::TOO_MANY_CELLS).with("maximum", crate::limits::CELLS_MAX)
            }
            IntakeError::NulBytes(count) => Diagnostic::new(codes::NUL_BYTES).with("count", count),
            IntakeError::BadAnswer {
                question,
                value,
                options,
            } => Diagnostic::new(codes::BAD_ANSWER)
                .with("key", question)
                .with("value", value)
                .with("expected", options.join(", ")),
            IntakeError::NoPositions(column) => {
                Diagnostic::new(codes::NO_POSITIONS).with("column", column)
            }
        }
    }
}
