//! Files that are not as they should be: each has its code, its words and its end.

use std::fmt::Write as _;

use super::people::Sheet;
use super::{Desk, warnings};

/// Two sheets of people, `a.csv` and `b.csv`.
fn desk() -> Desk {
    let desk = Desk::new();
    let (a, b) = Sheet::two(400, 200);
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", b.csv("b", ',', false));
    desk
}

const TRUTH: [&str; 2] = ["--truth-column", "who"];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

#[test]
fn without_the_column_of_ids_the_columns_are_named() {
    let (code, exit, words) = desk().refusal(&["a.csv", "b.csv"]);
    assert_eq!((code.as_str(), exit), ("WDL-N001", 2));
    assert!(words.contains("id, who, nome, cognome"), "{words}");
    assert!(words.contains("--id"), "{words}");
}

#[test]
fn a_missing_column_is_named_with_the_one_that_was_meant() {
    let desk = desk();
    for (words, option) in [
        (vec!["a.csv", "b.csv", "--id", "idd"], "--id"),
        (
            vec!["a.csv", "b.csv", "--id", "id", "--ignore", "nme"],
            "--ignore",
        ),
        (
            vec!["a.csv", "b.csv", "--id", "id", "--truth-column", "whom"],
            "--truth-column",
        ),
    ] {
        let (code, exit, told) = desk.refusal(&words);
        assert_eq!((code.as_str(), exit), ("WDL-N002", 2), "{words:?}");
        assert!(
            told.contains(option) && told.contains("did you mean"),
            "{told}"
        );
    }
}

#[test]
fn duplicate_ids_are_counted_and_not_shown() {
    let desk = desk();
    let twice = desk.read("a.csv") + "a00001,P1,ADA,BARABINI,1950-01-01,VIA PO,1\n";
    desk.write("twice.csv", twice);
    let (code, exit, told) = desk.refusal(&["twice.csv", "b.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N003", 1));
    assert!(!told.contains("a00001"), "{told}");
}

#[test]
fn a_record_without_id_is_told_by_its_line() {
    let desk = Desk::new();
    desk.write("a.csv", "id,nome\n1,ADA\n ,BRUNO\n");
    let (code, exit, told) = desk.refusal(&["a.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N004", 1));
    assert!(told.contains("line 3"), "{told}");
}

#[test]
fn an_empty_file_and_one_without_records_are_told_apart() {
    let desk = desk();
    desk.write("empty.csv", "").write("blank.csv", "\n\r\n\n");
    desk.write("header.csv", "id,who,nome,cognome\r\n");
    for (file, code) in [
        ("empty.csv", "WDL-N005"),
        ("blank.csv", "WDL-N005"),
        ("header.csv", "WDL-N006"),
    ] {
        for words in [[file, "b.csv"], ["a.csv", file]] {
            let (found, exit, told) = desk.refusal(&with(&words, &["--id", "id"]));
            assert_eq!((found.as_str(), exit), (code, 5), "{words:?}");
            assert!(told.contains(file), "{told}");
        }
    }
}

#[test]
fn what_is_no_table_is_named() {
    let desk = desk();
    desk.write("page.csv", "<!DOCTYPE html><html></html>");
    desk.write("picture.csv", b"\x89PNG\r\n\x1a\n");
    desk.write("archive.csv", b"PK\x03\x04rest");
    desk.write("nul.csv", b"id,nome\n1,\0\0\0\n");
    for file in ["page.csv", "picture.csv", "archive.csv", "nul.csv", "."] {
        let (code, exit, _) = desk.refusal(&[file, "b.csv", "--id", "id"]);
        assert_eq!((code.as_str(), exit), ("WDL-N008", 2), "{file}");
    }
    let (code, exit, _) = desk.refusal(&["absent.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-U010", 2));
    desk.write("broken.parquet", b"PAR1and nothing else");
    let (_, exit, _) = desk.refusal(&["broken.parquet", "--id", "id"]);
    assert_eq!(exit, 5);
}

#[test]
fn a_mark_that_is_never_closed_stops_the_reading() {
    let desk = Desk::new();
    let mut text = "id,nome\n1,\"ADA\n".to_owned();
    for row in 2..5000 {
        let _ = writeln!(text, "{row},BRUNO");
    }
    desk.write("open.csv", text);
    let (code, exit, _) = desk.refusal(&["open.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N021", 2));
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let desk = Desk::new();
    desk.write("a.csv", "id,nome,nome\n1,ADA,PIA\n");
    let (code, exit, _) = desk.refusal(&["a.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N019", 2));
}

#[test]
fn files_without_a_common_column_cannot_be_linked() {
    let desk = Desk::new();
    desk.write("a.csv", "id,nome\n1,ADA\n");
    desk.write("b.csv", "id,given\n1,ADA\n");
    let (code, exit, _) = desk.refusal(&["a.csv", "b.csv", "--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N009", 2));
}

#[test]
fn no_file_is_no_run() {
    let (code, exit, _) = desk().refusal(&["--id", "id"]);
    assert_eq!((code.as_str(), exit), ("WDL-N023", 2));
}

#[test]
fn a_truth_that_speaks_of_others_is_refused() {
    let desk = desk();
    desk.write("pairs.csv", "a,b\nx1,y1\nx2,y2\n");
    let words = ["a.csv", "b.csv", "--id", "id", "--truth", "pairs.csv"];
    let (code, exit, told) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N012", 1));
    assert!(told.contains('2') && !told.contains("x1"), "{told}");
    desk.write("pairs.csv", "a\nx1\n");
    let (code, exit, _) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N011", 2));
}

#[test]
fn a_folder_with_other_things_is_not_written_to() {
    let desk = desk();
    std::fs::create_dir(desk.path("full")).unwrap();
    desk.write("full/mine.txt", "mine");
    let words = ["a.csv", "b.csv", "--id", "id", "--out", "full"];
    let (code, exit, _) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N014", 2));
    assert_eq!(desk.read("full/mine.txt"), "mine");
}

#[test]
fn the_same_file_on_both_sides_is_told() {
    let desk = desk();
    let words = with(&["a.csv", "./a.csv", "--id", "id"], &TRUTH);
    let answer = desk.answer(&words);
    assert!(warnings(&answer).contains(&"WDL-N007"), "{answer}");
    assert!(answer["f1"].as_f64().unwrap() > 0.97, "{answer}");
}

#[test]
fn columns_of_one_file_only_are_told_and_left_out() {
    let desk = desk();
    let b = desk.read("b.csv").replacen(",via,", ",indirizzo,", 1);
    desk.write("b.csv", b);
    let answer = desk.answer(&with(&["a.csv", "b.csv", "--id", "id"], &TRUTH));
    assert_eq!(warnings(&answer), ["WDL-N010"]);
    assert!(answer["precision"].as_f64().unwrap() > 0.9, "{answer}");
}

#[test]
fn a_constant_and_an_empty_column_are_told_and_harmless() {
    let desk = Desk::new();
    let (a, b) = Sheet::two(400, 200);
    let widened = |text: String| -> String {
        let mut rows = text.lines();
        let header = format!("{},stato,vuota", rows.next().unwrap());
        let rest = rows.map(|row| format!("\n{row},ITALIA,"));
        header + &rest.collect::<String>()
    };
    desk.write("a.csv", widened(a.csv("a", ',', false)));
    desk.write("b.csv", widened(b.csv("b", ',', false)));
    let answer = desk.answer(&with(&["a.csv", "b.csv", "--id", "id"], &TRUTH));
    assert_eq!(warnings(&answer), ["WDL-N015", "WDL-N015"]);
    let reasons: Vec<(&str, &str)> = answer["columns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["kind"].is_null())
        .map(|one| {
            (
                one["column"].as_str().unwrap(),
                one["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(reasons, [("stato", "constant"), ("vuota", "empty")]);
    assert!(answer["f1"].as_f64().unwrap() > 0.95, "{answer}");
}

#[test]
fn where_nobody_matches_nobody_is_linked() {
    let desk = Desk::new();
    let (a, b) = Sheet::two(400, 400);
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", b.csv("b", ',', false));
    let answer = desk.answer(&with(&["a.csv", "b.csv", "--id", "id"], &TRUTH));
    assert!(answer["pairs"].as_u64().unwrap() <= 2, "{answer}");
    assert_eq!(answer["recall"], serde_json::Value::Null);
    // Of no link and no expected match there is no share.
    let blind = desk.answer(&[
        "a.csv", "b.csv", "--id", "id", "--ignore", "who", "--out", "run",
    ]);
    if blind["pairs"] == 0 {
        assert_eq!(
            blind["estimated_precision"],
            serde_json::Value::Null,
            "{blind}"
        );
    }
    if blind["estimated_matches"].as_f64().unwrap() < 0.5 {
        assert_eq!(
            blind["estimated_recall"],
            serde_json::Value::Null,
            "{blind}"
        );
        assert!(
            !desk
                .read("run/report.html")
                .contains("<h2 id=\"unlinkable\">")
        );
    }
}

#[test]
fn rows_of_another_width_are_counted() {
    let desk = desk();
    let text = desk.read("a.csv") + "a99998,,ADA\na99999,,PIA,BARABINI,1950-01-01,VIA PO,1,more\n";
    desk.write("a.csv", text);
    let answer = desk.answer(&["a.csv", "b.csv", "--id", "id", "--ignore", "who"]);
    assert_eq!(warnings(&answer), ["WDL-N018"]);
    let told = answer["warnings"][0]["message"].as_str().unwrap();
    assert!(told.contains('2') && !told.contains("BARABINI"), "{told}");
}

#[test]
fn ids_keep_their_leading_zeros() {
    let desk = Desk::new();
    let (a, b) = Sheet::two(400, 200);
    desk.write("a.csv", a.csv("00", ';', false));
    desk.write("b.csv", b.csv("000", ';', false));
    desk.answer(&with(
        &["a.csv", "b.csv", "--id", "id", "--out", "run"],
        &TRUTH,
    ));
    let pairs = desk.read("run/pairs.csv");
    let mut rows = pairs.lines();
    assert_eq!(rows.next(), Some("id_a,id_b,probability,weight"));
    assert!(rows.clone().count() > 150);
    let is_whole = |row: &str| {
        let mut cells = row.split(',');
        let (one, other) = (cells.next().unwrap(), cells.next().unwrap());
        one.starts_with("00") && one.len() == 7 && other.starts_with("000") && other.len() == 8
    };
    assert!(rows.all(is_whole));
}

#[test]
fn a_hundred_against_many_links_the_few() {
    let desk = Desk::new();
    let (a, b) = Sheet::two(20_000, 19_950);
    let few = super::people::Sheet {
        people: b.people[..100].to_vec(),
    };
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", few.csv("b", ',', false));
    let answer = desk.answer(&with(&["a.csv", "b.csv", "--id", "id"], &TRUTH));
    assert!(answer["precision"].as_f64().unwrap() > 0.9, "{answer}");
    assert!(answer["recall"].as_f64().unwrap() > 0.8, "{answer}");
}
