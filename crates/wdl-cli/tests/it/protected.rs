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
