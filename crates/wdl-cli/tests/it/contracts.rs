//! `wdl contract`: checked, compared, described and exchanged, on the lab that the product ships and on copies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::stage::{copy, program, said};

/// The lab folder that the product ships.
fn modena() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena")
}

fn residents() -> PathBuf {
    modena().join("contracts/comune/residenti.odcs.yaml")
}

fn run(words: &[&str]) -> Output {
    let command = Command::new(program("wdl"))
        .arg("contract")
        .args(words)
        .output();
    command.unwrap()
}

/// The JSON a command answers with, and its exit code.
fn answer(words: &[&str]) -> (Value, i32) {
    let output = run(&[words, &["--format", "json", "--lang", "en"]].concat());
    let value = serde_json::from_slice(&output.stdout);
    let value = value.unwrap_or_else(|_| panic!("{words:?}: {}", said(&output)));
    (value, output.status.code().unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A copy of the residents' contract with an edit.
fn edited(folder: &Path, from: &str, to: &str) -> PathBuf {
    let contract = fs::read_to_string(residents()).unwrap();
    assert!(contract.contains(from), "{from}");
    let path = folder.join("residenti.odcs.yaml");
    fs::write(&path, contract.replacen(from, to, 1)).unwrap();
    path
}

#[test]
fn the_shipped_contracts_keep_to_the_standard_and_to_the_agreement() {
    let lab = modena();
    let (value, exit) = answer(&["check", "--dir", text(&lab)]);
    assert_eq!(value, serde_json::json!({ "checked": 14, "faults": [] }));
    assert_eq!(exit, 0);
    let (value, exit) = answer(&["check", text(&residents())]);
    assert_eq!((&value["checked"], exit), (&1.into(), 0));
}

#[test]
fn a_contract_without_its_controller_is_refused_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = edited(folder.path(), "wdl.controller", "other.controller");
    let (value, exit) = answer(&["check", text(&file)]);
    assert_eq!(exit, 1);
    let fault = &value["faults"][0];
    assert_eq!(fault["code"], "WDL-C012");
    assert_eq!(fault["file"], text(&file));
    assert!(fault["line"].as_u64().unwrap() > 0);
    let output = run(&["check", text(&file), "--lang", "it"]);
    assert!(said(&output).contains("titolare"), "{}", said(&output));
}

#[test]
fn a_purpose_that_the_agreement_does_not_have_is_told() {
    let folder = tempfile::tempdir().unwrap();
    copy(&modena(), folder.path());
    let file = folder.path().join("contracts/comune/residenti.odcs.yaml");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, before.replace("value: poverta\n", "value: povero\n")).unwrap();
    for words in [["check", file.to_str().unwrap()], ["check", "--dir"]] {
        let lab = (words[1] == "--dir").then(|| text(folder.path()));
        let words: Vec<&str> = words.into_iter().chain(lab).collect();
        let (value, exit) = answer(&words);
        assert_eq!(exit, 1);
        let fault = &value["faults"][0];
        assert_eq!(fault["code"], "WDL-C014");
        assert_eq!(fault["suggestion"], "poverta");
    }
}

#[test]
fn a_folder_that_holds_no_lab_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["check", "--dir", text(folder.path())]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("WDL-U002"), "{}", said(&output));
}

#[test]
fn a_difference_is_told_in_words_and_the_version_is_weighed() {
    let folder = tempfile::tempdir().unwrap();
    let file = edited(folder.path(), "value: coarsen_month", "value: keep");
    let (value, exit) = answer(&["diff", text(&residents()), text(&file)]);
    assert_eq!(exit, 1);
    assert_eq!(value["compatible"], false);
    assert_eq!(value["changes"][0]["what"], "treatment");
    assert_eq!(value["version_due"], "2.0.0");
    let output = run(&["diff", text(&residents()), text(&file), "--lang", "it"]);
    assert!(
        said(&output).contains("il trattamento era"),
        "{}",
        said(&output)
    );
    let (value, exit) = answer(&["diff", text(&residents()), text(&residents())]);
    assert_eq!((&value["changes"], exit), (&serde_json::json!([]), 0));
}

#[test]
fn a_contract_goes_out_as_a_table_schema_and_comes_back() {
    let (schema, exit) = answer(&["export", text(&residents())]);
    assert_eq!(exit, 0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schema.json");
    fs::write(&file, schema.to_string()).unwrap();
    let (draft, exit) = answer(&["import", text(&file)]);
    assert_eq!((&draft["missing"], exit), (&serde_json::json!([]), 0));
    let back = folder.path().join("back.odcs.yaml");
    fs::write(&back, draft["contract"].as_str().unwrap()).unwrap();
    assert_eq!(answer(&["check", text(&back)]).1, 0);
}

#[test]
fn the_schema_of_the_labs_properties_is_one_document() {
    let (schema, exit) = answer(&["schema"]);
    assert_eq!(exit, 0);
    assert!(schema["$defs"]["wdl.notice"].is_object());
}
