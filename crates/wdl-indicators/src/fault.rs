//! What may be wrong with the definitions of a lab: every fault with its file, line and column.

use wdl_frame::SqlError;
use wdl_vocab::diagnostics::codes::{indicators as codes, lab};
use wdl_vocab::{Diagnose, Diagnostic};

/// The definitions cannot be used; every fault found is listed.
#[derive(Debug, thiserror::Error)]
#[error("{first}{more}", first = self.first(), more = self.more())]
// INVARIANT: at least one fault.
pub struct DefinitionError {
    faults: Vec<Fault>,
}

impl DefinitionError {
    /// All faults, or nothing when there are none.
    pub(crate) fn of(mut faults: Vec<Fault>) -> Result<(), DefinitionError> {
        faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        match faults.is_empty() {
            true => Ok(()),
            false => Err(DefinitionError { faults }),
        }
    }

    /// Every fault, by file and line.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Every fault as a diagnostic.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.faults.iter().map(Diagnose::diagnostic).collect()
    }

    fn first(&self) -> &Fault {
        self.faults.first().expect("an error has a reason")
    }

    fn more(&self) -> String {
        match self.faults.len() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        }
    }
}

impl Diagnose for DefinitionError {
    fn diagnostic(&self) -> Diagnostic {
        self.first().diagnostic()
    }
}

/// One fault of a definition.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {kind}")]
pub struct Fault {
    /// The file, as the user named its folder.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong at a place of a definition.
#[derive(Debug, thiserror::Error)]
pub enum FaultKind {
    /// The file is missing or is not text.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// Why.
        detail: String,
    },
    /// The file is not YAML.
    #[error("this is not YAML: {detail}")]
    Syntax {
        /// What the reader stumbled over.
        detail: String,
    },
    /// A key that does not exist.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The key that was probably meant.
        meant: Option<String>,
        /// The keys that exist here.
        known: String,
    },
    /// A key that must be there.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of the wrong kind.
    #[error("wrong value: {detail}")]
    WrongValue {
        /// What was expected.
        detail: String,
    },
    /// A word that is not in its list.
    #[error("`{value}` is not one of {known}")]
    UnknownWord {
        /// The word.
        value: String,
        /// The word that was probably meant.
        meant: Option<String>,
        /// The words that exist.
        known: String,
    },
    /// The same key twice.
    #[error("key `{key}` stands twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The same name twice in a list.
    #[error("`{name}` stands twice in `{list}`")]
    DuplicateName {
        /// The list.
        list: &'static str,
        /// The name.
        name: String,
    },
    /// A name that nothing has.
    #[error("`{name}` is not in `{list}`")]
    UnknownName {
        /// Where names are defined.
        list: &'static str,
        /// The name.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A statistic that the catalog does not have.
    #[error("there is no statistic `{name}`")]
    UnknownStatistic {
        /// The name.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// The catalog.
        known: String,
    },
    /// The file is named otherwise than the indicator.
    #[error("the file of indicator `{id}` must be named `{id}.yaml`")]
    FileName {
        /// The indicator.
        id: String,
    },
    /// A breakdown of a statistic that describes the whole population only.
    #[error("`{name}` has one value for the whole population and no breakdown")]
    NotDivisible {
        /// The statistic.
        name: &'static str,
    },
    /// A frame where there must be none, or none where there must be one.
    #[error("an indicator has a frame if and only if it can be observed here")]
    FrameMismatch,
    /// The SQL of a frame.
    #[error(transparent)]
    Sql(Box<SqlError>),
}

impl Diagnose for Fault {
    fn diagnostic(&self) -> Diagnostic {
        let diagnostic = self.kind.diagnostic().with("file", &self.file);
        match (self.line, &diagnostic.place) {
            (0, _) | (_, Some(_)) => diagnostic,
            (line, None) => diagnostic.at(&self.file, line, self.column),
        }
    }
}

impl FaultKind {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            FaultKind::Unreadable { detail } => new(lab::UNREADABLE).with("detail", detail),
            FaultKind::Syntax { detail } => new(lab::SYNTAX).with("detail", detail),
            FaultKind::UnknownKey { key, meant, known } => new(lab::UNKNOWN_KEY)
                .with("key", key)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::MissingKey { key } => new(lab::MISSING_KEY).with("key", key),
            FaultKind::WrongValue { detail } => new(lab::WRONG_VALUE).with("detail", detail),
            FaultKind::UnknownWord {
                value,
                meant,
                known,
            } => new(lab::UNKNOWN_WORD)
                .with("value", value)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::DuplicateKey { key } => new(lab::DUPLICATE_KEY).with("key", key),
            FaultKind::DuplicateName { list, name } => new(lab::DUPLICATE_NAME)
                .with("list", list)
                .with("name", name),
            FaultKind::UnknownName { list, name, meant } => new(lab::UNKNOWN_NAME)
                .with("list", list)
                .with("name", name)
                .suggest(meant.as_deref()),
            FaultKind::UnknownStatistic { name, meant, known } => new(codes::UNKNOWN_STATISTIC)
                .with("name", name)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::FileName { id } => new(codes::FILE_NAME).with("indicator", id),
            FaultKind::NotDivisible { name } => new(codes::NOT_DIVISIBLE).with("name", name),
            FaultKind::FrameMismatch => new(codes::FRAME_MISMATCH),
            FaultKind::Sql(fault) => fault.diagnostic(),
        }
    }
}
