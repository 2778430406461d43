//! Writes a site of an invented city into a folder: `cargo run -p wdl-publication --example sample_site -- DIR`.

#[path = "../tests/it/invented.rs"]
mod invented;
#[path = "../tests/it/released.rs"]
mod released;

use std::path::PathBuf;
use std::time::Instant;

use wdl_publication::Site;

fn main() {
    let directory = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("sample-site"), PathBuf::from);
    let tables: Vec<_> = invented::kinds()
        .iter()
        .flat_map(|kind| released::protect(invented::drafts(kind, true)))
        .collect();
    let record = invented::record(&released::face().id);
    let mut input = invented::input(true, &record);
    input.tables = released::released(&tables);
    let start = Instant::now();
    let site = Site::make(&input).expect("the invented city makes a site");
    let made = start.elapsed();
    let report = site.write(&directory).expect("the folder can be written");
    println!(
        "{} files, {} pages, {} bytes, digest {}, made in {made:?}, with writing {:?}",
        report.files,
        report.pages,
        report.bytes,
        site.digest(),
        start.elapsed()
    );
}
