//! The tables of the base on which the programmes are evaluated, against what the city knows of itself: every row, in archives without errors.

use std::fs;
use std::path::Path;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::Value;
use wdl_frame::read_parquet;

use crate::leaks::files;
use crate::slow::{self, Row};
use crate::street::wdl;

/// The last year and quarter of the demo's snapshot that are whole.
const YEAR: i32 = 2025;
const QUARTER: &str = "2026-Q3";

/// What the base has for the evaluation of the three programmes is what happened.
pub(crate) fn equal_the_truth(home: &Path) {
    let snapshot = standing(home);
    let base = |table: &str, period: &str, columns: &[&str]| {
        rows(home, &snapshot, (table, period), columns)
    };
    let year = YEAR.to_string();
    let columns = [
        "reference_year",
        "score",
        "distance",
        "funded",
        "aid_after",
        "eviction_notice",
    ];
    same(
        "rent_support_call",
        base("rent_support_call", &year, &columns),
        calls(home),
    );
    let columns = [
        "year",
        "joined",
        "isee",
        "months_worked_before",
        "aided_before",
        "still_registered",
        "age_years",
        "months_worked_after",
    ];
    same(
        "work_measure_year",
        base("work_measure_year", &year, &columns),
        joiners(home),
    );
    let columns = ["rione", "period", "adoption_period", "eviction_notices"];
    same(
        "rione_quarter",
        base("rione_quarter", QUARTER, &columns),
        rioni(home),
    );
    renting_households_are_near(
        base("rione_quarter", QUARTER, &["renting_households"]),
        home,
    );
}

fn same(table: &str, mut own: Vec<Vec<String>>, mut truth: Vec<Vec<String>>) {
    own.sort();
    truth.sort();
    assert!(!truth.is_empty(), "{table}");
    assert_eq!(own, truth, "{table}");
}

/// The snapshot that stands.
fn standing(home: &Path) -> Value {
    let status = wdl(home, &["linkage", "status"]);
    let standing = status["snapshot"].as_str().unwrap().to_owned();
    let snapshots = files(&home.join("state/derived/snapshots"));
    let file = snapshots.into_iter().find(|file| {
        let name = file.file_stem().unwrap();
        name.to_str().unwrap().contains(&standing)
    });
    serde_json::from_slice(&fs::read(file.unwrap()).unwrap()).unwrap()
}

/// Columns of a table of the base as text.
fn rows(
    home: &Path,
    snapshot: &Value,
    (table, period): (&str, &str),
    columns: &[&str],
) -> Vec<Vec<String>> {
    let partitions = snapshot["partitions"].as_array().unwrap();
    let found = partitions
        .iter()
        .find(|own| own["schema"] == "base" && own["table"] == table && own["period"] == period);
    let input = &found.unwrap()["input"].as_str().unwrap()[..32];
    let file = home.join(format!(
        "state/derived/base/{table}/{period}-{input}.parquet"
    ));
    let (_, batches) = read_parquet(&file).unwrap();
    let format = FormatOptions::default();
    let mut rows = Vec::new();
    for batch in batches {
        let cells: Vec<ArrayFormatter<'_>> = columns
            .iter()
            .map(|column| {
                ArrayFormatter::try_new(batch.column_by_name(column).unwrap(), &format).unwrap()
            })
            .collect();
        rows.extend((0..batch.num_rows()).map(|row| {
            cells
                .iter()
                .map(|column| column.value(row).to_string())
                .collect()
        }));
    }
    rows
}

fn truth(home: &Path, table: &str) -> Vec<Row> {
    slow::read_with(&home.join(format!("city/truth/{table}.csv")), b';').rows
}

fn thousandths(text: &str) -> String {
    format!("{:.3}", text.parse::<f64>().unwrap())
}

/// A value whose time is over by the end of the year, else nothing.
fn known(is_over: bool, value: &str) -> String {
    if is_over {
        value.to_owned()
    } else {
        String::new()
    }
}

fn calls(home: &Path) -> Vec<Vec<String>> {
    let of = |row: &Row| {
        let year: i32 = row.text("reference_year").parse().unwrap();
        let side = if row.text("funded") == "1" {
            "with"
        } else {
            "without"
        };
        vec![
            year.to_string(),
            thousandths(row.text("score")),
            thousandths(row.text("distance")),
            row.text("funded").to_owned(),
            known(year < YEAR, row.text(&format!("aid_{side}"))),
            known(year + 1 < YEAR, row.text(&format!("notice_{side}"))),
        ]
    };
    truth(home, "rent_support_effects").iter().map(of).collect()
}

fn joiners(home: &Path) -> Vec<Vec<String>> {
    let of = |row: &Row| {
        let side = if row.text("joined") == "1" {
            "with"
        } else {
            "without"
        };
        [
            "year",
            "joined",
            "isee",
            "months_before",
            "aided",
            "registered",
            "age",
            &format!("months_{side}"),
        ]
        .iter()
        .map(|column| row.text(column).to_owned())
        .collect()
    };
    truth(home, "accompaniment").iter().map(of).collect()
}

fn rioni(home: &Path) -> Vec<Vec<String>> {
    let of = |row: &Row| {
        ["rione", "period", "desk_opened", "notices"]
            .iter()
            .map(|column| match (*column, row.text(column)) {
                // A desk that is still to open reads as none: only those opened by the last quarter are told.
                ("desk_opened", opened) if opened > QUARTER => String::new(),
                (_, text) => text.to_owned(),
            })
            .collect()
    };
    truth(home, "rione_quarters").iter().map(of).collect()
}

/// The city counts them when orders are issued, the base on the quarter's last day: a few households have moved.
fn renting_households_are_near(own: Vec<Vec<String>>, home: &Path) {
    let sum = |counts: &mut dyn Iterator<Item = String>| {
        counts
            .map(|count| count.parse::<f64>().unwrap())
            .sum::<f64>()
    };
    let own = sum(&mut own.into_iter().map(|mut row| row.remove(0)));
    let counted = truth(home, "rione_quarters");
    let counted = sum(&mut counted
        .iter()
        .map(|row| row.text("renting_households").to_owned()));
    assert!((own / counted - 1.0).abs() < 0.01, "{own} and {counted}");
}
