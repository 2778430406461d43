//! Tests at the crate's face: the lab that the project ships, and every fault of its folder by a small edit.
#![expect(clippy::unwrap_used, reason = "tests")]

mod faults;
mod folder;
mod lab;
mod rules;
