//! Links one or two CSV files and holds what the model promises against the truth: how many links are wrong at each cut, promised and true.
//!
//! `calibration ID TRUTH IGNORE A.csv [B.csv]`: the truth is a column, or `-N-` for the number inside the ids of the FEBRL files; `IGNORE` is a list of columns with commas, or nothing.

use std::collections::BTreeMap;

use wdl_linkage::quality::{calibration, calibration_error};
use wdl_linkage::recognise::recognise;
use wdl_linkage::{Builder, Data, Model, Options, link};

/// Cuts of the probability.
const CUTS: [f64; 5] = [0.5, 0.7, 0.9, 0.95, 0.99];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, truth, ignore, paths @ ..] = arguments.as_slice() else {
        panic!("ID TRUTH IGNORE A.csv [B.csv]");
    };
    let start = cpu_seconds();
    let (data, labels) = read(paths, id, truth, &ignore.split(',').collect::<Vec<_>>());
    let read = cpu_seconds();
    let model = Model::proposed(&recognise(&data, &[]));
    let linked = link(&data, &model, &Options::default()).expect("a model of its own");
    let linked_at = cpu_seconds();
    let is_match = |a: u32, b: u32| labels[a as usize] == labels[b as usize];
    let all = matches(&data, &labels);
    let right = linked.links.iter().filter(|pair| is_match(pair.a, pair.b));
    let right = right.count();
    let pairs: Vec<(f64, f64, bool)> = linked
        .near
        .iter()
        .map(|pair| {
            let odds = (pair.probability / (1.0 - pair.probability)).log2();
            (odds, pair.probability, is_match(pair.a, pair.b))
        })
        .collect();
    let above: Vec<(f64, f64, bool)> = pairs
        .iter()
        .filter(|(_, p, _)| *p >= 0.5)
        .copied()
        .collect();
    let edges: Vec<f64> = (-6..=20).map(f64::from).collect();
    let error = |pairs: &[(f64, f64, bool)]| calibration_error(&calibration(pairs, &edges));
    print!(
        "F1 {:.4}, {} wrong, {} missed, {:?}, error {:.4} (all {:.4}), cpu {:.2} + {:.2} |",
        2.0 * right as f64 / (linked.links.len() as f64 + all).max(1.0),
        linked.links.len() - right,
        all - right as f64,
        linked.model.cardinality,
        error(&above),
        error(&pairs),
        read - start,
        linked_at - read,
    );
    for cut in CUTS {
        let taken = pairs
            .iter()
            .filter(|(_, probability, _)| *probability >= cut);
        let (promised, wrong) = taken.fold((0.0, 0), |(promised, wrong), (_, p, is_match)| {
            (promised + 1.0 - p, wrong + usize::from(!is_match))
        });
        print!(" {cut}: {promised:.1}/{wrong}");
    }
    println!();
}

/// How many pairs of records have the same label: of two files, or of one.
fn matches(data: &Data, labels: &[String]) -> f64 {
    let mut counts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (nth, source) in data.sources.iter().enumerate() {
        for record in source.records.clone() {
            let of = counts.entry(&labels[record as usize]);
            of.or_insert_with(|| vec![0.0; data.sources.len()])[nth] += 1.0;
        }
    }
    let pairs = counts.values().map(|of| match of.as_slice() {
        [only] => only * (only - 1.0) / 2.0,
        several => several.iter().product(),
    });
    pairs.sum()
}

fn read(paths: &[String], id: &str, truth: &str, ignore: &[&str]) -> (Data, Vec<String>) {
    let mut builder: Option<Builder> = None;
    let mut labels: BTreeMap<(usize, String), String> = BTreeMap::new();
    for (nth, path) in paths.iter().enumerate() {
        let mut reader = csv::Reader::from_path(path).expect("a CSV file");
        let header = reader.headers().expect("a header").clone();
        let place = |name: &str| header.iter().position(|known| known == name);
        let kept: Vec<usize> = (0..header.len())
            .filter(|place| {
                ![id, truth].contains(&&header[*place]) && !ignore.contains(&&header[*place])
            })
            .collect();
        let names = kept.iter().map(|place| header[*place].to_owned());
        let builder = builder.get_or_insert_with(|| Builder::new(names));
        builder.source(path);
        for record in reader.records() {
            let record = record.expect("a row");
            let name = &record[place(id).expect("the column of ids")];
            let values = kept.iter().map(|place| &record[*place]);
            builder.push(name, values).expect("room");
            let label = match truth {
                "-N-" => name.split('-').nth(1).expect("a number"),
                column => &record[place(column).expect("the truth")],
            };
            labels.insert((nth, name.to_owned()), label.to_owned());
        }
    }
    let data = builder.expect("a file").finish().expect("unique ids");
    let of = |record: u32| {
        let key = (data.source_of(record), data.ids.get(record).to_owned());
        labels[&key].clone()
    };
    let of_records = (0..data.len() as u32).map(of).collect();
    (data, of_records)
}

/// The seconds that all threads have had a core.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux counts");
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    let ticks = rest.split_whitespace().skip(11).take(2);
    ticks
        .map(|ticks| ticks.parse::<f64>().expect("a number"))
        .sum::<f64>()
        / 100.0
}
