//! A short technical word: a version, a file name of the register; never free text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not a technical word.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a technical word: lower-case letters, digits, `_`, `-`, `.` and `/`, at most 160")]
pub struct WordError;

/// A version or a file name, in the alphabet of technical names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: 1 to 160 characters of `[a-z0-9_./-]`, so that no sentence and no name of a person passes.
pub struct Word(String);

impl Word {
    /// Takes a word.
    ///
    /// # Errors
    /// [`WordError`] when it holds anything but lower-case letters, digits, `_`, `-`, `.` and `/`.
    pub fn parse(text: &str) -> Result<Word, WordError> {
        let is_legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-./".contains(&b);
        match (1..=160).contains(&text.len()) && text.bytes().all(is_legal) {
            true => Ok(Word(text.to_owned())),
            false => Err(WordError),
        }
    }

    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Word {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Word, WordError> {
        Word::parse(text)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        Word::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
