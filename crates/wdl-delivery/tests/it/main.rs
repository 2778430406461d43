//! Sealed deliveries, at the crate's face.
