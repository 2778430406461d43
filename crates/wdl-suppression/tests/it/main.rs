//! What the room promises.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod bad_input;
mod bounds;
mod brute;
mod certificate;
mod doubts;
mod material;
mod primary;
mod reference;
mod singletons;
mod sums;
