//! Tests at the crate's face: a small file with every slip it may have.
#![expect(clippy::unwrap_used, reason = "tests")]

mod faults;
mod tree;
