//! The key service as a process: what it answers, whom it refuses, how a key is kept.
#![expect(clippy::unwrap_used, reason = "tests")]

mod answers;
mod ceremony;
mod connection;
mod counts;
mod refusals;
mod running;
