//! Matching on the propensity score, on distances, exactly and coarsely, with balance.

use wdl_causal::matching::{
    Cuts, Estimand, MatchError, Matched, Metric, Nearest, Neighbour, Order, abadie_imbens,
    adjusted, balance, coarsened, difference, mahalanobis, nearest, propensity, subclasses,
};

use crate::elsewhere::{Table, expected};

/// Outcome, treated, covariates.
pub(crate) type Rows = (Vec<f64>, Vec<bool>, Vec<Vec<f64>>);

/// Lalonde's rows, with two races told apart.
pub(crate) fn lalonde() -> Option<Rows> {
    let table = Table::read("lalonde.csv", b',')?;
    let is_treated = table
        .numbers("treat")
        .iter()
        .map(|own| *own == 1.0)
        .collect();
    let race = |name: &str| {
        let cells = table.text("race");
        cells
            .iter()
            .map(|cell| f64::from(u8::from(*cell == name)))
            .collect()
    };
    let mut covariates = vec![
        table.numbers("age"),
        table.numbers("educ"),
        race("hispan"),
        race("white"),
    ];
    covariates.extend(["married", "nodegree", "re74", "re75"].map(|name| table.numbers(name)));
    Some((table.numbers("re78"), is_treated, covariates))
}

pub(crate) fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn asked<'a>(is_treated: &'a [bool], score: &'a [f64]) -> Nearest<'a> {
    Nearest {
        is_treated,
        score: Some(score),
        metric: Metric::Score,
        estimand: Estimand::Att,
        ratio: 1,
        with_replacement: false,
        order: Order::Largest,
        caliper: None,
        strata: None,
        neighbour: Neighbour::Nearest,
    }
}

pub(crate) fn near(own: f64, wanted: f64, tolerance: f64) {
    assert!(
        (own - wanted).abs() <= tolerance * (1.0 + wanted.abs()),
        "{own} is not {wanted}"
    );
}

#[test]
fn lalonde_as_matchit_451_matches() {
    let (Some((y, t, x)), Some(expected)) = (lalonde(), expected()) else {
        return;
    };
    let wanted = &expected["lalonde_matchit_ipw_aipw"];
    let number = |key: &str| wanted[key][0].as_f64().expect("a number");
    let score = propensity(&slices(&x), &t, None).expect("a score");
    near(score.deviance, number("logit_dev"), 1e-10);
    for (own, wanted) in score
        .coefficients
        .iter()
        .zip(wanted["logit_coef"].as_array().expect("a list"))
    {
        near(*own, wanted.as_f64().expect("a number"), 1e-8);
    }
    let p: Vec<f64> = score.probabilities.iter().copied().collect();
    let below = Nearest {
        neighbour: Neighbour::BelowFirst,
        ..asked(&t, &p)
    };
    let own = nearest(below).expect("matches");
    near(
        difference(&y, &t, &own.weights).expect("both"),
        number("nn_1to1_ps_att_diffmeans"),
        1e-10,
    );
    let clusters = own.clusters().expect("pairs");
    let effect = adjusted(&y, &t, &slices(&x), &own.weights, Some(&clusters)).expect("an effect");
    near(effect.estimate, number("nn_1to1_ps_reg_att"), 1e-8);
    near(
        effect.standard_error,
        number("nn_1to1_ps_reg_att_cluster_se"),
        1e-8,
    );
    let mut columns = vec![p.clone()];
    columns.extend(x.iter().cloned());
    let black = x[2]
        .iter()
        .zip(&x[3])
        .map(|(one, other)| 1.0 - one - other)
        .collect();
    columns.insert(3, black);
    let rows = balance(&slices(&columns), &t, &own.weights, Estimand::Att).expect("balance");
    for (at, row) in rows.iter().enumerate() {
        let of = |key: &str| wanted[key][at].as_f64().expect("a number");
        near(
            row.before.standardised_difference.expect("it varies"),
            of("nn_smd_unmatched"),
            1e-8,
        );
        near(
            row.after.standardised_difference.expect("it varies"),
            of("nn_smd_matched"),
            1e-8,
        );
    }
    // From MatchIt 4.5.1's own summary: age, variance ratio and distribution functions.
    near(
        rows[1].after.variance_ratio.expect("no binary"),
        0.463_337_982_700,
        1e-10,
    );
    near(rows[1].after.distribution_mean, 0.083_918_918_918_9, 1e-10);
    near(
        rows[0].after.distribution_largest,
        0.421_621_621_621_6,
        1e-10,
    );
    let again = nearest(Nearest {
        with_replacement: true,
        ..below
    })
    .expect("matches");
    near(
        difference(&y, &t, &again.weights).expect("both"),
        number("nn_replace_att"),
        1e-10,
    );
    let controls = |matched: &Matched| {
        (0..t.len())
            .filter(|row| !t[*row] && matched.weights[*row] > 0.0)
            .count()
    };
    assert_eq!(controls(&again) as f64, number("nn_replace_ncontrols"));
    let strata = subclasses(&p, &t, 6, Estimand::Att).expect("subclasses");
    near(
        difference(&y, &t, &strata.weights).expect("both"),
        number("subclass6_att"),
        1e-10,
    );
    let cem = coarsened(
        &slices(&x),
        &vec![Cuts::Automatic; x.len()],
        &t,
        Estimand::Att,
    )
    .expect("strata");
    near(
        difference(&y, &t, &cem.weights).expect("both"),
        number("cem_att"),
        1e-10,
    );
    let sizes = cem.sizes(&t);
    let sums = sizes
        .iter()
        .fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    assert_eq!(
        [sums.0 as f64, sums.1 as f64],
        [0, 1].map(|at| wanted["cem_n"][at].as_f64().expect("a number"))
    );
}

#[test]
fn lalonde_on_mahalanobis() {
    let (Some((y, t, x)), Some(expected)) = (lalonde(), expected()) else {
        return;
    };
    // MatchIt gives a category all its dummies over √2, whose distance is that of one category to another.
    let root = 0.5_f64.sqrt();
    let black = x[2]
        .iter()
        .zip(&x[3])
        .map(|(one, other)| (1.0 - one - other) * root)
        .collect();
    let mut columns = vec![x[0].clone(), x[1].clone(), black];
    columns.extend(
        x[2..4]
            .iter()
            .map(|own| own.iter().map(|own| own * root).collect()),
    );
    columns.extend(x[4..].iter().cloned());
    let distance = mahalanobis(&slices(&columns), &t).expect("a distance");
    assert_eq!(distance.rank(), 8);
    let own = nearest(Nearest {
        metric: Metric::Mahalanobis(&distance),
        score: None,
        order: Order::Data,
        ..asked(&t, &[])
    });
    let own = own.expect("matches");
    let wanted = expected["lalonde_matchit_ipw_aipw"]["nn_mahalanobis_att"][0]
        .as_f64()
        .expect("a number");
    near(
        difference(&y, &t, &own.weights).expect("both"),
        wanted,
        1e-10,
    );
}

/// A design without equal distances: who is treated, a score, a second covariate, three strata.
fn made() -> (Vec<bool>, Vec<f64>, Vec<f64>, Vec<usize>) {
    let rows = 0..60_u32;
    let x = |i: u32| {
        let u = f64::from((i * 37) % 61);
        u * u / 3721.0 + f64::from(i + 2).sqrt() / 100.0
    };
    (
        rows.clone().map(|i| (i * 29) % 59 < 18).collect(),
        rows.clone().map(x).collect(),
        rows.clone()
            .map(|i| f64::from((i * 53) % 67 + 1).sqrt())
            .collect(),
        rows.map(|i| (i % 3) as usize).collect(),
    )
}

fn partners(matched: &Matched, of: usize) -> Vec<usize> {
    let mut focal: Vec<usize> = matched
        .pairs
        .iter()
        .map(|pair| pair.focal)
        .chain(matched.unmatched.clone())
        .collect();
    focal.sort_unstable();
    focal.dedup();
    let found = focal.iter().map(|row| {
        let mut own = matched.pairs.iter().filter(|pair| pair.focal == *row);
        own.nth(of).map_or(99, |pair| pair.partner)
    });
    found.collect()
}

/// Partners found by MatchIt 4.5.1 (R 4.2.2) on [`made`]: nearest with the distances given as a matrix, and Mahalanobis; 99 is none.
#[test]
fn the_same_pairs_as_matchit() {
    let (t, x, z, strata) = made();
    let on_x = Nearest {
        order: Order::Data,
        ..asked(&t, &x)
    };
    let first = [
        5, 48, 4, 1, 3, 20, 12, 9, 11, 13, 38, 22, 19, 21, 23, 30, 32, 6, 26,
    ];
    let second = [
        10, 7, 50, 52, 8, 2, 58, 14, 16, 36, 15, 17, 24, 44, 18, 40, 42, 34, 54,
    ];
    assert_eq!(partners(&nearest(on_x).expect("pairs"), 0), first);
    let two = nearest(Nearest { ratio: 2, ..on_x }).expect("pairs");
    assert_eq!(
        (partners(&two, 0), partners(&two, 1)),
        (first.to_vec(), second.to_vec())
    );
    let again = nearest(Nearest {
        ratio: 2,
        with_replacement: true,
        ..on_x
    })
    .expect("pairs");
    assert_eq!(
        partners(&again, 0),
        [
            5, 48, 4, 1, 3, 20, 12, 9, 11, 13, 38, 22, 19, 21, 23, 30, 4, 1, 3
        ]
    );
    assert_eq!(
        partners(&again, 1),
        [
            10, 7, 50, 6, 8, 2, 58, 14, 16, 36, 2, 17, 24, 44, 18, 7, 32, 6, 26
        ]
    );
    // The caliper of 0.1 in standard deviations of `x`.
    let narrow = Nearest {
        caliper: Some(0.1 / 0.300_057_245_285_843_43),
        strata: Some(&strata),
        ..on_x
    };
    let own = nearest(narrow).expect("pairs");
    assert_eq!(
        partners(&own, 0),
        [
            15, 7, 9, 11, 99, 48, 17, 4, 6, 8, 10, 12, 14, 16, 18, 38, 22, 24, 26
        ]
    );
    assert_eq!(own.unmatched, [31]);
    let distance = mahalanobis(&[&x, &z], &t).expect("a distance");
    let on_both = Nearest {
        metric: Metric::Mahalanobis(&distance),
        score: None,
        ..on_x
    };
    let own = nearest(on_both).expect("pairs");
    assert_eq!(
        partners(&own, 0),
        [
            38, 20, 22, 24, 26, 4, 30, 32, 34, 36, 19, 40, 42, 44, 46, 48, 50, 52, 54
        ]
    );
    let again = nearest(Nearest {
        ratio: 2,
        with_replacement: true,
        ..on_both
    })
    .expect("pairs");
    assert_eq!(
        partners(&again, 1),
        [
            19, 30, 32, 34, 36, 4, 40, 42, 44, 46, 19, 50, 52, 54, 56, 58, 17, 14, 26
        ]
    );
    let rows = subclasses(&x, &t, 4, Estimand::Att).expect("subclasses");
    assert!(
        rows.weights
            .iter()
            .any(|own| (own - 1.198_830_409_356_725).abs() < 1e-12)
    );
    let cem = coarsened(
        &[&x, &z],
        &[Cuts::Bins(3), Cuts::Bins(3)],
        &t,
        Estimand::Att,
    )
    .expect("strata");
    assert_eq!(cem.left_out, [28, 31, 59]);
    near(
        cem.weights.iter().map(|own| own * own).sum(),
        64.243_367_935_409_5,
        1e-12,
    );
    let cem = coarsened(
        &[&x, &z],
        &[Cuts::Automatic, Cuts::Automatic],
        &t,
        Estimand::Att,
    )
    .expect("strata");
    assert_eq!(cem.left_out.len(), 23);
    near(
        cem.weights.iter().map(|own| own * own).sum(),
        45.937_925_170_068,
        1e-12,
    );
}

/// The second opinion: every control is looked at for every treated person.
#[test]
fn the_nearest_is_the_nearest() {
    let (t, x, _, strata) = made();
    for order in [
        Order::Largest,
        Order::Smallest,
        Order::Data,
        Order::Random(7),
    ] {
        for caliper in [None, Some(0.05)] {
            let request = Nearest {
                order,
                caliper,
                strata: Some(&strata),
                ..asked(&t, &x)
            };
            let own = nearest(request).expect("pairs");
            let mut rows: Vec<usize> = (0..t.len()).filter(|row| t[*row]).collect();
            match order {
                Order::Largest => rows.sort_by(|one, other| x[*other].total_cmp(&x[*one])),
                Order::Smallest => rows.sort_by(|one, other| x[*one].total_cmp(&x[*other])),
                Order::Data | Order::Random(_) => {}
            }
            if order == Order::Random(7) {
                assert_eq!(own, nearest(request).expect("pairs"));
                continue;
            }
            let mut is_used = vec![false; t.len()];
            let width = own.caliper_width.unwrap_or(f64::INFINITY);
            for row in rows {
                let best = (0..t.len())
                    .filter(|at| {
                        !t[*at]
                            && !is_used[*at]
                            && strata[*at] == strata[row]
                            && (x[*at] - x[row]).abs() <= width
                    })
                    .min_by(|one, other| {
                        (x[*one] - x[row])
                            .abs()
                            .total_cmp(&(x[*other] - x[row]).abs())
                    });
                let found = own
                    .pairs
                    .iter()
                    .find(|pair| pair.focal == row)
                    .map(|pair| pair.partner);
                assert_eq!(found, best);
                if let Some(best) = best {
                    is_used[best] = true;
                }
            }
        }
    }
}

#[test]
fn abadie_and_imbens_by_hand() {
    // Two treated share one control: gaps 2 and 4, the shared control used twice; its nearest peer differs by 1.
    let y = [5.0, 7.0, 3.0, 4.0];
    let t = [true, true, false, false];
    let score = [0.0, 0.1, 0.05, 9.0];
    let own = nearest(Nearest {
        with_replacement: true,
        ..asked(&t, &score)
    })
    .expect("pairs");
    let effect = abadie_imbens(&y, &t, Some(&score), Metric::Score, &own).expect("an effect");
    near(effect.estimate, 3.0, 1e-15);
    // ((2-3)² + (4-3)² + (2² - 2) · ½ · (3-4)²) / 2².
    near(effect.standard_error, (3.0_f64 / 4.0).sqrt(), 1e-15);
}

#[test]
fn bad_input_is_told() {
    let (t, x, _, _) = made();
    let none = vec![false; t.len()];
    let all = vec![true; t.len()];
    assert_eq!(
        nearest(asked(&none, &x)).err(),
        Some(MatchError::NobodyTreated)
    );
    assert_eq!(
        nearest(asked(&all, &x)).err(),
        Some(MatchError::EverybodyTreated)
    );
    let mut broken = x.clone();
    broken[3] = f64::NAN;
    assert_eq!(
        nearest(asked(&t, &broken)).err(),
        Some(MatchError::NotFinite { row: 3 })
    );
    let narrow = Nearest {
        caliper: Some(1e-12),
        ..asked(&t, &x)
    };
    assert_eq!(nearest(narrow).err(), Some(MatchError::NobodyMatched));
    assert_eq!(
        nearest(Nearest {
            caliper: Some(-1.0),
            ..narrow
        })
        .err(),
        Some(MatchError::TooSmall("caliper"))
    );
    // Fewer others than treated: each other once, the rest left out and listed.
    let turned: Vec<bool> = t.iter().map(|own| !own).collect();
    let own = nearest(asked(&turned, &x)).expect("pairs");
    assert_eq!(
        (own.pairs.len(), own.unmatched.len(), own.unused.len()),
        (19, 22, 0)
    );
    let flat = vec![1.0; t.len()];
    assert_eq!(
        subclasses(&flat, &t, 4, Estimand::Att).err(),
        Some(MatchError::NoVariation)
    );
    assert_eq!(
        mahalanobis(&[&flat], &t).err(),
        Some(MatchError::NoVariation)
    );
    assert_eq!(
        coarsened(&[&x], &[Cuts::Exact], &t, Estimand::Att).err(),
        Some(MatchError::NobodyMatched)
    );
    let twice: Vec<f64> = x.iter().map(|own| 2.0 * own).collect();
    let ones = vec![1.0; t.len()];
    let fault = adjusted(&x, &t, &[&x, &twice], &ones, None).err();
    assert_eq!(fault, Some(MatchError::Collinear(1)));
}
