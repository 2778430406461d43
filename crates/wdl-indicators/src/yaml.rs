//! The door for the definitions: YAML 1.2, typed by the schema, every fault with its place.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Spanned};
use wdl_vocab::{Digest, did_you_mean};

use crate::fault::{Fault, FaultKind};

/// One file of the lab folder, with the name its faults carry.
pub(crate) struct Source {
    file: String,
    text: String,
}

/// A value with its place in the file.
pub(crate) type Placed<T> = Spanned<T>;

impl Source {
    /// Reads a file as UTF-8.
    pub(crate) fn read(path: &Path) -> Result<Source, Fault> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Ok(Source { file, text }),
            Err(fault) => Err(Fault {
                file,
                line: 0,
                column: 0,
                kind: FaultKind::Unreadable {
                    detail: fault.to_string(),
                },
            }),
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }

    /// A fault at a value.
    pub(crate) fn fault_at<T>(&self, place: &Placed<T>, kind: FaultKind) -> Fault {
        let at = place.referenced;
        self.fault(number(at.line()), number(at.column()), kind)
    }

    fn fault(&self, line: usize, column: usize, kind: FaultKind) -> Fault {
        Fault {
            file: self.file.clone(),
            line,
            column,
            kind,
        }
    }

    /// The SQL of a block with as many empty lines before it as the file has, so that the parser counts the file's lines.
    pub(crate) fn padded(&self, block: &Placed<String>) -> String {
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
    let wrong = |detail: String| FaultKind::WrongValue { detail };
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
        Error::Message { msg, .. } => wrong(msg.clone()),
        Error::Unexpected { expected, .. } => wrong(format!("expected {expected}")),
        Error::InvalidScalar { ty, .. } => wrong(format!("expected {ty}")),
        Error::InvalidBooleanStrict { .. } => wrong("expected true or false".to_owned()),
        Error::NullIntoString { .. } => wrong("expected text, found nothing".to_owned()),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => wrong(format!("expected {expected}, found {unexpected}")),
        other => FaultKind::Syntax {
            detail: other
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        },
    }
}
