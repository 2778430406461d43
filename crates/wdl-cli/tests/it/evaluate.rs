//! `wdl evaluate` as people call it: an answer as words, document and page, and what is refused.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::stage::{run, said};

fn wdl(words: &[&str]) -> Output {
    run("wdl", words)
}

fn file(folder: &Path) -> String {
    let path = folder.join("people.csv");
    let rows = "y,d,group\n3,1,a\n5,1,a\n4,1,b\n8,1,b\n1,0,a\n2,0,a\n2,0,b\n3,0,b\n,0,b\n";
    std::fs::write(&path, rows).unwrap();
    path.display().to_string()
}

#[test]
fn an_answer_is_words_a_document_and_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let asked = [
        "evaluate",
        "difference",
        &path,
        "--outcome",
        "y",
        "--treatment",
        "d",
    ];
    let told = wdl(&[&asked[..], &["--format", "json"]].concat());
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    let document: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(document["estimates"][0]["estimate"], 3.0);
    assert_eq!(document["sample"]["missing"]["y"], 1);
    let told = wdl(&[&asked[..], &["--lang", "it"]].concat());
    assert!(
        said(&told).contains("Righe usate: 8 su 9"),
        "{}",
        said(&told)
    );
    for (lang, words) in [("it", "Le stime"), ("en", "The estimates")] {
        let told = wdl(&[&asked[..], &["--format", "html", "--lang", lang]].concat());
        let page = String::from_utf8(told.stdout).unwrap();
        assert!(
            page.starts_with("<!DOCTYPE html>") && page.contains("</svg>"),
            "{page}"
        );
        assert!(page.contains(words), "{page}");
        assert!(
            !page.contains("people.csv") && !page.contains("<script"),
            "{page}"
        );
    }
}

#[test]
fn what_cannot_be_done_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    let cases: [(&[&str], i32, &str); 5] = [
        (&["evaluate", "diference", &path], 2, "WDL-U021"),
        (
            &["evaluate", "difference", &path, "--outcome", "y"],
            2,
            "WDL-U022",
        ),
        (
            &[
                "evaluate",
                "difference",
                &path,
                "--outcome",
                "z",
                "--treatment",
                "d",
            ],
            2,
            "WDL-S",
        ),
        (
            &[
                "evaluate",
                "difference",
                &path,
                "--outcome",
                "d",
                "--treatment",
                "y",
            ],
            1,
            "WDL-V011",
        ),
        (&["explain", "WDL-V011", "--format", "html"], 2, "WDL-U015"),
    ];
    for (words, exit, code) in cases {
        let told = wdl(words);
        assert_eq!(told.status.code(), Some(exit), "{words:?}: {}", said(&told));
        assert!(said(&told).contains(code), "{words:?}: {}", said(&told));
    }
}

#[test]
fn every_method_has_its_help() {
    let told = wdl(&["evaluate", "--help"]);
    assert_eq!(told.status.code(), Some(0));
    for method in wdl_evaluation::methods() {
        assert!(said(&told).contains(method.name()), "{}", method.name());
        let own = wdl(&["evaluate", method.name(), "--help"]);
        assert_eq!(own.status.code(), Some(0), "{}", said(&own));
    }
}

/// The reference panel through the whole command: the estimate of Callaway and Sant'Anna without covariates.
#[test]
fn the_panel_of_counties_gives_its_published_effect() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/reference/evaluation/mpdta.csv");
    if !path.exists() {
        println!("skipped: ../shared/reference/evaluation/mpdta.csv is absent");
        return;
    }
    let path = path.display().to_string();
    let told = wdl(&[
        "evaluate",
        "did",
        &path,
        "--outcome",
        "lemp",
        "--unit",
        "countyreal",
        "--period",
        "year",
        "--first-treated",
        "first.treat",
        "--aggregation",
        "simple",
        "--format",
        "json",
    ]);
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    let document: Value = serde_json::from_slice(&told.stdout).unwrap();
    let estimates = document["estimates"].as_array().unwrap();
    let simple = estimates[0]["estimate"].as_f64().unwrap();
    assert!(
        (simple + 0.039_951_275_155_176_31).abs() < 1e-10,
        "{document}"
    );
}
