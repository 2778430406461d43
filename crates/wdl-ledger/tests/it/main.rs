//! Tests at the crate's face.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod acts;
mod chain;
mod checkpoints;
mod disk;
mod made;
