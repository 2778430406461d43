//! `wdl protect suppress`: the answer, the file written, and every refusal by its code.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::desk::{Desk, PEOPLE};

const KEYS: [&str; 4] = ["--quasi-identifiers", "age,sex,area", "--k", "2"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    KEYS.iter().chain(more).copied().collect()
}

fn rows(desk: &Desk, name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(desk.path(name)).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// How many records agree with the loneliest one, a blank agreeing with anything.
fn k_any(rows: &[Vec<String>], columns: &[usize]) -> usize {
    let agree = |one: &Vec<String>, two: &Vec<String>| {
        columns
            .iter()
            .all(|at| one[*at].is_empty() || two[*at].is_empty() || one[*at] == two[*at])
    };
    let alike = |one| rows.iter().filter(|two| agree(one, two)).count();
    rows.iter().map(alike).min().unwrap()
}

#[test]
fn few_cells_are_blanked_and_the_file_keeps_to_it() {
    let desk = Desk::new("suppress", PEOPLE);
    let out = desk.path("out.csv");
    let got = desk.answer(&with(&[
        "--out",
        out.to_str().unwrap(),
        "--keep",
        "illness",
    ]));
    let written = rows(&desk, "out.csv");
    assert_eq!(written.len(), 7);
    // The file says what the answer says, counted here a second time.
    let blanks = written
        .iter()
        .flatten()
        .filter(|cell| cell.is_empty())
        .count();
    // One was missing before, and may count among those that stand for anything.
    let cells = got["cells"].as_u64().unwrap() as usize;
    assert!((blanks - 1..=blanks).contains(&cells));
    assert!(got["k"].as_u64() >= Some(2));
    let k = k_any(&written, &[0, 1, 2]);
    assert_eq!(got["k_blanked_agrees_with_any_value"], json!(k));
    assert!(got["cost_at_least"].as_u64() <= got["cost"].as_u64());
    // What is not blanked is as it was, and kept columns are untouched.
    for (row, line) in written.iter().zip(PEOPLE.lines().skip(1)) {
        let before: Vec<&str> = line.split(',').collect();
        let is_same = |at: usize| row[at].is_empty() || row[at] == before[at];
        assert!((0..3).all(is_same) && row[3] == before[3]);
    }
}

#[test]
fn strictly_a_blank_agrees_with_a_blank_alone() {
    let desk = Desk::new("suppress", PEOPLE);
    let out = desk.path("out.csv");
    let got = desk.answer(&with(&["--strict", "--out", out.to_str().unwrap()]));
    let mut classes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for row in rows(&desk, "out.csv") {
        *classes.entry(row).or_default() += 1;
    }
    let least = classes.values().min().unwrap();
    assert!(*least >= 2);
    assert_eq!(got["k"], json!(least));
    assert_eq!(got["blanked_agrees_with"], "blanked");
    let loose = desk.answer(&KEYS);
    assert!(loose["cells"].as_u64() <= got["cells"].as_u64());
}

#[test]
fn costs_of_columns_and_sets_of_columns() {
    let desk = Desk::new("suppress", PEOPLE);
    let got = desk.answer(&with(&["--importance", "age=9"]));
    // No dearer than what the first choice costs at these prices.
    assert!(got["cost"].as_u64() <= Some(18));
    let one = desk.answer(&with(&["--each-set", "1"]));
    assert!(one["cells"].as_u64() <= desk.answer(&KEYS)["cells"].as_u64());
    let out = desk.path("pairs.csv");
    desk.answer(&with(&["--each-set", "2", "--out", out.to_str().unwrap()]));
    let written = rows(&desk, "pairs.csv");
    for pair in [[0, 1], [0, 2], [1, 2]] {
        assert!(k_any(&written, &pair) >= 2);
    }
}

#[test]
fn nothing_to_do_and_any_order() {
    let alike = "age,sex,area\n".to_owned() + &"20,m,n\n".repeat(4);
    let got = Desk::new("suppress", &alike).answer(&KEYS);
    assert_eq!(
        (&got["cells"], &got["cost"], &got["k"]),
        (&json!(0), &json!(0), &json!(4))
    );
    let mut turned: Vec<&str> = PEOPLE.lines().collect();
    turned[1..].reverse();
    let turned = Desk::new("suppress", &(turned.join("\n") + "\n"));
    let figures = |value: Value| (value["cost"].clone(), value["cost_at_least"].clone());
    let straight = Desk::new("suppress", PEOPLE);
    assert_eq!(
        figures(turned.answer(&KEYS)),
        figures(straight.answer(&KEYS))
    );
}

#[test]
fn words_in_both_languages() {
    let desk = Desk::new("suppress", PEOPLE);
    let said = desk.words("it", &KEYS);
    assert!(
        said.contains("celle svuotate") && said.contains("riconteggiati"),
        "{said}"
    );
    let said = desk.words("en", &KEYS);
    assert!(
        said.contains("cells blanked") && said.contains("counted again"),
        "{said}"
    );
}

#[test]
fn files_and_columns_that_are_not_there() {
    let desk = Desk::new("suppress", PEOPLE);
    let zip = ["--quasi-identifiers", "zip", "--k", "2"];
    assert_eq!(desk.refusal(&zip).0, "WDL-S009");
    assert_eq!(Desk::new("suppress", "").refusal(&KEYS).0, "WDL-S009");
    let header = Desk::new("suppress", "age,sex,area\n");
    assert_eq!(header.refusal(&KEYS).0, "WDL-X108");
    let eight = ["--quasi-identifiers", "age", "--k", "8"];
    let (code, exit) = desk.refusal(&eight);
    assert_eq!((code.as_str(), exit), ("WDL-X108", 3));
}

#[test]
fn options_that_cannot_be() {
    let desk = Desk::new("suppress", PEOPLE);
    assert_eq!(desk.refusal(&with(&["--each-set", "4"])).0, "WDL-X124");
    for wrong in ["zip=2", "age=0", "age", "age=two", "=2"] {
        let (code, _) = desk.refusal(&with(&["--importance", wrong]));
        assert_eq!(code, "WDL-X123", "{wrong}");
    }
    for wrong in [
        &["--strict", "--each-set", "1"][..],
        &["--keep", "illness"],
        &["--each-set", "0"],
    ] {
        assert_eq!(desk.exit(&with(wrong)), 2, "{wrong:?}");
    }
    assert_eq!(desk.exit(&["--quasi-identifiers", "age", "--k", "1"]), 2);
    // A column twice; what is read is not written over; what cannot be written leaves nothing behind.
    let twice = ["--quasi-identifiers", "age,age", "--k", "2"];
    assert_eq!(desk.refusal(&twice).0, "WDL-X117");
    let own = desk.path("people.csv");
    desk.refusal(&with(&["--out", own.to_str().unwrap()]));
    assert_eq!(std::fs::read_to_string(&own).unwrap(), PEOPLE);
    let nowhere = desk.path("nowhere/out.csv");
    desk.refusal(&with(&["--out", nowhere.to_str().unwrap()]));
    assert_eq!(std::fs::read_dir(own.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn three_rows_of_one_person_are_one() {
    let twice = "age,sex,area,who\n20,m,n,1\n20,m,n,1\n20,m,n,1\n20,m,s,2\n20,m,s,3\n";
    let desk = Desk::new("suppress", twice);
    let keys = ["--quasi-identifiers", "age,sex,area", "--k", "2"];
    assert_eq!(desk.answer(&keys)["cells"], 0);
    let got = desk.answer(&[&keys[..], &["--person", "who"]].concat());
    assert!(got["cells"].as_u64().unwrap() >= 3, "{got}");
    assert!(got["k"].as_u64().unwrap() >= 2, "{got}");
}
