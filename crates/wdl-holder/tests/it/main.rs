//! The steward's tool at its face: bad input by name, what may travel, seal and open.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod across;
mod bad_input;
mod command_line;
mod connection;
mod fixture;
mod hostile;
mod kinds;
mod page;
mod pseudonyms;
mod sealing;
mod sealing_linkage;
mod sealing_streams;
mod shareable;
mod snapshots;
mod support;
mod workbook;
