//! The exports against the lab's contracts and code lists, when the lab folder is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::reading::{DELIVERIES, city, delivery, truth};

fn lab() -> Option<PathBuf> {
    let lab = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena")).to_owned();
    let there = lab.join("contracts").is_dir();
    if !there {
        println!("skipped: no lab folder with contracts");
    }
    there.then_some(lab)
}

/// The columns of a contract in order, with the code list of each that has one: a plain reading of its lines.
fn columns(contract: &str) -> Vec<(String, Option<String>)> {
    let mut columns = Vec::new();
    let mut lines = contract.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("        physicalName: ") {
            columns.push((name.trim_matches('"').to_owned(), None));
        }
        if line.trim() == "- property: wdl.code_list" {
            let list = lines
                .next()
                .and_then(|line| line.trim().strip_prefix("value: "))
                .map(|list| list.trim_matches('"').to_owned());
            columns.last_mut().unwrap().1 = list;
        }
    }
    columns
}

fn codes(lab: &Path, list: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(lab.join("codes").join(format!("{list}.csv"))).unwrap();
    text.lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn exports_have_the_columns_and_codes_of_the_contracts() {
    let Some(lab) = lab() else { return };
    let folder = city(2_000, false);
    let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen = 0;
    for body in ["comune", "ausl", "agenzia_lavoro", "inail"] {
        for entry in fs::read_dir(lab.join("contracts").join(body)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let dataset = name.strip_suffix(".odcs.yaml").unwrap();
            let columns = columns(&fs::read_to_string(&path).unwrap());
            let rows: Vec<_> = DELIVERIES
                .iter()
                .flat_map(|(period, _)| delivery(folder.path(), body, dataset, period))
                .collect();
            let written: BTreeSet<&String> = rows[0].keys().collect();
            assert_eq!(
                written,
                columns.iter().map(|(column, _)| column).collect(),
                "{dataset}"
            );
            for (column, list) in columns {
                let Some(list) = list else { continue };
                let known = lists
                    .entry(list.clone())
                    .or_insert_with(|| codes(&lab, &list));
                for row in &rows {
                    assert!(
                        row[&column].is_empty() || known.contains(&row[&column]),
                        "{dataset} {column} {}",
                        row[&column]
                    );
                }
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 14);
}

#[test]
fn the_map_has_every_rione_of_the_city() {
    let Some(lab) = lab() else { return };
    let map: serde_json::Value =
        serde_json::from_slice(&fs::read(lab.join("geo/rioni.geojson")).unwrap()).unwrap();
    let drawn: BTreeSet<&str> = map["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["code"].as_str().unwrap())
        .collect();
    let folder = city(2_000, true);
    let lived: BTreeSet<String> = delivery(folder.path(), "comune", "alloggi", "2025-Q4")
        .into_iter()
        .map(|row| row["RIONE"].clone())
        .collect();
    assert_eq!(drawn, lived.iter().map(String::as_str).collect());
    assert_eq!(
        drawn,
        codes(&lab, "rioni").iter().map(String::as_str).collect()
    );
}

#[test]
fn the_desks_open_when_the_lab_says() {
    let Some(lab) = lab() else { return };
    let text = fs::read_to_string(lab.join("codes/sportelli_casa.csv")).unwrap();
    let listed: BTreeMap<String, String> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0].to_owned(), cells[3].to_owned())
        })
        .collect();
    let folder = city(2_000, true);
    let lived: BTreeMap<String, String> = truth(folder.path(), "rione_quarters")
        .into_iter()
        .filter(|row| !row["desk_opened"].is_empty())
        .map(|row| (row["rione"].clone(), row["desk_opened"].clone()))
        .collect();
    assert_eq!(listed, lived);
}
