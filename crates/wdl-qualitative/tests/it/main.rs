//! The kernel of qualitative evidence against values from outside.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod agreement;
mod comparative;
mod elsewhere;
