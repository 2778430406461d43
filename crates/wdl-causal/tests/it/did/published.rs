//! Against the values of the packages, computed elsewhere.

use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::group_time::{Controls, Method, Request, estimate};
use wdl_causal::did::imputation::{Variance, impute};
use wdl_causal::did::sun_abraham::{Shares, sun_abraham};
use wdl_causal::did::two_way::{Against, decompose};

use super::{close, compare, mpdta, number, numbers};
use crate::elsewhere;

#[test]
fn group_time_effects_are_those_of_the_package() {
    let Some(expected) = elsewhere::expected() else {
        return;
    };
    let expected = expected["callaway_santanna_mpdta"]["csdid"]
        .as_object()
        .unwrap();
    assert_eq!(expected.len(), 12);
    for (name, expected) in expected {
        let parts: Vec<&str> = name.split('|').collect();
        let Some(data) = mpdta(parts[2] == "lpop") else {
            return;
        };
        let request = Request {
            controls: match parts[0] {
                "nevertreated" => Controls::NeverTreated,
                _ => Controls::NotYetTreated,
            },
            method: match parts[1] {
                "reg" => Method::OutcomeRegression,
                "ipw" => Method::Weighting,
                _ => Method::DoublyRobust,
            },
            ..Request::default()
        };
        let own = estimate(&data.panel(), request);
        let cells = expected["attgt"].as_object().unwrap();
        assert_eq!(cells.len(), own.cells.len());
        for cell in &own.cells {
            let expected = &cells[&format!("{},{}", cell.cohort, cell.period)];
            close(cell.att.unwrap(), number(&expected["att"]), 1e-10, name);
            close(cell.error.unwrap(), number(&expected["se"]), 1e-9, name);
        }
        compare(&own.aggregate(Kind::Simple), &expected["simple"], name);
        compare(
            &own.aggregate(Kind::Dynamic(Window::default())),
            &expected["dynamic"],
            name,
        );
        compare(&own.aggregate(Kind::Group), &expected["group"], name);
        compare(&own.aggregate(Kind::Calendar), &expected["calendar"], name);
    }
}

#[test]
fn both_doubly_robust_variants_are_those_computed_elsewhere() {
    let (Some(expected), Some(data)) = (elsewhere::expected(), mpdta(true)) else {
        return;
    };
    let expected =
        &expected["callaway_santanna_mpdta"]["dr_lpop_simple_never_treated_checked_by_own_code"];
    for (method, key) in [
        (Method::DoublyRobust, "traditional_logit_ols"),
        (Method::DoublyRobustImproved, "improved_tilting_wls"),
    ] {
        let request = Request {
            method,
            ..Request::default()
        };
        let simple = estimate(&data.panel(), request).aggregate(Kind::Simple);
        close(
            simple.overall.unwrap().att,
            number(&expected[key]),
            1e-9,
            key,
        );
    }
}

#[test]
fn the_other_estimators_are_those_of_the_package() {
    let (Some(expected), Some(data)) = (elsewhere::expected(), mpdta(false)) else {
        return;
    };
    let other = &expected["mpdta_other_estimators"];
    let panel = data.panel();
    let bacon = decompose(&panel).unwrap();
    let expected = &other["mpdta_bacon"];
    close(
        bacon.effect.coefficient,
        number(&expected["twfe_estimate"]),
        1e-10,
        "twfe",
    );
    close(bacon.sum(), bacon.effect.coefficient, 1e-12, "sum");
    // Clustered by county, as in the fixed effects of the reference.
    close(
        bacon.effect.error.unwrap(),
        0.013265155429339,
        1e-9,
        "twfe error",
    );
    for (against, name) in [
        (Against::Never, "treated_vs_never"),
        (Against::Later, "earlier_vs_later"),
        (Against::Earlier, "later_vs_earlier"),
    ] {
        let (weight, estimate) = bacon.of(against);
        close(
            weight,
            number(&expected[format!("total_weight_{name}")]),
            1e-10,
            name,
        );
        close(
            estimate.unwrap(),
            number(&expected[format!("weighted_avg_{name}")]),
            1e-10,
            name,
        );
    }
    for (variance, key) in [
        (Variance::Imputation, "mpdta_imputation_bjs"),
        (Variance::TwoStage, "mpdta_two_stage_gardner"),
    ] {
        let own = impute(&panel, variance).unwrap().overall;
        let expected = numbers(&other[key]);
        close(own.att, expected[0], 1e-10, key);
        close(own.error.unwrap(), expected[1], 1e-9, key);
    }
    let own = sun_abraham(&panel, Shares::Fixed).unwrap();
    let expected = numbers(&other["mpdta_sun_abraham"]);
    let overall = own.overall.unwrap();
    close(overall.att, expected[0], 1e-10, "interacted");
    close(
        overall.error.unwrap(),
        expected[1],
        1e-9,
        "interacted error",
    );
    let expected = other["mpdta_sun_abraham_es"].as_object().unwrap();
    assert_eq!(expected.len(), own.effects.len());
    for effect in &own.effects {
        let expected = numbers(&expected[&effect.event_time.unwrap().to_string()]);
        close(effect.att, expected[0], 1e-10, "interacted");
        close(effect.error.unwrap(), expected[1], 1e-9, "interacted error");
    }
    let estimated = sun_abraham(&panel, Shares::Estimated).unwrap();
    assert!(estimated.overall.unwrap().error > overall.error);
}
