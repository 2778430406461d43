//! The check: an export against its contract, everything wrong told at once.
//!
//! Place in the flow: after the intake, before the seal; rows of text in, findings and typed rows out.
//! It sees direct identifiers and stays at the body.
//! It knows nothing of keys, custodians or the network, and keeps counts and keyed fingerprints of a file, never the file.

mod across;
mod batch;
mod cells;
mod check;
mod checked;
mod column;
mod digest;
mod drift;
mod error;
mod findings;
mod header;
mod limits;
mod pass;
mod people;
mod repeats;
mod rows;
mod semantics;
mod sql;
mod summary;
mod terms;
mod typed;
mod unique;
mod values;

pub use cells::first_of_month;
pub use check::check;
pub use checked::{Checked, PeopleCount};
pub use error::CheckError;
pub use findings::{
    Counts, EXAMPLES, Example, Finding, Findings, Justification, LINES, RuleWords, Subject,
};
pub use sql::named_elsewhere;
pub use summary::{ColumnSummary, Summary};
pub use terms::{
    History, Justified, JustifiedError, NOTE_MAX, NoHistory, Past, Reason, Said, Terms,
};
pub use typed::{Typed, TypedBatch, schema, typed};
