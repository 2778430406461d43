//! `wdl protect table`, `tables` and `audit` on plain files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn wdl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wdl"))
        .arg("protect")
        .args(arguments)
        .args(["--format", "json", "--lang", "en"])
        .output()
        .unwrap()
}

fn value(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(output: &Output, code: &str, exit: i32) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(code), "{said}");
    assert_eq!(output.status.code(), Some(exit));
}

fn table(counts: [[u64; 3]; 3]) -> Value {
    let mut leaves = Vec::new();
    for (row, of) in ["r1", "r2", "r3"].iter().zip(counts) {
        for (column, n) in ["c1", "c2", "c3"].iter().zip(of) {
            leaves.push(json!({ "key": [row, column], "n": n }));
        }
    }
    json!({
        "dimensions": ["row", "column"],
        "hierarchies": [{ "T": ["r1", "r2", "r3"] }, { "T": ["c1", "c2", "c3"] }],
        "leaves": leaves,
        "min_frequency": 3,
    })
}

fn written(folder: &Path, name: &str, value: &Value) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, value.to_string()).unwrap();
    path
}

const COUNTS: [[u64; 3]; 3] = [[5, 12, 1], [2, 7, 9], [14, 3, 8]];

#[test]
fn a_table_its_certificate_and_a_doctored_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "table.json", &table(COUNTS));
    let file = file.to_str().unwrap();
    let proof = folder.path().join("proof.json");
    let proof = proof.to_str().unwrap();
    let got = value(&wdl(&["table", file, "--certificate", proof]));
    assert_eq!(got["cost"], 17.0);
    assert_eq!(got["proved"], true);
    assert_eq!(
        got["suppressed"],
        json!(["r1|c1", "r1|c3", "r2|c1", "r2|c3"])
    );
    assert_eq!(got["intervals"]["r1|c3"], json!([0.0, 6.0]));
    let audited = value(&wdl(&["audit", proof, "--table", file]));
    assert_eq!(audited["holds"], true);
    // Another table; a changed number; what is no certificate.
    let mut other = COUNTS;
    other[2][2] += 1;
    let other = written(folder.path(), "other.json", &table(other));
    refused(
        &wdl(&["audit", proof, "--table", other.to_str().unwrap()]),
        "WDL-X158",
        3,
    );
    let mut doctored: Value =
        serde_json::from_str(&std::fs::read_to_string(proof).unwrap()).unwrap();
    doctored["proofs"][0]["high"]["reached"]["over"] = json!(60);
    let doctored = written(folder.path(), "doctored.json", &doctored);
    refused(&wdl(&["audit", doctored.to_str().unwrap()]), "WDL-X156", 3);
    refused(&wdl(&["audit", file]), "WDL-X157", 2);
    // A threshold below three, whether in the file or asked for.
    refused(
        &wdl(&["table", file, "--min-frequency", "2"]),
        "WDL-X149",
        3,
    );
}

#[test]
fn a_plain_csv_is_the_same_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = "row,column,n\n".to_owned();
    for (row, of) in ["r1", "r2", "r3"].iter().zip(COUNTS) {
        for (column, n) in ["c1", "c2", "c3"].iter().zip(of) {
            rows.push_str(&format!("{row},{column},{n}\n"));
        }
    }
    let file = folder.path().join("table.csv");
    std::fs::write(&file, &rows).unwrap();
    let asked = |file: &Path| {
        let file = file.to_str().unwrap().to_owned();
        wdl(&[
            "table",
            &file,
            "--dimensions",
            "row,column",
            "--min-frequency",
            "3",
        ])
    };
    assert_eq!(value(&asked(&file))["cost"], 17.0);
    let wrong = folder.path().join("wrong.csv");
    std::fs::write(&wrong, format!("{rows}r1,T,19\n")).unwrap();
    refused(&asked(&wrong), "WDL-X143", 2);
}

#[test]
fn tables_of_the_same_units_and_one_that_is_public() {
    let folder = tempfile::tempdir().unwrap();
    let first = written(folder.path(), "first.json", &table(COUNTS));
    // The same rows with the first two columns as one.
    let mut coarse = table(COUNTS);
    coarse["hierarchies"][1] = json!({ "T": ["c12", "c3"], "c12": ["c1", "c2"] });
    let coarse = written(folder.path(), "coarse.json", &coarse);
    let (first, coarse) = (first.to_str().unwrap(), coarse.to_str().unwrap());
    let alone = value(&wdl(&["table", first]));
    let both = value(&wdl(&["tables", first, coarse]));
    assert_eq!(both["proved"], true);
    assert!(both["cost"].as_f64() >= alone["cost"].as_f64());
    // What is public already is no longer hidden by anything.
    let public = folder.path().join("public");
    std::fs::create_dir(&public).unwrap();
    let mut released = table(COUNTS);
    released["suppressed"] = alone["suppressed"].clone();
    written(&public, "first.json", &released);
    let public = public.to_str().unwrap();
    let beside = value(&wdl(&["tables", coarse, "--released", public]));
    assert_eq!(beside["proved"], true);
    released["suppressed"] = json!([]);
    let all = folder.path().join("all");
    std::fs::create_dir(&all).unwrap();
    written(&all, "first.json", &released);
    refused(
        &wdl(&["tables", coarse, "--released", all.to_str().unwrap()]),
        "WDL-X159",
        3,
    );
}

/// The linked tables of the reference, where they are.
fn linked() -> Option<(PathBuf, Value)> {
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/disclosure/tables/linked_tables.json"
    ));
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: linked_tables.json is not there");
        return None;
    };
    Some((path, serde_json::from_str(&text).unwrap()))
}

#[test]
fn linked_tables_by_their_sums() {
    let Some((path, reference)) = linked() else {
        return;
    };
    let expected = &reference["expected"];
    for command in ["table", "tables"] {
        let got = value(&wdl(&[command, path.to_str().unwrap()]));
        assert_eq!(got["cost"], expected["cost"]);
        assert_eq!(got["proved"], true);
        assert_eq!(got["intervals"], expected["intervals"]);
        assert_eq!(got["primary"], reference["primary"]);
        assert_eq!(got["reasons"]["I"], "too_few");
        assert_eq!(got["untied"], json!([]));
    }
}

fn sums() -> Value {
    json!({
        "name": "sums",
        "cells": { "T": 61, "r1": 18, "r2": 18, "r3": 25, "a": 1, "b": 17 },
        "equations": [
            { "parent": "T", "children": ["r1", "r2", "r3"] },
            { "parent": "r1", "children": ["a", "b"] },
        ],
        "min_frequency": 3,
    })
}

#[test]
fn sums_that_cannot_be_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |change: &dyn Fn(&mut Value), code: &str, name: &str, exit: i32| {
        let mut table = sums();
        change(&mut table);
        let file = written(folder.path(), "sums.json", &table);
        for command in ["table", "tables"] {
            let output = wdl(&[command, file.to_str().unwrap()]);
            refused(&output, code, exit);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains(name), "{said}");
        }
    };
    refuse(
        &|table| table["cells"]["r3"] = json!(26),
        "WDL-X143",
        "`T`",
        2,
    );
    refuse(
        &|table| table["equations"][1]["children"][0] = json!("z"),
        "WDL-X148",
        "`z`",
        2,
    );
    refuse(
        &|table| table["cells"]["b"] = json!(-17),
        "WDL-X146",
        "`b`",
        2,
    );
    refuse(
        &|table| table["cells"]["a"] = json!(0.5),
        "WDL-X146",
        "`a`",
        2,
    );
    refuse(
        &|table| table["attacker_bounds"] = json!({ "b": [17, 17], "r1": [18, 18] }),
        "WDL-X154",
        "`a`",
        3,
    );
    let below_three = |table: &mut Value| {
        table["min_frequency"] = Value::Null;
        table["rule"] = json!("n < 2");
    };
    refuse(&below_three, "WDL-X149", "2", 3);
}

#[test]
fn what_a_file_of_sums_says_beside_the_cells() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = sums();
    table["cells"]["alone"] = json!(9);
    table["percentages"] = json!([{ "part": "a", "of": "r1" }, { "part": "r3", "of": "T" }]);
    let file = written(folder.path(), "sums.json", &table);
    let file = file.to_str().unwrap();
    let got = value(&wdl(&["table", file]));
    assert_eq!(got["untied"], json!(["alone"]));
    assert_eq!(got["percentages"]["hidden"][0], "a / r1");
    // The words stand in both languages.
    for (language, untied) in [("it", "nessuna somma"), ("en", "no sum ties")] {
        let output = Command::new(env!("CARGO_BIN_EXE_wdl"))
            .args(["protect", "table", file, "--lang", language])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(untied) && said.contains("a / r1"), "{said}");
    }
    // One table under two names, in a list and as two files.
    let mut twin = sums();
    twin["name"] = json!("twin");
    let list = written(folder.path(), "list.json", &json!([sums(), twin]));
    let got = value(&wdl(&["table", list.to_str().unwrap()]));
    assert_eq!(got[0]["same_numbers"], json!(["twin"]));
    assert_eq!(got[1]["same_numbers"], json!(["sums"]));
}
