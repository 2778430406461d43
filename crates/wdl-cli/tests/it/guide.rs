//! The guide runs as it is written.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::stage::{program, said};

#[test]
fn the_commands_of_the_guide_run() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide.md");
    let text = fs::read_to_string(guide).unwrap();
    let commands: Vec<&str> = text
        .split("```sh\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect();
    assert_eq!(commands.len(), 10);
    let script = format!(
        "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n{}",
        commands.concat()
    );
    let folder = tempfile::tempdir().unwrap();
    let programs = program("wdl");
    let path = format!(
        "{}:{}",
        programs.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("LC_ALL", "en_GB.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(folder.path().join("lab/site/index.html").is_file());
    assert!(folder.path().join("same-person/report.json").is_file());
    assert!(
        said(&output).contains("The record holds"),
        "{}",
        said(&output)
    );
}
