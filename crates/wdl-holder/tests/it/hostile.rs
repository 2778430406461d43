//! Files sent to hurt: what the program does with them, seen from outside.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::fixture::{self, Layout};

/// The memory the program may write, in KiB: far under the files given to it.
const MEMORY: u32 = 200 * 1024;

/// The program; on Linux it may not write more than [`MEMORY`].
fn bounded() -> Command {
    let program = env!("CARGO_BIN_EXE_wdl-holder");
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut shell = Command::new("sh");
    let words = format!("ulimit -d {MEMORY} && exec \"$0\" \"$@\"");
    shell.args(["-c", &words, program]);
    shell
}

/// Checks a file against a contract.
fn check_by(contract: &Path, file: &Path, more: &[&str]) -> Output {
    bounded()
        .arg("check")
        .arg(file)
        .arg("--contract")
        .arg(contract)
        .args(["--period", "2026-Q3"])
        .args(more)
        .output()
        .unwrap()
}

fn check(file: &Path, more: &[&str]) -> Output {
    check_by(&fixture::contract(), file, more)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file made of a head, then `times` pieces, then a tail.
fn long_file(folder: &Path, head: &str, (piece, times): (&str, usize), tail: &str) -> PathBuf {
    let path = folder.join("interventi.csv");
    let mut out = BufWriter::new(std::fs::File::create(&path).unwrap());
    out.write_all(head.as_bytes()).unwrap();
    // Written in pieces of a mebibyte: the test itself holds little.
    let block = piece.repeat((1 << 20) / piece.len());
    let per_block = block.len() / piece.len();
    for _ in 0..times / per_block {
        out.write_all(block.as_bytes()).unwrap();
    }
    out.write_all(tail.as_bytes()).unwrap();
    out.flush().unwrap();
    path
}

/// The good quarter as text, split before the tenth row.
fn halves() -> (String, String) {
    let text = String::from_utf8(fixture::write(&fixture::good(), Layout::Utf8)).unwrap();
    let at = text.match_indices("\r\n").nth(10).unwrap().0 + 2;
    let (head, tail) = text.split_at(at);
    (head.to_owned(), tail.to_owned())
}

/// The program ends by itself, in bounded memory, with a code of its own and not a word of the file.
fn ends_well(output: &Output, what: &str) {
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(
        matches!(output.status.code(), Some(1..=3)),
        "{what}: {:?} {}",
        output.status,
        said.chars().take(2_000).collect::<String>()
    );
    assert!(said.contains("WDL-H"), "{what}: {said}");
    assert!(said.len() < 1 << 20, "{what}: says {} bytes", said.len());
    assert!(!said.contains(fixture::CANARY), "{what}: a surname is told");
    assert!(!said.contains("panicked"), "{what}: {said}");
}

/// A quarter of a gigabyte in one cell, of quotes, and of columns.
#[test]
fn del_huge_row() {
    let folder = tempfile::tempdir().unwrap();
    let (head, tail) = halves();
    const LONG: usize = 256 << 20;
    let file = long_file(
        folder.path(),
        &(head.clone() + "INT-1;"),
        ("a", LONG),
        &format!("\r\n{tail}"),
    );
    ends_well(&check(&file, &[]), "a huge cell");
    let file = long_file(
        folder.path(),
        &(head.clone() + "INT-1;"),
        ("\"", LONG),
        &format!("\r\n{tail}"),
    );
    ends_well(&check(&file, &[]), "quotes");
    let file = long_file(
        folder.path(),
        &(head + "INT-1"),
        (";", LONG),
        &format!("\r\n{tail}"),
    );
    ends_well(&check(&file, &[]), "cells without end");
    let file = long_file(folder.path(), "A", (";A", 100 << 10), "\r\n");
    ends_well(&check(&file, &[]), "columns without end");
}

/// Many rows are no fault: half a million are read in the same memory, though all share one key and one tax code and every cell is wrong.
#[test]
fn a_long_file_is_read_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (head, _) = halves();
    let code = fixture::good()[0].get("CODICE_FISCALE").to_owned();
    let path = folder.path().join("interventi.csv");
    let mut out = BufWriter::new(std::fs::File::create(&path).unwrap());
    out.write_all(head.as_bytes()).unwrap();
    for nth in 0..500_000 {
        write!(
            out,
            "INT-1;{code};ZQ{nth};x;31/02/1980;X;F25;36023;F25;4I121;12;AFITTO;luglio;luglio;{nth}.2;#N/D;IT00;1;F;n{nth}\r\n"
        )
        .unwrap();
    }
    out.flush().unwrap();
    drop(out);
    let output = check(&path, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let said = text_of(&output);
    assert!(!said.contains("panicked") && !said.contains(fixture::CANARY));
}

/// Cells that a spreadsheet would run: kept as data, and as text in every report that shows them.
#[test]
fn del_csv_injection() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = fixture::good();
    let long = "x".repeat(60);
    let planted =
        ["=", "+", "-", "@", "\t=", "\r="].map(|start| format!("{start}cmd|'/C calc'!A0{long}"));
    for (nth, text) in planted.iter().enumerate() {
        rows[10 * nth + 5].set("NOTE", text);
        // In the other columns that are shown: a kind that is not in its list.
        rows[10 * nth + 6].set("TIPO_INTERVENTO", &text[..20]);
    }
    let file = folder.path().join("interventi.csv");
    std::fs::write(&file, fixture::write(&rows, Layout::Utf8)).unwrap();
    let reports = folder.path().join("reports");
    let output = check(&file, &["--reports", reports.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let mut workbooks = 0;
    for entry in std::fs::read_dir(&reports).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|end| end.to_str()) {
            Some("xlsx") => {
                workbooks += 1;
                no_formula(&path);
            }
            Some("csv") => {
                let text = std::fs::read_to_string(&path).unwrap();
                let runs = |cell: &str| cell.trim_start_matches('"').starts_with(['=', '+', '@']);
                assert!(
                    !text.lines().any(|line| line.split([';', ',']).any(runs)),
                    "{}",
                    path.display()
                );
            }
            _ => {}
        }
    }
    assert!(workbooks > 0, "the list of rows is a workbook");
}

/// Every sheet holds what was planted as text, and not one formula.
fn no_formula(path: &Path) {
    use calamine::{Data, Reader as _};
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let mut shown = 0;
    for name in book.sheet_names() {
        assert!(
            book.worksheet_formula(&name)
                .unwrap()
                .used_cells()
                .next()
                .is_none(),
            "{name}"
        );
        let sheet = book.worksheet_range(&name).unwrap();
        shown += sheet
            .used_cells()
            .filter(|(_, _, cell)| matches!(cell, Data::String(text) if text.contains("cmd|")))
            .count();
    }
    assert!(shown > 0, "the planted cells are in the full list");
}

/// A rule of the contract that wants more than to read, or never ends: refused by name, nothing written, and no cell in what is said.
#[test]
fn a_rule_stays_in_its_cage() {
    let folder = tempfile::tempdir().unwrap();
    let lab = folder.path().join("lab");
    fixture::copy(&fixture::lab(), &lab);
    let contract = lab.join("contracts/comune/interventi.odcs.yaml");
    let honest = std::fs::read_to_string(&contract).unwrap();
    let rule = "SELECT line, end_date AS value FROM interventi WHERE end_date < event_date";
    assert!(honest.contains(rule));
    let file = folder.path().join("interventi.csv");
    std::fs::write(&file, fixture::write(&fixture::good(), Layout::Utf8)).unwrap();
    let stolen = folder.path().join("stolen.db");
    let before = names(folder.path());
    for hostile in [
        "ATTACH DATABASE '{stolen}' AS stolen",
        "VACUUM INTO '{stolen}'",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('{stolen}') AS line",
        "SELECT writefile('{stolen}', surname) AS line FROM interventi",
        "SELECT readfile('/etc/passwd') AS line",
        "SELECT line FROM interventi; CREATE TABLE more (line)",
        "DELETE FROM interventi",
        "CREATE TABLE interventi2 AS SELECT line FROM interventi",
        "SELECT line FROM sqlite_master",
        "SELECT line FROM pragma_database_list",
        "WITH RECURSIVE n(line) AS (SELECT 1 UNION ALL SELECT line + 1 FROM n) SELECT line FROM n WHERE line < 0",
        "SELECT a.line FROM interventi a, interventi b, interventi c, interventi d WHERE a.line + b.line + c.line + d.line < 0",
        "SELECT length(zeroblob(900000000)) AS line",
        "SELECT length(group_concat(hex(randomblob(1000000)))) AS line FROM interventi",
        "SELECT line FROM interventi WHERE json_extract('{}', surname) = 1",
        "SELECT json_extract('{}', surname) AS line FROM interventi",
        "SELECT surname AS line FROM interventi",
        "SELECT fts3_tokenizer('simple') AS line",
    ] {
        let text = honest.replace(rule, &hostile.replace("{stolen}", stolen.to_str().unwrap()));
        std::fs::write(&contract, text).unwrap();
        let output = check_by(&contract, &file, &["--format", "json"]);
        let said = text_of(&output);
        assert!(
            matches!(output.status.code(), Some(1..=3)),
            "{hostile}: {:?} {said}",
            output.status
        );
        assert!(said.contains("WDL-"), "{hostile}: {said}");
        assert!(
            !said.contains(fixture::CANARY) && !said.contains("panicked"),
            "{hostile}: {said}"
        );
        assert_eq!(
            names(folder.path()),
            before,
            "{hostile}: a file more or less"
        );
    }
}

fn text_of(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

fn names(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    names
}

/// A tax code in the name of the file is refused, and what is said does not repeat it.
#[test]
fn del_identifier_in_metadata_of_a_file_name() {
    let folder = tempfile::tempdir().unwrap();
    let code = fixture::good()[0].get("CODICE_FISCALE").to_owned();
    let file = folder.path().join(format!("interventi {code}.csv"));
    std::fs::write(&file, fixture::write(&fixture::good(), Layout::Utf8)).unwrap();
    let reports = folder.path().join("reports");
    let output = check(&file, &["--reports", reports.to_str().unwrap()]);
    let said = text_of(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("WDL-H112"), "{said}");
    assert!(!said.contains(&code), "{said}");
    for entry in std::fs::read_dir(&reports).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.contains(&code), "{name}");
        if name.contains("shareable") {
            assert!(
                !text(&std::fs::read(&path).unwrap()).contains(&code),
                "{name}"
            );
        }
    }
}

/// A file without its header, or with a header that is half data: its first row is never told as names of columns.
#[test]
fn a_header_that_is_data_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("interventi.csv");
    let whole = String::from_utf8(fixture::write(&fixture::good(), Layout::Utf8)).unwrap();
    let (header, rows) = whole.split_once("\r\n").unwrap();
    let code = fixture::good()[0].get("CODICE_FISCALE").to_owned();
    let halved = header.replace("NOTE", &code);
    for (what, content) in [
        ("no header", rows.to_owned()),
        ("a code among the names", format!("{halved}\r\n{rows}")),
    ] {
        std::fs::write(&file, content).unwrap();
        for lang in ["it", "en"] {
            let output = check(&file, &["--lang", lang]);
            let said = text_of(&output);
            assert!(
                matches!(output.status.code(), Some(1..=3)),
                "{what}: {said}"
            );
            assert!(!said.contains(fixture::CANARY), "{what}: {said}");
        }
    }
}
