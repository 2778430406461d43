//! The command line: exit codes, languages, JSON, and that nothing said holds a cell.

use std::path::Path;

use wdl_crypto::SealingKey;
use wdl_holder::cli::{Surroundings, run};

use crate::support::{aid_with, lab_folder};

/// Runs the tool: the exit code, standard output, standard error.
fn holder(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = std::iter::once("wdl-holder").chain(arguments.iter().copied());
    let status = run(
        words.map(Into::into).collect(),
        Surroundings {
            out: &mut out,
            err: &mut err,
            locale: "en_GB.UTF-8",
            now: || "2026-04-02T09:00:00Z".parse().unwrap(),
        },
    );
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

fn check(file: &Path, more: &[&str]) -> (u8, String, String) {
    let reports = file.parent().unwrap().join("reports");
    let lab = lab_folder();
    let mut words = vec![
        "check",
        file.to_str().unwrap(),
        "--lab",
        lab.to_str().unwrap(),
    ];
    words.extend(["--body", "comune", "--period", "2026-Q1"]);
    words.extend(["--reports", reports.to_str().unwrap()]);
    words.extend(more);
    holder(&words)
}

fn export(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn a_good_file_ends_well_and_leaves_its_reports() {
    let (folder, file) = export("aiuti.csv", &aid_with(|_| {}));
    let (status, out, err) = check(&file, &[]);
    assert!(status == 0 && !err.contains("error "), "{err}");
    assert!(
        out.starts_with("aiuti.csv: 10 rows, 10 accepted, 0 rejected; 0 errors"),
        "{out}"
    );
    let reports = std::fs::read_dir(folder.path().join("reports")).unwrap();
    // A page of each report in each language, the list for the office in each, and the counts as JSON.
    assert_eq!(reports.count(), 7);
}

#[test]
fn a_bad_file_ends_with_one_and_says_no_cell() {
    let (_folder, file) = export("aiuti.csv", &aid_with(|row| row.amount = "1987,6O".into()));
    let (status, out, err) = check(&file, &["--lang", "it", "--format", "json"]);
    assert_eq!(status, 1);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["files"][0]["findings"][0]["code"], "WDL-H125");
    assert_eq!(answer["files"][0]["counts"]["error"], 1);
    assert!(
        err.contains("errore WDL-H125") && err.contains("aiuti.csv:6"),
        "{err}"
    );
    assert!(!out.contains("1987,6O") && !err.contains("1987,6O"));
}

#[test]
fn wrong_names_are_usage_with_a_suggestion() {
    let (_folder, file) = export("aiutti.csv", "");
    let (status, _, err) = check(&file, &[]);
    assert_eq!(status, 2);
    assert!(
        err.contains("WDL-H003") && err.contains("did you mean `aiuti`?"),
        "{err}"
    );
    let (status, _, err) = holder(&["chekc"]);
    assert_eq!(status, 2);
    assert!(
        err.contains("WDL-H019") && err.contains("did you mean `check`?"),
        "{err}"
    );
    let (_folder, file) = export("aiuti.csv", "");
    let (status, _, err) = check(&file.with_file_name("nulla/aiuti.csv"), &[]);
    assert_eq!(status, 2);
    assert!(err.contains("WDL-H210"), "{err}");
}

#[test]
fn help_speaks_both_languages() {
    let (status, out, _) = holder(&["--help"]);
    assert_eq!(status, 0);
    assert!(out.contains("data steward"), "{out}");
    let (_, out, _) = holder(&["seal", "--lang=it", "--help"]);
    assert!(out.contains("Indirizzo di un custode"), "{out}");
    let (_, out, _) = holder(&["--version"]);
    assert!(out.starts_with("wdl-holder "), "{out}");
}

#[test]
fn init_then_seal_an_aggregate_without_custodians() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (status, out, _) = holder(&["init", "--dir", &path("ausl"), "--body", "ausl"]);
    assert_eq!(status, 0, "{out}");
    let (status, _, err) = holder(&["init", "--dir", &path("ausl"), "--body", "ausl"]);
    assert_eq!(status, 3);
    assert!(err.contains("WDL-H006"), "{err}");
    SealingKey::generate()
        .recipient()
        .write(Path::new(&path("lab.pub")))
        .unwrap();
    let text = "\u{feff}ANNO;INDICATORE;DIFFICOLTA_ECONOMICHE;INTERVISTE;PREVALENZA;IC_INF;IC_SUP\r\n\
        2025;salute_buona;molte;60;0,5200;0,4000;0,6400\r\n\
        2025;salute_buona;nessuna;180;0,7600;0,7000;0,8200\r\n";
    std::fs::write(path("passi.csv"), text).unwrap();
    let lab = lab_folder();
    let seal = |custodians: &[&str]| {
        let file = path("passi.csv");
        let (dir, recipient, out) = (path("ausl"), path("lab.pub"), path("out"));
        let mut words = vec!["seal", &file, "--lab", lab.to_str().unwrap(), "--dir", &dir];
        words.extend(["--body", "ausl", "--period", "2026-Q1", "--format", "json"]);
        words.extend(["--recipient", &recipient, "--out", &out]);
        for custodian in custodians {
            words.extend(["--custodian", custodian]);
        }
        holder(&words)
    };
    let (status, out, err) = seal(&[]);
    assert_eq!(status, 0, "{err}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["sealed"][0]["rows"], 2);
    assert!(
        Path::new(&path("out"))
            .join("ausl/2026-Q1/passi.wdld")
            .is_file()
    );
    let (status, _, err) = seal(&["https://custode.example.org"]);
    assert_eq!(status, 2);
    assert!(err.contains("WDL-H020"), "{err}");
}

#[test]
fn a_custodian_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(
        holder(&["init", "--dir", &path("comune"), "--body", "comune"]).0,
        0
    );
    SealingKey::generate()
        .recipient()
        .write(Path::new(&path("lab.pub")))
        .unwrap();
    std::fs::write(path("aiuti.csv"), aid_with(|_| {})).unwrap();
    let lab = lab_folder();
    let (status, _, err) = holder(&[
        "seal",
        &path("aiuti.csv"),
        "--lab",
        lab.to_str().unwrap(),
        "--dir",
        &path("comune"),
        "--body",
        "comune",
        "--period",
        "2026-Q1",
        "--recipient",
        &path("lab.pub"),
        "--out",
        &path("out"),
        // Port 1 is nobody's on the loopback.
        "--custodian",
        "http://127.0.0.1:1",
        "--custodian",
        "http://127.0.0.1:1",
    ]);
    assert_eq!(status, 5, "{err}");
    assert!(err.contains("WDL-H012"), "{err}");
    assert!(!Path::new(&path("out")).join("comune/2026-Q1").exists());
}
