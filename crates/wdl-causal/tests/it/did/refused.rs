//! Rows that are no panel, or have no effect to give: refused, or told with the reason.

use wdl_causal::did::aggregate::{Kind, NoPreTrend};
use wdl_causal::did::group_time::{Controls, Method, NoCell, NoInference, Request, estimate};
use wdl_causal::did::imputation::{Variance, impute};
use wdl_causal::did::panel::{Column, Gaps, PanelError};
use wdl_causal::did::sun_abraham::{Shares, sun_abraham};
use wdl_causal::did::two_way::{NoTwoWay, decompose};

use super::made;

#[test]
fn rows_that_are_no_panel_are_refused_with_their_keys() {
    let data = made(40, 1);
    let mut repeated = data.clone();
    repeated.period[8] = 2;
    let why = repeated.read(Gaps::Refuse).unwrap_err();
    assert_eq!(
        why,
        PanelError::Duplicate {
            unit: 1,
            period: 2,
            count: 1
        }
    );
    let mut changed = data.clone();
    changed.first[7] = Some(6);
    let why = changed.read(Gaps::Refuse).unwrap_err();
    assert_eq!(
        why,
        PanelError::Changes {
            column: Column::FirstTreated,
            unit: 1,
            count: 1
        }
    );
    for value in [f64::NAN, f64::INFINITY] {
        let mut own = data.clone();
        own.outcome[5] = value;
        own.outcome[9] = value;
        let why = own.read(Gaps::Refuse).unwrap_err();
        assert_eq!(
            why,
            PanelError::NotFinite {
                column: Column::Outcome,
                row: 5,
                count: 2
            }
        );
    }
    let mut own = data.clone();
    own.first.iter_mut().for_each(|own| *own = Some(1));
    let why = own.read(Gaps::Refuse).unwrap_err();
    assert_eq!(why, PanelError::NobodyTreated { always_treated: 40 });
    let mut own = data.clone();
    own.weights = Some(vec![1.0; own.unit.len()]);
    own.weights.as_mut().unwrap()[3] = 0.0;
    assert_eq!(
        own.read(Gaps::Refuse).unwrap_err(),
        PanelError::Weight { row: 3 }
    );
    let own = data.keep(|row| data.period[row] == 2);
    assert_eq!(own.read(Gaps::Refuse).unwrap_err(), PanelError::OnePeriod);
    let own = data.keep(|_| false);
    assert_eq!(own.read(Gaps::Refuse).unwrap_err(), PanelError::Empty);
}

#[test]
fn gaps_are_refused_dropped_or_kept_and_counted() {
    let data = made(80, 2);
    let gappy = data.keep(|row| !(data.unit[row] < 5 && data.period[row] == 4));
    let why = gappy.read(Gaps::Refuse).unwrap_err();
    assert_eq!(
        why,
        PanelError::Unbalanced {
            unit: 0,
            count: 5,
            units: 80
        }
    );
    let dropped = gappy.read(Gaps::DropUnits).unwrap();
    assert_eq!(
        (dropped.units().len(), dropped.findings().incomplete.len()),
        (75, 5)
    );
    let without = data.keep(|row| data.unit[row] >= 5);
    let (one, other) = (
        estimate(&dropped, Request::default()),
        estimate(&without.panel(), Request::default()),
    );
    assert_eq!(one.cells, other.cells);
    let kept = gappy.read(Gaps::AsTheyAre).unwrap();
    assert_eq!(kept.findings().incomplete, [0, 1, 2, 3, 4]);
    let (own, whole) = (
        estimate(&kept, Request::default()),
        estimate(&data.panel(), Request::default()),
    );
    for (own, whole) in own.cells.iter().zip(&whole.cells) {
        let touches = own.period == 4 || own.base == Some(4);
        match touches {
            true => assert!(own.treated + own.controls < whole.treated + whole.controls),
            false => assert_eq!(own.att, whole.att),
        }
    }
    assert_eq!(decompose(&kept), Err(NoTwoWay::Unbalanced));
}

#[test]
fn a_period_that_nobody_has_is_named_and_the_base_said() {
    let data = made(80, 2);
    let panel = data.keep(|row| data.period[row] != 3).panel();
    assert_eq!(panel.findings().missing_periods, [3]);
    let effects = estimate(&panel, Request::default());
    let fourth = effects
        .cells
        .iter()
        .find(|own| (own.cohort, own.period) == (4, 4))
        .unwrap();
    assert_eq!(fourth.base, Some(2));
}

#[test]
fn always_treated_are_left_out_and_those_treated_later_are_controls() {
    let data = made(60, 2);
    let mut own = data.clone();
    for row in 0..own.unit.len() {
        match own.unit[row] {
            0 | 1 => own.first[row] = Some(0),
            2 => own.first[row] = Some(99),
            _ => {}
        }
    }
    let panel = own.panel();
    assert_eq!(panel.findings().always_treated, [0, 1]);
    assert_eq!(panel.findings().treated_after_the_end, 1);
    let mut never = data.keep(|row| data.unit[row] > 1);
    for row in 0..6 {
        never.first[row] = None;
    }
    let (one, other) = (
        estimate(&panel, Request::default()),
        estimate(&never.panel(), Request::default()),
    );
    assert_eq!(one.cells, other.cells);
}

#[test]
fn without_never_treated_cells_are_empty_with_their_reason() {
    let data = made(90, 2);
    let treated = data.keep(|row| data.first[row].is_some()).panel();
    assert_eq!(treated.findings().never_treated, 0);
    let never = estimate(&treated, Request::default());
    assert!(
        never
            .cells
            .iter()
            .all(|own| own.att == Err(NoCell::NoControls))
    );
    assert!(never.aggregate(Kind::Simple).overall.is_none());
    assert_eq!(never.pre_trend(), Err(NoPreTrend::None));
    let request = Request {
        controls: Controls::NotYetTreated,
        ..Request::default()
    };
    let later = estimate(&treated, request);
    let empty = later.cells.iter().filter(|own| own.att.is_err());
    assert!(empty.into_iter().all(|own| {
        // The last cohort has no later one to be compared with from period 4 on.
        let is_late = own.period >= 5 || (own.cohort, own.period) == (5, 4);
        is_late && own.att == Err(NoCell::NoControls)
    }));
    let simple = later.aggregate(Kind::Simple).overall.unwrap();
    assert_eq!(simple.left_out.len(), 6, "three cohorts in periods 5 and 6");
    let interacted = sun_abraham(&treated, Shares::Fixed).unwrap();
    assert_eq!(interacted.control, Some(5));
    let imputed = impute(
        &data.keep(|row| data.first[row].is_some()).panel(),
        Variance::Imputation,
    );
    assert!(imputed.is_err(), "the panel has a covariate");
}

#[test]
fn a_cohort_of_one_unit_has_an_effect_but_no_error() {
    let mut data = made(60, 2);
    for row in 0..data.unit.len() {
        if data.first[row] == Some(3) {
            data.first[row] = None;
        }
        if data.unit[row] == 0 {
            data.first[row] = Some(3);
        }
    }
    data.covariates.clear();
    let panel = data.panel();
    assert_eq!(panel.findings().cohorts_of_one, [3]);
    let effects = estimate(&panel, Request::default());
    let own = effects.cells.iter().filter(|own| own.cohort == 3);
    assert!(
        own.into_iter()
            .all(|own| own.att.is_ok() && own.error == Err(NoInference::OneUnit))
    );
    let simple = effects.aggregate(Kind::Simple).overall.unwrap();
    assert_eq!(simple.error, Err(NoInference::OneUnit));
}

#[test]
fn covariates_that_repeat_or_tell_treatment_are_named() {
    let mut data = made(80, 2);
    let twice = data.covariates[0]
        .iter()
        .map(|own| 2.0 * own - 1.0)
        .collect();
    data.covariates.push(twice);
    for method in [
        Method::OutcomeRegression,
        Method::Weighting,
        Method::DoublyRobust,
    ] {
        let request = Request {
            method,
            ..Request::default()
        };
        let effects = estimate(&data.panel(), request);
        let why = Err(NoCell::SingularCovariates { covariate: 1 });
        assert!(effects.cells.iter().all(|own| own.att == why));
    }
    data.covariates.pop();
    for (own, first) in data.covariates[0].iter_mut().zip(&data.first) {
        *own += if first.is_some() { 50.0 } else { 0.0 };
    }
    let effects = estimate(&data.panel(), Request::default());
    assert!(
        effects
            .cells
            .iter()
            .all(|own| own.att == Err(NoCell::NoOverlap))
    );
}
