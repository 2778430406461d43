//! A quarter with a fault of every kind, through the program itself: each is told with its line, column, cause and fix, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::fixture::{self, Expected, Layout, Row};

/// Checks a file of the third quarter of 2026 with the program; more files of the same delivery may follow.
fn check(file: &Path, contract: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wdl-holder"))
        .arg("check")
        .arg(file)
        .arg("--contract")
        .arg(contract)
        .args(["--period", "2026-Q3", "--format", "json"])
        .args(more)
        .output()
        .unwrap()
}

/// The contract for a layout: a text of fixed width cannot be told from its content, so the contract says it.
fn contract_of(layout: Layout, folder: &Path) -> PathBuf {
    if layout != Layout::FixedWidth {
        return fixture::contract();
    }
    let lab = folder.join("lab");
    fixture::copy(&fixture::lab(), &lab);
    let contract = lab.join("contracts/comune/interventi.odcs.yaml");
    let text = std::fs::read_to_string(&contract).unwrap();
    let delimiter = "  - property: wdl.delimiter\n    value: \";\"\n";
    assert!(text.contains(delimiter));
    let layout = "  - property: wdl.layout\n    value: fixed_width\n";
    let encoding = "    value: windows-1252\n";
    let text = text
        .replace(delimiter, layout)
        .replace(encoding, "    value: utf8\n");
    std::fs::write(&contract, text).unwrap();
    contract
}

/// What the program says of rows in a layout.
fn told(rows: &[Row], layout: Layout) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(layout.file_name());
    std::fs::write(&file, fixture::write(rows, layout)).unwrap();
    let output = check(&file, &contract_of(layout, folder.path()), &[]);
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(
        !out.contains(fixture::CANARY) && !err.contains(fixture::CANARY),
        "a surname is told"
    );
    let answer = serde_json::from_str(&out)
        .unwrap_or_else(|fault| panic!("{layout:?}: {fault}\n{out}\n{err}"));
    (output.status.code(), answer)
}

/// A finding at a line.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    code: String,
    column: String,
    severity: String,
}

/// The findings of an answer by line; those of the whole file stand at line 0.
fn by_line(answer: &Value) -> BTreeMap<usize, Vec<Told>> {
    let mut lines: BTreeMap<usize, Vec<Told>> = BTreeMap::new();
    for finding in answer["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let line = finding["line"].as_u64().unwrap_or_default();
        let told = Told {
            code: text("code"),
            column: text("column"),
            severity: text("severity"),
        };
        lines
            .entry(usize::try_from(line).unwrap())
            .or_default()
            .push(told);
    }
    lines
}

/// Where a fault is told as it must be.
fn is_told(expected: &Expected, lines: &BTreeMap<usize, Vec<Told>>, shift: usize) -> bool {
    lines.get(&(expected.line - shift)).is_some_and(|told| {
        told.iter().any(|one| {
            expected.codes.contains(&one.code.as_str())
                && one.column == expected.column
                && one.severity == expected.severity
        })
    })
}

/// Every planted fault told, no line told that has none.
fn held_against(faults: &[Expected], answer: &Value, layout: Layout) {
    let lines = by_line(answer);
    // A file of fixed width has no header.
    let shift = usize::from(layout == Layout::FixedWidth);
    let missed: Vec<String> = faults
        .iter()
        .filter(|fault| !is_told(fault, &lines, shift))
        .map(|fault| {
            let line = fault.line - shift;
            format!(
                "line {line}, {}: {:?} told, {:?} at {} due",
                fault.what,
                lines.get(&line),
                fault.codes,
                fault.column
            )
        })
        .collect();
    assert!(
        missed.is_empty(),
        "{layout:?}, {} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
    let planted: BTreeSet<usize> = faults.iter().map(|fault| fault.line - shift).collect();
    let false_alarms: Vec<_> = lines
        .iter()
        .filter(|(line, told)| {
            // What is said of the whole file is a note, and the blank rows at its end are noted.
            let is_note = told.iter().all(|one| one.severity == "note");
            !planted.contains(line)
                && !(is_note && (**line == 0 || **line > fixture::ROWS + 1 - shift))
        })
        .collect();
    assert!(
        false_alarms.is_empty(),
        "{layout:?}, false alarms: {false_alarms:?}"
    );
}

#[test]
fn every_fault_is_told_and_nothing_else() {
    let faults = fixture::faults();
    let rejected: BTreeSet<usize> = faults
        .iter()
        .filter(|fault| fault.severity == "error")
        .map(|fault| fault.line)
        .collect();
    let (status, answer) = told(&fixture::faulty(), Layout::Windows1252);
    held_against(&faults, &answer, Layout::Windows1252);
    assert_eq!(status, Some(1));
    assert_eq!(answer["rows"], fixture::ROWS);
    assert_eq!(answer["rejected"], rejected.len());
    assert_eq!(answer["accepted"], fixture::ROWS - rejected.len());
}

#[test]
fn a_good_quarter_has_no_finding() {
    let (status, answer) = told(&fixture::good(), Layout::Windows1252);
    held_against(&[], &answer, Layout::Windows1252);
    assert_eq!(status, Some(0), "{answer}");
    assert_eq!(
        (&answer["rows"], &answer["accepted"], &answer["rejected"]),
        (&2000.into(), &2000.into(), &0.into())
    );
}

/// The digest of the accepted rows; it stands beside the file it is of.
fn fingerprint(answer: &Value) -> String {
    answer["files"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn every_layout_tells_the_same() {
    let (good, faulty) = (fixture::good(), fixture::faulty());
    let (_, clean) = told(&good, Layout::Windows1252);
    let (_, spoilt) = told(&faulty, Layout::Windows1252);
    assert_ne!(fingerprint(&clean), fingerprint(&spoilt));
    for layout in Layout::ALL {
        for (rows, due) in [(&good, &clean), (&faulty, &spoilt)] {
            let (_, answer) = told(rows, layout);
            for key in ["rows", "accepted", "rejected"] {
                assert_eq!(answer[key], due[key], "{layout:?}, {key}");
            }
            assert_eq!(fingerprint(&answer), fingerprint(due), "{layout:?}");
        }
        let (_, answer) = told(&faulty, layout);
        held_against(&fixture::faults(), &answer, layout);
    }
}

/// Every finding says why and what to do, in both languages and in words: no gap is left, no name of a thing inside the program.
#[test]
fn every_fault_has_its_cause_and_its_fix_in_both_languages() {
    let (_, answer) = told(&fixture::faulty(), Layout::Windows1252);
    let findings = answer["files"][0]["findings"].as_array().unwrap();
    assert!(findings.len() > 30, "{} kinds", findings.len());
    for finding in findings {
        for key in ["message", "cause", "fix"] {
            for lang in ["it", "en"] {
                let text = finding[key][lang].as_str().unwrap_or_default();
                let is_whole = text.len() > 8 && !text.contains(['{', '}', '<']);
                assert!(is_whole, "{} {key} {lang}: `{text}`", finding["code"]);
            }
        }
    }
}
