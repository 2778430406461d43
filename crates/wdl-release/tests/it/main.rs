//! Tests at the crate's face.
