//! The register, at the crate's face.
