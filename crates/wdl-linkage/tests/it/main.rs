//! Tests at the face of the crate.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod attacked;
mod bad_input;
mod calibrated;
mod cluster;
mod data;
mod decide;
mod encoded;
mod link;
mod model;
mod nobody;
mod people;
mod quality;
mod recognise;
mod reference;
mod review;
mod staged;
mod written;
