//! The linked base, tested at its face.
#![expect(clippy::unwrap_used, reason = "tests")]
