//! The difference of two means.

use wdl_evaluation::EvaluationError;

use crate::asked::{File, ask};

#[test]
fn welch_on_ten_rows() {
    let file = File::default()
        .with("y", &[3.0, 5.0, 4.0, 8.0, 1.0, 2.0, 2.0, 3.0, 9.0, 1.0])
        .with("d", &[1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    let answer = ask("difference", &file, &[("outcome", "y"), ("treatment", "d")]).unwrap();
    let own = &answer.estimates[0];
    assert!((own.estimate - 2.0).abs() < 1e-12);
    // Python, from the textbook's formula: sums of squares over n - 1 and n, unequal variances.
    assert!((own.statistic.unwrap() - 1.217_161_238_900_369).abs() < 1e-9);
}

#[test]
fn missing_rows_are_counted_and_infinite_ones_refused() {
    let file = File::default()
        .with("y", &["3", "5", "", "8", "1", "2"])
        .with("d", &[1, 1, 1, 1, 0, 0]);
    let answer = ask("difference", &file, &[("outcome", "y"), ("treatment", "d")]).unwrap();
    assert_eq!(
        (
            answer.sample.rows,
            answer.sample.used,
            answer.sample.missing["y"]
        ),
        (6, 5, 1)
    );
    let file = File::default()
        .with("y", &["inf", "5", "3", "8"])
        .with("d", &[1, 1, 0, 0]);
    let fault = ask("difference", &file, &[("outcome", "y"), ("treatment", "d")]).unwrap_err();
    assert!(matches!(fault, EvaluationError::Infinite { count: 1, .. }));
}

#[test]
fn what_is_no_treatment_is_refused() {
    let file = File::default()
        .with("y", &[1, 2, 3, 4])
        .with("d", &[1, 2, 0, 0]);
    let fault = ask("difference", &file, &[("outcome", "y"), ("treatment", "d")]).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::NotZeroOne { count: 1, .. }
    ));
    let fault = ask("difference", &file, &[("outcome", "y")]).unwrap_err();
    assert_eq!(
        fault,
        EvaluationError::Missing {
            option: "treatment"
        }
    );
}

#[test]
fn the_naive_comparison_of_lalonde() {
    let Some(file) = File::reference("lalonde.csv", b',') else {
        return;
    };
    let answer = ask(
        "difference",
        &file,
        &[("outcome", "re78"), ("treatment", "treat")],
    )
    .unwrap();
    assert!((answer.estimates[0].estimate + 635.026_212_037_422).abs() < 1e-9);
}
