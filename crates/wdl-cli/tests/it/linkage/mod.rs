//! `wdl link` on plain files: what it finds, what it says of files that are not as they should be, and that the same records give the same bytes.

mod bad_input;
mod encoded;
mod options;
mod people;
mod runs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::stage::{program, said};

/// A folder with files to link.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Desk {
        fs::write(self.path(name), content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(program("wdl"))
            .arg("link")
            .args(words)
            .args(["--format", "json", "--lang", "en"])
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// What a run answers.
    fn answer(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The code, the exit and the words of a refusal.
    fn refusal(&self, words: &[&str]) -> (String, i32, String) {
        let output = self.run(words);
        let told = String::from_utf8(output.stderr.clone()).unwrap();
        let value: Value =
            serde_json::from_str(&told).unwrap_or_else(|_| panic!("{words:?}: {}", said(&output)));
        assert!(output.stdout.is_empty(), "nothing is answered");
        (
            value["error"]["code"].as_str().unwrap().to_owned(),
            output.status.code().unwrap(),
            value["message"].as_str().unwrap().to_owned(),
        )
    }
}

/// The codes of what was good to know.
fn warnings(answer: &Value) -> Vec<&str> {
    let warnings = answer["warnings"].as_array().unwrap();
    let codes = warnings.iter().map(|one| one["code"].as_str().unwrap());
    codes.collect()
}

/// The FEBRL files, when they are there.
fn febrl() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/linkage");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}
