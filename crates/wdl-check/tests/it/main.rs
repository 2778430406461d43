//! The crate's face, from the outside.
#![expect(clippy::unwrap_used, reason = "tests")]

mod before;
mod cells;
mod files;
mod people;
mod rules;
mod same;
mod seeded;
mod support;
