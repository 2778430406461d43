//! What may be wrong with a contract or a code list: every fault with its file, line and column.

use wdl_vocab::diagnostics::codes::contract as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Contracts or code lists cannot be used; every fault found is listed.
#[derive(Debug, thiserror::Error)]
#[error("{first}{more}", first = self.first(), more = self.more())]
// INVARIANT: at least one fault.
pub struct ContractError {
    faults: Vec<Fault>,
}

impl ContractError {
    pub(crate) fn new(mut faults: Vec<Fault>) -> ContractError {
        debug_assert!(!faults.is_empty(), "an error has a reason");
        faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        ContractError { faults }
    }

    /// Every fault, by file and line.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults
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

impl From<Fault> for ContractError {
    fn from(fault: Fault) -> ContractError {
        ContractError::new(vec![fault])
    }
}

impl Diagnose for ContractError {
    fn diagnostic(&self) -> Diagnostic {
        self.first().diagnostic()
    }
}

/// One fault of a contract or a code list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {kind}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong at a place of a contract or a code list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
        /// The name.
        name: String,
        /// The list.
        list: String,
    },
    /// A name that nothing has.
    #[error("`{name}` is not in `{list}`")]
    UnknownName {
        /// The name.
        name: String,
        /// Where names are defined.
        list: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A code list is not in the form of the lab.
    #[error("{detail}")]
    ListShape {
        /// What was expected.
        detail: String,
    },
    /// The columns do not fit the shape of the dataset.
    #[error("{detail}")]
    ColumnsShape {
        /// What was expected.
        detail: String,
    },
}

impl Diagnose for Fault {
    fn diagnostic(&self) -> Diagnostic {
        let diagnostic = self.kind.diagnostic().with("file", &self.file);
        match self.line {
            0 => diagnostic,
            line => diagnostic.at(&self.file, line, self.column),
        }
    }
}

impl FaultKind {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            FaultKind::Unreadable { detail } => new(codes::UNREADABLE).with("detail", detail),
            FaultKind::Syntax { detail } => new(codes::SYNTAX).with("detail", detail),
            FaultKind::UnknownKey { key, meant, known } => new(codes::UNKNOWN_KEY)
                .with("key", key)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::MissingKey { key } => new(codes::MISSING_KEY).with("key", key),
            FaultKind::WrongValue { detail } => new(codes::WRONG_VALUE).with("detail", detail),
            FaultKind::UnknownWord {
                value,
                meant,
                known,
            } => new(codes::UNKNOWN_WORD)
                .with("value", value)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::DuplicateKey { key } => new(codes::DUPLICATE_KEY).with("key", key),
            FaultKind::DuplicateName { name, list } => new(codes::DUPLICATE_NAME)
                .with("name", name)
                .with("list", list),
            FaultKind::UnknownName { name, list, meant } => new(codes::UNKNOWN_NAME)
                .with("name", name)
                .with("list", list)
                .suggest(meant.as_deref()),
            FaultKind::ListShape { detail } => new(codes::LIST_SHAPE).with("detail", detail),
            FaultKind::ColumnsShape { detail } => new(codes::COLUMNS_SHAPE).with("detail", detail),
        }
    }
}
