//! Slow second opinions on imputation and decomposition, and how often intervals cover.

use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::group_time::{GroupTime, Request, estimate};
use wdl_causal::did::imputation::{Imputed, Variance, impute};
use wdl_causal::did::panel::Gaps;
use wdl_causal::did::two_way::decompose;

use super::{Data, close, made};

/// Imputation by a regression with a column for every unit and period.
fn slowly_imputed(data: &Data) -> f64 {
    let units = 1 + data.unit.iter().max().unwrap();
    let columns = units as usize + 5;
    let row_of = |row: usize| {
        let mut own = nalgebra::DVector::zeros(columns);
        own[data.unit[row] as usize] = 1.0;
        if data.period[row] > 1 {
            own[units as usize + data.period[row] as usize - 2] = 1.0;
        }
        own
    };
    let is_treated = |row: usize| data.first[row].is_some_and(|own| own <= data.period[row]);
    let rows = 0..data.unit.len();
    let (treated, rest): (Vec<usize>, Vec<usize>) = rows.partition(|row| is_treated(*row));
    let x = nalgebra::DMatrix::from_fn(rest.len(), columns, |at, column| row_of(rest[at])[column]);
    let y = nalgebra::DVector::from_fn(rest.len(), |at, _| data.outcome[rest[at]]);
    let fit = (x.transpose() * &x)
        .cholesky()
        .unwrap()
        .solve(&(x.transpose() * y));
    let gains = treated
        .iter()
        .map(|row| data.outcome[*row] - row_of(*row).dot(&fit));
    gains.sum::<f64>() / treated.len() as f64
}

#[test]
fn imputation_is_a_regression_with_a_column_for_each_unit() {
    let mut data = made(50, 7);
    data.covariates.clear();
    let gappy = data.keep(|row| (data.unit[row] + data.period[row]) % 7 != 0);
    let own = impute(&gappy.read(Gaps::AsTheyAre).unwrap(), Variance::Imputation).unwrap();
    close(own.overall.att, slowly_imputed(&gappy), 1e-9, "imputed");
    assert!(own.left_out.is_empty());
    let sum = |effects: &[Imputed]| {
        let all = effects.iter().map(|own| own.att * own.observations as f64);
        all.sum::<f64>() / own.overall.observations as f64
    };
    close(
        sum(&own.effects),
        own.overall.att,
        1e-12,
        "by time since treatment",
    );
    let treated = data.keep(|row| data.first[row].is_some()).panel();
    let own = impute(&treated, Variance::TwoStage).unwrap();
    // Nobody is untreated from period 5 on.
    assert!(own.left_out.iter().all(|(_, period)| *period >= 5));
    assert!(!own.left_out.is_empty());
}

#[test]
fn the_decomposition_sums_to_the_coefficient() {
    for seed in 0..5 {
        let mut data = made(60, seed);
        data.weights = Some(
            data.unit
                .iter()
                .map(|unit| 1.0 + (unit % 3) as f64)
                .collect(),
        );
        let bacon = decompose(&data.panel()).unwrap();
        close(bacon.sum(), bacon.effect.coefficient, 1e-11, "sum");
        let weight: f64 = bacon.comparisons.iter().map(|own| own.weight).sum();
        close(weight, 1.0, 1e-11, "weights");
    }
}

#[test]
fn intervals_cover_the_truth_about_as_often_as_they_say() {
    let draws = 300;
    let mut covered = 0;
    for seed in 0..draws {
        let effects: GroupTime = estimate(&made(200, 1_000 + seed).panel(), Request::default());
        let overall = effects
            .aggregate(Kind::Dynamic(Window::default()))
            .overall
            .unwrap();
        let (low, high) = overall.interval(0.95).unwrap();
        let truth = 1.0 + 0.25 * 1.5;
        covered += u32::from(low <= truth && truth <= high);
    }
    let share = f64::from(covered) / draws as f64;
    println!("covered {share}");
    // Three standard errors of the share on 300 draws.
    assert!(
        (share - 0.95).abs() < 3.0 * (0.95_f64 * 0.05 / 300.0).sqrt(),
        "{share}"
    );
}
