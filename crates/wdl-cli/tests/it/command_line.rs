//! What is wrong with a command line, in both languages and as a document.

use serde_json::Value;

use crate::stage::{run, said};

#[track_caller]
fn check(words: &[&str], exit: i32, code: &str, italian: &str) {
    let told = run("wdl", &[words, &["--lang", "it"]].concat());
    assert_eq!(told.status.code(), Some(exit), "{}", said(&told));
    let shown = said(&told);
    assert!(shown.contains(code) && shown.contains(italian), "{shown}");
    for english in ["error:", "error WDL", "unexpected", "invalid", "os error"] {
        assert!(!shown.contains(english), "{shown}");
    }
    let told = run("wdl", &[words, &["--format=json"]].concat());
    let document: Value = serde_json::from_slice(&told.stderr).unwrap();
    assert_eq!(document["error"]["code"], code, "{document}");
}

#[test]
fn a_wrong_line_is_told_in_the_language_of_the_reader() {
    check(
        &["indicators", "a.csv", "--incme", "x"],
        2,
        "WDL-U020",
        "si intendeva `--income`?",
    );
    check(&["indcators"], 2, "WDL-U021", "si intendeva `indicators`?");
    check(&["indicators"], 2, "WDL-U022", "--income <COL>");
    check(
        &["indicators", "a.csv", "--income", "x", "--threshold", "abc"],
        2,
        "WDL-U015",
        "un numero, con il punto decimale",
    );
    check(
        &["indicators", "nowhere.csv", "--income", "x"],
        5,
        "WDL-S008",
        "il file o la cartella non c'è",
    );
}

#[test]
fn help_is_no_fault() {
    let told = run("wdl", &["indicators", "--help", "--lang", "it"]);
    assert_eq!(told.status.code(), Some(0));
    assert!(!told.stdout.is_empty());
}
