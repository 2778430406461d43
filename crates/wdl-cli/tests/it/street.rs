//! Linkage inside the lab against the truth of the city: nobody is taken for another, most of those without a code are found, and deliveries linked one after the other give what they give together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use serde_json::Value;
use wdl_crypto::{HashKey, Realm};
use wdl_frame::read_parquet;
use wdl_vocab::Digest;

use crate::leaks::files;
use crate::slow;
use crate::stage::{own_demo, run, well};

/// The datasets that are linked: body, dataset, truth's table, its key, the register's key.
const LINKED: [(&str, &str, &str, &str, &str); 2] = [
    ("comune", "residenti", "spells", "record", "record"),
    (
        "agenzia_lavoro",
        "rapporti_lavoro",
        "jobs",
        "contract",
        "contract",
    ),
];

/// What the truth says of the numbers of a lab.
struct Truth {
    /// The person of each row: dataset and the lab's number of it.
    rows: BTreeMap<(String, i64), String>,
    /// The person of each code, as the lab numbers it.
    persons: BTreeMap<i64, String>,
    /// Rows without a code in force, with their person.
    without: BTreeMap<(String, i64), String>,
    /// Persons with a code on some row in force.
    coded: BTreeSet<String>,
}

impl Truth {
    fn read(home: &Path) -> Truth {
        let ids = HashKey::read(&home.join("state/keys/secret/ids.key")).unwrap();
        let realm = Realm::new("modena", "welfare-modena", "2026-a").unwrap();
        let mut truth = Truth {
            rows: BTreeMap::new(),
            persons: BTreeMap::new(),
            without: BTreeMap::new(),
            coded: BTreeSet::new(),
        };
        for (body, dataset, table, key, register_key) in LINKED {
            let hashing = HashKey::read(&home.join(format!("bodies/{body}/hash.key"))).unwrap();
            let domain = realm.token_domain(&format!("keyed/record/{dataset}"));
            let name = format!("{body}_{dataset}");
            let known = slow::read_with(&home.join(format!("city/truth/{table}.csv")), b';');
            for row in &known.rows {
                let keyed = hashing.hash(&domain, row.text(key).as_bytes());
                let number = ids.number("record", &keyed);
                let person = row.text("person").to_owned();
                truth.rows.insert((name.clone(), number), person);
            }
            truth.register(home, (body, dataset, register_key));
        }
        truth
    }

    /// Reads the deliveries of a dataset, the latest last.
    fn register(&mut self, home: &Path, (body, dataset, key): (&str, &str, &str)) {
        let mut now: BTreeMap<i64, Option<i64>> = BTreeMap::new();
        let mut found = files(&home.join(format!("state/register/{body}/{dataset}")));
        found.sort();
        for file in found {
            let (_, batches) = read_parquet(&file).unwrap();
            for batch in batches {
                let numbers = |name: &str| {
                    let column = batch.column_by_name(name).unwrap();
                    column
                        .as_primitive::<Int64Type>()
                        .iter()
                        .collect::<Vec<_>>()
                };
                for (record, person) in numbers(key).into_iter().zip(numbers("person")) {
                    let record = record.unwrap();
                    let of = self.rows[&(format!("{body}_{dataset}"), record)].clone();
                    if let Some(person) = person {
                        self.persons.insert(person, of);
                    }
                    now.insert(record, person);
                }
            }
        }
        for (record, person) in now {
            let row = (format!("{body}_{dataset}"), record);
            let of = self.rows[&row].clone();
            match person {
                Some(_) => drop(self.coded.insert(of)),
                None => drop(self.without.insert(row, of)),
            }
        }
    }
}

/// The linkage of the snapshot that stands.
pub(crate) fn links(home: &Path) -> Value {
    let standing = wdl(home, &["linkage", "status"])["snapshot"].clone();
    let standing = standing.as_str().unwrap();
    let snapshots = files(&home.join("state/derived/snapshots"));
    let is_standing = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap();
        name.to_str().unwrap().contains(standing)
    };
    let newest = snapshots.into_iter().find(is_standing).unwrap();
    let snapshot: Value = serde_json::from_slice(&fs::read(newest).unwrap()).unwrap();
    let name = &snapshot["linkage"].as_str().unwrap()[..32];
    let file = home.join(format!("state/linkage/links/{name}.json"));
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

pub(crate) fn wdl(home: &Path, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--dir", home.to_str().unwrap(), "--format", "json"]);
    serde_json::from_slice(&well(run("wdl", &all)).stdout).unwrap()
}

#[test]
fn nobody_is_taken_for_another_and_most_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("demo");
    own_demo(&home, "3000");
    let truth = Truth::read(&home);
    let linkage = links(&home);
    let state = &linkage["state"];
    found(&truth, state);
    for one in state["replaced"].as_array().unwrap() {
        let person = |key: &str| &truth.persons[&one[key].as_i64().unwrap()];
        assert_eq!(person("old"), person("new"));
    }
    told(&home, state);
    again(&home, &linkage);
    crate::decided::decided(&home);
}

/// Links are true, and few that could be made are missing.
fn found(truth: &Truth, state: &Value) {
    let mut provisional: BTreeMap<i64, BTreeSet<&String>> = BTreeMap::new();
    let mut linked = BTreeSet::new();
    for link in state["links"].as_array().unwrap() {
        let row = (
            link["dataset"].as_str().unwrap().to_owned(),
            link["record"].as_i64().unwrap(),
        );
        let of = &truth.without[&row];
        let person = link["person"].as_i64().unwrap();
        match link["is_coded"].as_bool().unwrap() {
            true => {
                assert_eq!(&truth.persons[&person], of, "{row:?} is somebody else's");
                linked.insert(row);
            }
            false => drop(provisional.entry(person).or_default().insert(of)),
        }
    }
    assert!(provisional.values().all(|of| of.len() == 1));
    // Those whose code stands on some row can be found; the others have nowhere to go.
    let can: Vec<_> = truth
        .without
        .iter()
        .filter(|(_, of)| truth.coded.contains(*of))
        .collect();
    let are = can.iter().filter(|(row, _)| linked.contains(*row)).count();
    assert!(can.len() >= 20, "{} rows to link", can.len());
    assert!(are * 100 >= can.len() * 90, "{are} of {}", can.len());
}

/// What people are told agrees with the state, and holds no number of a row or person.
fn told(home: &Path, state: &Value) {
    let status = wdl(home, &["linkage", "status"]);
    let all = state["links"].as_array().unwrap();
    let coded = all.iter().filter(|link| link["is_coded"] == true).count() as u64;
    let linked = |rows: &Value| -> u64 {
        let stages = rows["linked"].as_object().unwrap().values();
        stages.map(|rows| rows.as_u64().unwrap()).sum()
    };
    let datasets = status["datasets"].as_array().unwrap();
    assert_eq!(datasets.iter().map(linked).sum::<u64>(), coded);
    let group = &status["groups"][0];
    assert!(group["estimated_precision"].as_f64().unwrap() > 0.99);
    assert!(group["estimated_recall"].as_f64().unwrap() > 0.95);
    let changes = wdl(home, &["linkage", "changes"]);
    assert!(!changes["changes"].as_array().unwrap().is_empty());
    let doubts = wdl(home, &["linkage", "doubts"]);
    assert_eq!(
        doubts.as_array().unwrap().len(),
        state["doubts"].as_array().unwrap().len()
    );
    let said = format!("{status}{changes}{doubts}");
    for link in all {
        for key in ["record", "person"] {
            assert!(!said.contains(&link[key].to_string()));
        }
    }
}

/// Nothing is linked again; and everything at once is what came one after the other, to the byte.
fn again(home: &Path, linkage: &Value) {
    let key = home.join("offices/gestione_dati.key");
    let key = key.to_str().unwrap();
    let built = wdl(home, &["build", "--yes", "--as", key]);
    assert_eq!(built["computed"], 0);
    assert_eq!(built["linkage"]["is_new"], false);
    let derived = home.join("state/derived");
    let manifest = derived.join(format!(
        "snapshots/{}.json",
        built["snapshot"].as_str().unwrap()
    ));
    let grown = fs::read(&manifest).unwrap();
    let partitions = |home: &Path| -> BTreeMap<PathBuf, Digest> {
        let all = files(&home.join("state/derived/base")).into_iter();
        let all = all.filter(|file| file.extension().is_some_and(|own| own == "parquet"));
        all.map(|file| (file.clone(), Digest::of(&fs::read(file).unwrap())))
            .collect()
    };
    let before = partitions(home);
    fs::remove_dir_all(home.join("state/linkage")).unwrap();
    fs::remove_dir_all(&derived).unwrap();
    let built = wdl(home, &["build", "--yes", "--as", key]);
    assert_eq!(built["linkage"]["is_new"], true);
    assert_eq!(built["kept"], 0);
    assert_eq!(fs::read(&manifest).unwrap(), grown);
    let fresh = partitions(home);
    assert_eq!(built["computed"], fresh.len());
    assert!(fresh.iter().all(|one| before.get(one.0) == Some(one.1)));
    for part in ["state", "held", "digest", "census", "deliveries"] {
        assert_eq!(links(home)[part], linkage[part], "{part}");
    }
}
