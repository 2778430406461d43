//! Bad inputs by name.

use wdl_causal::discontinuity::design::{Column, NoEstimate, Options, Rows, Whose};
use wdl_causal::discontinuity::estimate::{Caution, estimate};

use super::generated::{Draws, Sample};

fn refused(rows: &Rows<'_>) -> NoEstimate {
    estimate(rows, &Options::at(0.0)).expect_err("there is no estimate")
}

#[test]
fn cutoff_outside_and_one_side_only() {
    let sample = Sample::of(300, 3, 0);
    let outside = estimate(&sample.sharp(), &Options::at(5.0));
    assert!(matches!(outside, Err(NoEstimate::CutoffOutside { .. })));
    let shifted: Vec<f64> = sample.running.iter().map(|own| own + 2.0).collect();
    let why = refused(&Rows::sharp(&shifted, &sample.outcome));
    assert!(matches!(why, NoEstimate::CutoffOutside { .. }));
}

#[test]
fn missing_and_infinite_values() {
    let mut sample = Sample::of(300, 3, 0);
    sample.outcome[4] = f64::NAN;
    sample.outcome[9] = f64::INFINITY;
    let why = refused(&sample.sharp());
    assert_eq!(why, NoEstimate::NotFinite(Column::Outcome, 2));
    sample.running[0] = f64::NEG_INFINITY;
    let why = refused(&sample.sharp());
    assert_eq!(why, NoEstimate::NotFinite(Column::Running, 1));
    let short = [1.0, 2.0];
    let why = refused(&Rows::sharp(&[1.0, -1.0, 2.0], &short));
    assert_eq!(why, NoEstimate::Length(Column::Outcome));
    assert!(matches!(
        refused(&Rows::sharp(&[], &[])),
        NoEstimate::CutoffOutside { .. }
    ));
}

#[test]
fn constant_outcome_and_outcome_on_its_curve() {
    let sample = Sample::of(300, 3, 0);
    let flat = vec![4.0; 300];
    let why = refused(&Rows::sharp(&sample.running, &flat));
    assert_eq!(why, NoEstimate::ConstantOutcome);
    let step: Vec<f64> = sample
        .running
        .iter()
        .map(|own| f64::from(u8::from(*own >= 0.0)))
        .collect();
    let why = refused(&Rows::sharp(&sample.running, &step));
    assert!(
        matches!(why, NoEstimate::NoBandwidth | NoEstimate::NoNoise),
        "{why}"
    );
}

#[test]
fn five_mass_points() {
    let mut draws = Draws::new(5);
    let running: Vec<f64> = (0..300).map(|row| f64::from(row % 5) - 2.0).collect();
    let outcome: Vec<f64> = running.iter().map(|own| own + draws.noise()).collect();
    let why = refused(&Rows::sharp(&running, &outcome));
    assert!(
        matches!(
            why,
            NoEstimate::FewDistinct {
                side: Whose::Below,
                found: 2,
                wanted: 3
            }
        ),
        "{why}"
    );
}

#[test]
fn few_rows_on_one_side() {
    let sample = Sample::of(600, 7, 0);
    let mut below = 0;
    let kept: Vec<usize> = (0..600)
        .filter(|row| {
            below += usize::from(sample.running[*row] < 0.0);
            sample.running[*row] >= 0.0 || below <= 18
        })
        .collect();
    let running: Vec<f64> = kept.iter().map(|row| sample.running[*row]).collect();
    let outcome: Vec<f64> = kept.iter().map(|row| sample.outcome[*row]).collect();
    let why = refused(&Rows::sharp(&running, &outcome));
    let wanted = NoEstimate::FewRows {
        side: Whose::Below,
        found: 18,
        wanted: 20,
    };
    assert_eq!(why, wanted);
}

#[test]
fn first_stage_absent_or_weak() {
    let sample = Sample::of(600, 7, 0);
    let none = vec![1.0; 600];
    let rows = Rows {
        treatment: Some(&none),
        ..sample.sharp()
    };
    assert_eq!(refused(&rows), NoEstimate::NoFirstStage);
    let mut draws = Draws::new(9);
    let unrelated: Vec<f64> = (0..600)
        .map(|_| f64::from(u8::from(draws.uniform() < 0.5)))
        .collect();
    let rows = Rows {
        treatment: Some(&unrelated),
        ..sample.sharp()
    };
    let found = estimate(&rows, &Options::at(0.0)).expect("an estimate, weak as it is");
    let told = found.cautions.iter();
    assert!(
        told.into_iter()
            .any(|own| matches!(own, Caution::WeakFirstStage { f } if *f < 10.0))
    );
}

#[test]
fn full_compliance_is_the_sharp_design() {
    let sample = Sample::of(600, 7, 0);
    let received: Vec<f64> = sample
        .running
        .iter()
        .map(|own| f64::from(u8::from(*own >= 0.0)))
        .collect();
    let rows = Rows {
        treatment: Some(&received),
        ..sample.sharp()
    };
    let fuzzy = estimate(&rows, &Options::at(0.0)).expect("fuzzy");
    let sharp = estimate(&sample.sharp(), &Options::at(0.0)).expect("sharp");
    let gap = fuzzy.effect.robust.value - sharp.effect.robust.value;
    assert!(gap.abs() < 1e-9, "{gap}");
    assert_eq!(fuzzy.bandwidths, sharp.bandwidths);
}

#[test]
fn one_cluster_and_repeated_covariates() {
    let sample = Sample::of(600, 7, 0);
    let one: Vec<usize> = sample
        .running
        .iter()
        .map(|own| usize::from(*own < 0.0) * 3)
        .collect();
    let rows = Rows {
        clusters: Some(&one),
        ..sample.sharp()
    };
    let why = refused(&rows);
    assert!(
        matches!(why, NoEstimate::OneCluster(_) | NoEstimate::NoBandwidth),
        "{why}"
    );
    let twice: Vec<f64> = sample.covariates[0]
        .iter()
        .map(|own| 2.0 * own + 1.0)
        .collect();
    let columns: [&[f64]; 3] = [&sample.covariates[0], &twice, &sample.covariates[1]];
    let rows = Rows {
        covariates: &columns,
        ..sample.sharp()
    };
    let found = estimate(&rows, &Options::at(0.0)).expect("an estimate");
    assert_eq!(found.covariates_left_out, [1]);
    let columns: [&[f64]; 2] = [&sample.covariates[0], &sample.covariates[1]];
    let rows = Rows {
        covariates: &columns,
        ..sample.sharp()
    };
    let without = estimate(&rows, &Options::at(0.0)).expect("an estimate");
    assert_eq!(found.effect, without.effect);
}

#[test]
fn weights_of_nothing_and_below_nothing() {
    let mut sample = Sample::of(600, 7, 0);
    let kept = 500;
    sample.weights[kept..].fill(0.0);
    let rows = Rows {
        weights: Some(&sample.weights),
        ..sample.sharp()
    };
    let found = estimate(&rows, &Options::at(0.0)).expect("an estimate");
    assert_eq!(found.rows_without_weight, 100);
    let alone = Rows {
        weights: Some(&sample.weights[..kept]),
        ..Rows::sharp(&sample.running[..kept], &sample.outcome[..kept])
    };
    let alone = estimate(&alone, &Options::at(0.0)).expect("an estimate");
    assert_eq!(found.effect, alone.effect);
    sample.weights[0] = -1.0;
    let rows = Rows {
        weights: Some(&sample.weights),
        ..sample.sharp()
    };
    assert_eq!(refused(&rows), NoEstimate::NotFinite(Column::Weights, 1));
}

#[test]
fn options_out_of_range() {
    let sample = Sample::of(300, 3, 0);
    let plain = Options::at(0.0);
    for options in [
        Options {
            bias_degree: 1,
            ..plain
        },
        Options {
            derivative: 2,
            ..plain
        },
        Options {
            level: 1.0,
            ..plain
        },
        Options {
            rho: Some(0.0),
            ..plain
        },
    ] {
        let found = estimate(&sample.sharp(), &options);
        assert!(matches!(found, Err(NoEstimate::Option(_))));
    }
}
