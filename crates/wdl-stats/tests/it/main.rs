//! The kernel against outside reference values, against slow and obvious second implementations, and its laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod areas;
mod calibration;
mod dense;
mod differences;
mod elsewhere;
mod incidence;
mod laws;
mod panel;
mod parts;
mod people;
mod reference;
mod slow;
mod touched;
