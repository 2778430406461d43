//! Double machine learning against values from outside, and its laws.

use wdl_causal::dml::{
    Confounding, Dml, DmlError, Learner, Model, Policy, PolicyAsked, PolicyRows, Ridge, Rows, draw,
    draw_clusters, fit, group_effects, median, multiplier_critical_value, policy, policy_value,
    projection, quantile_groups,
};
use wdl_causal::matching::MatchError;

use crate::elsewhere::{Table, expected};
use crate::matching::{near, slices};

const COVARIATES: [&str; 7] = ["inc", "age", "fsize", "marr", "male", "incsq", "agesq"];

#[test]
fn pensions_as_doubleml_does() {
    let (Some(table), Some(expected)) = (Table::read("401ksubs.csv.gz", b','), expected()) else {
        return;
    };
    let wanted = &expected["double_ml_401k"];
    let columns = COVARIATES.map(|name| table.numbers(name));
    let columns = slices(&columns);
    let (y, eligible, joined) = (
        table.numbers("nettfa"),
        table.numbers("e401k"),
        table.numbers("p401k"),
    );
    let folds: Vec<usize> = (0..y.len()).map(|row| row % 5).collect();
    let rows = Rows {
        outcome: &y,
        treatment: &eligible,
        instrument: None,
        covariates: &columns,
        clusters: None,
    };
    let check = |key: &str, own: &Dml, tolerance: f64| {
        println!(
            "{key}: {} {}, {} and {} wanted; {} clipped",
            own.estimate, own.standard_error, wanted[key]["coef"], wanted[key]["se"], own.clipped
        );
        near(
            own.estimate,
            wanted[key]["coef"].as_f64().expect("a number"),
            tolerance,
        );
        near(
            own.standard_error,
            wanted[key]["se"].as_f64().expect("a number"),
            tolerance,
        );
    };
    let learner = Learner::default();
    let plr = fit(Model::Plr, rows, &folds, learner).expect("an effect");
    check("plr_ols_partialling_out_folds_rowmod5", &plr, 1e-8);
    let with = Rows {
        treatment: &joined,
        instrument: Some(&eligible),
        ..rows
    };
    check(
        "pliv_ols_folds_rowmod5",
        &fit(Model::Pliv, with, &folds, learner).expect("an effect"),
        1e-8,
    );
    let sensitivity = plr.sensitivity.expect("no instrument");
    let wanted_bounds = &wanted["plr_ols_sens_cf0.03"];
    let confounding = Confounding {
        outcome: 0.03,
        treatment: 0.03,
        correlation: 1.0,
    };
    let bounds = sensitivity.bounds(confounding, 0.95);
    let number = |one: &str, other: &str| wanted_bounds[one][other][0].as_f64().expect("a number");
    near(bounds.effect[0], number("theta", "lower"), 1e-8);
    near(bounds.effect[1], number("theta", "upper"), 1e-8);
    // DoubleML 0.11.4 adds the influence of the bias to the score over its slope, which is minus the influence of the effect: its two limits are mirrored, and so are ours of a correct sign.
    near(
        plr.estimate - bounds.interval[0],
        number("ci", "upper") - plr.estimate,
        1e-8,
    );
    near(
        bounds.interval[1] - plr.estimate,
        plr.estimate - number("ci", "lower"),
        1e-8,
    );
    // The reference found its value by a search that stops at 1e-7; ours is the closed form.
    near(
        sensitivity.robustness(0.0),
        wanted_bounds["rv"][0].as_f64().expect("a number"),
        1e-6,
    );
    let share = sensitivity.robustness_of_interval(0.0, 0.95);
    let there = sensitivity.bounds(
        Confounding {
            outcome: share,
            treatment: share,
            correlation: 1.0,
        },
        0.95,
    );
    near(there.interval[0], 0.0, 1e-9);
    near(
        share,
        wanted_bounds["rva"][0].as_f64().expect("a number"),
        1e-3,
    );
    check(
        "irm_ate_ols_logit_folds_rowmod5",
        &fit(Model::IrmAte, rows, &folds, learner).expect("an effect"),
        1e-8,
    );
    check(
        "irm_atte_ols_logit_folds_rowmod5",
        &fit(Model::IrmAtte, rows, &folds, learner).expect("an effect"),
        1e-8,
    );
}

/// Rows with an effect of 2, an offer that half follow, and clusters of four.
fn made(n: usize) -> [Vec<f64>; 5] {
    let part = |i: usize, by: f64| (i as f64 * by).fract();
    let x: Vec<f64> = (0..n)
        .map(|i| 2.0 * part(i, 0.618_033_988_749_895) - 1.0)
        .collect();
    let w: Vec<f64> = (0..n).map(|i| part(i, 0.414_213_562_373_095)).collect();
    let z: Vec<f64> = (0..n)
        .map(|i| f64::from(u8::from(part(i, 0.732_050_807_568_877) < 0.5 + 0.2 * x[i])))
        .collect();
    let d: Vec<f64> = (0..n)
        .map(|i| f64::from(u8::from(part(i, 0.236_067_977_499_79) < 0.2 + 0.6 * z[i])))
        .collect();
    let y = (0..n)
        .map(|i| 2.0 * d[i] + x[i] + w[i] + part(i, 0.872_983_346_207_417))
        .collect();
    [y, d, z, x, w]
}

/// The second opinion: models fitted fold by fold on copies of the rows, without shared sums.
#[test]
fn partialling_out_by_hand() {
    let [y, d, _, x, w] = made(200);
    let folds = draw(200, 4, 3);
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: None,
        covariates: &[&x, &w],
        clusters: None,
    };
    let own = fit(Model::Plr, rows, &folds, Learner::default()).expect("an effect");
    let residuals = |values: &[f64]| {
        let mut found = vec![0.0; 200];
        for fold in 0..4 {
            let kept: Vec<usize> = (0..200).filter(|row| folds[*row] != fold).collect();
            let line = |row: usize| [1.0, x[row], w[row]];
            let design = nalgebra::DMatrix::from_fn(kept.len(), 3, |row, at| line(kept[row])[at]);
            let target = nalgebra::DVector::from_fn(kept.len(), |row, _| values[kept[row]]);
            let b = wdl_causal::dense::least_squares(&design, &target, None)
                .expect("a fit")
                .coefficients;
            for row in (0..200).filter(|row| folds[*row] == fold) {
                found[row] = values[row] - (0..3).map(|at| line(row)[at] * b[at]).sum::<f64>();
            }
        }
        found
    };
    let (u, v) = (residuals(&y), residuals(&d));
    let theta =
        u.iter().zip(&v).map(|(u, v)| u * v).sum::<f64>() / v.iter().map(|v| v * v).sum::<f64>();
    near(own.estimate, theta, 1e-12);
    let psi: f64 = u
        .iter()
        .zip(&v)
        .map(|(u, v)| ((u - theta * v) * v).powi(2))
        .sum();
    near(
        own.standard_error,
        psi.sqrt() / v.iter().map(|v| v * v).sum::<f64>(),
        1e-12,
    );
}

#[test]
fn laws_of_the_estimates() {
    let [y, d, z, x, w] = made(800);
    let clusters: Vec<usize> = (0..800).map(|row| row / 4).collect();
    let covariates: [&[f64]; 2] = [&x, &w];
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: Some(&z),
        covariates: &covariates,
        clusters: None,
    };
    let folds = draw_clusters(&clusters, 5, 1);
    let learner = Learner::default();
    for model in [
        Model::Plr,
        Model::Pliv,
        Model::IrmAte,
        Model::IrmAtte,
        Model::Iivm,
    ] {
        let own = fit(model, rows, &folds, learner).expect("an effect");
        assert!(
            (own.estimate - 2.0).abs() < 4.0 * own.standard_error,
            "{model:?}: {}",
            own.estimate
        );
        // Units of the covariates, of the outcome, and a shift of it.
        let (large, shifted): (Vec<f64>, Vec<f64>) = (
            x.iter().map(|own| 1e6 * own + 5.0).collect(),
            y.iter().map(|own| 10.0 * own - 3.0).collect(),
        );
        let covariates: [&[f64]; 2] = [&large, &w];
        let other = fit(
            model,
            Rows {
                outcome: &shifted,
                covariates: &covariates,
                ..rows
            },
            &folds,
            learner,
        )
        .expect("an effect");
        near(other.estimate, 10.0 * own.estimate, 1e-8);
        near(other.standard_error, 10.0 * own.standard_error, 1e-7);
        // Clusters of one row are rows.
        let single: Vec<usize> = (0..800).collect();
        let other = fit(
            model,
            Rows {
                clusters: Some(&single),
                ..rows
            },
            &folds,
            learner,
        )
        .expect("an effect");
        near(other.standard_error, own.standard_error, 1e-12);
        let other = fit(
            model,
            Rows {
                clusters: Some(&clusters),
                ..rows
            },
            &folds,
            learner,
        )
        .expect("an effect");
        near(other.estimate, own.estimate, 1e-14);
    }
    // Everybody follows the offer: the effect of the offer and of the treatment are one.
    let same = Rows {
        treatment: &z,
        ..rows
    };
    let (iivm, irm) = (
        fit(Model::Iivm, same, &folds, learner),
        fit(Model::IrmAte, same, &folds, learner),
    );
    near(
        iivm.expect("an effect").estimate,
        irm.expect("an effect").estimate,
        1e-12,
    );
    let shrunk = fit(
        Model::Plr,
        rows,
        &folds,
        Learner {
            ridge: Ridge(1e-12),
            ..learner
        },
    )
    .expect("an effect");
    near(
        shrunk.estimate,
        fit(Model::Plr, rows, &folds, learner)
            .expect("an effect")
            .estimate,
        1e-9,
    );
}

#[test]
fn groups_projections_and_repeats() {
    let [y, d, _, x, w] = made(2000);
    let moved: Vec<f64> = y
        .iter()
        .zip(&d)
        .zip(&x)
        .map(|((y, d), x)| y + d * x)
        .collect();
    let covariates: [&[f64]; 2] = [&x, &w];
    let rows = Rows {
        outcome: &moved,
        treatment: &d,
        instrument: None,
        covariates: &covariates,
        clusters: None,
    };
    let repeats: Vec<Dml> = (0..3)
        .map(|seed| {
            fit(
                Model::IrmAte,
                rows,
                &draw(2000, 5, seed),
                Learner::default(),
            )
            .expect("an effect")
        })
        .collect();
    let scores = repeats[0].scores.as_ref().expect("scores");
    let line = projection(scores, &[&x]).expect("a line");
    assert!((line.coefficients[1] - 1.0).abs() < 4.0 * line.standard_errors[1]);
    let groups = quantile_groups(repeats[0].predicted.as_ref().expect("predictions"), 4);
    let own = group_effects(scores, &groups, None, 0.95, 2000, 1).expect("groups");
    assert_eq!(own.sizes, [500; 4]);
    assert!(own.effects[3] > own.effects[0] + 1.0);
    near(
        own.effects.iter().sum::<f64>() / 4.0,
        repeats[0].estimate,
        1e-12,
    );
    // Four independent groups: the 0.95^(1/4) quantile of |z| is 2.491.
    assert!((own.critical_value.expect("variation") - 2.491).abs() < 0.1);
    let one = multiplier_critical_value(&[&repeats[0].influence], None, 0.95, 20_000, 1);
    assert!((one.expect("variation") - 1.96).abs() < 0.03);
    let (centre, error) = median(&repeats).expect("repeats");
    let mut sorted: Vec<f64> = repeats.iter().map(|own| own.estimate).collect();
    sorted.sort_by(f64::total_cmp);
    assert!(
        centre == sorted[1]
            && error
                >= repeats
                    .iter()
                    .map(|own| own.standard_error)
                    .fold(f64::INFINITY, f64::min)
    );
}

#[test]
fn bad_input_is_told() {
    let [y, d, z, x, w] = made(100);
    let covariates: [&[f64]; 2] = [&x, &w];
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: None,
        covariates: &covariates,
        clusters: None,
    };
    let folds = draw(100, 5, 1);
    let fault = |model: Model, rows: Rows<'_>, folds: &[usize]| {
        fit(model, rows, folds, Learner::default()).err()
    };
    assert_eq!(
        fault(Model::Pliv, rows, &folds),
        Some(DmlError::NoInstrument)
    );
    assert_eq!(fault(Model::Plr, rows, &[0; 100]), Some(DmlError::Folds));
    let clusters: Vec<usize> = (0..100).map(|row| row / 10).collect();
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                clusters: Some(&clusters),
                ..rows
            },
            &folds
        ),
        Some(DmlError::Folds)
    );
    let all = vec![1.0; 100];
    assert_eq!(
        fault(
            Model::IrmAte,
            Rows {
                treatment: &all,
                ..rows
            },
            &folds
        ),
        Some(DmlError::Rows(MatchError::EverybodyTreated))
    );
    assert_eq!(
        fault(
            Model::IrmAte,
            Rows {
                treatment: &x,
                ..rows
            },
            &folds
        ),
        Some(DmlError::NotZeroOne { row: 0 })
    );
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                treatment: &all,
                ..rows
            },
            &folds
        ),
        Some(DmlError::NoVariation)
    );
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                treatment: &x,
                ..rows
            },
            &folds
        ),
        Some(DmlError::NoVariation)
    );
    let twice: Vec<f64> = x.iter().map(|own| 2.0 * own - 7.0).collect();
    let collinear: [&[f64]; 3] = [&x, &w, &twice];
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                covariates: &collinear,
                ..rows
            },
            &folds
        ),
        Some(DmlError::Collinear(2))
    );
    let constant: [&[f64]; 2] = [&x, &all];
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                covariates: &constant,
                ..rows
            },
            &folds
        ),
        Some(DmlError::Collinear(1))
    );
    let telling: [&[f64]; 2] = [&x, &z];
    let separated = Rows {
        treatment: &z,
        covariates: &telling,
        ..rows
    };
    assert!(matches!(
        fault(Model::IrmAte, separated, &folds),
        Some(DmlError::Score { .. })
    ));
    let mut broken = y.clone();
    broken[9] = f64::INFINITY;
    assert_eq!(
        fault(
            Model::Plr,
            Rows {
                outcome: &broken,
                ..rows
            },
            &folds
        ),
        Some(DmlError::Rows(MatchError::NotFinite { row: 9 }))
    );
}

/// DoubleML 0.11.4 on the same rows: least squares and logits without a penalty, folds by the row's number.
#[test]
fn an_instrument_of_zero_and_one_as_doubleml_does() {
    let mut state = 17_u64;
    let mut next = |below: u64| {
        state = (state * 75 + 74) % 65_537;
        (state % below) as f64
    };
    let mut columns: [Vec<f64>; 5] = Default::default();
    for _ in 0..600 {
        let (one, two) = (next(1000) / 250.0 - 2.0, next(1000) / 250.0 - 2.0);
        let offered = next(100) < 50.0 + 10.0 * one;
        let kind = next(100);
        let takes_always = kind < 15.0 + 5.0 * two;
        let is_treated = takes_always || (kind < 75.0 && offered);
        let [d, a, z] = [is_treated, takes_always, offered].map(|own| f64::from(u8::from(own)));
        let y = 0.5 * d + one - 0.5 * two + 0.4 * a + next(1000) / 500.0 - 1.0;
        for (column, value) in columns.iter_mut().zip([y, d, z, one, two]) {
            column.push(value);
        }
    }
    let [y, d, z, one, two] = columns;
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: Some(&z),
        covariates: &[&one, &two],
        clusters: None,
    };
    let folds: Vec<usize> = (0..600).map(|row| row % 5).collect();
    let own = fit(Model::Iivm, rows, &folds, Learner::default()).expect("an effect");
    near(own.estimate, 0.376_677_694_272_881_7, 1e-8);
    near(own.standard_error, 0.087_081_525_658_187_1, 1e-8);
}

/// The best tree of two levels by trying them all.
fn best_by_hand(gains: &[f64], columns: &[&[f64]], leaf_min: usize) -> f64 {
    let total = |rows: &[usize]| rows.iter().map(|row| gains[*row]).sum::<f64>().max(0.0);
    let parts = |rows: &[usize]| -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut found = Vec::new();
        for column in columns {
            for threshold in *column {
                let (below, above): (Vec<usize>, Vec<usize>) =
                    rows.iter().partition(|row| column[**row] <= *threshold);
                if below.len() >= leaf_min && above.len() >= leaf_min {
                    found.push((below, above));
                }
            }
        }
        found
    };
    let single = |rows: &[usize]| {
        let splits = parts(rows);
        let worths = splits
            .iter()
            .map(|(below, above)| total(below) + total(above));
        worths.fold(total(rows), f64::max)
    };
    let rows: Vec<usize> = (0..gains.len()).collect();
    let splits = parts(&rows);
    let worths = splits
        .iter()
        .map(|(below, above)| single(below) + single(above));
    worths.fold(total(&rows), f64::max)
}

fn worth(rule: &Policy, gains: &[f64], columns: &[&[f64]]) -> f64 {
    (0..gains.len())
        .filter(|row| rule.treats(&|column| columns[column][*row]))
        .map(|row| gains[row])
        .sum()
}

#[test]
fn no_tree_of_two_levels_is_worth_more() {
    let mut state = 5_u64;
    let mut next = |below: u64| {
        state = (state * 75 + 74) % 65_537;
        (state % below) as f64
    };
    for leaf_min in [1, 4] {
        for _ in 0..6 {
            let scores: Vec<f64> = (0..40).map(|_| next(2001) / 1000.0 - 1.0).collect();
            let columns: Vec<Vec<f64>> = [40, 6, 2]
                .map(|values| (0..40).map(|_| next(values)).collect())
                .to_vec();
            let columns = slices(&columns);
            let asked = PolicyAsked {
                cost: 0.1,
                leaf_min,
                ..PolicyAsked::default()
            };
            let rule = policy(&scores, &columns, asked).expect("a rule");
            let gains: Vec<f64> = scores.iter().map(|own| own - 0.1).collect();
            near(
                worth(&rule, &gains, &columns),
                best_by_hand(&gains, &columns, leaf_min),
                1e-10,
            );
            // One level less is worth no more.
            let shallow = PolicyAsked { depth: 1, ..asked };
            let single = policy(&scores, &columns, shallow).expect("a rule");
            assert!(worth(&single, &gains, &columns) <= worth(&rule, &gains, &columns) + 1e-12);
        }
    }
}

#[test]
fn a_rule_in_the_data_is_found_and_judged_on_other_rows() {
    let part = |row: usize, by: f64| (row as f64 * by).fract();
    let n = 3000;
    let one: Vec<f64> = (0..n).map(|row| part(row, 0.618_033_988_749_895)).collect();
    let two: Vec<f64> = (0..n).map(|row| part(row, 0.414_213_562_373_095)).collect();
    let d: Vec<f64> = (0..n)
        .map(|row| f64::from(u8::from(part(row, 0.732_050_807_568_877) < 0.5)))
        .collect();
    // One more where the first is above 0.4 and the second up to 0.7, one less elsewhere.
    let gains = |row: usize| {
        if one[row] > 0.4 && two[row] <= 0.7 {
            1.0
        } else {
            -1.0
        }
    };
    let y: Vec<f64> = (0..n)
        .map(|row| d[row] * gains(row) + part(row, 0.236_067_977_499_79) - 0.5)
        .collect();
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: None,
        covariates: &[&one, &two],
        clusters: None,
    };
    let folds = draw(n, 5, 1);
    let learner = Learner::default();
    let fitted = fit(Model::IrmAte, rows, &folds, learner).expect("an effect");
    let scores = fitted.scores.expect("scores");
    let columns = [one.as_slice(), two.as_slice()];
    let asked = PolicyAsked::default();
    let rule = policy(&scores, &columns, asked).expect("a rule");
    let wrong =
        (0..n).filter(|row| rule.treats(&|column| columns[column][*row]) != (gains(*row) > 0.0));
    assert!(wrong.count() < n / 50, "{rule:?}");
    let on = PolicyRows {
        rows,
        scores: &scores,
        columns: &columns,
        folds: &folds,
    };
    let value = policy_value(&on, learner, asked).expect("a value");
    let truth = 0.6 * 0.7;
    let (gain, error) = value.over_nobody;
    assert!((gain - truth).abs() < 4.0 * error, "{value:?}");
    assert!((value.share - 0.42).abs() < 0.03, "{value:?}");
    let (chosen, others) = (value.chosen.expect("some"), value.others.expect("some"));
    assert!(
        (chosen.0 - 1.0).abs() < 0.15 && (others.0 + 1.0).abs() < 0.15,
        "{value:?}"
    );
    // What is gained over treating everybody is what is gained over nobody, less what everybody gains.
    near(value.over_everybody.0, gain - fitted.estimate, 1e-9);
    let two_folds: Vec<usize> = (0..n).map(|row| row % 2).collect();
    let two = PolicyRows {
        folds: &two_folds,
        ..on
    };
    assert_eq!(policy_value(&two, learner, asked), Err(DmlError::Folds));
}

/// Where nothing is to be gained, the rows a rule was found on say otherwise; other rows do not.
#[test]
fn noise_is_worth_nothing_on_other_rows() {
    let mut state = 11_u64;
    let mut next = || {
        state = (state * 75 + 74) % 65_537;
        state as f64 / 65_537.0
    };
    let n = 600;
    let columns: Vec<Vec<f64>> = (0..4).map(|_| (0..n).map(|_| next()).collect()).collect();
    let columns = slices(&columns);
    let d: Vec<f64> = (0..n).map(|_| f64::from(u8::from(next() < 0.5))).collect();
    let y: Vec<f64> = (0..n).map(|_| 4.0 * next()).collect();
    let rows = Rows {
        outcome: &y,
        treatment: &d,
        instrument: None,
        covariates: &columns,
        clusters: None,
    };
    let folds = draw(n, 5, 1);
    let learner = Learner::default();
    let fitted = fit(Model::IrmAte, rows, &folds, learner).expect("an effect");
    let scores = fitted.scores.expect("scores");
    let asked = PolicyAsked::default();
    let rule = policy(&scores, &columns, asked).expect("a rule");
    let on = PolicyRows {
        rows,
        scores: &scores,
        columns: &columns,
        folds: &folds,
    };
    let value = policy_value(&on, learner, asked).expect("a value");
    let (gain, error) = value.over_nobody;
    let promised = worth(&rule, &scores, &columns) / n as f64;
    assert!(promised > gain + error, "{promised} {gain} {error}");
    assert!(gain.abs() < 3.0 * error, "{gain} {error}");
}
