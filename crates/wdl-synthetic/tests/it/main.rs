//! The city at its face.
#![expect(clippy::unwrap_used, reason = "tests")]
