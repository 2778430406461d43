//! Tests at the crate's face.

mod made;
mod steps;
mod tampering;
