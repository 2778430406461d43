//! Values from outside: pyfixest and sandwich.

use serde_json::Value;
use wdl_causal::regression::{
    self, ClusterFactor, Column, Fit, Inference, JackknifeFactor, Model, Term, Variance,
};

use super::{close, codes};
use crate::elsewhere::{self, Table};

struct Mpdta {
    outcome: Vec<f64>,
    treated: Vec<f64>,
    population: Vec<f64>,
    county: Vec<u32>,
    year: Vec<u32>,
    relative: Vec<i32>,
}

fn mpdta() -> Option<Mpdta> {
    let table = Table::read("mpdta.csv", b',')?;
    let (year, first) = (codes(&table, "year"), codes(&table, "first.treat"));
    let pairs = || year.iter().zip(&first);
    Some(Mpdta {
        outcome: table.numbers("lemp"),
        population: table.numbers("lpop"),
        county: codes(&table, "countyreal"),
        treated: pairs()
            .map(|(year, first)| f64::from(u8::from(*first > 0 && year >= first)))
            .collect(),
        relative: pairs()
            .map(|(year, first)| match first {
                0 => -1,
                _ => *year as i32 - *first as i32,
            })
            .collect(),
        year,
    })
}

fn expected() -> Option<Value> {
    Some(elsewhere::expected()?["panel_fixed_effects"].clone())
}

/// Estimates, standard errors, t, p and intervals of every term under a key.
#[track_caller]
fn check(ours: &Inference, theirs: &Value, terms: &[(&str, Term)]) {
    for (name, term) in terms {
        let own = ours.coefficients.iter().find(|own| own.term == *term);
        let own = own.expect("the term has a coefficient");
        let entry = &theirs[*name];
        let number = |name: &str| entry[name].as_f64().expect("a number");
        close(own.estimate, number("est"), 1e-9);
        close(own.standard_error, number("se"), 1e-8);
        close(own.t, number("t"), 1e-8);
        // pyfixest takes one minus the distribution: below 1e-15 nothing of p is left.
        let p = number("p");
        assert!(
            (own.p - p).abs() <= 1e-8 * p + 4e-15,
            "{name}: p {} is not {p}",
            own.p
        );
        let ends = entry["ci95"].as_array().expect("an interval");
        close(own.low, ends[0].as_f64().expect("a number"), 1e-8);
        close(own.high, ends[1].as_f64().expect("a number"), 1e-8);
    }
}

fn cluster<'a>(ways: &[&'a [u32]]) -> Variance<'a> {
    Variance::Cluster {
        ways: ways.to_vec(),
        factor: ClusterFactor::Least,
    }
}

fn jackknife(clusters: &[u32]) -> Variance<'_> {
    Variance::Jackknife {
        clusters,
        factor: JackknifeFactor::SmallSample,
    }
}

fn infer(fit: &Fit, variance: &Variance<'_>) -> Inference {
    fit.inference(variance, 0.95).unwrap()
}

#[test]
fn two_way_effects_of_the_minimum_wage() {
    let (Some(data), Some(expected)) = (mpdta(), expected()) else {
        return;
    };
    let model = Model {
        outcome: &data.outcome,
        regressors: vec![Column::Values(&data.treated)],
        fixed_effects: vec![&data.county, &data.year],
        ..Model::default()
    };
    let fit = regression::fit(&model).unwrap();
    let post = [("post", Term::Regressor(0))];
    for (key, variance) in [
        ("mpdta_twfe_iid", Variance::Iid),
        ("mpdta_twfe_hetero", Variance::Hc1),
        ("mpdta_twfe_CRV1_county", cluster(&[&data.county])),
        ("mpdta_twfe_CRV3_county", jackknife(&data.county)),
        (
            "mpdta_twfe_CRV1_county+year",
            cluster(&[&data.county, &data.year]),
        ),
    ] {
        check(&infer(&fit, &variance), &expected[key], &post);
    }
    let weighted = Model {
        weights: Some(&data.population),
        ..model.clone()
    };
    let fit = regression::fit(&weighted).unwrap();
    check(
        &infer(&fit, &cluster(&[&data.county])),
        &expected["mpdta_twfe_weights_lpop_CRV1"],
        &post,
    );
}

#[test]
fn event_study_of_the_minimum_wage() {
    let (Some(data), Some(expected)) = (mpdta(), expected()) else {
        return;
    };
    let levels = [-4, -3, -2, 0, 1, 2, 3];
    let dummies = levels.map(|level| Column::Level {
        codes: &data.relative,
        level,
    });
    let model = Model {
        outcome: &data.outcome,
        regressors: dummies.to_vec(),
        fixed_effects: vec![&data.county, &data.year],
        ..Model::default()
    };
    let fit = regression::fit(&model).unwrap();
    let names = levels.map(|level| format!("relc::{level}"));
    let terms: Vec<(&str, Term)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), Term::Regressor(at)))
        .collect();
    check(
        &infer(&fit, &cluster(&[&data.county])),
        &expected["mpdta_eventstudy_twfe_ref-1_nevertreated_in_ref_CRV1"],
        &terms,
    );
}

#[test]
fn investment_of_ten_firms() {
    let (Some(table), Some(expected)) = (Table::read("grunfeld.csv", b','), expected()) else {
        return;
    };
    let (outcome, value, capital) = (
        table.numbers("inv"),
        table.numbers("value"),
        table.numbers("capital"),
    );
    let (firm, year) = (codes(&table, "firm"), codes(&table, "year"));
    let terms = [
        ("value", Term::Regressor(0)),
        ("capital", Term::Regressor(1)),
    ];
    for (name, effects) in [("fe1", vec![firm.as_slice()]), ("fe", vec![&firm, &year])] {
        let model = Model {
            outcome: &outcome,
            regressors: vec![Column::Values(&value), Column::Values(&capital)],
            fixed_effects: effects,
            ..Model::default()
        };
        let fit = regression::fit(&model).unwrap();
        for (kind, variance) in [
            ("iid", Variance::Iid),
            ("hetero", Variance::Hc1),
            ("CRV1", cluster(&[&firm])),
            ("CRV3", jackknife(&firm)),
        ] {
            let key = format!("grunfeld_{name}_{kind}");
            check(&infer(&fit, &variance), &expected[&key], &terms);
        }
    }
}

#[test]
fn the_panel_of_petersen() {
    let (Some(table), Some(expected)) = (Table::read("petersencl.csv", b','), expected()) else {
        return;
    };
    let (outcome, x) = (table.numbers("y"), table.numbers("x"));
    let (firm, year) = (codes(&table, "firm"), codes(&table, "year"));
    let model = Model {
        outcome: &outcome,
        regressors: vec![Column::Values(&x)],
        ..Model::default()
    };
    let fit = regression::fit(&model).unwrap();
    let terms = [("Intercept", Term::Constant), ("x", Term::Regressor(0))];
    for (key, variance) in [
        ("petersen_iid", Variance::Iid),
        ("petersen_HC1", Variance::Hc1),
        ("petersen_CRV1_firm", cluster(&[&firm])),
        ("petersen_CRV1_year", cluster(&[&year])),
        ("petersen_CRV1_firm+year", cluster(&[&firm, &year])),
        ("petersen_CRV3_firm", jackknife(&firm)),
    ] {
        check(&infer(&fit, &variance), &expected[key], &terms);
    }
    // sandwich 3.0-2 in R 4.2: `vcovCL(m, ~firm+year, type = "HC1")`, `vcovHC`, and `vcovPL(m, ~firm, order.by = ~year, lag = 2, adjust = FALSE)` with `aggregate` true and false.
    let each = Variance::Cluster {
        ways: vec![&firm, &year],
        factor: ClusterFactor::EachTerm,
    };
    let aggregated = Variance::DriscollKraay {
        periods: &year,
        lag: 2,
        has_factor: false,
    };
    let apart = Variance::NeweyWest {
        units: Some(&firm),
        periods: &year,
        lag: 2,
        has_factor: false,
    };
    for (variance, constant, slope) in [
        (each, 0.065_063_918_199_389_35, 0.053_558_022_944_937_87),
        (
            Variance::Hc0,
            0.028_354_999_529_615_49,
            0.028_389_481_867_631_7,
        ),
        (
            Variance::Hc2,
            0.028_360_638_554_377_97,
            0.028_400_787_725_024_28,
        ),
        (
            Variance::Hc3,
            0.028_366_279_821_531_27,
            0.028_412_101_270_434_88,
        ),
        (
            aggregated,
            0.022_886_569_075_365_67,
            0.024_414_919_706_769_35,
        ),
        (apart, 0.038_786_633_048_864_66, 0.033_815_974_475_761_03),
    ] {
        let ours = infer(&fit, &variance);
        close(ours.coefficients[0].standard_error, constant, 1e-10);
        close(ours.coefficients[1].standard_error, slope, 1e-10);
    }
}
