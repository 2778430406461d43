//! `wdl protect round`, `perturb` and `noise`: tables whose numbers are changed, and every refusal by its code.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::{run, said};

fn protect(folder: &TempDir, words: &[&str]) -> Output {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.strip_prefix('@') {
            Some(name) => folder.path().join(name).to_str().unwrap().to_owned(),
            None => (*word).to_owned(),
        })
        .collect();
    let all = ["protect"]
        .into_iter()
        .chain(words.iter().map(String::as_str))
        .chain(["--format", "json", "--lang", "en"]);
    run("wdl", &all.collect::<Vec<_>>())
}

pub(crate) fn answer(folder: &TempDir, words: &[&str]) -> Value {
    let output = protect(folder, words);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn refused(folder: &TempDir, words: &[&str], code: &str, exit: i32) {
    let output = protect(folder, words);
    assert!(said(&output).contains(code), "{}", said(&output));
    assert_eq!(output.status.code(), Some(exit));
    assert!(output.stdout.is_empty());
}

/// A table of three by three, in JSON and as CSV, and the records behind it.
fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    let counts = [[5, 12, 1], [2, 7, 9], [14, 0, 8]];
    let (mut leaves, mut rows, mut people) = (
        Vec::new(),
        "row,column,n\n".to_owned(),
        "pseudonym,row,column,key\n".to_owned(),
    );
    for (row, of) in counts.iter().enumerate() {
        for (column, n) in of.iter().enumerate() {
            let key = [format!("r{}", row + 1), format!("c{}", column + 1)];
            rows += &format!("{},{},{n}\n", key[0], key[1]);
            for person in 0..*n {
                let name = format!("{row}{column}{person}");
                let number = f64::from(person * 7 + row as i32 + column as i32) % 10.0 / 10.0;
                people += &format!("{name},{},{},{number}\n", key[0], key[1]);
            }
            leaves.push(json!({ "key": key, "n": n }));
        }
    }
    let table = json!({
        "dimensions": ["row", "column"],
        "hierarchies": [{ "T": ["r1", "r2", "r3"] }, { "T": ["c1", "c2", "c3"] }],
        "leaves": leaves,
    });
    write(&folder, "table.json", &table.to_string());
    write(&folder, "table.csv", &rows);
    write(&folder, "people.csv", &people);
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn number(value: &Value, cell: &str) -> i64 {
    value["cells"][cell].as_i64().unwrap()
}

fn adds_up(value: &Value) -> bool {
    let all = ["1", "2", "3"];
    let sum =
        |of: &dyn Fn(&str) -> String| all.iter().map(|at| number(value, &of(at))).sum::<i64>();
    all.iter().all(|at| {
        sum(&|other| format!("r{at}|c{other}")) == number(value, &format!("r{at}|T"))
            && sum(&|other| format!("r{other}|c{at}")) == number(value, &format!("T|c{at}"))
    })
}

#[test]
fn a_rounded_table_adds_up_and_is_the_same_from_json_and_csv() {
    let folder = desk();
    let found = answer(&folder, &["round", "@table.json", "--base", "5"]);
    assert!(adds_up(&found), "{found}");
    assert_eq!(found["proved"], true);
    assert_eq!(found["steps"], 0);
    assert_eq!(found["cells"]["r3|c2"], 0);
    let cells = found["cells"].as_object().unwrap();
    assert!(cells.values().all(|cell| cell.as_i64().unwrap() % 5 == 0));
    let of_csv = answer(
        &folder,
        &[
            "round",
            "@table.csv",
            "--dimensions",
            "row,column",
            "--base",
            "5",
            "--out",
            "@out.csv",
        ],
    );
    assert_eq!(of_csv["cells"], found["cells"]);
    let written = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert!(written.starts_with("row,column,n\n"), "{written}");
    assert_eq!(written.lines().count(), 17);
    refused(
        &folder,
        &[
            "round",
            "@table.csv",
            "--dimensions",
            "row,column",
            "--base",
            "5",
            "--out",
            "@table.csv",
        ],
        "WDL-U015",
        2,
    );
}

/// Pairs of three cells that no multiples around them meet.
#[test]
fn where_nothing_around_adds_up_it_says_so() {
    let folder = desk();
    let equation =
        |parent: &str, children: [&str; 2]| json!({ "parent": parent, "children": children });
    let table = json!({
        "cells": { "a": 1, "b": 1, "c": 1, "ab": 2, "bc": 2, "ac": 2 },
        "equations": [equation("ab", ["a", "b"]), equation("bc", ["b", "c"]), equation("ac", ["a", "c"])],
    });
    write(&folder, "pairs.json", &table.to_string());
    // With base 3 the multiples around 1 and 2 are 0 and 3: all noughts add up.
    let found = answer(&folder, &["round", "@pairs.json", "--base", "3"]);
    assert_eq!(found["zero_restricted"], true);
    // Halves of 6 with base 6: each pair stays 6, so that exactly one of each two goes up, which three cannot.
    let table = table.to_string().replace('2', "6").replace('1', "3");
    write(&folder, "pairs.json", &table);
    let found = answer(&folder, &["round", "@pairs.json", "--base", "6"]);
    assert_eq!(
        (&found["zero_restricted"], &found["steps"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(found["in_the_way"].as_array().unwrap().len(), 1);
    assert_eq!(found["distance"], 15.0);
}

#[test]
fn rounding_by_chance_follows_the_key() {
    let folder = desk();
    let asked = [
        "round",
        "@table.json",
        "--base",
        "3",
        "--random",
        "--key",
        "@secret",
    ];
    let first = answer(&folder, &asked);
    assert_eq!(answer(&folder, &asked)["cells"], first["cells"]);
    assert_eq!(first["chance"], "key");
    let other = [
        "round",
        "@table.json",
        "--base",
        "3",
        "--random",
        "--seed",
        "4",
    ];
    assert_ne!(answer(&folder, &other)["cells"], first["cells"]);
    assert_eq!(
        answer(&folder, &other)["cells"],
        answer(&folder, &other)["cells"]
    );
    write(&folder, "short", "abc");
    refused(
        &folder,
        &[
            "round",
            "@table.json",
            "--base",
            "3",
            "--random",
            "--key",
            "@short",
        ],
        "WDL-X191",
        2,
    );
}

#[test]
fn what_is_no_table_cannot_be_rounded() {
    let folder = desk();
    let rows = fs::read_to_string(folder.path().join("table.csv")).unwrap();
    write(&folder, "wrong.csv", &format!("{rows}r1,T,19\n"));
    write(
        &folder,
        "negative.csv",
        &rows.replace("r2,c1,2", "r2,c1,-2"),
    );
    write(&folder, "missing.csv", &rows.replace("r2,c1,2", "r2,c1,"));
    for (file, code) in [
        ("@wrong.csv", "WDL-X143"),
        ("@negative.csv", "WDL-X146"),
        ("@missing.csv", "WDL-X146"),
    ] {
        refused(
            &folder,
            &["round", file, "--dimensions", "row,column", "--base", "5"],
            code,
            2,
        );
    }
}

#[test]
fn records_carry_their_noise_into_every_table() {
    let folder = desk();
    let asked = |dimensions: &'static str| {
        [
            "perturb",
            "@people.csv",
            "--dimensions",
            dimensions,
            "--record",
            "pseudonym",
            "--seed",
            "9",
        ]
    };
    let both = answer(&folder, &asked("row,column"));
    let one = answer(&folder, &asked("row"));
    // The row totals of one table are the cells of the other: the same records, the same noise.
    for row in ["r1", "r2", "r3"] {
        assert_eq!(both["cells"][format!("{row}|T")], one["cells"][row]);
    }
    assert_eq!(both["cells"]["r3|c2"], 0);
    assert!(both["utility"]["largest"].as_i64().unwrap() <= 4);
    // Another order of the rows is the same table.
    let people = fs::read_to_string(folder.path().join("people.csv")).unwrap();
    let (header, rows) = people.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    write(
        &folder,
        "people.csv",
        &format!("{header}\n{}\n", rows.join("\n")),
    );
    assert_eq!(
        answer(&folder, &asked("row,column"))["cells"],
        both["cells"]
    );
}

#[test]
fn keys_of_records_lie_in_the_file_or_it_is_refused() {
    let folder = desk();
    let asked = [
        "perturb",
        "@people.csv",
        "--dimensions",
        "row",
        "--cell-keys",
        "key",
    ];
    assert_eq!(answer(&folder, &asked)["chance"], "file");
    let people = fs::read_to_string(folder.path().join("people.csv")).unwrap();
    write(
        &folder,
        "people.csv",
        &people.replacen(",0.7\n", ",1.7\n", 1),
    );
    refused(&folder, &asked, "WDL-X186", 2);
    let wide = [
        "perturb",
        "@people.csv",
        "--dimensions",
        "row",
        "--record",
        "pseudonym",
        "--variance",
        "40",
    ];
    refused(&folder, &wide, "WDL-X185", 2);
    let none = [
        "perturb",
        "@people.csv",
        "--dimensions",
        "row",
        "--record",
        "pseudonym",
        "--variance",
        "0",
    ];
    refused(&folder, &none, "WDL-X184", 2);
}

fn noisy<'a>(epsilon: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let always = [
        "noise",
        "@table.json",
        "--epsilon",
        epsilon,
        "--account",
        "@residents.json",
    ];
    always.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn a_budget_is_spent_once_for_each_question() {
    let folder = desk();
    refused(&folder, &noisy("0.5", &[]), "WDL-X182", 2);
    let first = answer(&folder, &noisy("0.5", &["--limit", "1"]));
    assert!(adds_up(&first), "{first}");
    assert_eq!(
        (&first["is_new"], &first["spent"]),
        (&json!(true), &json!(0.5))
    );
    let again = answer(&folder, &noisy("0.5", &[]));
    assert_eq!(again["cells"], first["cells"]);
    assert_eq!(
        (&again["is_new"], &again["spent"]),
        (&json!(false), &json!(0.5))
    );
    refused(&folder, &noisy("0.6", &[]), "WDL-X180", 3);
    refused(&folder, &noisy("0.5", &["--limit", "9"]), "WDL-X182", 2);
    let rest = answer(&folder, &noisy("0.25", &[]));
    assert_eq!(rest["spent"], json!(0.75));
    // What was answered before costs nothing also when little is left.
    assert_eq!(answer(&folder, &noisy("0.5", &[]))["cells"], first["cells"]);
    // The account holds noisy answers and no true count.
    let account = fs::read_to_string(folder.path().join("residents.json")).unwrap();
    assert_eq!(account.matches("question").count(), 2);
    assert!(!Path::exists(&folder.path().join("residents.json.held")));
}

#[test]
fn an_account_that_is_none_or_is_held_answers_nothing() {
    let folder = desk();
    write(&folder, "residents.json.held", "");
    refused(&folder, &noisy("0.5", &["--limit", "1"]), "WDL-X183", 4);
    fs::remove_file(folder.path().join("residents.json.held")).unwrap();
    write(&folder, "residents.json", "{}");
    refused(&folder, &noisy("0.5", &[]), "WDL-X181", 2);
    fs::remove_file(folder.path().join("residents.json")).unwrap();
    refused(&folder, &noisy("0", &["--limit", "1"]), "WDL-X184", 2);
    refused(&folder, &noisy("0.5", &["--limit", "0"]), "WDL-X184", 2);
    let rows = fs::read_to_string(folder.path().join("table.csv")).unwrap();
    write(
        &folder,
        "amounts.csv",
        &rows
            .replace("row,column,n", "row,column,euro")
            .replace(",1\n", ",1.5\n"),
    );
    let amounts = [
        "noise",
        "@amounts.csv",
        "--dimensions",
        "row,column",
        "--count",
        "euro",
        "--value",
        "euro",
        "--epsilon",
        "1",
        "--account",
        "@residents.json",
        "--limit",
        "1",
    ];
    let output = protect(&folder, &amounts);
    assert!(!output.status.success(), "{}", said(&output));
    assert!(!Path::exists(&folder.path().join("residents.json")));
}

/// A result that is no table: what is found, how the command ends, and a curve that can be shown instead.
#[test]
fn results_of_other_kinds_are_held_to_their_rules() {
    let folder = desk();
    let step = |time: u64, at_risk: u64, events: u64, survival: f64| json!({ "time": time, "at_risk": at_risk, "events": events, "survival": survival });
    let curve = json!({
        "kind": "survival", "shows_at_risk": false,
        "steps": [step(1, 40, 3, 0.925), step(2, 37, 2, 0.875), step(3, 35, 7, 0.7)],
    });
    write(&folder, "curve.json", &curve.to_string());
    let output = protect(&folder, &["output", "@curve.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["findings"][0]["rule"], "few_events");
    assert_eq!(told["findings"].as_array().unwrap().len(), 2);
    write(&folder, "coarser.json", &told["coarser"].to_string());
    assert_eq!(answer(&folder, &["output", "@coarser.json"])["safe"], true);
    refused(
        &folder,
        &["output", "@curve.json", "--min-frequency", "2"],
        "WDL-X149",
        3,
    );
    refused(&folder, &["output", "@table.json"], "WDL-X140", 2);
}
