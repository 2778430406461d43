//! The reference tables: our hidden sets are safe, and what they cost stands beside the proved optimum.
//!
//! The references ask that a primary cell be in doubt by one unit on either side; we ask for the minimum frequency, so that we may hide more.

use serde::Deserialize;
use wdl_disclosure::{Hidden, protect};
use wdl_result::{Additivity, Table};

use crate::made::{Atom, PERIOD, dimension, every_table, rule, table};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/reference/disclosure/tables/"
);

#[derive(Deserialize)]
struct Case {
    name: String,
    hierarchies: Vec<std::collections::BTreeMap<String, Vec<String>>>,
    leaves: Vec<Leaf>,
    min_frequency: u64,
    primary: Vec<String>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Leaf {
    key: Vec<String>,
    n: u64,
}

#[derive(Deserialize)]
struct Expected {
    cost: f64,
    n_suppressed: usize,
}

fn read(name: &str) -> Option<String> {
    let text = std::fs::read_to_string(format!("{FOLDER}{name}")).ok();
    if text.is_none() {
        println!("skipped: {name} is not beside the project");
    }
    text
}

fn cost(table: &Table, hidden: &[Hidden], before: &Table) -> u64 {
    let count = |hidden: &Hidden| {
        let key = |id: &str| {
            hidden
                .keys
                .iter()
                .find(|(d, _)| d == id)
                .map(|(_, c)| c.as_str())
        };
        let keys: Vec<Option<&str>> = table.dimensions.iter().map(|d| key(&d.id)).collect();
        before.cell(PERIOD, &keys).and_then(|cell| cell.n).unwrap()
    };
    hidden.iter().map(count).sum()
}

#[test]
fn crossed_tables() {
    let Some(text) = read("secondary_suppression.json") else {
        return;
    };
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    // Those with a hierarchy inside a dimension are not tables of one lab indicator.
    let crossed = cases
        .iter()
        .filter(|case| case.hierarchies.iter().all(|h| h.len() == 1));
    let mut seen = 0;
    for case in crossed {
        seen += 1;
        let names: Vec<&Vec<String>> = case.hierarchies.iter().map(|h| &h["T"]).collect();
        let all: Vec<_> = names
            .iter()
            .zip(["x", "y", "z"])
            .map(|(names, id)| dimension(id, names.len()))
            .collect();
        let place = |leaf: &Leaf| {
            leaf.key.iter().zip(&names).fold(0, |at, (name, names)| {
                at * names.len() + names.iter().position(|known| known == name).unwrap()
            })
        };
        let mut atoms = vec![Atom::default(); names.iter().map(|names| names.len()).product()];
        for leaf in &case.leaves {
            atoms[place(leaf)] = Atom::count(leaf.n);
        }
        let every: Vec<usize> = (0..all.len()).collect();
        let draft = table(Additivity::Count, &all, &every, &[(PERIOD, atoms)]);
        let report = protect(vec![draft.clone()], &rule(case.min_frequency, false), &[])
            .unwrap()
            .report;
        assert_eq!(report.primary as usize, case.primary.len(), "{}", case.name);
        let ours = cost(&draft.0, &report.hidden, &draft.0);
        println!(
            "{}: {} cells and cost {ours}, optimum {} and {}",
            case.name,
            report.hidden.len(),
            case.expected.n_suppressed,
            case.expected.cost
        );
        for hidden in &report.hidden {
            let interval = hidden.intervals[0];
            assert!(
                interval.high - interval.low >= interval.required,
                "{}",
                case.name
            );
        }
    }
    assert!(seen >= 7);
}

/// Counties and sizes over the same units, from a question to the makers of sdcTable: each table protected alone gives cell I away.
#[test]
fn linked_tables() {
    let Some(text) = read("linked_tables.json") else {
        return;
    };
    let case: serde_json::Value = serde_json::from_str(&text).unwrap();
    let n = |name: &str| case["cells"][name].as_u64().unwrap();
    // County by size: I is the small part of county-1; J and K, the small part of county-10, are told apart by a third dimension.
    let all = [
        dimension("county", 3),
        dimension("size", 2),
        dimension("part", 2),
    ];
    let mut atoms = vec![Atom::default(); 12];
    for (county, size, part, name) in [
        (0, 0, 0, "A"),
        (0, 1, 0, "I"),
        (1, 0, 0, "B"),
        (2, 1, 0, "J"),
        (2, 1, 1, "K"),
    ] {
        atoms[county * 4 + size * 2 + part] = Atom::count(n(name));
    }
    let drafts = every_table(Additivity::Count, &all, &[(PERIOD, atoms)]);
    let report = protect(drafts, &rule(4, false), &[]).unwrap().report;
    let of_i: Vec<&Hidden> = report
        .hidden
        .iter()
        .filter(|hidden| {
            let has = |name: &str| hidden.keys.iter().any(|(_, category)| category == name);
            has("county1") && has("size2")
        })
        .collect();
    assert!(!of_i.is_empty());
    for hidden in of_i {
        let interval = hidden.intervals[0];
        assert!(interval.high - interval.low >= 4.0, "{hidden:?}");
    }
}
