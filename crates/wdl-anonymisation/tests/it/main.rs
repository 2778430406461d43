//! What the room promises: outside reference values, second implementations, laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod files;
mod mask;
mod records;
mod risk;
mod suppress;
