//! A large lab: 20 indicators with 4 tables of 39 quarters and 20 categories.

use std::time::Instant;

use wdl_publication::Site;

use crate::released;

#[test]
fn a_large_site_is_made() {
    let known = released::large();
    let mut input = known.input();
    input.publications.clear();
    let start = Instant::now();
    let site = Site::make(&input).unwrap();
    let took = start.elapsed();
    let bytes: usize = site.files().values().map(Vec::len).sum();
    println!("{} files, {bytes} bytes, in {took:?}", site.files().len());
    assert!(site.files().len() > 500, "a page and files for each table");
}
