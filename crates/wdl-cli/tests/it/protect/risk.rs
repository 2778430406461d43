//! `wdl protect risk`: the answer, what is missing in it, and every refusal by its code.

use serde_json::{Value, json};

use super::desk::{Desk, PEOPLE};

const KEYS: [&str; 2] = ["--quasi-identifiers", "age,sex,area"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    KEYS.iter().chain(more).copied().collect()
}

fn near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() < 1e-12, "{value} for {expected}");
}

#[test]
fn the_answer_has_k_l_t_and_the_risk() {
    let desk = Desk::new("risk", PEOPLE);
    let got = desk.answer(&with(&[
        "--sensitive",
        "illness",
        "--weight",
        "w",
        "--household",
        "h",
    ]));
    assert_eq!((&got["k"], &got["l"]), (&json!(1), &json!(1)));
    // Of the seven 3 have a, 3 have b, 1 has c; the one alone has c: half of (3/7 + 3/7 + 6/7).
    near(&got["t"], 6.0 / 7.0);
    let risk = &got["risk"];
    assert_eq!(risk["records"], 7);
    assert_eq!((&risk["unique"], &risk["below_3"]), (&json!(2), &json!(4)));
    // Four classes of 7 records; each record's risk is 1/f.
    near(&risk["marketer"], 4.0 / 7.0);
    near(&risk["prosecutor"]["average"], 4.0 / 7.0);
    near(&risk["prosecutor"]["maximum"], 1.0);
    // Weights 10, 20, 4 and 2 of the four classes.
    near(&risk["journalist"]["maximum"], 0.5);
    near(
        &risk["journalist"]["average"],
        (3.0 / 10.0 + 2.0 / 20.0 + 1.0 / 4.0 + 1.0 / 2.0) / 7.0,
    );
    // Benedetti and Franconi with f = 1 and p = 1/2: p/(1-p) ln(1/p) = ln 2.
    near(
        &risk["individual"]["exact"]["maximum"],
        std::f64::consts::LN_2,
    );
    let individual = risk["individual"]["exact"]["sum"].as_f64().unwrap();
    let household = risk["household"]["exact"]["sum"].as_f64().unwrap();
    assert!(household > individual);
    near(
        &risk["population_uniqueness"]["sampling_fraction"],
        7.0 / 36.0,
    );
}

#[test]
fn what_is_not_known_has_a_reason_and_no_number() {
    let desk = Desk::new("risk", PEOPLE);
    let got = desk.answer(&KEYS);
    assert_eq!((&got["l"], &got["t"]), (&Value::Null, &Value::Null));
    assert!(got["not_told"]["l"].is_string() && got["not_told"]["t"].is_string());
    for figure in ["journalist", "household", "population_uniqueness"] {
        let figure = got["risk"][figure].as_object().unwrap();
        assert_eq!(figure.keys().collect::<Vec<_>>(), ["reason"]);
    }
}

#[test]
fn a_missing_value_never_lowers_the_risk() {
    let desk = Desk::new("risk", PEOPLE);
    let own = desk.answer(&KEYS);
    assert_eq!(
        own["risk"]["missing"],
        json!({ "age": 1, "sex": 0, "area": 0 })
    );
    let any = desk.answer(&with(&["--missing", "any-value"]));
    for figure in ["average", "maximum", "share_above"] {
        let of = |answer: &Value| answer["risk"]["prosecutor"][figure].as_f64().unwrap();
        assert!(of(&own) >= of(&any), "{figure}");
    }
    // As sdcMicro counts: whoever misses the age agrees with the three of twenty, and they with him.
    assert_eq!(
        (&own["risk"]["unique"], &any["risk"]["unique"]),
        (&json!(2), &json!(1))
    );
    // A missing sensitive value is no further value.
    let missing = Desk::new("risk", &PEOPLE.replace("20,m,n,b", "20,m,n,"));
    let sensitive = ["--sensitive", "illness"];
    let l = |desk: &Desk, of: &str| {
        let words = [&["--quasi-identifiers", of], &sensitive[..]].concat();
        desk.answer(&words)["l"].as_u64()
    };
    assert_eq!(l(&missing, "area"), Some(1));
    assert_eq!(l(&desk, "area"), Some(2));
}

#[test]
fn special_uniques_and_their_sizes() {
    let desk = Desk::new("risk", PEOPLE);
    let got = desk.answer(&with(&["--suda", "--weight", "w"]));
    let suda = &got["risk"]["suda"];
    assert_eq!(suda["minimal_sample_uniques"], 1);
    // Forty alone singles one out: (3 - 1)(3 - 2) = 2.
    near(&suda["score"]["maximum"], 2.0);
    assert_eq!(suda["contribution"]["age"], 1.0);
    // Without a share of the population the simulation is not told.
    let got = desk.answer(&with(&["--suda"]));
    assert!(got["risk"]["suda"]["dis"]["reason"].is_string());
}

#[test]
fn the_figures_of_each_record_in_the_order_of_the_file() {
    let desk = Desk::new("risk", PEOPLE);
    let out = desk.path("records.csv");
    desk.answer(&with(&["--weight", "w", "--out", out.to_str().unwrap()]));
    let written = std::fs::read_to_string(&out).unwrap();
    assert_eq!(written.lines().count(), 8);
    // No value of a record is there.
    assert!(!written.contains(",m,") && !written.contains(",f,"));
    let mut turned: Vec<&str> = PEOPLE.lines().collect();
    turned[1..].reverse();
    let turned = Desk::new("risk", &(turned.join("\n") + "\n"));
    let back = turned.path("records.csv");
    turned.answer(&with(&["--weight", "w", "--out", back.to_str().unwrap()]));
    let back = std::fs::read_to_string(&back).unwrap();
    let mut lines: Vec<&str> = back.lines().collect();
    lines[1..].reverse();
    assert_eq!(lines, written.lines().collect::<Vec<_>>());
}

#[test]
fn words_in_both_languages() {
    let desk = Desk::new("risk", PEOPLE);
    let asked = with(&["--sensitive", "illness"]);
    let said = desk.words("it", &asked);
    assert!(
        said.contains("7 record; 2 soli") && said.contains("57,14%"),
        "{said}"
    );
    assert!(said.contains("non si può dire senza pesi"), "{said}");
    let said = desk.words("en", &asked);
    assert!(
        said.contains("7 records; 2 alone") && said.contains("57.14%"),
        "{said}"
    );
    assert!(said.contains("cannot be told without weights"), "{said}");
}

#[test]
fn weights_that_are_none() {
    for weight in ["0", "-1", "", "nan"] {
        let people = PEOPLE.replace("20,m,n,b,3", &format!("20,m,n,b,{weight}"));
        let desk = Desk::new("risk", &people);
        let (code, exit) = desk.refusal(&with(&["--weight", "w"]));
        assert!(
            code == "WDL-X120" || weight == "nan" && code == "WDL-S010",
            "{weight}: {code}"
        );
        assert_ne!(exit, 0);
        // Without the weights the file can be judged.
        assert_eq!(desk.answer(&KEYS)["k"], 1);
    }
    let zeros: String = PEOPLE
        .lines()
        .enumerate()
        .map(|(row, line)| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if row > 0 {
                cells[4] = "0";
            }
            cells.join(",") + "\n"
        })
        .collect();
    let desk = Desk::new("risk", &zeros);
    assert_eq!(desk.refusal(&with(&["--weight", "w"])).0, "WDL-X120");
    let words = PEOPLE.replace("20,m,n,b,3", "20,m,n,b,zqubel");
    let desk = Desk::new("risk", &words);
    assert_eq!(desk.refusal(&with(&["--weight", "w"])).0, "WDL-S010");
}

#[test]
fn files_and_columns_that_are_not_there() {
    let desk = Desk::new("risk", PEOPLE);
    assert_eq!(
        desk.refusal(&["--quasi-identifiers", "age,zip"]).0,
        "WDL-S009"
    );
    assert_eq!(desk.refusal(&with(&["--sensitive", "zip"])).0, "WDL-S009");
    assert_eq!(desk.refusal(&with(&["--weight", "zip"])).0, "WDL-S009");
    assert_eq!(desk.refusal(&with(&["--household", "zip"])).0, "WDL-S009");
    let empty = Desk::new("risk", "");
    assert_eq!(empty.refusal(&KEYS).0, "WDL-S009");
    let header = Desk::new("risk", "age,sex,area\n");
    assert_eq!(header.refusal(&KEYS).0, "WDL-X109");
    std::fs::remove_file(desk.path("people.csv")).unwrap();
    assert_eq!(desk.refusal(&KEYS).0, "WDL-S008");
}

#[test]
fn options_that_cannot_be() {
    let desk = Desk::new("risk", PEOPLE);
    for wrong in [
        ["--sampling-fraction", "0"],
        ["--sampling-fraction", "1.5"],
        ["--threshold", "3"],
    ] {
        assert_eq!(desk.refusal(&with(&wrong)).0, "WDL-X121", "{wrong:?}");
    }
    assert_eq!(desk.exit(&with(&["--largest-set", "2"])), 2);
    assert_eq!(desk.exit(&[]), 2);
    // A column for two things, or twice.
    assert_eq!(desk.refusal(&with(&["--sensitive", "age"])).0, "WDL-X117");
    assert_eq!(
        desk.refusal(&["--quasi-identifiers", "age,age"]).0,
        "WDL-X117"
    );
    // What is read is not written over.
    let own = desk.path("people.csv");
    desk.refusal(&with(&["--out", own.to_str().unwrap()]));
    assert_eq!(std::fs::read_to_string(own).unwrap(), PEOPLE);
}

/// Three rows of one person, two persons alike.
const TWICE: &str = "\
age,sex,area,who
20,m,n,1
20,m,n,1
20,m,n,1
30,f,s,2
30,f,s,3
";

#[test]
fn persons_are_counted_where_they_are_named() {
    let desk = Desk::new("risk", TWICE);
    assert_eq!(desk.answer(&with(&[]))["k"], 2);
    let got = desk.answer(&with(&["--person", "who"]));
    assert_eq!(got["k"], 1);
    assert_eq!(
        (&got["risk"]["records"], &got["risk"]["counted"]),
        (&json!(5), &json!(3))
    );
}
