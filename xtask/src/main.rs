//! Checks on the house itself: `cargo run -p xtask -- manifests` reads every manifest and refuses a forbidden arrow.
//!
//! The invariants are those of `ARCHITECTURE.md`; a crate that is not in the list of floors is refused too.

#[cfg(test)]
mod bad_input;
mod floors;
mod manifests;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("manifests") => manifests::check(),
        _ => {
            eprintln!("usage: cargo run -p xtask -- manifests");
            ExitCode::from(2)
        }
    }
}
