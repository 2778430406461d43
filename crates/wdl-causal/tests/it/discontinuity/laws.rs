//! What must hold of every estimate, and a slow second opinion by matrices.

use nalgebra::{DMatrix, DVector};
use wdl_causal::discontinuity::bandwidth::Bandwidths;
use wdl_causal::discontinuity::design::{Options, Rows, Selection, Variance};
use wdl_causal::discontinuity::estimate::estimate;

use super::effect::close;
use super::generated::Sample;

#[test]
fn units_and_order_of_rows_change_nothing() {
    for seed in 1..8 {
        let sample = Sample::of(400, seed, 0);
        let own = estimate(&sample.sharp(), &Options::at(0.0)).expect("an estimate");
        let running: Vec<f64> = sample.running.iter().rev().map(|x| 1e4 * x + 3.0).collect();
        let outcome: Vec<f64> = sample.outcome.iter().rev().map(|y| 1e-3 * y).collect();
        let options = Options::at(3.0);
        let other = estimate(&Rows::sharp(&running, &outcome), &options).expect("an estimate");
        let [one, two] = [own.effect.robust, other.effect.robust];
        close(two.value, 1e-3 * one.value, 1e-7, "value");
        close(two.standard_error, 1e-3 * one.standard_error, 1e-7, "error");
        close(
            other.bandwidths.main[0],
            1e4 * own.bandwidths.main[0],
            1e-7,
            "h",
        );
    }
}

#[test]
fn the_mirror_has_the_opposite_jump() {
    for seed in 1..8 {
        let sample = Sample::of(400, seed, 0);
        let own = estimate(&sample.sharp(), &Options::at(0.0)).expect("an estimate");
        let running: Vec<f64> = sample.running.iter().map(|own| -own).collect();
        let mirror = Rows::sharp(&running, &sample.outcome);
        let other = estimate(&mirror, &Options::at(0.0)).expect("an estimate");
        close(
            other.effect.robust.value,
            -own.effect.robust.value,
            1e-10,
            "value",
        );
        let error = own.effect.robust.standard_error;
        close(other.effect.robust.standard_error, error, 1e-10, "error");
        assert_eq!(other.effective, [own.effective[1], own.effective[0]]);
    }
}

/// A weighted fit by matrices, as textbooks write it: the coefficients and the matrix that makes them.
fn slow(x: &[f64], bandwidth: f64, degree: usize) -> DMatrix<f64> {
    let design = DMatrix::from_fn(x.len(), degree + 1, |row, power| x[row].powi(power as i32));
    let weights = DMatrix::from_diagonal(&DVector::from_fn(x.len(), |row, _| {
        (1.0 - x[row].abs() / bandwidth).max(0.0) / bandwidth
    }));
    let gram = design.transpose() * &weights * &design;
    gram.try_inverse().expect("a fit") * design.transpose() * weights
}

#[test]
fn fixed_bandwidths_agree_with_matrices() {
    let sample = Sample::of(200, 21, 0);
    let (h, b) = (0.5, 0.7);
    let options = Options {
        selection: Selection::Given(Bandwidths {
            main: [h; 2],
            bias: [b; 2],
        }),
        variance: Variance::Hc0,
        ..Options::at(0.0)
    };
    let found = estimate(&sample.sharp(), &options).expect("an estimate");
    let (mut value, mut variance) = (0.0, 0.0);
    for sign in [-1.0, 1.0] {
        let rows: Vec<usize> = (0..200)
            .filter(|row| (sample.running[*row] >= 0.0) == (sign > 0.0))
            .collect();
        let x: Vec<f64> = rows.iter().map(|row| sample.running[*row]).collect();
        let y = DVector::from_iterator(rows.len(), rows.iter().map(|row| sample.outcome[*row]));
        let (main, bias) = (slow(&x, h, 1), slow(&x, b, 2));
        let squares = DVector::from_iterator(x.len(), x.iter().map(|own| own * own));
        let leak = (&main * &squares)[0];
        let smoother = main.row(0) - bias.row(2) * leak;
        value += sign * (&smoother * &y)[0];
        let curve = &bias * &y;
        for row in 0..x.len() {
            let fitted = curve[0] + curve[1] * x[row] + curve[2] * x[row] * x[row];
            variance += (smoother[row] * (y[row] - fitted)).powi(2);
        }
    }
    close(found.effect.robust.value, value, 1e-10, "value");
    close(
        found.effect.robust.standard_error,
        variance.sqrt(),
        1e-10,
        "error",
    );
}
