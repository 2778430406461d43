//! The command as people run it.

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wdl-synthetic"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_report_is_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let done = run(&[
        "--residents",
        "2000",
        "--seed",
        "5",
        "--out",
        out,
        "--format",
        "json",
    ]);
    assert!(done.status.success());
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    for file in report["exports"].as_array().unwrap() {
        assert!(folder.path().join(file["file"].as_str().unwrap()).is_file());
    }
    let text = std::fs::read_to_string(folder.path().join("targets.json")).unwrap();
    let targets: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(targets, report["targets"]);
}

#[test]
fn what_cannot_be_done_is_said_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    for (lang, words) in [("it", "non si può fare"), ("en", "cannot be made")] {
        let refused = run(&["--residents", "20", "--out", out, "--lang", lang]);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("WDL-Y001") && said.contains(words), "{said}");
    }
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let refused = run(&[
        "--residents",
        "2000",
        "--out",
        file.to_str().unwrap(),
        "--lang",
        "en",
    ]);
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("WDL-Y002")
    );
}
