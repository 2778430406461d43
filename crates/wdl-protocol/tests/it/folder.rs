//! The shipped lab, and copies of it with a small edit.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use wdl_protocol::{Lab, LabError};

pub(crate) const LAB: &str = "lab.yaml";
pub(crate) const AGREEMENT: &str = "protocol/agreement.yaml";
pub(crate) const ARTICLES: &str = "protocol/articles.md";
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena");

/// The lab that the project ships.
pub(crate) fn shipped() -> Lab {
    Lab::read(Path::new(SHIPPED)).expect("the shipped lab is whole")
}

/// A copy of the shipped lab that a test may spoil.
pub(crate) struct Copy(TempDir);

impl Copy {
    pub(crate) fn new() -> Copy {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("protocol")).expect("a folder");
        for file in [LAB, AGREEMENT, ARTICLES] {
            fs::copy(Path::new(SHIPPED).join(file), folder.path().join(file)).expect("a copy");
        }
        Copy(folder)
    }

    /// A copy in which small counts are hidden and none is changed, whatever the shipped lab has chosen: tests write the methods and budgets they try.
    pub(crate) fn that_hides() -> Copy {
        let copy = Copy::new();
        for key in ["methods", "budgets"] {
            copy.empty(key);
        }
        copy
    }

    /// Leaves nothing in a list of `disclosure`.
    fn empty(&self, key: &str) {
        let text = self.text(LAB);
        let head = format!("  {key}:");
        let at = text.find(&format!("\n{head}")).expect("the list is there") + 1;
        let inside = |line: &&str| line.starts_with("    ");
        let mut lines = text[at..].split_inclusive('\n');
        let first = lines.next().expect("the line of the list");
        let length: usize = lines.take_while(inside).map(str::len).sum();
        let after = &text[at + first.len() + length..];
        let emptied = format!("{}{head} []\n{after}", &text[..at]);
        self.write(LAB, emptied.as_bytes());
    }

    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.0.path().join(file)).expect("text")
    }

    /// Replaces the first place where `from` stands.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) -> &Copy {
        let text = self.text(file);
        assert!(text.contains(from), "`{from}` is not in {file}");
        self.write(file, text.replacen(from, to, 1).as_bytes());
        self
    }

    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(file), bytes).expect("written");
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.0.path().join(file)).expect("removed");
    }

    pub(crate) fn read(&self) -> Result<Lab, LabError> {
        Lab::read(self.0.path())
    }
}
