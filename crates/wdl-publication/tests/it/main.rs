//! Tests at the crate's face.
#![expect(clippy::unwrap_used, reason = "tests")]

mod blocks;
mod files;
mod invented;
mod pages;
mod released;
mod speed;
mod study;
mod told;
mod writing;
