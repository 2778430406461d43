//! Poisson regression: pyfixest's value, the equations of the maximum, separated rows.

use wdl_causal::regression::{self, ClusterFactor, Column, Model, RegressionError, Term, Variance};

use super::{Noise, close, codes};
use crate::elsewhere::{self, Table};

#[test]
fn investment_of_ten_firms_as_counts() {
    let (Some(table), Some(expected)) = (Table::read("grunfeld.csv", b','), elsewhere::expected())
    else {
        return;
    };
    let expected = &expected["panel_fixed_effects"]["pois_grunfeld"];
    let (outcome, value, capital) = (
        // The reference was computed on counts: investment rounded to whole numbers.
        table
            .numbers("inv")
            .into_iter()
            .map(f64::round_ties_even)
            .collect::<Vec<f64>>(),
        table.numbers("value"),
        table.numbers("capital"),
    );
    let firm = codes(&table, "firm");
    let model = Model {
        outcome: &outcome,
        regressors: vec![Column::Values(&value), Column::Values(&capital)],
        fixed_effects: vec![&firm],
        ..Model::default()
    };
    let fit = regression::poisson(&model).unwrap();
    let clustered = Variance::Cluster {
        ways: vec![&firm],
        factor: ClusterFactor::Least,
    };
    let ours = fit.fit.inference(&clustered, 0.95).unwrap();
    for (at, name) in ["value", "capital"].into_iter().enumerate() {
        let (own, entry) = (&ours.coefficients[at], &expected[name]);
        let number = |key: &str| entry[key].as_f64().unwrap();
        close(own.estimate, number("est"), 1e-9);
        close(own.standard_error, number("se"), 1e-8);
        close(own.t, number("t"), 1e-8);
        assert!((own.p - number("p")).abs() <= 1e-7 * number("p") + 4e-15);
        let ends = entry["ci95"].as_array().unwrap();
        close(own.low, ends[0].as_f64().unwrap(), 1e-8);
        close(own.high, ends[1].as_f64().unwrap(), 1e-8);
    }
}

/// Counts with two effects.
fn counts(rows: usize) -> (Vec<f64>, Vec<f64>, Vec<u32>, Vec<u32>) {
    let mut noise = Noise::new(31);
    let unit: Vec<u32> = (0..rows).map(|_| noise.below(20)).collect();
    let period: Vec<u32> = (0..rows).map(|_| noise.below(6)).collect();
    let x: Vec<f64> = (0..rows).map(|_| noise.normal()).collect();
    let y = (0..rows).map(|row| {
        let level = (0.3 * x[row] + 0.1 * f64::from(unit[row] % 5)).exp();
        (level * 2.0 * noise.uniform()).round()
    });
    (y.collect(), x, unit, period)
}

#[test]
fn the_maximum_leaves_no_sum_of_errors_in_any_group() {
    let (y, x, unit, period) = counts(500);
    let model = Model {
        outcome: &y,
        regressors: vec![Column::Values(&x)],
        fixed_effects: vec![&unit, &period],
        ..Model::default()
    };
    let own = regression::poisson(&model).unwrap();
    assert!(own.separated.is_empty() && own.zero_groups.is_empty());
    // A constant and dummies instead of effects say the same.
    let mut dummies = model.clone();
    dummies.fixed_effects.clear();
    let unit: Vec<i32> = unit.iter().map(|own| *own as i32).collect();
    let period: Vec<i32> = period.iter().map(|own| *own as i32).collect();
    for (codes, count) in [(&unit, 20), (&period, 6)] {
        let levels = (1..count).map(|level| Column::Level { codes, level });
        dummies.regressors.extend(levels);
    }
    let slow = regression::poisson(&dummies).unwrap();
    close(own.fit.coefficients[0], slow.fit.coefficients[1], 1e-9);
    close(own.deviance, slow.deviance, 1e-10);
    let (own, slow) = (
        own.fit.inference(&Variance::Hc0, 0.95).unwrap(),
        slow.fit.inference(&Variance::Hc0, 0.95).unwrap(),
    );
    assert_eq!(slow.coefficients[0].term, Term::Constant);
    close(
        own.coefficients[0].standard_error,
        slow.coefficients[1].standard_error,
        1e-8,
    );
}

#[test]
fn separated_rows_are_told_and_change_nothing() {
    let (mut y, x, unit, period) = counts(500);
    for row in 0..y.len() {
        // A whole unit without an event, and a dummy that only rows without one have.
        if unit[row] == 3 || (row % 50 == 7) {
            y[row] = 0.0;
        }
    }
    let dummy: Vec<f64> = (0..y.len())
        .map(|row| f64::from(u8::from(row % 50 == 7)))
        .collect();
    let model = Model {
        outcome: &y,
        regressors: vec![Column::Values(&x), Column::Values(&dummy)],
        fixed_effects: vec![&unit, &period],
        ..Model::default()
    };
    let own = regression::poisson(&model).unwrap();
    let of_unit: Vec<usize> = (0..500).filter(|row| unit[*row] == 3).collect();
    assert_eq!(own.zero_groups, of_unit);
    let expected: Vec<usize> = (0..500)
        .filter(|row| row % 50 == 7 && unit[*row] != 3)
        .collect();
    assert_eq!(own.separated, expected);
    assert_eq!(own.fit.left_out.len(), 1);
    let rows: Vec<usize> = (0..500)
        .filter(|row| unit[*row] != 3 && row % 50 != 7)
        .collect();
    let pick = |from: &[f64]| rows.iter().map(|row| from[*row]).collect::<Vec<f64>>();
    let codes = |from: &[u32]| rows.iter().map(|row| from[*row]).collect::<Vec<u32>>();
    let (y, x, unit, period) = (pick(&y), pick(&x), codes(&unit), codes(&period));
    let rest = Model {
        outcome: &y,
        regressors: vec![Column::Values(&x)],
        fixed_effects: vec![&unit, &period],
        ..Model::default()
    };
    let rest = regression::poisson(&rest).unwrap();
    close(own.fit.coefficients[0], rest.fit.coefficients[0], 1e-9);
}

#[test]
fn counts_are_not_negative_and_not_all_zero() {
    let x = [1.0, 2.0, 3.0, 5.0];
    let model = |outcome| Model {
        outcome,
        regressors: vec![Column::Values(&x)],
        ..Model::default()
    };
    let fault = regression::poisson(&model(&[1.0, -2.0, 0.0, 1.0])).unwrap_err();
    assert!(matches!(
        fault,
        RegressionError::Negative {
            rows: 1,
            first: 1,
            ..
        }
    ));
    let fault = regression::poisson(&model(&[0.0; 4])).unwrap_err();
    assert_eq!(fault, RegressionError::AllZero);
}
