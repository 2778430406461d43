//! Why codings, themes or a joint display cannot be used; nothing anybody said is ever repeated.

use wdl_disclosure::DisclosureError;
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};

use super::codebook::EntryId;

/// Why codings, themes or a joint display cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// A code that the codebook never had.
    #[error("`{code}` is no code of version {version}")]
    UnknownCode {
        /// The code.
        code: EntryId,
        /// The version it was said to be of.
        version: u32,
        /// The one that was probably meant.
        meant: Option<String>,
        /// The line; 0 when there is none.
        line: usize,
    },
    /// A code of an older version that was split or dropped.
    #[error("`{code}` of version {version}: {}", detail.en)]
    OldCode {
        /// The code.
        code: EntryId,
        /// Its version.
        version: u32,
        /// What became of it.
        detail: Text,
        /// The line; 0 when there is none.
        line: usize,
    },
    /// A cell that is empty or no name.
    #[error("a cell of `{column}` is no short name (line {line})")]
    Cell {
        /// The column.
        column: &'static str,
        /// The line.
        line: usize,
    },
    /// A version that the codebook does not have.
    #[error("a version that is none of the codebook, at {now} (line {line})")]
    Version {
        /// The version of the codebook.
        now: u32,
        /// The line; 0 when there is none.
        line: usize,
    },
    /// No row at all.
    #[error("the codings have no rows")]
    Nothing,
    /// No segment was looked at by two coders.
    #[error("no segment was looked at by two coders")]
    NotDouble,
    /// A coder in two files.
    #[error("coder `{coder}` is in more than one file")]
    CoderTwice {
        /// The coder.
        coder: String,
    },
    /// A decision on nothing in dispute.
    #[error("the decision on {entry}: {}", detail.en)]
    Adjudication {
        /// Transcript, segment and code.
        entry: String,
        /// Why it is of no use.
        detail: Text,
    },
    /// A theme and one it lies in.
    #[error("`{first}` and `{second}` lie one in the other")]
    Nested {
        /// The one.
        first: EntryId,
        /// The other.
        second: EntryId,
    },
    /// Rows of nobody known.
    #[error("{count} rows of no known participant")]
    NoParticipant {
        /// How many.
        count: usize,
    },
    /// Nobody to count.
    #[error("there is no participant to count")]
    Nobody,
    /// A participant with two values.
    #[error("a participant has two values of `{column}`")]
    TwoGroups {
        /// The column.
        column: String,
        /// The line; 0 when there is none.
        line: usize,
    },
    /// Disclosure control cannot protect the counts.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// Effects that are no answer of an evaluation.
    #[error("not the answer of an evaluation: {}", detail.en)]
    Effects {
        /// Why.
        detail: Text,
    },
    /// A table of themes that cannot be read.
    #[error("the table of themes: {}", detail.en)]
    Themes {
        /// Why.
        detail: Text,
        /// The line; 0 when there is none.
        line: usize,
    },
    /// Effects and themes without a group in common.
    #[error("effects and themes have no group in common")]
    NothingInCommon {
        /// The names of the effects.
        effects: String,
        /// The groups.
        groups: String,
    },
}

impl CodingError {
    /// The same at a line, where it has a place and none yet.
    #[must_use]
    pub fn at_line(mut self, at: usize) -> CodingError {
        match &mut self {
            CodingError::UnknownCode { line, .. }
            | CodingError::OldCode { line, .. }
            | CodingError::Cell { line, .. }
            | CodingError::Version { line, .. }
            | CodingError::TwoGroups { line, .. }
            | CodingError::Themes { line, .. } => {
                if *line == 0 {
                    *line = at;
                }
            }
            CodingError::Nothing
            | CodingError::NotDouble
            | CodingError::CoderTwice { .. }
            | CodingError::Adjudication { .. }
            | CodingError::Nested { .. }
            | CodingError::NoParticipant { .. }
            | CodingError::Nobody
            | CodingError::Disclosure(_)
            | CodingError::Effects { .. }
            | CodingError::NothingInCommon { .. } => {}
        }
        self
    }

    fn line(&self) -> usize {
        match self {
            CodingError::UnknownCode { line, .. }
            | CodingError::OldCode { line, .. }
            | CodingError::Cell { line, .. }
            | CodingError::Version { line, .. }
            | CodingError::TwoGroups { line, .. }
            | CodingError::Themes { line, .. } => *line,
            CodingError::Nothing
            | CodingError::NotDouble
            | CodingError::CoderTwice { .. }
            | CodingError::Adjudication { .. }
            | CodingError::Nested { .. }
            | CodingError::NoParticipant { .. }
            | CodingError::Nobody
            | CodingError::Disclosure(_)
            | CodingError::Effects { .. }
            | CodingError::NothingInCommon { .. } => 0,
        }
    }

    /// The diagnostic, of a file.
    pub fn of_file(&self, file: &std::path::Path) -> Diagnostic {
        let told = self.diagnostic().with("file", file.display());
        match self.line() {
            0 => told,
            line => told.at(file.display(), line, 0),
        }
    }
}

impl Diagnose for CodingError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            CodingError::UnknownCode {
                code,
                version,
                meant,
                ..
            } => new(codes::CODING_UNKNOWN_CODE)
                .with("code", code)
                .with("version", version)
                .suggest(meant.as_deref()),
            CodingError::OldCode {
                code,
                version,
                detail,
                ..
            } => new(codes::CODING_OLD_CODE)
                .with("code", code)
                .with("version", version)
                .with_words("detail", detail),
            CodingError::Cell { column, .. } => new(codes::CODING_CELL)
                .with("column", column)
                .with("maximum", super::sheet::NAME_MAX),
            CodingError::Version { now, .. } => new(codes::CODING_VERSION).with("version", now),
            CodingError::Nothing => new(codes::CODING_NOTHING),
            CodingError::NotDouble => new(codes::NOT_DOUBLE_CODED),
            CodingError::CoderTwice { coder } => new(codes::CODER_TWICE).with("name", coder),
            CodingError::Adjudication { entry, detail } => new(codes::ADJUDICATION)
                .with("entry", entry)
                .with_words("detail", detail),
            CodingError::Nested { first, second } => new(codes::THEMES_NESTED)
                .with("first", first)
                .with("second", second),
            CodingError::NoParticipant { count } => {
                new(codes::THEMES_PARTICIPANT).with("count", count)
            }
            CodingError::Nobody => new(codes::THEMES_NOBODY),
            CodingError::TwoGroups { column, .. } => {
                new(codes::THEMES_GROUP).with("column", column)
            }
            CodingError::Disclosure(error) => error.diagnostic(),
            CodingError::Effects { detail } => {
                new(codes::JOINT_EFFECTS).with_words("detail", detail)
            }
            CodingError::Themes { detail, .. } => {
                new(codes::JOINT_THEMES).with_words("detail", detail)
            }
            CodingError::NothingInCommon { effects, groups } => new(codes::JOINT_NOTHING)
                .with("first", effects)
                .with("second", groups),
        }
    }
}
