//! The door for the YAML of the lab: YAML 1.2, typed by the schema, every fault with its place.
//!
//! Plain `036023`, `NO` and `2017-Q1` stay text where the schema says text.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Spanned};
use wdl_vocab::did_you_mean;

use crate::error::{Fault, FaultKind};

/// One file of the lab folder, with the name its faults carry.
pub(crate) struct Source {
    file: String,
    text: String,
}

/// A value with its place in the file.
pub(crate) type Placed<T> = Spanned<T>;

impl Source {
    /// Reads a file as UTF-8.
    pub(crate) fn read(folder: &Path, name: &str) -> Result<Source, Fault> {
        let path = folder.join(name);
        let file = path.display().to_string();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Source { file, text }),
            Err(error) => Err(Fault {
                file,
                line: 0,
                column: 0,
                kind: FaultKind::Unreadable {
                    detail: error.to_string(),
                },
            }),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A fault at a line and column.
    pub(crate) fn fault(&self, line: usize, column: usize, kind: FaultKind) -> Fault {
        Fault {
            file: self.file.clone(),
            line,
            column,
            kind,
        }
    }

    /// A fault at a value.
    pub(crate) fn fault_at<T>(&self, place: &Placed<T>, kind: FaultKind) -> Fault {
        let at = place.referenced;
        self.fault(number(at.line()), number(at.column()), kind)
    }

    /// Reads the file as one YAML document of the type's schema.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(&self.text, options).map_err(|error| {
            let (line, column) = error
                .location()
                .map_or((0, 0), |at| (number(at.line()), number(at.column())));
            self.fault(line, column, kind_of(&error))
        })
    }
}

fn number(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn kind_of(error: &Error) -> FaultKind {
    match error.without_snippet() {
        Error::AliasError { error, .. } => kind_of(error),
        Error::SerdeUnknownField {
            field, expected, ..
        } => FaultKind::UnknownKey {
            key: field.clone(),
            meant: did_you_mean(field, expected.iter().copied()).map(str::to_owned),
            known: expected.join(", "),
        },
        Error::SerdeMissingField { field, .. } => FaultKind::MissingKey {
            key: (*field).to_owned(),
        },
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => FaultKind::UnknownWord {
            value: variant.clone(),
            meant: did_you_mean(variant, expected.iter().copied()).map(str::to_owned),
            known: expected.join(", "),
        },
        Error::DuplicateMappingKey { key, .. } => FaultKind::DuplicateKey {
            key: key.clone().unwrap_or_default(),
        },
        Error::Message { msg, .. } => FaultKind::WrongValue {
            detail: msg.clone(),
        },
        Error::Unexpected { expected, .. } => FaultKind::WrongValue {
            detail: format!("expected {expected}"),
        },
        Error::InvalidScalar { ty, .. } => FaultKind::WrongValue {
            detail: format!("expected {ty}"),
        },
        Error::InvalidBooleanStrict { .. } => FaultKind::WrongValue {
            detail: "expected true or false".to_owned(),
        },
        Error::NullIntoString { .. } => FaultKind::WrongValue {
            detail: "expected text, found nothing".to_owned(),
        },
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => FaultKind::WrongValue {
            detail: format!("expected {expected}, found {unexpected}"),
        },
        other => FaultKind::Syntax {
            detail: first_line(&other.to_string()),
        },
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
