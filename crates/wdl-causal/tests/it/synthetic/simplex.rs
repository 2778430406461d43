//! The exact solver.

use nalgebra::{DMatrix, DVector};
use wdl_causal::synthetic::simplex::{Nearest, nearest};

use super::sets::Noise;

fn made(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    let mut noise = Noise::new(seed);
    DMatrix::from_fn(rows, columns, |_, _| noise.next() + 0.4)
}

#[track_caller]
fn check(found: &Nearest) {
    let sum: f64 = found.weights.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    assert!(found.weights.iter().all(|own| *own >= 0.0));
    assert!(found.certificate.is_certified(), "{:?}", found.certificate);
}

/// The slow way: steps down the slope, brought back to the simplex (Held, Wolfe and Crowder 1974).
fn slowly(rows: &DMatrix<f64>) -> f64 {
    let columns = rows.ncols();
    let step = 0.5 / rows.norm_squared();
    let mut weights = DVector::from_element(columns, 1.0 / columns as f64);
    for _ in 0..20_000 {
        let slope = rows.tr_mul(&(rows * &weights)) * 2.0;
        let mut moved = &weights - slope * step;
        let mut sorted: Vec<f64> = moved.iter().copied().collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let (mut sum, mut level) = (0.0, 0.0);
        for (at, own) in sorted.iter().enumerate() {
            sum += own;
            let candidate = (sum - 1.0) / (at + 1) as f64;
            if *own > candidate {
                level = candidate;
            }
        }
        moved.apply(|own| *own = (*own - level).max(0.0));
        weights = moved;
    }
    (rows * weights).norm_squared()
}

#[test]
fn no_slow_descent_finds_less() {
    for (rows, columns, seed) in [(4, 3, 1), (6, 9, 2), (12, 8, 3), (3, 15, 4), (20, 20, 5)] {
        let matrix = made(rows, columns, seed);
        let found = nearest(&matrix, 0.0);
        check(&found);
        let other = slowly(&matrix);
        let scale = matrix.norm_squared() / columns as f64;
        assert!(
            found.loss <= other + 1e-12 * scale,
            "{} {other}",
            found.loss
        );
        assert!(other - found.loss < 1e-4 * scale, "{} {other}", found.loss);
    }
}

#[test]
fn every_size_and_scale_is_certified() {
    for seed in 0..60 {
        let (rows, columns) = (1 + seed as usize % 11, 1 + (seed as usize * 7) % 40);
        let matrix = made(rows, columns, seed + 100) * 10_f64.powi(seed as i32 % 9 - 4);
        check(&nearest(&matrix, 0.0));
        check(&nearest(&matrix, 0.01 * matrix.norm_squared()));
    }
}

#[test]
fn twins_and_mixtures_are_said_not_to_be_unique() {
    let mut matrix = made(5, 4, 9);
    let found = nearest(&matrix, 0.0);
    let used = found
        .weights
        .iter()
        .position(|own| *own > 0.0)
        .expect("one");
    assert!(found.certificate.is_unique);
    let twin = matrix.column(used).into_owned();
    matrix = matrix.insert_column(4, 0.0);
    matrix.set_column(4, &twin);
    let doubled = nearest(&matrix, 0.0);
    check(&doubled);
    assert!(!doubled.certificate.is_unique);
    assert!((doubled.loss - found.loss).abs() < 1e-12 * found.loss.max(1.0));
    // A ridge makes one answer of the twins: equal shares.
    let shared = nearest(&matrix, 0.1);
    assert!(shared.certificate.is_unique);
    assert!((shared.weights[used] - shared.weights[4]).abs() < 1e-12);
}

#[test]
fn the_origin_inside_is_reached() {
    let matrix = DMatrix::from_column_slice(2, 4, &[1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0]);
    let found = nearest(&matrix, 0.0);
    check(&found);
    assert!(found.loss < 1e-28 && !found.certificate.is_unique);
}

#[test]
fn one_column_and_equal_columns() {
    let found = nearest(&DMatrix::from_element(3, 1, 2.0), 0.0);
    assert_eq!(found.weights, [1.0]);
    let found = nearest(&DMatrix::from_element(3, 5, 2.0), 0.0);
    check(&found);
    assert!((found.loss - 12.0).abs() < 1e-12 && !found.certificate.is_unique);
    check(&nearest(&DMatrix::zeros(3, 5), 0.0));
}
