//! `wdl protect mask`: the three methods on a plain file, and every refusal by its code.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::protect::changed;

fn answer(folder: &TempDir, words: &[&str]) -> Value {
    changed::answer(folder, &[&["mask"], words].concat())
}

fn refused(folder: &TempDir, words: &[&str], code: &str, exit: i32) {
    changed::refused(folder, &[&["mask"], words].concat(), code, exit);
}

/// Sixty people; the first has no income, and everybody the same country.
fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut people = "name,area,income,age,country\n".to_owned();
    for row in 0..60 {
        let area = ["north", "south", "east"][row % 3];
        let income = match row {
            0 => String::new(),
            row => (1000 + 37 * (row * 17 % 60)).to_string(),
        };
        people += &format!("p{row},{area},{income},{},it\n", 20 + row * 7 % 50);
    }
    fs::write(folder.path().join("people.csv"), people).unwrap();
    folder
}

fn column(folder: &TempDir, file: &str, at: usize) -> Vec<String> {
    let text = fs::read_to_string(folder.path().join(file)).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .nth(at)
                .unwrap()
                .trim_matches('"')
                .to_owned()
        })
        .collect()
}

#[test]
fn swapped_values_are_the_same_values_and_missing_ones_stay_missing() {
    let folder = desk();
    let asked = [
        "@people.csv",
        "--method",
        "swap",
        "--columns",
        "income",
        "--reach",
        "0.1",
        "--seed",
        "3",
        "--out",
        "@out.csv",
        "--keep",
        "name",
    ];
    let told = answer(&folder, &asked);
    assert!(told["columns"]["income"]["changed"].as_f64().unwrap() > 0.5);
    let (mut before, mut after) = (
        column(&folder, "people.csv", 2),
        column(&folder, "out.csv", 0),
    );
    assert_eq!(after[0], "");
    assert_eq!(
        column(&folder, "out.csv", 1),
        column(&folder, "people.csv", 0)
    );
    before.sort();
    after.sort();
    assert_eq!(before, after);
    assert_eq!(answer(&folder, &asked), told);
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "swap",
            "--columns",
            "income",
            "--reach",
            "0.01",
        ],
        "WDL-X190",
        1,
    );
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "swap",
            "--columns",
            "income",
            "--reach",
            "2",
        ],
        "WDL-U015",
        2,
    );
}

#[test]
fn groups_have_their_size_and_a_missing_value_is_not_averaged_with_others() {
    let folder = desk();
    let asked = [
        "@people.csv",
        "--method",
        "microaggregate",
        "--columns",
        "income",
        "--k",
        "7",
        "--out",
        "@out.csv",
    ];
    let told = answer(&folder, &asked);
    assert!(told["smallest_group"].as_u64().unwrap() >= 7);
    let after = column(&folder, "out.csv", 0);
    assert_eq!(after[0], "");
    for value in &after[1..] {
        assert!(after.iter().filter(|other| *other == value).count() >= 7);
    }
    assert!(
        told["columns"]["income"]["mean_change"]
            .as_f64()
            .unwrap()
            .abs()
            < 1e-9
    );
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "microaggregate",
            "--columns",
            "income,age",
        ],
        "WDL-X189",
        2,
    );
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "microaggregate",
            "--columns",
            "age",
            "--k",
            "61",
        ],
        "WDL-X108",
        3,
    );
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "microaggregate",
            "--columns",
            "age",
            "--reach",
            "0.1",
        ],
        "WDL-U015",
        2,
    );
}

#[test]
fn categories_are_drawn_and_one_alone_stays() {
    let folder = desk();
    let asked = [
        "@people.csv",
        "--method",
        "pram",
        "--columns",
        "area,country",
        "--retain",
        "0.5",
        "--seed",
        "1",
        "--out",
        "@out.csv",
    ];
    let told = answer(&folder, &asked);
    let changed = told["columns"]["area"]["changed"].as_f64().unwrap();
    assert!(0.1 < changed && changed < 0.6, "{changed}");
    assert_eq!(told["columns"]["country"]["changed"], 0.0);
    let written = column(&folder, "out.csv", 0);
    answer(&folder, &asked);
    assert_eq!(column(&folder, "out.csv", 0), written);
    refused(
        &folder,
        &[
            "@people.csv",
            "--method",
            "pram",
            "--columns",
            "area",
            "--retain",
            "1.2",
        ],
        "WDL-U015",
        2,
    );
    fs::write(folder.path().join("empty.csv"), "area\n").unwrap();
    refused(
        &folder,
        &["@empty.csv", "--method", "pram", "--columns", "area"],
        "WDL-X109",
        5,
    );
}
