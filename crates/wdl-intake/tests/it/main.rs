//! The tests of the crate, in one binary.
#![expect(clippy::unwrap_used, reason = "tests")]

mod arbitrary;
mod hostile;
mod layouts;
mod reading;
mod support;
mod written;
