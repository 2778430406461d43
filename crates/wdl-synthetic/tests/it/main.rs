//! The city at its face: figures, structure, deliveries, errors, dependencies.
#![expect(clippy::unwrap_used, reason = "tests")]

mod archives;
mod command;
mod contracts;
mod deliveries;
mod dependencies;
mod determinism;
mod figures;
mod reading;
mod structure;
