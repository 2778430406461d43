//! `wdl protect anonymise`: the answer, the file written, and every refusal by its code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::stage::{run, said};

/// A folder with forty people and the hierarchies of their age, sex and area.
fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut people = String::from("name;age;sex;area;illness\n");
    for row in 0..40 {
        let sex = if row % 2 == 0 { "m" } else { "f" };
        let area = ["north", "south", "east"][row % 3];
        let illness = ["none", "heart", "lung", "back"][row % 4];
        people += &format!("person {row};{};{sex};{area};{illness}\n", 20 + row % 8);
    }
    write(&folder, "people.csv", &people);
    let ages: String = (20..28)
        .map(|age| format!("{age};{}-{};*\n", age - age % 2, age - age % 2 + 1))
        .collect();
    write(&folder, "h/people_hierarchy_age.csv", &ages);
    write(&folder, "h/people_hierarchy_sex.csv", "m;*\nf;*\n");
    write(
        &folder,
        "h/people_hierarchy_area.csv",
        "north;*\nsouth;*\neast;*\n",
    );
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn words<'a>(file: &'a str, hierarchies: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let always = [
        "protect",
        "anonymise",
        file,
        "--hierarchies",
        hierarchies,
        "--quasi-identifiers",
        "age,sex,area",
        "--format",
        "json",
    ];
    always.into_iter().chain(more.iter().copied()).collect()
}

/// The answer and how the command ended.
fn answer(folder: &TempDir, more: &[&str]) -> (Value, i32) {
    let (file, hierarchies) = (folder.path().join("people.csv"), folder.path().join("h"));
    let output = run(
        "wdl",
        &words(file.to_str().unwrap(), hierarchies.to_str().unwrap(), more),
    );
    let answer =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (answer, output.status.code().unwrap())
}

/// The code of a refusal, how the command ended, and what it said.
fn refusal(folder: &TempDir, more: &[&str]) -> (String, i32, String) {
    let (file, hierarchies) = (folder.path().join("people.csv"), folder.path().join("h"));
    let output = run(
        "wdl",
        &words(file.to_str().unwrap(), hierarchies.to_str().unwrap(), more),
    );
    assert!(output.stdout.is_empty(), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stderr).unwrap();
    let code = told["error"]["code"].as_str().unwrap().to_owned();
    (code, output.status.code().unwrap(), said(&output))
}

fn classes(path: &Path, columns: usize) -> BTreeMap<String, usize> {
    let mut classes = BTreeMap::new();
    for line in fs::read_to_string(path).unwrap().lines().skip(1) {
        let key: Vec<&str> = line.split(',').take(columns).collect();
        *classes.entry(key.join(",")).or_default() += 1;
    }
    classes
}

#[test]
fn the_answer_says_what_it_costs_and_the_file_keeps_to_it() {
    let folder = desk();
    let out = folder.path().join("told.csv");
    let (answer, exit) = answer(
        &folder,
        &[
            "--k",
            "3",
            "--sensitive",
            "illness",
            "--l",
            "2",
            "--suppression-limit",
            "10%",
            "--frontier",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    assert_eq!(
        (exit, &answer["proved"], &answer["useful"]),
        (0, &Value::Bool(true), &Value::Bool(true))
    );
    let loss = answer["loss"].as_f64().unwrap();
    assert!(loss > 0.0 && loss < 1.0);
    assert!(answer["levels"]["age"].is_u64() && answer["suppressed"].as_u64().unwrap() <= 4);
    assert!(
        answer["after"]["sensitive"]["illness"]["distinct_l"]
            .as_u64()
            .unwrap()
            >= 2
    );
    assert_eq!(answer["before"]["rows"], 40);
    let frontier = answer["frontier"].as_array().unwrap();
    assert_eq!(frontier.last().unwrap()["loss"], answer["loss"]);
    let text = fs::read_to_string(&out).unwrap();
    assert!(
        text.starts_with("age,sex,area,illness\n") && !text.contains("person"),
        "{text}"
    );
    let classes = classes(&out, 3);
    assert!(classes.values().all(|size| *size >= 3));
    assert_eq!(
        classes.values().sum::<usize>() as u64,
        40 - answer["suppressed"].as_u64().unwrap()
    );
}

#[test]
fn local_recoding_and_mondrian_write_what_they_say() {
    let folder = desk();
    let out = folder.path().join("told.csv");
    let (answer, _) = answer(
        &folder,
        &[
            "--k",
            "4",
            "--suppression-limit",
            "50%",
            "--local",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    let local = &answer["local"];
    assert!(local["loss"].as_f64().unwrap() <= local["loss_before"].as_f64().unwrap());
    assert_eq!(local["loss_before"], answer["loss"]);
    let told: usize = classes(&out, 3).values().sum();
    assert_eq!(told as u64, 40 - local["suppressed"].as_u64().unwrap());
    let (answer, _) = self::answer(
        &folder,
        &["--k", "4", "--mondrian", "--out", out.to_str().unwrap()],
    );
    let classes = classes(&out, 3);
    assert_eq!(
        classes.len() as u64,
        answer["mondrian"]["parts"].as_u64().unwrap()
    );
    assert!(classes.values().all(|size| *size >= 4));
}

#[test]
fn nothing_useful_is_told_and_never_a_success() {
    let folder = desk();
    let out = folder.path().join("told.csv");
    let (answer, exit) = answer(&folder, &["--k", "40", "--out", out.to_str().unwrap()]);
    assert_eq!(
        (exit, &answer["useful"], answer["message"]["code"].as_str()),
        (1, &Value::Bool(false), Some("WDL-X115"))
    );
    assert!(!out.exists());
}

#[test]
fn a_missing_value_is_a_category_and_is_counted() {
    let folder = desk();
    let people = fs::read_to_string(folder.path().join("people.csv")).unwrap();
    write(
        &folder,
        "people.csv",
        &people
            .replace("person 7;27;f", "person 7;;f")
            .replace("person 9;21;f", "person 9;NA;f"),
    );
    let (answer, _) = answer(&folder, &["--k", "3", "--suppression-limit", "0.2"]);
    assert_eq!(answer["missing"]["age"], 2);
}

#[test]
fn each_fault_has_its_code_and_shows_no_value_of_a_record() {
    let too_many: &[&str] = &["--k", "41"];
    let no_sensitive: &[&str] = &["--k", "2", "--t", "0.2"];
    let k: &[&str] = &["--k", "2"];
    let twice: &[&str] = &["--k", "2", "--sensitive", "age"];
    let cases: [(&str, &str, &[&str], &str, i32); 13] = [
        ("", "", too_many, "WDL-X108", 3),
        ("", "", &[], "WDL-X110", 2),
        ("", "", no_sensitive, "WDL-X116", 2),
        ("", "", twice, "WDL-X117", 2),
        ("", "", &["--k", "0"], "WDL-X111", 2),
        ("", "", &["--k-map", "2"], "WDL-X113", 2),
        (
            "",
            "",
            &["--sensitive", "illness", "--l", "5"],
            "WDL-X112",
            3,
        ),
        (
            "h/people_hierarchy_age.csv",
            "20;20-21;20-29;*\n21;20-21;21-30;*",
            k,
            "WDL-X105",
            2,
        ),
        ("h/people_hierarchy_age.csv", "20;*\n21;*", k, "WDL-X107", 2),
        ("h/people_hierarchy_sex.csv", "m;*\nf;x;*", k, "WDL-X103", 2),
        (
            "h/people_hierarchy_sex.csv",
            "m;*\nf;*\nm;*",
            k,
            "WDL-X104",
            2,
        ),
        ("h/other_hierarchy_sex.csv", "m;*\nf;*", k, "WDL-X101", 2),
        (
            "people.csv",
            "name;age;sex;area;illness\n",
            k,
            "WDL-X109",
            5,
        ),
    ];
    for (name, text, more, code, exit) in cases {
        let folder = desk();
        if !name.is_empty() {
            write(&folder, name, text);
        }
        let (told, ended, words) = refusal(&folder, more);
        assert_eq!((told.as_str(), ended), (code, exit), "{words}");
        assert!(!words.contains("person "), "{words}");
    }
    let folder = desk();
    fs::remove_file(folder.path().join("h/people_hierarchy_area.csv")).unwrap();
    assert_eq!(refusal(&folder, k).0, "WDL-X100");
    let file = folder.path().join("people.csv");
    assert_eq!(
        refusal(&desk(), &["--k", "2", "--metric", "none"]).0,
        "WDL-U015"
    );
    assert_eq!(
        refusal(&folder, &["--k", "2", "--out", file.to_str().unwrap()]).0,
        "WDL-U015"
    );
}
