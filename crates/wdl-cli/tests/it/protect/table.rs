//! `wdl protect table`, `tables` and `audit`: what a choice is said to cost, and what cannot be read.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::{run, said};

fn table(name: &str) -> Value {
    let counts = [("r1", [12, 3, 15]), ("r2", [20, 21, 20])];
    let leaves = counts.iter().flat_map(|(row, of)| {
        let columns = ["c1", "c2", "c3"].iter().zip(of);
        columns.map(move |(column, n)| json!({ "key": [row, column], "n": n }))
    });
    json!({
        "name": name,
        "dimensions": ["r", "c"],
        "hierarchies": [{ "T": ["r1", "r2"] }, { "T": ["c1", "c2", "c3"] }],
        "leaves": leaves.collect::<Vec<Value>>(),
        "min_frequency": 5,
    })
}

/// Writes a value and returns its path.
fn write(folder: &Path, name: &str, value: &Value) -> String {
    let path = folder.join(name);
    fs::write(&path, value.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn answer(words: &[&str]) -> Value {
    let output = run(
        "wdl",
        &[&["protect"][..], words, &["--format", "json"]].concat(),
    );
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_is_public_already_costs_nothing_here() {
    let folder = TempDir::new().unwrap();
    let released = folder.path().join("released");
    fs::create_dir(&released).unwrap();
    let mut public = table("A");
    public["suppressed"] = json!(["r1|c1", "r1|c2", "r2|c1", "r2|c2"]);
    write(&released, "A.json", &public);
    let rows = json!({
        "dimensions": ["r"],
        "hierarchies": [{ "T": ["r1", "r2"] }],
        "leaves": [{ "key": ["r1"], "n": 30 }, { "key": ["r2"], "n": 61 }],
        "min_frequency": 5,
    });
    let rows = write(folder.path(), "B.json", &rows);
    let released = released.to_str().unwrap();
    let got = answer(&["tables", &rows, "--released", released]);
    assert_eq!(got["suppressed"], json!([]));
    assert_eq!(got["cost"].to_string(), "0.0");
    // The weights that a table declares hold in `tables` too.
    let mut dear = table("W");
    dear["weights"] = json!({ "r1|c1": 1000, "r2|c1": 1000 });
    let dear = write(folder.path(), "W.json", &dear);
    for command in ["table", "tables"] {
        assert_eq!(answer(&[command, &dear])["cost"], json!(59.0), "{command}");
    }
}

#[test]
fn a_field_that_cannot_be_read_is_named() {
    let folder = TempDir::new().unwrap();
    let mut wrong = table("A");
    wrong["min_frequency"] = json!("tre");
    let wrong = write(folder.path(), "wrong.json", &wrong);
    let output = run("wdl", &["protect", "table", &wrong, "--lang", "en"]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("min_frequency"), "{told}");
    assert!(!told.contains("tre\""), "{told}");
}

#[test]
fn an_audit_without_the_table_says_whose_the_units_are() {
    let folder = TempDir::new().unwrap();
    let of = write(folder.path(), "A.json", &table("A"));
    let certificate = folder.path().join("A.cert");
    let certificate = certificate.to_str().unwrap();
    answer(&["table", &of, "--certificate", certificate]);
    assert_eq!(
        answer(&["audit", certificate])["units"],
        "as the certificate says"
    );
    let compared = answer(&["audit", certificate, "--table", &of]);
    assert_eq!(compared["units"], "compared");
    let mut changed: Value =
        serde_json::from_str(&fs::read_to_string(certificate).unwrap()).unwrap();
    changed["minimum_frequency"] = json!(0);
    let changed = write(folder.path(), "changed.cert", &changed);
    let output = run("wdl", &["protect", "audit", &changed]);
    assert!(!output.status.success());
}
