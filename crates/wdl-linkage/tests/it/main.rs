//! Tests at the face of the crate.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod cluster;
mod data;
mod decide;
mod model;
mod quality;
mod recognise;
mod review;
