//! Synthetic control.

use wdl_evaluation::{Cell, EvaluationError};

use crate::asked::{File, ask};

const PANEL: &[(&str, &str)] = &[
    ("outcome", "PacksPerCapita"),
    ("unit", "State"),
    ("period", "Year"),
    ("treatment", "treated"),
];

#[test]
fn proposition_99() {
    let Some(file) = File::reference("prop99.csv", b';') else {
        return;
    };
    let options = [PANEL, &[("ridge", ""), ("placebo-time", "1983")]].concat();
    let answer = ask("synthetic-control", &file, &options).unwrap();
    assert!((answer.estimates[0].estimate + 19.513_629_768_421_13).abs() < 1e-8);
    let last = answer
        .estimates
        .iter()
        .find(|own| own.name == "2000")
        .unwrap();
    assert!((last.estimate + 26.596_643_181_589_542).abs() < 1e-8);
    let number = |key: &str| match answer.figures[key] {
        Cell::Number(number) => number,
        ref other => panic!("{other:?}"),
    };
    assert!((number("rmspe_before") - 1.656_400_210_333_752_7).abs() < 1e-10);
    assert!(number("kkt_residual") <= 1e-9);
    assert!(number("effect_lowest") < -19.5 && number("effect_highest") > -19.6);
    let weights = answer
        .tables
        .iter()
        .find(|own| own.key == "weights")
        .unwrap();
    assert_eq!(weights.rows.len(), 6);
    assert!(answer.notes.iter().any(|note| note.key == "outside_hull"));
    assert!(answer.estimates.iter().any(|own| own.name == "att ridge"));
    assert!(
        answer
            .estimates
            .iter()
            .any(|own| own.name == "placebo 1983")
    );
}

#[test]
fn lags_are_predictors() {
    let Some(file) = File::reference("prop99.csv", b';') else {
        return;
    };
    let options = [PANEL, &[("lags", "1975,1980,1988")]].concat();
    let answer = ask("synthetic-control", &file, &options).unwrap();
    let table = answer
        .tables
        .iter()
        .find(|own| own.key == "predictors")
        .unwrap();
    assert_eq!(table.rows.len(), 3);
    let late = [PANEL, &[("lags", "1995")]].concat();
    let fault = ask("synthetic-control", &file, &late).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options { option: "lags", .. }
    ));
}

#[test]
fn panels_that_are_none() {
    let file = |y: [&str; 9], u: [&str; 9], d: [u8; 9]| {
        File::default()
            .with("y", &y)
            .with("u", &u)
            .with("t", &[1, 2, 3, 1, 2, 3, 1, 2, 3])
            .with("d", &d)
    };
    let options = [
        ("outcome", "y"),
        ("unit", "u"),
        ("period", "t"),
        ("treatment", "d"),
    ];
    let y = ["1", "2", "3", "2", "3", "5", "1", "1", "2"];
    let u = ["a", "a", "a", "b", "b", "b", "c", "c", "c"];
    let d = [0, 0, 1, 0, 0, 0, 0, 0, 0];
    let fault = |file: &File| {
        ask("synthetic-control", file, &options)
            .unwrap_err()
            .to_string()
    };
    let mut hole = y;
    hole[4] = "";
    assert!(fault(&file(hole, u, d)).contains("1 values of unit and period are missing: b 2"));
    let mut twin = u;
    twin[6..].fill("b");
    assert!(fault(&file(y, twin, d)).contains("b has more than one value in period 1"));
    assert!(fault(&file(y, u, [0, 0, 1, 0, 0, 1, 0, 0, 0])).contains("2 units are treated"));
    assert!(fault(&file(y, u, [0, 1, 1, 0, 0, 0, 0, 0, 0])).contains("1 periods before"));
    assert!(fault(&file(y, u, [1, 1, 1, 0, 0, 0, 0, 0, 0])).contains("0 periods before"));
    let answer = ask("synthetic-control", &file(y, u, d), &options).unwrap();
    assert!(answer.notes.iter().any(|note| note.key == "no_placebos"));
    assert!(answer.notes.iter().any(|note| note.key == "open_intervals"));
}
