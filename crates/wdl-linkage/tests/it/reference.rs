//! The FEBRL files, read where they are kept: records of nobody with a known truth from outside.

use std::path::{Path, PathBuf};

use wdl_linkage::quality::{Scope, Truth};
use wdl_linkage::recognise::recognise;
use wdl_linkage::{Builder, Data, Linked, Model, Options, link};

/// The folder of the reference, when it stands beside the project.
fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/linkage");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/reference/linkage is absent");
    None
}

fn read(files: &[PathBuf], ignore: &[&str]) -> Data {
    let mut builder: Option<Builder> = None;
    for file in files {
        let mut reader = csv::Reader::from_path(file).unwrap();
        let header = reader.headers().unwrap().clone();
        let kept: Vec<usize> = (1..header.len())
            .filter(|place| !ignore.contains(&&header[*place]))
            .collect();
        let names = kept.iter().map(|place| header[*place].to_owned());
        let builder = builder.get_or_insert_with(|| Builder::new(names));
        builder.source(&file.display().to_string());
        for record in reader.records() {
            let record = record.unwrap();
            let values = kept.iter().map(|place| &record[*place]);
            builder.push(&record[0], values).unwrap();
        }
    }
    builder.unwrap().finish().unwrap()
}

fn truth(data: &Data, file: &Path) -> Truth {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let pairs: Vec<(String, String)> = reader
        .records()
        .map(|pair| {
            let pair = pair.unwrap();
            (pair[0].to_owned(), pair[1].to_owned())
        })
        .collect();
    let pairs = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    Truth::of_pairs(data, Scope::of(data), pairs)
}

fn linked(data: &Data) -> Linked {
    let model = Model::proposed(&recognise(data, &[]));
    link(data, &model, &Options::default()).unwrap()
}

/// Wrong and missed pairs.
fn errors(names: &[&str], truth_file: &str, ignore: &[&str]) -> Option<(u64, u64)> {
    let folder = folder()?;
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    let data = read(&files, ignore);
    let truth = truth(&data, &folder.join(truth_file));
    let links = linked(&data).links;
    let counts = truth.of_links(links.iter().map(|pair| (pair.a, pair.b)));
    Some((counts.wrong(), counts.missed()))
}

const FOUR: [&str; 2] = ["febrl4a.csv", "febrl4b.csv"];

#[test]
fn febrl_4_with_all_fields_has_at_most_one_error() {
    if let Some((wrong, missed)) = errors(&FOUR, "febrl4_truth_pairs.csv", &[]) {
        assert!(wrong + missed <= 1, "{wrong} wrong, {missed} missed");
    }
}

#[test]
fn febrl_4_without_the_number_has_at_most_fifteen_errors() {
    if let Some((wrong, missed)) = errors(&FOUR, "febrl4_truth_pairs.csv", &["soc_sec_id"]) {
        assert!(wrong <= 1, "{wrong} wrong");
        assert!(wrong + missed <= 15, "{missed} missed");
    }
}

#[test]
fn the_clusters_of_febrl_3_are_whole() {
    if let Some((wrong, missed)) = errors(&["febrl3.csv"], "febrl3_truth_pairs.csv", &[]) {
        let right = (6_538 - missed) as f64;
        let f1 = 2.0 * right / (2.0 * right + wrong as f64 + missed as f64);
        assert!(f1 >= 0.998, "{f1}");
    }
}
