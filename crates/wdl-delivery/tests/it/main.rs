//! Sealed deliveries, at the crate's face: what reads back, and what each fault is called.
#![expect(clippy::unwrap_used, reason = "tests")]

mod faults;
mod in_force;
mod invented;
mod receipts;
mod states;
mod streaming;
mod vectors;
