//! The data steward's tool, at each body: check an export, replace what names people, seal it for the lab.
//!
//! First station of the street, and the only one besides the synthetic city that sees direct identifiers.
//! It must not know the lab's state, the register or any other body's data.
//!
//! **Invariants:** rows with errors are never sealed; the shareable report and every message hold no cell of the file; a person becomes a token by both custodians or not at all.

pub mod body;
pub mod check;
pub mod cli;
pub mod error;
pub mod report;
pub mod seal;
pub mod ui;
mod words;
pub mod work;
