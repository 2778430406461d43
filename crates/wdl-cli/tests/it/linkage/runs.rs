//! Runs that go well: what they answer and write, in whatever form the files come.

use std::fs;

use arrow::array::{ArrayRef, StringArray};
use arrow::record_batch::RecordBatch;
use serde_json::Value;

use super::people::Sheet;
use super::{Desk, febrl};

const TRUTH: [&str; 6] = ["a.csv", "b.csv", "--id", "id", "--truth-column", "who"];

fn desk() -> (Desk, Sheet, Sheet) {
    let desk = Desk::new();
    let (a, b) = Sheet::two(600, 300);
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", b.csv("b", ',', false));
    (desk, a, b)
}

fn number(answer: &Value, key: &str) -> f64 {
    answer[key]
        .as_f64()
        .unwrap_or_else(|| panic!("`{key}` of {answer}"))
}

#[test]
fn an_answer_has_its_keys_and_they_hold() {
    let (desk, ..) = desk();
    let answer = desk.answer(&TRUTH);
    for key in [
        "pairs",
        "clusters",
        "precision",
        "recall",
        "f1",
        "cluster_f1",
        "estimated_precision",
        "estimated_recall",
        "cpu_seconds",
        "peak_rss_mb",
    ] {
        number(&answer, key);
    }
    assert!(number(&answer, "f1") > 0.95, "{answer}");
    let distance = (number(&answer, "estimated_precision") - number(&answer, "precision")).abs();
    assert!(distance < 0.05, "{answer}");
    let blind = desk.answer(&["a.csv", "b.csv", "--id", "id", "--ignore", "who"]);
    for key in ["precision", "recall", "f1", "cluster_f1"] {
        assert_eq!(blind[key], Value::Null);
    }
    assert_eq!(
        blind["pairs"], answer["pairs"],
        "the truth is never compared"
    );
}

#[test]
fn a_file_of_pairs_says_the_same_as_a_column() {
    let (desk, a, b) = desk();
    let by_column = desk.answer(&TRUTH);
    let pairs = a.pairs("a", &b, "b");
    let mut text = "one,other\n".to_owned();
    for (one, other) in pairs.iter().chain(&pairs[..10]) {
        text += &format!("{one},{other}\n");
    }
    desk.write("pairs.csv", text);
    let words = [
        "a.csv",
        "b.csv",
        "--id",
        "id",
        "--ignore",
        "who",
        "--truth",
        "pairs.csv",
    ];
    let by_pairs = desk.answer(&words);
    for key in ["pairs", "precision", "recall", "f1", "cluster_f1"] {
        assert_eq!(by_column[key], by_pairs[key], "{key}");
    }
}

#[test]
fn every_form_of_a_file_gives_the_same() {
    let (desk, a, _) = desk();
    let expected = desk.answer(&TRUTH)["pairs"].clone();
    let plain = a.csv("a", ',', false);
    let latin: Vec<u8> = {
        let text = a.csv("a", ';', false).replace("VIA PO", "VIA NICOLÒ");
        encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
    };
    let utf8 = a.csv("a", ';', false).replace("VIA PO", "VIA NICOLÒ");
    let forms: Vec<(&str, Vec<u8>)> = vec![
        (
            "bom",
            [b"\xef\xbb\xbf".as_slice(), plain.as_bytes()].concat(),
        ),
        ("crlf", plain.replace('\n', "\r\n").into_bytes()),
        ("cr", plain.replace('\n', "\r").into_bytes()),
        ("semicolon", a.csv("a", ';', false).into_bytes()),
        ("tab", a.csv("a", '\t', false).into_bytes()),
        ("quotes", quoted(&plain).into_bytes()),
        ("turned", a.csv("a", ',', true).into_bytes()),
    ];
    for (name, content) in forms {
        desk.write("a.csv", content);
        assert_eq!(desk.answer(&TRUTH)["pairs"], expected, "{name}");
    }
    desk.write("a.csv", latin);
    let from_latin = desk.answer(&TRUTH)["pairs"].clone();
    desk.write("a.csv", utf8);
    assert_eq!(desk.answer(&TRUTH)["pairs"], from_latin, "Latin-1");
}

fn quoted(text: &str) -> String {
    let row = |row: &str| {
        let cells: Vec<String> = row.split(',').map(|cell| format!("\"{cell}\"")).collect();
        cells.join(",") + "\n"
    };
    text.lines().map(row).collect()
}

#[test]
fn a_parquet_file_gives_the_same() {
    let (desk, a, _) = desk();
    let expected = desk.answer(&TRUTH)["pairs"].clone();
    let text = a.csv("a", ',', false);
    let rows: Vec<Vec<&str>> = text.lines().map(|row| row.split(',').collect()).collect();
    let columns = (0..rows[0].len()).map(|place| {
        let cells: StringArray = rows[1..]
            .iter()
            .map(|row| Some(row[place]).filter(|cell| !cell.is_empty()))
            .collect();
        (rows[0][place], std::sync::Arc::new(cells) as ArrayRef, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    wdl_frame::write_parquet(&desk.path("a.parquet"), &batch.schema(), &[batch]).unwrap();
    fs::rename(desk.path("a.parquet"), desk.path("a.csv")).unwrap();
    assert_eq!(desk.answer(&TRUTH)["pairs"], expected);
}

#[test]
fn the_folder_of_a_run_is_whole_and_the_same_for_any_order_and_threads() {
    let (desk, a, _) = desk();
    desk.answer(&[&TRUTH[..], &["--out", "one", "--threads", "1"]].concat());
    desk.write("a.csv", a.csv("a", ',', true));
    desk.answer(&[&TRUTH[..], &["--out", "two", "--threads", "2"]].concat());
    let mut names: Vec<String> = fs::read_dir(desk.path("one"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ".wdl-link",
            "clusters.csv",
            "model.yaml",
            "pairs.csv",
            "report.html",
            "report.json"
        ]
    );
    for name in names {
        assert!(
            desk.read(&format!("one/{name}")) == desk.read(&format!("two/{name}")),
            "{name}"
        );
    }
    assert!(
        desk.read("one/clusters.csv")
            .starts_with("source,id,cluster\n")
    );
    assert_eq!(desk.read("one/clusters.csv").lines().count(), 1201);
    let report = desk.read("one/report.json");
    assert!(!report.contains("cpu_seconds"), "{report}");
}

#[test]
fn an_interrupted_run_is_taken_up_again() {
    let (desk, ..) = desk();
    let words = [&TRUTH[..], &["--out", "run"]].concat();
    desk.answer(&words);
    let pairs = desk.read("run/pairs.csv");
    // As it is left when the power goes: half a file beside its place, and no report.
    fs::remove_file(desk.path("run/report.json")).unwrap();
    fs::remove_file(desk.path("run/pairs.csv")).unwrap();
    desk.write("run/pairs.csv.part", &pairs[..100]);
    let (code, exit, _) = desk.refusal(&["explain", "a00001", "b00001", "--in", "run"]);
    assert_eq!((code.as_str(), exit), ("WDL-N022", 5));
    desk.answer(&words);
    assert_eq!(desk.read("run/pairs.csv"), pairs);
    assert!(desk.path("run/report.json").is_file());
    assert!(!desk.path("run/pairs.csv.part").exists());
}

#[test]
fn the_model_of_a_run_gives_the_run_again() {
    let (desk, ..) = desk();
    desk.answer(&[&TRUTH[..], &["--out", "one", "--save-model", "mine.yaml"]].concat());
    assert_eq!(desk.read("mine.yaml"), desk.read("one/model.yaml"));
    desk.answer(&[&TRUTH[..], &["--out", "two", "--model", "mine.yaml"]].concat());
    assert_eq!(desk.read("one/pairs.csv"), desk.read("two/pairs.csv"));
    let (_, exit, _) = desk.refusal(&[&TRUTH[..], &["--model", "absent.yaml"]].concat());
    assert_eq!(exit, 2);
}

#[test]
fn duplicates_of_one_file_are_found() {
    let desk = Desk::new();
    let (a, b) = Sheet::two(600, 300);
    let one = a.csv("a", ',', false);
    let other = b.csv("b", ',', false);
    let (_, other) = other.split_once('\n').unwrap();
    desk.write("all.csv", one + other);
    let answer = desk.answer(&["all.csv", "--id", "id", "--truth-column", "who"]);
    assert!(number(&answer, "f1") > 0.93, "{answer}");
    assert!(number(&answer, "cluster_f1") > 0.93, "{answer}");
}

#[test]
fn a_pair_is_explained_without_its_values() {
    let (desk, a, b) = desk();
    let pairs = a.pairs("a", &b, "b");
    let (one, other) = &pairs[0];
    let words = [
        "explain", one, other, "a.csv", "b.csv", "--id", "id", "--ignore", "who",
    ];
    let answer = desk.answer(&words);
    assert!(number(&answer, "probability") > 0.5, "{answer}");
    let parts = answer["parts"].as_array().unwrap();
    let of = |part: &Value| part["weight"].as_f64().unwrap() + part["rarity"].as_f64().unwrap();
    let mut sum: f64 = parts.iter().map(of).sum();
    for key in ["prior", "together", "calibration"] {
        sum += number(&answer, key);
    }
    assert!((sum - number(&answer, "weight")).abs() < 1e-6, "{answer}");
    let text = a.csv("a", ',', false);
    let row = text
        .lines()
        .find(|row| row.starts_with(one.as_str()))
        .unwrap();
    let surname = row.split(',').nth(3).unwrap();
    assert!(!answer.to_string().contains(surname), "{answer}");
    let shown = desk.answer(&[&words[..], &["--values", "--svg", "pair.svg"]].concat());
    let picture = desk.read("pair.svg");
    assert!(picture.starts_with("<svg") && !picture.contains(surname));
    assert!(shown.to_string().contains(surname), "{shown}");
    let words = ["explain", "nobody", other, "a.csv", "b.csv", "--id", "id"];
    let (code, exit, told) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N017", 2));
    assert!(!told.contains("nobody"), "{told}");
}

#[test]
fn two_people_judge_a_run_without_seeing_a_value() {
    let (desk, ..) = desk();
    desk.answer(&[&TRUTH[..], &["--out", "run"]].concat());
    let sample = [
        "review", "sample", "--in", "run", "--out", "sheets", "--size", "40",
    ];
    let answer = desk.answer(&sample);
    assert_eq!(answer["asked"], 40);
    for name in ["first.csv", "second.csv"] {
        let sheet = desk.read(&format!("sheets/{name}"));
        assert!(!sheet.contains("VIA "), "{sheet}");
        assert_eq!(sheet.lines().count(), 41);
        let answered: String =
            sheet
                .lines()
                .enumerate()
                .fold(String::new(), |text, (row, line)| {
                    let judged = if row == 0 {
                        line.to_owned()
                    } else {
                        line.replacen(",,", ",same person,", 1)
                    };
                    text + &judged + "\n"
                });
        desk.write(&format!("sheets/{name}"), answered);
    }
    let read = [
        "review", "read", "--in", "sheets", "--first", "Ada", "--second",
    ];
    let answer = desk.answer(&[&read[..], &["Bruno"]].concat());
    assert_eq!(answer["unanswered"], serde_json::json!([0, 0]));
    assert!(
        answer["precision"]["estimate"].as_f64().unwrap() > 0.99,
        "{answer}"
    );
    let (code, exit, _) = desk.refusal(&[&read[..], &["ada"]].concat());
    assert_eq!((code.as_str(), exit), ("WDL-N080", 3));
    desk.write("sheets/second.csv", "number,verdict\nB1,perhaps\n");
    let (code, _, told) = desk.refusal(&[&read[..], &["Bruno"]].concat());
    assert_eq!(code, "WDL-N084");
    assert!(told.contains("same person"), "{told}");
}

#[test]
fn the_febrl_files_are_linked_with_a_cut_fixed_beforehand() {
    let Some(folder) = febrl() else { return };
    let desk = Desk::new();
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (a, b, truth) = (
        file("febrl4a.csv"),
        file("febrl4b.csv"),
        file("febrl4_truth_pairs.csv"),
    );
    let answer = desk.answer(&[&a, &b, "--id", "rec_id", "--truth", &truth]);
    assert!(number(&answer, "f1") >= 0.9998, "{answer}");
    let words = [
        &a,
        &b,
        "--id",
        "rec_id",
        "--truth",
        &truth,
        "--ignore",
        "soc_sec_id",
    ];
    let answer = desk.answer(&words.map(|word: &str| word));
    assert!(number(&answer, "f1") >= 0.9985, "{answer}");
    let (one, truth) = (file("febrl3.csv"), file("febrl3_truth_pairs.csv"));
    let answer = desk.answer(&[&one, "--id", "rec_id", "--truth", &truth]);
    assert!(number(&answer, "cluster_f1") >= 0.998, "{answer}");
}
