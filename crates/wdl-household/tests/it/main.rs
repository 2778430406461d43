//! The conventions on households at the crate's face: outside reference cases, laws, slow second implementations, bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

mod costs;
mod deprivation;
mod isee;
mod rooms;
mod scales;
mod work;

use std::path::PathBuf;

use wdl_household::Age;

fn age(years: u8) -> Option<Age> {
    Some(Age::of_years(f64::from(years)).unwrap())
}

fn reference(name: &str) -> Option<PathBuf> {
    let file = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/poverty"
    ))
    .join(name);
    if file.is_file() {
        return Some(file);
    }
    println!("skipped: ../shared/reference/poverty/{name} is absent");
    None
}

fn worked_examples() -> Option<serde_json::Value> {
    let file = reference("worked_examples_isee_adi_housing.json")?;
    Some(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}
