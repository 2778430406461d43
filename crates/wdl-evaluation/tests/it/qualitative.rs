//! Agreement and comparative analysis, through the catalog.

use wdl_evaluation::{Cell, EvaluationError};

use crate::asked::{File, ask};

#[test]
fn coders_are_compared() {
    // Krippendorff (2011), example A: two coders, ten units, alpha .095.
    let file = File::default()
        .with("one", &[0, 1, 0, 0, 0, 0, 0, 0, 1, 0])
        .with("two", &[1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
    let answer = ask("agreement", &file, &[("coders", "one,two")]).unwrap();
    assert!((answer.estimates[0].estimate - 0.095_238_095_238_095_24).abs() < 1e-12);
    assert_eq!(answer.estimates.len(), 4);
    let words = File::default()
        .with("one", &["si", "no", "", "no"])
        .with("two", &["si", "no", "no", "si"]);
    let answer = ask("agreement", &words, &[("coders", "one,two")]).unwrap();
    assert_eq!((answer.sample.rows, answer.sample.used), (4, 3));
    let fault = ask(
        "agreement",
        &words,
        &[("coders", "one,two"), ("metric", "interval")],
    )
    .unwrap_err();
    assert!(matches!(fault, EvaluationError::Options { .. }));
}

#[test]
fn configurations_are_minimised() {
    let file = File::default()
        .with("name", &["A", "B", "C", "D"])
        .with("x", &["0.9", "0.8", "0.2", "0.1"])
        .with("z", &["0.7", "0.1", "0.9", "0.3"])
        .with("y", &["0.9", "0.9", "0.1", "0.2"]);
    let options = [
        ("outcome", "y"),
        ("conditions", "x,z"),
        ("case", "name"),
        ("solution", "parsimonious"),
    ];
    let answer = ask("qca", &file, &options).unwrap();
    let rows = &answer.tables[0].rows;
    assert_eq!(rows[0][1], Cell::Words("x".to_owned()));
    assert_eq!(rows[0][6], Cell::Words("A, B".to_owned()));
    let half = file.with("h", &["0.5", "0.1", "0.9", "0.3"]);
    let fault = ask(
        "qca",
        &half,
        &[("outcome", "y"), ("conditions", "x,h"), ("case", "name")],
    )
    .unwrap_err();
    assert!(fault.to_string().contains("case `A`"), "{fault}");
}
