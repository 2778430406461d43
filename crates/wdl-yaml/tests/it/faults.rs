//! Every slip a file of the lab folder may have: its code, its place, the word that was meant.

use std::path::Path;

use serde::Deserialize;
use wdl_vocab::diagnostics::{codes, message};
use wdl_vocab::{Code, Diagnose, Diagnostic, Lang};
use wdl_yaml::{FaultKind, FolderError, Placed, Source};

/// What only the reader of this file can find wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TreeFault {
    #[error("a tree of {0} m")]
    Height(u32),
    #[error("its own place")]
    Elsewhere,
}

impl Diagnose for TreeFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            TreeFault::Height(metres) => Diagnostic::new(codes::lab::QUORUM)
                .with("value", metres)
                .with("maximum", 99),
            TreeFault::Elsewhere => Diagnostic::new(codes::lab::NO_TITOLARE).at("tree.yaml", 7, 0),
        }
    }
}

type Fault = wdl_yaml::Fault<TreeFault>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    name: String,
    kind: Placed<TreeKind>,
    height: Placed<u32>,
    #[serde(default)]
    evergreen: bool,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum TreeKind {
    Lime,
    Poplar,
}

const TREE: &str = "name: NO\nkind: lime\nheight: 12\nevergreen: false\n";

fn read(path: &Path) -> Result<Tree, FolderError<TreeFault>> {
    let source = Source::read(path)?;
    let tree: Tree = source.parse()?;
    let mut faults: Vec<Fault> = Vec::new();
    if tree.height.value > 99 {
        faults.push(source.fault_at(&tree.height, TreeFault::Height(tree.height.value)));
    }
    if tree.evergreen && tree.kind.value == TreeKind::Lime {
        let detail = "a lime sheds its leaves".to_owned();
        faults.push(source.fault_at(&tree.kind, FaultKind::WrongValue { detail }));
    }
    FolderError::unless_empty(faults)?;
    Ok(tree)
}

fn edited(from: &str, to: &str) -> Result<Tree, FolderError<TreeFault>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree.yaml");
    assert!(TREE.contains(from), "{from}");
    std::fs::write(&path, TREE.replace(from, to)).unwrap();
    read(&path)
}

/// One edit of the file, what is said of it, on which line.
fn check(from: &str, to: &str, code: Code, line: usize, meant: Option<&str>) {
    let told = edited(from, to).err().expect(to).diagnostic();
    assert_eq!(told.code, code, "{to}: {told:?}");
    let place = told.place.as_ref().expect(to);
    assert_eq!(place.line, line, "{to}: {told:?}");
    assert!(place.file.ends_with("tree.yaml"), "{told:?}");
    assert_eq!(told.suggestion.as_deref(), meant, "{to}");
    for lang in Lang::ALL {
        let message = message(&told, lang);
        assert!(!message.contains(['<', '{']), "{message}");
    }
}

#[test]
fn a_file_reads_as_its_schema_asks() {
    assert_eq!(edited("", "").unwrap().name, "NO");
}

#[test]
fn a_slip_has_its_code_place_and_suggestion() {
    use codes::lab::{
        DUPLICATE_KEY, MISSING_KEY, QUORUM, SYNTAX, UNKNOWN_KEY, UNKNOWN_WORD, WRONG_VALUE,
    };
    check("height: 12", "\theight: 12", SYNTAX, 2, None);
    check("height:", "heigth:", UNKNOWN_KEY, 3, Some("height"));
    check("height: 12\n", "", MISSING_KEY, 3, None);
    check("12", "tall", WRONG_VALUE, 3, None);
    check("false", "no", WRONG_VALUE, 4, None);
    check("lime", "poplra", UNKNOWN_WORD, 2, Some("poplar"));
    check("kind", "name: twice\nkind", DUPLICATE_KEY, 2, None);
    check("12", "120", QUORUM, 3, None);
}

#[test]
fn every_fault_is_listed_by_line() {
    let told = edited("12\nevergreen: false", "120\nevergreen: true")
        .err()
        .unwrap();
    let lines: Vec<usize> = told.faults().iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3]);
    assert!(told.to_string().ends_with("(and 1 more)"), "{told}");
    assert_eq!(told.diagnostics().len(), 2);
}

#[test]
fn what_is_not_text_is_told_of_the_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree.yaml");
    let missing = read(&path).err().unwrap().diagnostic();
    std::fs::write(&path, b"name: citt\xe0\n").unwrap();
    let foreign = read(&path).err().unwrap().diagnostic();
    for told in [missing, foreign] {
        assert_eq!((told.code, told.place), (codes::lab::UNREADABLE, None));
    }
}

#[test]
fn a_nearer_place_is_kept() {
    let fault = Fault {
        file: "tree.yaml".to_owned(),
        line: 3,
        column: 1,
        kind: TreeFault::Elsewhere.into(),
    };
    assert_eq!(fault.diagnostic().place.unwrap().line, 7);
}

#[test]
fn a_block_keeps_the_lines_of_its_file() {
    #[derive(Deserialize)]
    struct Query {
        sql: Placed<String>,
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("query.yaml");
    std::fs::write(&path, "# a query\nsql: |\n\n  SELECT 1\n  FROM trees\n").unwrap();
    let source = Source::read::<TreeFault>(&path).unwrap();
    let query: Query = source.parse::<_, TreeFault>().unwrap();
    let padded = source.padded(&query.sql);
    let line = padded.lines().position(|line| line == "SELECT 1");
    assert_eq!(line, Some(3));
}
