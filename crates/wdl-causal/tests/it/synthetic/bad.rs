//! Inputs that cannot be answered, by name.

use nalgebra::DMatrix;
use wdl_causal::synthetic::control::{Design, NoSynthetic, Predictors, Study};
use wdl_causal::synthetic::nested::Search;
use wdl_causal::synthetic::panel::{NoPanel, Panel};
use wdl_causal::synthetic::placebo;
use wdl_causal::synthetic::sdid::{Adoption, Solver, estimate};

use super::sets::made;

fn design(panel: &Panel) -> Design {
    Design {
        treated: 0,
        donors: (1..panel.units()).collect(),
        fit: panel.before(6),
        post: panel.since(6),
    }
}

#[test]
fn rows_that_make_no_panel() {
    let make = Panel::from_rows;
    assert_eq!(make(&[], &[], &[]), Err(NoPanel::Empty));
    assert_eq!(make(&[0], &[1, 2], &[0.0]), Err(NoPanel::Lengths));
    assert_eq!(
        make(&[0, 0], &[1, 2], &[f64::NAN, 1.0]),
        Err(NoPanel::NotFinite(vec![0]))
    );
    assert_eq!(
        make(&[0, 0, 0], &[1, 2, 1], &[1.0, 1.0, 1.0]),
        Err(NoPanel::Duplicate {
            unit: 0,
            period: 1,
            first: 0,
            second: 2
        })
    );
    assert_eq!(
        make(&[0, 0, 1], &[1, 2, 2], &[1.0, 1.0, 1.0]),
        Err(NoPanel::Missing(vec![(1, 1)]))
    );
    assert!(matches!(
        make(&[usize::MAX - 1, 0], &[1, 1], &[1.0, 1.0]),
        Err(NoPanel::Missing(_))
    ));
}

#[test]
fn designs_that_are_none() {
    let panel = made(6, 10, &[0], 6, 1.0);
    let good = design(&panel);
    let fault = |change: &dyn Fn(&mut Design)| {
        let mut design = good.clone();
        change(&mut design);
        Study::new(&panel, &design, None).expect_err("a fault")
    };
    assert_eq!(fault(&|own| own.treated = 9), NoSynthetic::UnknownUnit(9));
    assert_eq!(
        fault(&|own| own.donors.push(0)),
        NoSynthetic::TreatedAmongDonors(0)
    );
    assert_eq!(
        fault(&|own| own.donors.push(2)),
        NoSynthetic::RepeatedDonor(2)
    );
    assert_eq!(
        fault(&|own| own.donors.truncate(1)),
        NoSynthetic::TooFewDonors {
            found: 1,
            needed: 2
        }
    );
    for periods in [0, 1] {
        assert_eq!(
            fault(&|own| own.fit.truncate(periods)),
            NoSynthetic::TooFewPeriods {
                found: periods,
                needed: 2
            }
        );
    }
    assert_eq!(fault(&|own| own.post.clear()), NoSynthetic::NoPeriodAfter);
    assert_eq!(
        fault(&|own| own.post.push(3)),
        NoSynthetic::RepeatedPeriod(3)
    );
    assert_eq!(
        fault(&|own| own.post.push(30)),
        NoSynthetic::UnknownPeriod(30)
    );
    assert!(matches!(
        fault(&|own| {
            own.fit.truncate(4);
            own.fit.push(9);
            own.post.pop();
        }),
        NoSynthetic::FitAfterTreatment(9)
    ));
}

#[test]
fn predictors_that_say_nothing() {
    let panel = made(6, 10, &[0], 6, 1.0);
    let good = design(&panel);
    let with = |table: DMatrix<f64>| Study::new(&panel, &good, Some(&Predictors(table)));
    assert!(matches!(
        with(DMatrix::zeros(2, 3)),
        Err(NoSynthetic::PredictorUnits {
            found: 3,
            needed: 6
        })
    ));
    let mut table = DMatrix::from_fn(2, 6, |row, unit| (unit * unit) as f64 + row as f64);
    table[(1, 4)] = f64::NAN;
    assert_eq!(
        with(table.clone()),
        Err(NoSynthetic::PredictorNotFinite {
            predictor: 1,
            unit: 4
        })
    );
    let constant = with(DMatrix::from_element(2, 6, 3.0)).expect("a design");
    assert_eq!(
        constant.fit(&Search::default()),
        Err(NoSynthetic::ConstantPredictors)
    );
    table.row_mut(1).fill(0.1);
    let fit = with(table)
        .expect("a design")
        .fit(&Search::default())
        .expect("a fit");
    let importance = fit.importance.expect("predictors");
    assert_eq!(
        (importance.constant, importance.shares),
        (vec![1], vec![1.0, 0.0])
    );
    // Unit 0 has the least of all: no mixture of the others reaches it.
    assert_eq!(importance.outside, [0]);
}

#[test]
fn a_treated_unit_among_the_mixtures_is_inside() {
    let panel = made(6, 10, &[0], 6, 1.0);
    let (mut units, mut periods, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for unit in 0..6 {
        for period in 0..10 {
            let own = panel.values();
            units.push(unit);
            periods.push(period as i64);
            values.push(match unit {
                0 => 0.25 * own[(period, 1)] + 0.75 * own[(period, 4)],
                _ => own[(period, unit)],
            });
        }
    }
    let panel = Panel::from_rows(&units, &periods, &values).expect("a panel");
    let fit = Study::new(&panel, &design(&panel), None)
        .expect("a design")
        .fit(&Search::default())
        .expect("a fit");
    assert!(!fit.is_outside_hull() && fit.att.abs() < 1e-9, "{fit:?}");
    assert!((fit.weights[0] - 0.25).abs() < 1e-7 && (fit.weights[3] - 0.75).abs() < 1e-7);
}

#[test]
fn too_few_donors_for_placebos() {
    let panel = made(3, 10, &[0], 6, 1.0);
    let study = Study::new(&panel, &design(&panel), None).expect("a design");
    let fit = study.fit(&Search::default()).expect("a fit");
    let few = NoSynthetic::TooFewDonors {
        found: 2,
        needed: 3,
    };
    assert_eq!(
        placebo::in_space(&study, &fit, &Search::default(), 5.0),
        Err(few.clone())
    );
    assert_eq!(
        placebo::leave_one_out(&study, &fit, &Search::default()),
        Err(few)
    );
}

#[test]
fn adoptions_that_are_none() {
    let panel = made(6, 10, &[0], 6, 1.0);
    let fault = |treated: &[usize], donors: &[usize], start: usize| {
        let adoption = Adoption {
            treated: treated.to_vec(),
            donors: donors.to_vec(),
            start,
        };
        estimate(&panel, &adoption, Solver::Exact).expect_err("a fault")
    };
    assert_eq!(fault(&[], &[1, 2], 6), NoSynthetic::NoTreated);
    assert_eq!(fault(&[1], &[1, 2], 6), NoSynthetic::TreatedAmongDonors(1));
    assert_eq!(
        fault(&[0], &[1], 6),
        NoSynthetic::TooFewDonors {
            found: 1,
            needed: 2
        }
    );
    assert_eq!(
        fault(&[0], &[1, 2], 1),
        NoSynthetic::TooFewPeriods {
            found: 1,
            needed: 2
        }
    );
    assert_eq!(fault(&[0], &[1, 2], 10), NoSynthetic::NoPeriodAfter);
    assert_eq!(fault(&[0], &[1, 8], 6), NoSynthetic::UnknownUnit(8));
}
