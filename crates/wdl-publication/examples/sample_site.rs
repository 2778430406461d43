//! Writes a site of an invented city into a folder: `cargo run -p wdl-publication --example sample_site -- DIR`.
#![expect(
    clippy::unwrap_used,
    reason = "the invented city is made as tests make it"
)]

#[expect(dead_code, reason = "tests use the rest")]
#[path = "../tests/it/invented.rs"]
mod invented;
#[expect(dead_code, reason = "tests use the rest")]
#[path = "../tests/it/released.rs"]
mod released;

use std::path::PathBuf;
use std::time::Instant;

use wdl_publication::Site;

fn main() {
    let given = std::env::args_os().nth(1);
    let directory = given.map_or_else(|| PathBuf::from("sample-site"), PathBuf::from);
    let known = released::sample(true);
    let start = Instant::now();
    let site = Site::make(&known.input()).expect("the invented city makes a site");
    let made = start.elapsed();
    let report = site.write(&directory).expect("the folder can be written");
    println!(
        "{} files, {} pages, {} bytes, made in {made:?}",
        report.files, report.pages, report.bytes
    );
}
