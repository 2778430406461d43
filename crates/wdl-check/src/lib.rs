//! The check: an export against its contract, everything wrong told at once.
//!
//! Place in the flow: after the intake, before the seal; rows of text in, findings and typed rows out.
//! It sees direct identifiers and stays at the body.
//! It knows nothing of keys, custodians or the network, and keeps counts and keyed fingerprints of a file, never the file.

#![expect(dead_code, reason = "the check itself follows its words")]

mod checked;
mod findings;
mod rows;
mod summary;
mod terms;

pub use checked::{Checked, PeopleCount};
pub use findings::{
    Counts, EXAMPLES, Example, Finding, Findings, Justification, LINES, RuleWords, Subject,
};
pub use summary::{ColumnSummary, Summary};
pub use terms::{
    History, Justified, JustifiedError, NOTE_MAX, NoHistory, Past, Reason, Said, Terms,
};
