//! The rules that rows must keep beyond what each column says: declared on columns, or written in SQL.

use wdl_vocab::{Euro, Severity, Text};

/// A rule between the columns of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A day is not before another.
    NotBefore {
        /// The earlier one.
        earlier: String,
        /// The later one.
        later: String,
    },
    /// Amounts add up to another, within a tolerance in cents.
    Sum {
        /// The parts.
        parts: Vec<String>,
        /// Their sum.
        total: String,
        /// How far it may be off.
        tolerance: Euro,
    },
}

/// A rule written in SQL, in the dialect of SQLite.
///
/// `docs/reference/contracts.md` says which tables and columns it sees.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqlRule {
    /// Its identifier, unique in the contract.
    pub id: String,
    /// A SELECT: of the lines that break the rule (a column `line`, and perhaps `value`), or of how many there are when it `counts`.
    pub lines: String,
    /// Whether the SELECT gives one number, which must be 0.
    pub counts: bool,
    /// How grave it is.
    pub severity: Severity,
    /// The column it is about, by its name in the lab.
    pub column: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// Why it happens.
    pub cause: Option<Text>,
    /// What to do.
    pub fix: Text,
}
