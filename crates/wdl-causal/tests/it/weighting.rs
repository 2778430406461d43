//! Weighting by the propensity score, doubly robust estimates and entropy balancing.

use wdl_causal::logit::NoLogit;
use wdl_causal::matching::{Estimand, MatchError, propensity};
use wdl_causal::weighting::{
    Normalised, WeightError, aipw, crump, entropy_balance, ipw, overlap, score_weights, trim,
};

use crate::elsewhere::expected;
use crate::matching::{Rows, lalonde, near, slices};

#[test]
fn lalonde_weighted() {
    let (Some((y, t, x)), Some(expected)) = (lalonde(), expected()) else {
        return;
    };
    let number = |key: &str| {
        expected["lalonde_matchit_ipw_aipw"][key][0]
            .as_f64()
            .expect("a number")
    };
    let x = slices(&x);
    for (key, estimand, normalised) in [
        ("ipw_att_hajek", Estimand::Att, Normalised::Hajek),
        (
            "ipw_att_horvitz",
            Estimand::Att,
            Normalised::HorvitzThompson,
        ),
        ("ipw_ate_hajek", Estimand::Ate, Normalised::Hajek),
        ("ipw_ate_ht", Estimand::Ate, Normalised::HorvitzThompson),
    ] {
        let own = ipw(&y, &t, &x, None, estimand, normalised).expect("an effect");
        // The reference's score stopped early: its sum is 185 + 2.1e-7, where the maximum of the likelihood has exactly 185.
        near(own.estimate, number(key), 3e-7);
        assert!(own.influence.iter().sum::<f64>().abs() < 1e-6 * own.standard_error * 614.0);
    }
    for (key, error, estimand) in [
        ("aipw_ate", "aipw_ate_se_if", Estimand::Ate),
        ("aipw_att", "aipw_att_se_if", Estimand::Att),
    ] {
        let own = aipw(&y, &t, &x, None, estimand).expect("an effect");
        near(own.estimate, number(key), 3e-7);
        near(own.standard_error, number(error), 3e-7);
    }
}

/// A sample with overlap: outcome, treated, two covariates.
fn made(n: u32) -> Rows {
    let part = |i: u32, by: f64| (f64::from(i) * by).fract();
    let one: Vec<f64> = (0..n)
        .map(|i| 2.0 * part(i, 0.618_033_988_749_895) - 1.0)
        .collect();
    let two: Vec<f64> = (0..n)
        .map(|i| 2.0 * part(i, 0.414_213_562_373_095) - 1.0)
        .collect();
    let t: Vec<bool> = (0..n)
        .map(|i| {
            let index = 0.8 * one[i as usize] - 0.5 * two[i as usize];
            part(i, 0.732_050_807_568_877) < 1.0 / (1.0 + f64::exp(-index))
        })
        .collect();
    let y = (0..n as usize)
        .map(|i| {
            1.0 + one[i]
                + two[i] * two[i]
                + if t[i] { 2.0 + one[i] } else { 0.0 }
                + part(i as u32, 0.236_067_977_499_79)
        })
        .collect();
    (y, t, vec![one, two])
}

/// An estimate with its error, of outcome, treated and covariates.
type Estimator = &'static dyn Fn(&[f64], &[bool], &[&[f64]]) -> (f64, f64);

/// The second opinion on every standard error: the jackknife, which knows no influence function.
#[test]
fn standard_errors_are_near_the_jackknife() {
    let (y, t, x) = made(240);
    let estimators: [Estimator; 7] = [
        &|y, t, x| of(ipw(y, t, x, None, Estimand::Ate, Normalised::Hajek)),
        &|y, t, x| of(ipw(y, t, x, None, Estimand::Att, Normalised::Hajek)),
        &|y, t, x| {
            of(ipw(
                y,
                t,
                x,
                None,
                Estimand::Atc,
                Normalised::HorvitzThompson,
            ))
        },
        &|y, t, x| {
            of(ipw(
                y,
                t,
                x,
                None,
                Estimand::Ate,
                Normalised::HorvitzThompson,
            ))
        },
        &|y, t, x| of(ipw(y, t, x, None, Estimand::Overlap, Normalised::Hajek)),
        &|y, t, x| of(entropy_balance(y, t, x, None, Estimand::Att).map(|own| own.effect)),
        &|y, t, x| of(entropy_balance(y, t, x, None, Estimand::Ate).map(|own| own.effect)),
    ];
    for (at, estimator) in estimators.iter().enumerate() {
        let (_, error) = estimator(&y, &t, &slices(&x));
        let without = |row: usize, values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != row)
                .map(|(_, own)| *own)
                .collect()
        };
        let estimates: Vec<f64> = (0..y.len())
            .map(|row| {
                let x: Vec<Vec<f64>> = x.iter().map(|own| without(row, own)).collect();
                let t: Vec<bool> = t
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != row)
                    .map(|(_, own)| *own)
                    .collect();
                estimator(&without(row, &y), &t, &slices(&x)).0
            })
            .collect();
        let n = estimates.len() as f64;
        let mean = estimates.iter().sum::<f64>() / n;
        let squares: f64 = estimates.iter().map(|own| (own - mean).powi(2)).sum();
        let jackknife = ((n - 1.0) / n * squares).sqrt();
        assert!(
            (error / jackknife - 1.0).abs() < 0.05,
            "estimator {at}: {error} beside {jackknife}"
        );
    }
}

fn of(own: Result<wdl_causal::weighting::Weighted, WeightError>) -> (f64, f64) {
    let own = own.expect("an effect");
    (own.estimate, own.standard_error)
}

#[test]
fn entropy_balance_balances_and_is_nearest() {
    let (y, t, x) = made(400);
    let own = entropy_balance(&y, &t, &slices(&x), None, Estimand::Att).expect("weights");
    assert!(own.largest_gap <= 1e-10);
    for column in &x {
        let mean = |wanted: bool| {
            let rows = || (0..y.len()).filter(|row| t[*row] == wanted);
            rows()
                .map(|row| own.effect.weights[row] * column[row])
                .sum::<f64>()
                / rows().map(|row| own.effect.weights[row]).sum::<f64>()
        };
        near(mean(true), mean(false), 1e-9);
    }
    // The law of the solution: the logarithms of the weights are linear in the covariates.
    let rows: Vec<usize> = (0..y.len()).filter(|row| !t[*row]).collect();
    let design = nalgebra::DMatrix::from_fn(rows.len(), 3, |row, at| {
        if at == 0 { 1.0 } else { x[at - 1][rows[row]] }
    });
    let logs = nalgebra::DVector::from_fn(rows.len(), |row, _| own.effect.weights[rows[row]].ln());
    let fit = wdl_causal::dense::least_squares(&design, &logs, None).expect("a fit");
    assert!(fit.residuals.amax() < 1e-8);
    // Rows counted twice are rows standing twice.
    let weights: Vec<f64> = (0..y.len())
        .map(|row| if row % 3 == 0 { 2.0 } else { 1.0 })
        .collect();
    let twice: Vec<usize> = (0..y.len()).chain((0..y.len()).step_by(3)).collect();
    let again = |own: &[f64]| -> Vec<f64> { twice.iter().map(|row| own[*row]).collect() };
    let columns: Vec<Vec<f64>> = x.iter().map(|own| again(own)).collect();
    let groups: Vec<bool> = twice.iter().map(|row| t[*row]).collect();
    let one = entropy_balance(&y, &t, &slices(&x), Some(&weights), Estimand::Att).expect("weights");
    let other = entropy_balance(&again(&y), &groups, &slices(&columns), None, Estimand::Att)
        .expect("weights");
    near(one.effect.estimate, other.effect.estimate, 1e-9);
    let one = aipw(&y, &t, &slices(&x), Some(&weights), Estimand::Ate).expect("an effect");
    let other =
        aipw(&again(&y), &groups, &slices(&columns), None, Estimand::Ate).expect("an effect");
    near(one.estimate, other.estimate, 1e-9);
}

/// Entropy balancing by empirical_calibration 0.12 (its entropy objective), overlap weights by a logit of statsmodels 0.15, on the same rows.
#[test]
fn entropy_and_overlap_weights_as_elsewhere() {
    let (y, t, x) = made(400);
    let own = entropy_balance(&y, &t, &slices(&x), None, Estimand::Att).expect("weights");
    // Their covariates stand 1.9e-10 from the targets.
    near(own.effect.estimate, 2.159_432_950_407_152, 1e-8);
    let own = ipw(
        &y,
        &t,
        &slices(&x),
        None,
        Estimand::Overlap,
        Normalised::Hajek,
    );
    near(
        own.expect("an effect").estimate,
        2.028_265_566_141_773,
        1e-10,
    );
}

#[test]
fn overlap_is_bounded_as_crump_says() {
    // Half of the scores at ½ (cost 4) and half at 0.01 (cost 101): the bound solves γ = 2 · 4, so α = ½ - √(¼ - ⅛).
    let score = [0.5, 0.5, 0.01, 0.01];
    near(crump(&score), 0.5 - 0.125_f64.sqrt(), 1e-12);
    assert_eq!(crump(&[0.4, 0.5, 0.6]), 0.0);
    assert_eq!(
        trim(&[0.05, 0.1, 0.5, 0.95], 0.1, 0.9),
        (vec![1, 2], vec![0, 3])
    );
    let own = overlap(
        &[0.2, 0.8, 0.1, 0.5],
        &[true, true, false, false],
        &[1.0; 4],
    )
    .expect("both groups");
    assert_eq!(
        (own.treated_outside, own.others_outside),
        (vec![1], vec![2])
    );
    assert_eq!(own.effective_others, 2.0);
}

#[test]
fn bad_input_is_told() {
    let (y, t, x) = made(60);
    let x = slices(&x);
    let effect = |t: &[bool], x: &[&[f64]], rows: Option<&[f64]>| {
        ipw(&y, t, x, rows, Estimand::Ate, Normalised::Hajek).err()
    };
    let tells: Vec<f64> = t.iter().map(|own| f64::from(u8::from(*own))).collect();
    assert_eq!(
        effect(&t, &[&tells], None),
        Some(WeightError::Score(NoLogit::Separation))
    );
    assert_eq!(
        effect(&[true; 60], &x, None),
        Some(WeightError::Rows(MatchError::EverybodyTreated))
    );
    assert_eq!(
        effect(&[false; 60], &x, None),
        Some(WeightError::Rows(MatchError::NobodyTreated))
    );
    let zero: Vec<f64> = tells.clone();
    assert_eq!(effect(&t, &x, Some(&zero)), Some(WeightError::RowWeights));
    let doubled: Vec<f64> = x[0].iter().map(|own| 1.0 + 3.0 * own).collect();
    assert_eq!(
        effect(&t, &[x[0], &doubled], None),
        Some(WeightError::Score(NoLogit::Collinear(1)))
    );
    let broken: Vec<f64> = x[0]
        .iter()
        .enumerate()
        .map(|(at, own)| if at == 5 { f64::NAN } else { *own })
        .collect();
    assert_eq!(
        effect(&t, &[&broken], None),
        Some(WeightError::Rows(MatchError::NotFinite { row: 5 }))
    );
    let certain: Vec<f64> = tells.iter().map(|own| 1.0 - own).collect();
    assert!(matches!(
        score_weights(&certain, &t, Estimand::Ate),
        Err(WeightError::NoOverlap { .. })
    ));
    // The treated lie beyond all others: no weights of the others reach them.
    let beyond: Vec<f64> = t
        .iter()
        .zip(x[1])
        .map(|(own, value)| value + if *own { 5.0 } else { 0.0 })
        .collect();
    let fault = entropy_balance(&y, &t, &[x[0], &beyond], None, Estimand::Att).err();
    assert_eq!(fault, Some(WeightError::Infeasible { covariate: 1 }));
    let fault = propensity(&[x[0], &tells], &t, None).err();
    assert_eq!(fault, Some(NoLogit::Separation));
}
