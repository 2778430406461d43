//! Why a file of encodings, or two of them, cannot be used.

use thiserror::Error;
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why bytes are no file of encodings.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// It does not begin as one.
    #[error("this is no file of encodings")]
    NotEncoded,
    /// Made for another version or another length of vectors.
    #[error("the encodings are of the format `{actual}` and not `{expected}`")]
    Format {
        /// What the file says.
        actual: String,
        /// What is read.
        expected: String,
    },
    /// The checksum is not that of the content, or the end is missing.
    #[error("the file is damaged or not whole")]
    Damaged,
    /// The head promises other content than there is.
    #[error("the head of the file promises {promised} records, which its length cannot hold")]
    Count {
        /// How many records the head promises.
        promised: u64,
    },
    /// A row is not as a row must be.
    #[error("record {place} of the file is malformed")]
    Record {
        /// Its place, from 1.
        place: usize,
    },
    /// Two records have one id.
    #[error("{count} ids stand on more than one record")]
    DuplicateIds {
        /// How many ids.
        count: usize,
    },
}

/// Why two files cannot be linked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LinkError {
    /// Made by another schema.
    #[error("the two files were encoded by different schemas")]
    OtherSchema {
        /// The fingerprint in the first.
        first: String,
        /// The fingerprint in the second.
        second: String,
    },
    /// Made with another key.
    #[error("the two files were encoded with different keys")]
    OtherKey,
    /// A file without a vector that could be compared.
    #[error("a file holds no vector that can be compared")]
    NothingToCompare,
}

/// Why records cannot be encoded.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EncodeError {
    /// No column of a field's name, nor of the others the schema lists.
    #[error("no column for the field `{field}` of the schema")]
    NoColumn {
        /// The field.
        field: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Too few columns for a schema.
    #[error("a schema needs three columns or more that tell people apart")]
    TooFewColumns {
        /// How many there are.
        count: usize,
    },
}

impl Diagnose for ReadError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            ReadError::NotEncoded => new(codes::NOT_ENCODED),
            ReadError::Format { actual, expected } => new(codes::ENCODED_FORMAT)
                .with("actual", actual)
                .with("expected", expected),
            ReadError::Damaged => new(codes::ENCODED_DAMAGED),
            ReadError::Count { promised } => new(codes::ENCODED_COUNT).with("count", promised),
            ReadError::Record { place } => new(codes::ENCODED_RECORD).with("count", place),
            ReadError::DuplicateIds { count } => {
                new(codes::ENCODED_DUPLICATE_IDS).with("count", count)
            }
        }
    }
}

impl Diagnose for LinkError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            LinkError::OtherSchema { first, second } => new(codes::ENCODED_OTHER_SCHEMA)
                .with("actual", second)
                .with("expected", first),
            LinkError::OtherKey => new(codes::ENCODED_OTHER_KEY),
            LinkError::NothingToCompare => new(codes::ENCODED_NOTHING),
        }
    }
}

impl Diagnose for EncodeError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            EncodeError::NoColumn { field, columns } => new(codes::ENCODED_NO_COLUMN)
                .with("column", field)
                .with("expected", columns.join(", ")),
            EncodeError::TooFewColumns { count } => {
                new(codes::ENCODED_FEW_COLUMNS).with("count", count)
            }
        }
    }
}
