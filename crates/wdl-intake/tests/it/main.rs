//! The tests of the crate, in one binary.

mod arbitrary;
mod hostile;
mod layouts;
mod reading;
mod support;
mod written;
