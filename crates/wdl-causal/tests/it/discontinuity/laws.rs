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

/// Rows in clusters of three on one side of the cut-off, which are then left out one after the other.
#[test]
fn the_jackknife_is_what_leaving_out_a_cluster_changes() {
    let sample = Sample::of(240, 33, 0);
    let side = |row: usize| usize::from(sample.running[row] >= 0.0);
    let mut seen = [0, 0];
    let clusters: Vec<usize> = (0..sample.running.len())
        .map(|row| {
            let own = &mut seen[side(row)];
            *own += 1;
            2 * ((*own - 1) / 3) + side(row)
        })
        .collect();
    let h = 0.6;
    let options = Options {
        selection: Selection::Given(Bandwidths {
            main: [h; 2],
            bias: [h; 2],
        }),
        variance: Variance::Jackknife,
        ..Options::at(0.0)
    };
    let rows = Rows {
        clusters: Some(&clusters),
        ..sample.sharp()
    };
    let found = estimate(&rows, &options).expect("an estimate").effect;
    let within = |row: usize| sample.running[row].abs() < h;
    let mut own: Vec<usize> = (0..clusters.len())
        .filter(|row| within(*row))
        .map(|row| clusters[row])
        .collect();
    own.sort_unstable();
    own.dedup();
    let (mut conventional, mut robust) = (0.0, 0.0);
    for which in 0..2 {
        let of_side: Vec<usize> = own.iter().copied().filter(|own| own % 2 == which).collect();
        let count = of_side.len() as f64;
        for left_out in of_side {
            let kept: Vec<usize> = (0..clusters.len())
                .filter(|row| clusters[*row] != left_out)
                .collect();
            let of = |column: &[f64]| kept.iter().map(|row| column[*row]).collect::<Vec<f64>>();
            let (running, outcome) = (of(&sample.running), of(&sample.outcome));
            let plain = Options {
                variance: Variance::Hc0,
                ..options
            };
            let without = estimate(&Rows::sharp(&running, &outcome), &plain).expect("an estimate");
            let factor = (count - 1.0) / count;
            let changed = |one: f64, other: f64| factor * (one - other).powi(2);
            conventional += changed(without.effect.conventional.value, found.conventional.value);
            robust += changed(without.effect.robust.value, found.robust.value);
        }
    }
    let errors = (
        found.conventional.standard_error,
        found.robust.standard_error,
    );
    close(errors.0, conventional.sqrt(), 1e-9, "conventional");
    close(errors.1, robust.sqrt(), 1e-9, "robust");
}

#[test]
fn the_jackknife_of_rows_is_hc3() {
    let sample = Sample::of(300, 5, 0);
    let of = |variance: Variance| {
        let options = Options {
            variance,
            ..Options::at(0.0)
        };
        estimate(&sample.sharp(), &options)
            .expect("an estimate")
            .effect
            .robust
    };
    assert_eq!(of(Variance::Jackknife), of(Variance::Hc3));
}
