//! What the reader decided, what it asks, and the answers it is given.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wdl_contract::Contract;
use wdl_vocab::{Code, Diagnostic, Severity, Text};

/// What a file is read with.
#[derive(Clone, Copy, Debug)]
pub struct Hints<'a> {
    /// The contract of its dataset.
    pub contract: &'a Contract,
    /// Remembered correspondences: header in the file → physical name in the contract.
    pub mapping: &'a BTreeMap<String, String>,
    /// Answers to earlier questions.
    pub answers: &'a Answers,
}

/// What a decision or a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The kind of file.
    Layout,
    /// The encoding of a text.
    Encoding,
    /// The line ends of a text.
    LineEnds,
    /// The mark between the columns of a text.
    Delimiter,
    /// The sheet of a workbook.
    Sheet,
    /// Rows above the header.
    Header,
    /// A column of the contract, found under another name.
    Mapping {
        /// Its place in the contract.
        column: usize,
    },
    /// The days of a column of the contract.
    Dates {
        /// Its place in the contract.
        column: usize,
    },
    /// The numbers of a column of the contract.
    Decimals {
        /// Its place in the contract.
        column: usize,
    },
}

/// Something the reader decided about a file.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What it is about.
    pub about: Subject,
    /// Whether the file is otherwise than the contract says.
    pub differs: bool,
    /// The decision in words, as a note.
    pub diagnostic: Diagnostic,
}

impl Decision {
    pub(crate) fn new(about: Subject, differs: bool, code: Code) -> Decision {
        Decision {
            about,
            differs,
            diagnostic: Diagnostic::new(code).severity(Severity::Note),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Decision {
        self.diagnostic = self.diagnostic.with(name, value);
        self
    }
}

/// Two readings are equally good: somebody who knows the file must say which is right.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its key in [`Answers`]: `encoding`, `delimiter`, `sheet`, `dates:DATA_NASCITA`, `decimals:IMPORTO`.
    pub key: String,
    /// What it is about.
    pub about: Subject,
    /// The question in words.
    pub diagnostic: Diagnostic,
    /// The answers there are, the likelier one first.
    pub choices: Vec<Choice>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is given to [`Answers::set`].
    pub value: String,
    /// What people read.
    pub label: Text,
}

impl Choice {
    /// An answer that reads the same in both languages.
    pub(crate) fn same(value: impl Into<String>) -> Choice {
        let value = value.into();
        Choice {
            label: Text::new(&value, &value),
            value,
        }
    }
}

impl Question {
    pub(crate) fn new(key: String, about: Subject, code: Code, choices: Vec<Choice>) -> Question {
        let options: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
        let diagnostic = Diagnostic::new(code).with("expected", options.join(", "));
        Question {
            key,
            about,
            diagnostic,
            choices,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Question {
        self.diagnostic = self.diagnostic.with(name, value);
        self
    }
}

/// Answers to questions, by the question's key; they can be kept for the next file.
///
/// ```
/// use wdl_intake::Answers;
///
/// let mut answers = Answers::default();
/// answers.set("encoding", "Windows-1252");
/// answers.set("dates:DATA_NASCITA", "dd/MM/yyyy");
/// assert_eq!(answers.get("encoding"), Some("Windows-1252"));
/// assert_eq!(answers.get("sheet"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    /// Answers a question.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// The answer to a question.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All answers, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
