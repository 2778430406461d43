//! The register at the crate's face: what comes in, what is refused and why, what the effective rows are.
#![expect(clippy::unwrap_used, reason = "tests")]

mod admitted;
mod invented;
mod kinds;
mod refused;
mod rows;
