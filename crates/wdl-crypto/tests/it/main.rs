//! Keys, seals, signatures and pseudonyms, at the crate's face.
