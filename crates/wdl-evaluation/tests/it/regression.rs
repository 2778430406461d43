//! Regressions of the catalog: values of pyfixest, names of columns, refusals.

use wdl_evaluation::{Cell, Evaluation, EvaluationError};

use crate::asked::{File, ask};

#[track_caller]
fn close(ours: f64, theirs: f64) {
    assert!(
        ((ours - theirs) / theirs).abs() < 1e-8,
        "{ours} is not {theirs}"
    );
}

fn number(answer: &Evaluation, key: &str) -> f64 {
    match answer.figures[key] {
        Cell::Number(value) => value,
        ref other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn investment_of_ten_firms() {
    let Some(file) = File::reference("grunfeld.csv", b',') else {
        return;
    };
    let asked = [
        ("outcome", "inv"),
        ("treatment", "value"),
        ("covariates", "capital"),
        ("fixed-effects", "firm,year"),
        ("cluster", "firm"),
        ("bootstrap", "199"),
    ];
    let answer = ask("regression", &file, &asked).unwrap();
    let own = &answer.estimates[0];
    assert_eq!(own.name, "value");
    // pyfixest 0.60.0.
    close(own.estimate, 0.117_715_855_082_606_49);
    close(own.standard_error.unwrap(), 0.010_824_429_476_863_715);
    close(own.p_value.unwrap(), 1.772_671_373_023_726_5e-6);
    assert_eq!(own.degrees_of_freedom, Some(9.0));
    assert!(answer.notes.iter().any(|note| note.key == "few_clusters"));
    assert_eq!(answer.figures["bootstrap_kind"], Cell::word("webb"));
    assert!(number(&answer, "bootstrap_p") > 0.0);
    let poisson = ask("poisson", &file, &asked[..4]).unwrap();
    assert!(poisson.estimates[0].degrees_of_freedom.is_none());
}

#[test]
fn event_study_of_the_minimum_wage() {
    let Some(file) = File::reference("mpdta.csv", b',') else {
        return;
    };
    let answer = ask(
        "event-study",
        &file,
        &[
            ("outcome", "lemp"),
            ("unit", "countyreal"),
            ("period", "year"),
            ("first-treated", "first.treat"),
        ],
    )
    .unwrap();
    let own = answer
        .estimates
        .iter()
        .find(|own| own.name == "-3")
        .unwrap();
    // pyfixest 0.60.0.
    close(own.estimate, 0.024_623_501_986_490_805);
    close(own.standard_error.unwrap(), 0.017_679_371_172_670_76);
    assert_eq!(answer.estimates.len(), 8);
    // The mean from the start on is that of its coefficients.
    let after = answer.estimates.iter();
    let after = after.filter(|own| own.name.parse::<i64>().is_ok_and(|at| at >= 0));
    let after: Vec<f64> = after.map(|own| own.estimate).collect();
    let mean = after.iter().sum::<f64>() / after.len() as f64;
    close(answer.headline().unwrap().estimate, mean);
    assert_eq!(answer.headline().unwrap().name, "mean-effect");
    assert!(number(&answer, "pre_trends_p") < 1.0);
}

#[test]
fn refusals_name_the_column() {
    let file = File::default()
        .with("y", &[1.0, 2.0, 4.0, 3.0, 5.0, 7.0, 6.0, 8.5])
        .with("d", &[1, 1, 1, 1, 0, 0, 0, 0])
        .with("one", &[1, 1, 1, 1, 1, 1, 1, 1])
        .with("unit", &["a", "a", "b", "b", "c", "c", "d", "d"]);
    let fault = |treatment: &str| {
        let asked = [
            ("outcome", "y"),
            ("treatment", treatment),
            ("fixed-effects", "unit"),
        ];
        match ask("regression", &file, &asked).unwrap_err() {
            EvaluationError::NotEstimable { detail } => detail.en.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fault("d"), "treatment `d` is absorbed by the fixed effects");
    assert_eq!(fault("one"), "treatment `one` is without variation");
    let asked = [
        ("outcome", "y"),
        ("treatment", "d"),
        ("variance", "jackknife"),
    ];
    assert_eq!(
        ask("regression", &file, &asked).unwrap_err(),
        EvaluationError::Missing { option: "cluster" }
    );
    let asked = [
        ("outcome", "y"),
        ("treatment", "d"),
        ("cluster", "unit"),
        ("unit", "unit"),
        ("randomisation", "99"),
    ];
    // Two of four units are treated: six arrangements, and the true one with its mirror are farthest.
    let answer = ask("regression", &file, &asked).unwrap();
    assert_eq!(answer.figures["randomisation_draws"], Cell::Count(6));
    assert!((number(&answer, "randomisation_p") - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn a_date_that_moves_inside_a_unit_is_refused() {
    let file = File::default()
        .with("y", &[1.0, 2.0, 4.0, 3.0])
        .with("u", &["a", "a", "b", "b"])
        .with("t", &[1, 2, 1, 2])
        .with("g", &["2", "1", "", ""]);
    let asked = [
        ("outcome", "y"),
        ("unit", "u"),
        ("period", "t"),
        ("first-treated", "g"),
    ];
    let fault = ask("event-study", &file, &asked).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}
