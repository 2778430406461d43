//! Tests at the face of the crate.
