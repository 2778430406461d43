//! A person decides on doubts of the linkage: who may, what is refused, what the next build does with it, and that only a later decision undoes it.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use wdl_crypto::HashKey;
use wdl_vocab::Digest;

use crate::leaks::files;
use crate::stage::{run, said, well};
use crate::street::{links, wdl};

const SEEN: &str = "stesso nome e stesso mese di nascita, case diverse";

fn decide(home: &Path, office: &str, arguments: &[&str]) -> Output {
    let key = home.join(format!("offices/{office}.key"));
    let mut all = vec!["linkage", "decide"];
    all.extend(arguments);
    all.extend([
        "--dir",
        home.to_str().unwrap(),
        "--as",
        key.to_str().unwrap(),
    ]);
    run("wdl", &all)
}

fn build(home: &Path) -> Value {
    let key = home.join("offices/gestione_dati.key");
    wdl(home, &["build", "--yes", "--as", key.to_str().unwrap()])
}

fn record(home: &Path) -> Vec<String> {
    let text = fs::read_to_string(home.join("state/ledger/ledger.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn names(home: &Path) -> Vec<String> {
    let told = wdl(home, &["linkage", "doubts"]);
    let told = told.as_array().unwrap().iter();
    told.map(|doubt| doubt["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Refused with its code, left in the record as refused, nothing changed and nothing that was typed repeated.
fn refused(home: &Path, office: &str, arguments: &[&str], code: &str) {
    let before = (record(home).len(), files(&home.join("state/decisions")));
    let output = decide(home, office, arguments);
    assert!(!output.status.success());
    assert!(said(&output).contains(code), "{}", said(&output));
    let lines = record(home);
    let last = lines.last().unwrap();
    assert!(
        last.contains(code) && last.contains("doubt_decided"),
        "{last}"
    );
    assert!(!last.contains("RSSMRA") && !last.contains("nessuno"));
    assert_eq!(
        (lines.len() - 1, files(&home.join("state/decisions"))),
        before
    );
}

/// Everything about decisions, on a demo that has doubts.
pub(crate) fn decided(home: &Path) {
    let open = names(home);
    assert!(!open.is_empty(), "the city has doubts");
    let first = open[0].as_str();
    bad_input(home, first);
    let before = links(home)["state"].clone();
    // The first decision is waiting for a build; the doubt is no longer asked about.
    well(decide(
        home,
        "gestione_dati",
        &[first, "--different", "--reason", SEEN],
    ));
    assert!(!names(home).contains(&open[0]));
    assert_eq!(links(home)["state"], before);
    for wish in ["--same", "--different"] {
        let arguments = [first, wish, "--reason", SEEN];
        refused(home, "gestione_dati", &arguments, "WDL-N104");
    }
    assert!(!record(home).last().unwrap().contains(SEEN));
    assert_eq!(build(home)["linkage"]["is_new"], true);
    let apart = links(home)["state"].clone();
    assert!(of_changes(home, "different"));
    assert!(!names(home).contains(&open[0]));
    // The other answer: everything the doubt is about is one person.
    well(decide(
        home,
        "gestione_dati",
        &[first, "--same", "--again", "--reason", SEEN],
    ));
    build(home);
    let one = links(home)["state"].clone();
    assert_ne!(one, apart);
    assert!(joined(&one, &before, &about(&before, home, first)));
    assert!(!names(home).contains(&open[0]));
    // And back: what was decided last counts, and gives what it gave.
    well(decide(
        home,
        "gestione_dati",
        &[first, "--different", "--again", "--reason", SEEN],
    ));
    build(home);
    assert_eq!(links(home)["state"], apart);
    assert_eq!(build(home)["linkage"]["is_new"], false);
    let told = wdl(home, &["linkage", "decisions"]);
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), 3);
    let replaced = told.iter().filter(|one| one["is_replaced"] == true);
    assert_eq!(replaced.count(), 2);
    let audited = wdl(home, &["audit", "verify"]);
    assert_eq!(audited["decisions"], 3);
    tampered(home);
}

fn bad_input(home: &Path, doubt: &str) {
    let fine = ["--same", "--reason", SEEN];
    let with = |doubt: &'static str| [&[doubt][..], &fine].concat();
    refused(home, "gestione_dati", &with("0000000000"), "WDL-N102");
    refused(home, "gestione_dati", &with("nessuno"), "WDL-N102");
    refused(home, "gestione_dati", &with("RSSMRA85T10A562S"), "WDL-N102");
    let with = |reason: &'static str| [doubt, "--same", "--reason", reason];
    refused(home, "gestione_dati", &with(" "), "WDL-N105");
    refused(
        home,
        "gestione_dati",
        &with("è RSSMRA85T10A562S"),
        "WDL-N106",
    );
    // The author of an analysis does not touch the links.
    refused(home, "analisi", &with(SEEN), "WDL-G025");
    if let Some(stale) = stale(home) {
        let arguments = [stale.as_str(), "--same", "--reason", SEEN];
        refused(home, "gestione_dati", &arguments, "WDL-N103");
    }
}

fn name(home: &Path, about: &Value) -> String {
    let ids = HashKey::read(&home.join("state/keys/secret/ids.key")).unwrap();
    let bytes = serde_json::to_vec(about).unwrap();
    Digest(ids.hash("doubt", &bytes)).short(5)
}

/// A doubt of a version before that is none any more.
fn stale(home: &Path) -> Option<String> {
    let standing = names(home);
    let mut found = files(&home.join("state/linkage/links"))
        .into_iter()
        .filter_map(|file| {
            let linkage: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
            let doubts = linkage["state"]["doubts"].as_array().unwrap();
            let mut names = doubts.iter().map(|doubt| name(home, &doubt["about"]));
            names.find(|name| !standing.contains(name))
        });
    found.next()
}

fn about(state: &Value, home: &Path, wanted: &str) -> Value {
    let doubts = state["doubts"].as_array().unwrap();
    let mut about = doubts.iter().map(|doubt| &doubt["about"]);
    about.find(|one| name(home, one) == wanted).unwrap().clone()
}

/// Whether all sides of a question have one person now.
fn joined(now: &Value, before: &Value, about: &Value) -> bool {
    let persons = about["persons"].as_array().unwrap();
    let rows: Vec<&Value> = about["rows"].as_array().unwrap().iter().collect();
    let rows: Vec<&Value> = rows
        .iter()
        .flat_map(|one| one.as_array().unwrap())
        .collect();
    let linked = |state: &Value| {
        let links = state["links"].as_array().unwrap();
        let of = |link: &&Value| {
            let row = serde_json::json!([link["dataset"], link["record"]]);
            rows.iter().any(|one| **one == row)
        };
        links.iter().filter(of).cloned().collect::<Vec<Value>>()
    };
    let replaced = |state: &Value| state["replaced"].as_array().unwrap().len();
    let codes = replaced(now) - replaced(before);
    let by_hand = linked(now);
    let by_hand = by_hand.iter().filter(|link| link["stage"] == "decision");
    codes == persons.len().saturating_sub(1) && by_hand.count() == rows.len()
}

fn of_changes(home: &Path, verdict: &str) -> bool {
    let told = wdl(home, &["linkage", "changes"]);
    let changes = told["changes"].as_array().unwrap();
    changes
        .iter()
        .any(|change| change["kind"] == "decided" && change["verdict"] == verdict)
}

/// A decision that is not as it was stops the build and the audit.
fn tampered(home: &Path) {
    let file = files(&home.join("state/decisions")).remove(0);
    let bytes = fs::read(&file).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    fs::write(&file, text.replace("case diverse", "case uguali ")).unwrap();
    let key = home.join("offices/gestione_dati.key");
    let dir = home.to_str().unwrap();
    for arguments in [
        &[
            "build",
            "--yes",
            "--dir",
            dir,
            "--as",
            key.to_str().unwrap(),
        ][..],
        &["audit", "verify", "--dir", dir],
    ] {
        let output = run("wdl", arguments);
        assert!(said(&output).contains("WDL-N107"), "{}", said(&output));
    }
    fs::write(&file, bytes).unwrap();
    wdl(home, &["audit", "verify"]);
}
