//! Checks on the house itself: `cargo run -p xtask -- manifests` reads every manifest and refuses a forbidden arrow.
//!
//! `-- documents [--check]` makes the pages of the indicators from their definitions, or says which are out of date.
//!
//! The invariants are those of `ARCHITECTURE.md`; a crate that is not in the list of floors is refused too.

#[cfg(test)]
mod bad_input;
mod documents;
mod floors;
mod manifests;
mod untested;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["manifests"] => manifests::check(),
        ["documents"] => documents::run(false),
        ["documents", "--check"] => documents::run(true),
        _ => {
            eprintln!("usage: cargo run -p xtask -- manifests | documents [--check]");
            ExitCode::from(2)
        }
    }
}
