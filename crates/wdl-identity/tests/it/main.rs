//! The crate's face, against worked values of the algorithm and laws that always hold.
#![expect(clippy::unwrap_used, reason = "tests")]

mod facts;
mod laws;
mod worked;
