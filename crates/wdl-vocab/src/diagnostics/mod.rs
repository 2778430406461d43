//! Diagnostics: a stable code, a place, the cause and what to do, in Italian and English.
//!
//! A diagnostic never holds a cell of personal data: its arguments are names of files, columns, codes and counts.

pub mod codes;
mod render;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::Text;

pub use render::{cause, explain, fix, message};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: the checks found faults.
    ChecksFailed,
    /// 2: the command, a name or a file of the lab folder is wrong.
    Usage,
    /// 3: the agreement does not allow it, or what arrived cannot be trusted.
    Refused,
    /// 4: an approval is awaited.
    Waiting,
    /// 5: the data are not there.
    Unavailable,
    /// 70: our fault.
    Internal,
}

impl Exit {
    /// The number the process ends with.
    pub fn status(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::ChecksFailed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::Waiting => 4,
            Exit::Unavailable => 5,
            Exit::Internal => 70,
        }
    }
}

/// A stable diagnostic code such as `WDL-C012`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// `WDL-`, a letter for the station, three digits.
    pub id: &'static str,
    /// How a command that stops on it ends.
    pub exit: Exit,
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing goes on.
    Error,
    /// It goes on when somebody says why.
    ToJustify,
    /// Good to know.
    Note,
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1; 0 when the whole line is meant.
    pub column: usize,
}

/// One thing to tell the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// What the texts are filled with.
    pub args: BTreeMap<&'static str, String>,
    /// Arguments that are words themselves, in both languages; `args` has them in English.
    #[serde(skip)]
    pub words: BTreeMap<&'static str, Text>,
    /// Where, when it has a place in a file.
    pub place: Option<Place>,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// An error with a code.
    pub fn new(code: Code) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            args: BTreeMap::new(),
            words: BTreeMap::new(),
            place: None,
            suggestion: None,
        }
    }

    /// Fills one argument of the texts.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Diagnostic {
        self.args.insert(name, value.to_string());
        self
    }

    /// Fills one argument of the texts with words of each language.
    pub fn with_words(mut self, name: &'static str, words: &Text) -> Diagnostic {
        self.args.insert(name, words.en.to_string());
        self.words.insert(name, words.clone());
        self
    }

    /// Says where.
    pub fn at(mut self, file: impl ToString, line: usize, column: usize) -> Diagnostic {
        self.place = Some(Place {
            file: file.to_string(),
            line,
            column,
        });
        self
    }

    /// Says what was probably meant.
    pub fn suggest(mut self, meant: Option<&str>) -> Diagnostic {
        self.suggestion = meant.map(str::to_owned);
        self
    }

    /// Sets the severity.
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }
}

/// An error that knows how to tell itself to a user.
pub trait Diagnose: std::error::Error {
    /// The code, the arguments, the place.
    fn diagnostic(&self) -> Diagnostic;
}
