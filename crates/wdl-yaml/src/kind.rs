//! What may be wrong in any file of the lab folder, and the place for what only one room can find wrong.

use wdl_vocab::diagnostics::codes::lab as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};

/// What is wrong at a place of a file; `K` is what only the reader of that file can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind<K> {
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
        list: String,
        /// The name.
        name: String,
    },
    /// A name that nothing has.
    #[error("`{name}` is not in `{list}`")]
    UnknownName {
        /// Where names are defined.
        list: String,
        /// The name.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// What only the reader of this file can find wrong.
    #[error("{0}")]
    Own(K),
}

impl<K> FaultKind<K> {
    /// A key that is not among those that exist.
    pub fn unknown_key(key: &str, known: &[&str]) -> FaultKind<K> {
        FaultKind::UnknownKey {
            key: key.to_owned(),
            meant: did_you_mean(key, known.iter().copied()).map(str::to_owned),
            known: known.join(", "),
        }
    }

    /// A word that is not among those that exist.
    pub fn unknown_word(value: &str, known: &[&str]) -> FaultKind<K> {
        FaultKind::UnknownWord {
            value: value.to_owned(),
            meant: did_you_mean(value, known.iter().copied()).map(str::to_owned),
            known: known.join(", "),
        }
    }

    /// A value of the wrong kind.
    pub fn wrong(detail: impl Into<String>) -> FaultKind<K> {
        FaultKind::WrongValue {
            detail: detail.into(),
        }
    }
}

impl<K> From<K> for FaultKind<K> {
    fn from(own: K) -> FaultKind<K> {
        FaultKind::Own(own)
    }
}

impl<K: Diagnose> Diagnose for FaultKind<K> {
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
            FaultKind::DuplicateName { list, name } => new(codes::DUPLICATE_NAME)
                .with("list", list)
                .with("name", name),
            FaultKind::UnknownName { list, name, meant } => new(codes::UNKNOWN_NAME)
                .with("list", list)
                .with("name", name)
                .suggest(meant.as_deref()),
            FaultKind::Own(own) => own.diagnostic(),
        }
    }
}
