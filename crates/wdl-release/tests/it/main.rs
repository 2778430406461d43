//! Tests at the crate's face.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod gate;
mod kinds;
mod made;
mod sealed;
mod steps;
mod tampering;
