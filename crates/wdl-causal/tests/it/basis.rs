//! Distributions, least squares and the logit: values from outside.

use nalgebra::{DMatrix, DVector};
use wdl_causal::{dense, distribution, logit};

use crate::tails::{FISHER, STUDENT};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    let distance = (ours - theirs).abs() / theirs.abs().max(1e-300);
    assert!(
        distance <= tolerance,
        "{ours} is not {theirs}: {distance:e}"
    );
}

#[test]
fn tails_keep_their_digits() {
    for (t, degrees, probability) in STUDENT {
        close(
            distribution::student_two_sided(*t, *degrees),
            *probability,
            1e-12,
        );
    }
    for (f, first, second, probability) in FISHER {
        close(
            distribution::fisher_upper(*f, *first, *second),
            *probability,
            1e-11,
        );
    }
    close(
        distribution::student_quantile(0.975, 4.0),
        2.776_445_105_197_793,
        1e-12,
    );
    close(
        distribution::normal_quantile(0.975),
        1.959_963_984_540_054,
        1e-14,
    );
}

#[test]
fn a_repeated_column_is_named() {
    let (a, b) = ([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 1.0, 0.0]);
    let c = [2.0, 2.0, 4.0, 4.0];
    assert_eq!(dense::independent(&[&a, &b, &c], dense::COLLINEAR), [0, 1]);
}

#[test]
fn a_logit_of_two_groups_is_their_log_odds() {
    let x = DMatrix::from_fn(10, 2, |row, column| match column {
        0 => 1.0,
        _ => f64::from(u8::from(row >= 5)),
    });
    let is_treated: Vec<bool> = (0..10).map(|row| matches!(row, 0 | 5..=7)).collect();
    let fit = logit::fit(&x, &is_treated, None).unwrap();
    close(fit.coefficients[0], (0.2_f64 / 0.8).ln(), 1e-12);
    close(
        fit.coefficients[1],
        (0.6_f64 / 0.4).ln() - (0.2_f64 / 0.8).ln(),
        1e-12,
    );
}

#[test]
fn who_is_told_exactly_has_no_logit() {
    let x = DMatrix::from_fn(10, 2, |row, column| [1.0, row as f64][column]);
    let is_treated: Vec<bool> = (0..10).map(|row| row >= 5).collect();
    assert_eq!(
        logit::fit(&x, &is_treated, None).unwrap_err(),
        logit::NoLogit::Separation
    );
    let y = DVector::from_element(10, 1.0);
    assert!(dense::least_squares(&x, &y, None).is_some());
}
