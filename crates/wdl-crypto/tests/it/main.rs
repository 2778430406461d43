//! Keys, seals, signatures and pseudonyms, at the crate's face.
#![expect(clippy::unwrap_used, reason = "tests")]

mod certificates;
mod files;
mod oprf;
mod own;
mod seals;
mod secrets;
mod wire;
