//! A folder with a small file of invented people, and the commands asked there.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::stage::{run, said};

/// Seven invented people: three alike, two alike, one alone, one whose age is missing.
pub(crate) const PEOPLE: &str = "\
age,sex,area,illness,w,h
20,m,n,a,2,1
20,m,n,b,3,1
20,m,n,a,5,2
30,f,s,b,10,3
30,f,s,b,10,3
40,f,s,c,4,4
,m,n,a,2,5
";

/// A folder with one file.
pub(crate) struct Desk {
    folder: TempDir,
    command: &'static str,
}

impl Desk {
    pub(crate) fn new(command: &'static str, people: &str) -> Desk {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("people.csv"), people).unwrap();
        Desk { folder, command }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ask(&self, more: &[&str]) -> std::process::Output {
        let file = self.path("people.csv");
        let mut words = vec!["protect", self.command, file.to_str().unwrap()];
        words.extend(more);
        run("wdl", &words)
    }

    /// The answer of a command that ends well.
    pub(crate) fn answer(&self, more: &[&str]) -> Value {
        let output = self.ask(&[more, &["--format", "json"]].concat());
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a command that ends well says to people.
    pub(crate) fn words(&self, language: &str, more: &[&str]) -> String {
        let output = self.ask(&[more, &["--lang", language]].concat());
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A refusal: its code and how the command ended; nothing is told beside it, and each language says what to do.
    pub(crate) fn refusal(&self, more: &[&str]) -> (String, i32) {
        let output = self.ask(&[more, &["--format", "json"]].concat());
        assert!(output.stdout.is_empty(), "{}", said(&output));
        let told: Value =
            serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", said(&output)));
        for (language, to_do) in [("it", "che cosa fare:"), ("en", "what to do:")] {
            let output = self.ask(&[more, &["--lang", language]].concat());
            let said = said(&output);
            assert!(said.contains(to_do), "{said}");
            // A value of a record is told to nobody.
            assert!(!said.contains("zqubel"), "{said}");
        }
        let code = told["error"]["code"].as_str().unwrap().to_owned();
        (code, output.status.code().unwrap())
    }

    /// How a command line that cannot be ends.
    pub(crate) fn exit(&self, more: &[&str]) -> i32 {
        self.ask(more).status.code().unwrap()
    }
}
