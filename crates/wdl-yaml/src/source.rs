//! One file of the lab folder: read, parsed as its schema asks, its faults at their place.
//!
//! Plain `036023`, `NO` and `2017-Q1` stay text where the schema says text.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Spanned};
use wdl_vocab::Digest;

use crate::fault::Fault;
use crate::kind::FaultKind;

/// One file of the lab folder, with the name its faults carry.
pub struct Source {
    file: String,
    text: String,
}

/// A value with its place in the file.
pub type Placed<T> = Spanned<T>;

impl Source {
    /// Reads a file as UTF-8.
    ///
    /// # Errors
    /// [`FaultKind::Unreadable`] when it is missing or is not text.
    pub fn read<K>(path: &Path) -> Result<Source, Fault<K>> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Source {
                file: path.display().to_string(),
                text,
            }),
            Err(why) => Err(Fault::unreadable(path, &why)),
        }
    }

    /// A text that stands in no file, with the name its faults carry.
    pub fn of(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source {
            file: name.into(),
            text: text.into(),
        }
    }

    /// The file, as its faults name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What it holds.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it holds, as bytes.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The digest of what it holds.
    pub fn digest(&self) -> Digest {
        Digest::of(self.bytes())
    }

    /// A fault at a line and column.
    pub fn fault<K>(&self, line: usize, column: usize, kind: impl Into<FaultKind<K>>) -> Fault<K> {
        Fault {
            file: self.file.clone(),
            line,
            column,
            kind: kind.into(),
        }
    }

    /// A fault at a value.
    pub fn fault_at<T, K>(&self, place: &Placed<T>, kind: impl Into<FaultKind<K>>) -> Fault<K> {
        let at = place.referenced;
        self.fault(number(at.line()), number(at.column()), kind)
    }

    /// Reads the file as one YAML document of the type's schema.
    ///
    /// # Errors
    /// The first place where it is not YAML, or not of the schema.
    pub fn parse<T: DeserializeOwned, K>(&self) -> Result<T, Fault<K>> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(&self.text, options).map_err(|error| {
            let (line, column) = error
                .location()
                .map_or((0, 0), |at| (number(at.line()), number(at.column())));
            self.fault(line, column, kind_of::<K>(&error))
        })
    }

    /// The text of a block with as many empty lines before it as the file has, so that the parser of its language counts the file's lines.
    pub fn padded(&self, block: &Placed<String>) -> String {
        let first = block.value.lines().find(|line| !line.trim().is_empty());
        let from = number(block.referenced.line()).saturating_sub(1);
        let found =
            self.text.lines().skip(from).position(|line| {
                first.is_some_and(|first| line.trim_end().ends_with(first.trim()))
            });
        let above = block
            .value
            .lines()
            .take_while(|line| line.trim().is_empty())
            .count();
        let lines = (from + found.unwrap_or(0)).saturating_sub(above);
        format!("{}{}", "\n".repeat(lines), block.value)
    }
}

fn number(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn kind_of<K>(error: &Error) -> FaultKind<K> {
    match error.without_snippet() {
        Error::AliasError { error, .. } => kind_of(error),
        Error::SerdeUnknownField {
            field, expected, ..
        } => FaultKind::unknown_key(field, expected),
        Error::SerdeMissingField { field, .. } => FaultKind::MissingKey {
            key: (*field).to_owned(),
        },
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => FaultKind::unknown_word(variant, expected),
        Error::DuplicateMappingKey { key, .. } => FaultKind::DuplicateKey {
            key: key.clone().unwrap_or_default(),
        },
        Error::Message { msg, .. } => FaultKind::wrong(msg),
        Error::Unexpected { expected, .. } => FaultKind::wrong(format!("expected {expected}")),
        Error::InvalidScalar { ty, .. } => FaultKind::wrong(format!("expected {ty}")),
        Error::InvalidBooleanStrict { .. } => FaultKind::wrong("expected true or false"),
        Error::NullIntoString { .. } => FaultKind::wrong("expected text, found nothing"),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => FaultKind::wrong(format!("expected {expected}, found {unexpected}")),
        other => FaultKind::Syntax {
            detail: first_line(&other.to_string()),
        },
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
