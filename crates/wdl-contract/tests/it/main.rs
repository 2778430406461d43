//! Contracts and code lists at the crate's face: those the product ships, and every fault by a small edit.
#![expect(clippy::unwrap_used, reason = "tests")]

mod compare;
mod exchange;
mod faults;
mod folder;
mod lab;
mod roundtrip;
mod rules;
