//! Difference-in-differences: two-way fixed effects with their decomposition, group-time effects, imputation, event studies.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde_json::Value;
use wdl_causal::did::aggregate::{Aggregate, Kind, NoPreTrend, Window};
use wdl_causal::did::bands::{Draws, Multiplier, NoBands};
use wdl_causal::did::group_time::{
    Base, Controls, GroupTime, Method, NoCell, NoInference, Request, estimate, estimate_sections,
};
use wdl_causal::did::imputation::{Imputed, Variance, impute};
use wdl_causal::did::panel::{Column, Gaps, Panel, PanelError, Rows};
use wdl_causal::did::sections::Sections;
use wdl_causal::did::sun_abraham::{Shares, sun_abraham};
use wdl_causal::did::two_way::{Against, NoTwoWay, decompose, effect};

use crate::elsewhere::{self, Table};

/// Rows that a test can change before they are read.
#[derive(Clone, Default)]
struct Data {
    unit: Vec<i64>,
    period: Vec<i64>,
    outcome: Vec<f64>,
    first: Vec<Option<i64>>,
    covariates: Vec<Vec<f64>>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<i64>>,
}

impl Data {
    fn with<T>(&self, then: impl Fn(&Rows<'_>) -> T) -> T {
        let covariates: Vec<&[f64]> = self.covariates.iter().map(Vec::as_slice).collect();
        then(&Rows {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            first_treated: &self.first,
            covariates: &covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        })
    }

    fn read(&self, gaps: Gaps) -> Result<Panel, PanelError> {
        self.with(|rows| Panel::read(rows, gaps))
    }

    fn panel(&self) -> Panel {
        self.read(Gaps::Refuse).expect("a panel")
    }

    fn sections(&self) -> Sections {
        self.with(Sections::read).expect("sections")
    }

    fn keep(&self, is_kept: impl Fn(usize) -> bool) -> Data {
        let rows: Vec<usize> = (0..self.unit.len()).filter(|row| is_kept(*row)).collect();
        self.taken(&rows)
    }

    fn taken(&self, rows: &[usize]) -> Data {
        fn of<T: Copy>(column: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().map(|row| column[*row]).collect()
        }
        Data {
            unit: of(&self.unit, rows),
            period: of(&self.period, rows),
            outcome: of(&self.outcome, rows),
            first: of(&self.first, rows),
            covariates: self.covariates.iter().map(|own| of(own, rows)).collect(),
            weights: self.weights.as_ref().map(|own| of(own, rows)),
            clusters: self.clusters.as_ref().map(|own| of(own, rows)),
        }
    }
}

/// A staggered panel: cohorts 3 to 5 of six periods, effects growing with time.
fn made(units: i64, seed: u64) -> Data {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut data = Data {
        covariates: vec![Vec::new()],
        ..Data::default()
    };
    for unit in 0..units {
        let x: f64 = random.sample(StandardNormal);
        let level: f64 = random.sample(StandardNormal);
        let is_never = random.random::<f64>() < 0.4 - 0.05 * x.clamp(-3.0, 3.0);
        let cohort = random.random_range(3..=5_i64);
        for period in 1..=6_i64 {
            let noise: f64 = random.sample(StandardNormal);
            let since = (period - cohort) as f64;
            let gain = if !is_never && since >= 0.0 {
                1.0 + 0.25 * since
            } else {
                0.0
            };
            data.unit.push(unit);
            data.period.push(period);
            data.first.push((!is_never).then_some(cohort));
            data.covariates[0].push(x);
            data.outcome
                .push(level + 0.2 * period as f64 + 0.1 * x * period as f64 + gain + noise);
        }
    }
    data
}

fn mpdta(has_covariate: bool) -> Option<Data> {
    let table = Table::read("mpdta.csv", b',')?;
    let whole = |name: &str| -> Vec<i64> {
        table
            .text(name)
            .iter()
            .map(|own| own.parse().unwrap())
            .collect()
    };
    Some(Data {
        unit: whole("countyreal"),
        period: whole("year"),
        outcome: table.numbers("lemp"),
        first: whole("first.treat")
            .into_iter()
            .map(|own| (own > 0).then_some(own))
            .collect(),
        covariates: match has_covariate {
            true => vec![table.numbers("lpop")],
            false => Vec::new(),
        },
        ..Data::default()
    })
}

fn close(own: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (own - expected).abs() <= tolerance,
        "{what}: {own} is not {expected}"
    );
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(number)
        .collect()
}

fn compare(own: &Aggregate, expected: &Value, what: &str) {
    let overall = own.overall.as_ref().expect("an overall average");
    close(overall.att, number(&expected["overall_att"]), 1e-10, what);
    close(
        overall.error.unwrap(),
        number(&expected["overall_se"]),
        1e-9,
        what,
    );
    if expected["egt"].is_null() {
        return assert!(own.effects.is_empty());
    }
    let (at, att) = (numbers(&expected["egt"]), numbers(&expected["att_egt"]));
    let error = numbers(&expected["se_egt"]);
    assert_eq!(own.effects.len(), at.len(), "{what}");
    for (place, own) in own.effects.iter().enumerate() {
        assert_eq!(own.at.unwrap() as f64, at[place], "{what}");
        close(own.att, att[place], 1e-10, what);
        close(own.error.unwrap(), error[place], 1e-9, what);
    }
}

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

/// The standard error by the infinitesimal jackknife: each unit's weight moved a little.
fn jackknife(data: &Data, units: i64, att: impl Fn(&Data) -> f64) -> f64 {
    let mut squares = 0.0;
    for unit in 0..units {
        let moved = |by: f64| {
            let mut own = data.clone();
            let weights = own.weights.as_mut().expect("weights");
            for (weight, key) in weights.iter_mut().zip(&data.unit) {
                if *key == unit {
                    *weight *= 1.0 + by;
                }
            }
            att(&own)
        };
        let slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
        squares += slope * slope;
    }
    squares.sqrt()
}

#[test]
fn standard_errors_are_those_of_the_infinitesimal_jackknife() {
    let units = 60;
    let mut data = made(units, 3);
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let own: Vec<f64> = (0..units).map(|_| random.random_range(0.5..2.0)).collect();
    data.weights = Some(data.unit.iter().map(|unit| own[*unit as usize]).collect());
    let kinds = [
        Kind::Simple,
        Kind::Dynamic(Window::default()),
        Kind::Group,
        Kind::Calendar,
    ];
    for method in [
        Method::OutcomeRegression,
        Method::Weighting,
        Method::DoublyRobust,
        Method::DoublyRobustImproved,
    ] {
        for kind in kinds {
            let request = Request {
                method,
                controls: Controls::NotYetTreated,
                trim: 1.0,
                ..Request::default()
            };
            let overall = |data: &Data| {
                let effects = estimate(&data.panel(), request).aggregate(kind);
                effects.overall.expect("an overall average")
            };
            let slow = jackknife(&data, units, |data| overall(data).att);
            let fast = overall(&data).error.unwrap();
            close(fast / slow, 1.0, 1e-6, &format!("{method:?} {kind:?}"));
        }
    }
    // In cross-sections a row is its own unit; clustering by person gives the person's weight back.
    data.clusters = Some(data.unit.clone());
    for method in [
        Method::OutcomeRegression,
        Method::Weighting,
        Method::DoublyRobust,
    ] {
        let request = Request {
            method,
            trim: 1.0,
            ..Request::default()
        };
        let overall = |data: &Data| {
            let effects = estimate_sections(&data.sections(), request).aggregate(Kind::Simple);
            effects.overall.expect("an overall average")
        };
        let slow = jackknife(&data, units, |data| overall(data).att);
        close(
            overall(&data).error.unwrap() / slow,
            1.0,
            1e-6,
            &format!("sections {method:?}"),
        );
    }
}

#[test]
fn without_covariates_sections_of_the_same_people_give_the_effects_of_the_panel() {
    let mut data = made(150, 5);
    data.covariates.clear();
    let panel = estimate(&data.panel(), Request::default());
    for method in [
        Method::OutcomeRegression,
        Method::Weighting,
        Method::DoublyRobust,
        Method::DoublyRobustImproved,
    ] {
        let request = Request {
            method,
            ..Request::default()
        };
        let sections = estimate_sections(&data.sections(), request);
        for (one, other) in panel.cells.iter().zip(&sections.cells) {
            close(one.att.unwrap(), other.att.unwrap(), 1e-10, "sections");
            assert!(other.error.unwrap() > 0.0);
        }
    }
}

#[test]
fn a_universal_base_adds_the_steps_of_the_varying_one() {
    let mut data = made(150, 6);
    data.covariates.clear();
    let varying = estimate(&data.panel(), Request::default());
    let request = Request {
        base: Base::Universal,
        ..Request::default()
    };
    let universal = estimate(&data.panel(), request);
    assert_eq!(universal.cells.len(), 18);
    for cell in &universal.cells {
        if cell.base == Some(cell.period) {
            assert_eq!(
                (cell.att, cell.error),
                (Ok(0.0), Err(NoInference::Reference))
            );
            continue;
        }
        let steps = varying.cells.iter().filter(|own| own.cohort == cell.cohort);
        let sum: f64 = match cell.is_after() {
            true => steps
                .filter(|own| own.period == cell.period)
                .map(|own| own.att.unwrap())
                .sum(),
            false => -steps
                .filter(|own| own.period > cell.period && !own.is_after())
                .map(|own| own.att.unwrap())
                .sum::<f64>(),
        };
        close(cell.att.unwrap(), sum, 1e-10, "base");
    }
    let test = universal.pre_trend().unwrap();
    let same = varying.pre_trend().unwrap();
    close(
        test.statistic,
        same.statistic,
        1e-8,
        "the test does not depend on the base",
    );
    assert_eq!(test.degrees, 6);
}

#[test]
fn anticipation_moves_the_base_back() {
    let data = made(150, 8);
    let request = Request {
        anticipation: 1,
        ..Request::default()
    };
    let effects = estimate(&data.panel(), request);
    let after = effects.cells.iter().filter(|own| own.is_after());
    assert!(
        after
            .into_iter()
            .all(|own| own.base == Some(own.cohort - 2))
    );
    let request = Request {
        anticipation: 2,
        ..Request::default()
    };
    let effects = estimate(&data.panel(), request);
    let third = effects.cells.iter().filter(|own| own.cohort == 3);
    assert!(
        third
            .into_iter()
            .all(|own| own.att == Err(NoCell::NoBasePeriod))
    );
    let simple = effects.aggregate(Kind::Simple).overall.unwrap();
    assert_eq!(simple.left_out, [(3, 3), (3, 4), (3, 5), (3, 6)]);
}

#[test]
fn a_balanced_window_keeps_the_cohorts_that_are_seen_long_enough() {
    let effects = estimate(&made(150, 8).panel(), Request::default());
    let window = Window {
        balance: Some(2),
        ..Window::default()
    };
    let balanced = effects.aggregate(Kind::Dynamic(window));
    let events: Vec<i64> = balanced.effects.iter().filter_map(|own| own.at).collect();
    assert_eq!(events, [-2, -1, 0, 1, 2]);
    let after = balanced.effects.iter().filter(|own| own.at >= Some(0));
    assert!(
        after.into_iter().all(|own| own.cells == 2),
        "cohorts 3 and 4"
    );
    let window = Window {
        min: Some(-1),
        max: Some(1),
        balance: None,
    };
    let narrow = effects.aggregate(Kind::Dynamic(window));
    let events: Vec<i64> = narrow.effects.iter().filter_map(|own| own.at).collect();
    assert_eq!(events, [-1, 0, 1]);
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_no_bit() {
    let data = made(300, 4);
    let mut order: Vec<usize> = (0..data.unit.len()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for at in (1..order.len()).rev() {
        order.swap(at, random.random_range(0..=at));
    }
    let all = |data: &Data, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let effects = estimate(&data.panel(), Request::default());
            let bands = effects.bands(Draws::default()).unwrap();
            (effects.cells, bands)
        })
    };
    assert_eq!(all(&data, 1), all(&data.taken(&order), 3));
}

#[test]
fn bands_have_the_critical_value_of_the_normal_with_their_covariance() {
    // Sums of many clusters are all but normal, so that both computations have one law.
    let mut data = made(4_000, 12);
    data.clusters = Some(data.unit.iter().map(|unit| unit % 500).collect());
    let dynamic =
        estimate(&data.panel(), Request::default()).aggregate(Kind::Dynamic(Window::default()));
    let covariance = dynamic.covariance();
    let wide = covariance.nrows();
    let root = covariance.clone().cholesky().unwrap().l();
    let mut random = ChaCha8Rng::seed_from_u64(99);
    let mut largest: Vec<f64> = (0..200_000)
        .map(|_| {
            let normal =
                nalgebra::DVector::from_fn(wide, |_, _| random.sample::<f64, _>(StandardNormal));
            let draw = &root * normal;
            (0..wide)
                .map(|at| draw[at].abs() / covariance[(at, at)].sqrt())
                .fold(0.0, f64::max)
        })
        .collect();
    largest.sort_unstable_by(f64::total_cmp);
    let slow = largest[190_000 - 1];
    for multiplier in [Multiplier::Mammen, Multiplier::Rademacher] {
        let draws = Draws {
            count: 100_000,
            multiplier,
            ..Draws::default()
        };
        let bands = dynamic.bands(draws).unwrap();
        println!("{multiplier:?}: critical {} beside {slow}", bands.critical);
        close(bands.critical / slow, 1.0, 5e-3, "critical value");
        for (effect, error) in dynamic.effects.iter().zip(&bands.errors) {
            close(
                error.unwrap() / effect.error.unwrap(),
                1.0,
                0.02,
                "errors of the draws",
            );
        }
    }
    let few = Draws {
        count: 10,
        ..Draws::default()
    };
    assert_eq!(dynamic.bands(few), Err(NoBands::TooFewDraws));
}

#[test]
fn clusters_of_one_unit_change_nothing_and_one_cluster_gives_no_error() {
    let mut data = made(100, 1);
    let alone = estimate(&data.panel(), Request::default());
    data.clusters = Some(data.unit.iter().map(|unit| 1000 - unit).collect());
    let same = estimate(&data.panel(), Request::default());
    for (one, other) in alone.cells.iter().zip(&same.cells) {
        close(one.error.unwrap(), other.error.unwrap(), 1e-12, "clusters");
    }
    data.clusters = Some(vec![7; data.unit.len()]);
    let one = estimate(&data.panel(), Request::default());
    assert!(
        one.cells
            .iter()
            .all(|own| own.error == Err(NoInference::OneCluster))
    );
    assert_eq!(effect(&data.panel()).unwrap().error, None);
}

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

/// Sixty units over eight periods, as the same lines of Python make them.
fn sixty_units() -> (Vec<i64>, Vec<i64>, Vec<Option<i64>>, Vec<f64>) {
    let mut state = 17_u64;
    let mut next = |below: u64| {
        state = (state * 75 + 74) % 65_537;
        state % below
    };
    let (mut unit, mut period) = (Vec::new(), Vec::new());
    let (mut first, mut outcome) = (Vec::new(), Vec::new());
    for own in 0..60 {
        let cohort = [None, Some(3), Some(5), Some(6)][next(4) as usize];
        let level = next(1000) as f64 / 250.0;
        for at in 1..=8_i64 {
            let since = cohort.map_or(-1, |cohort| at - cohort);
            let effect = match since >= 0 {
                true => 0.5 + 0.25 * since as f64,
                false => 0.0,
            };
            unit.push(own);
            period.push(at);
            first.push(cohort);
            outcome.push(level + 0.3 * at as f64 + next(1000) as f64 / 500.0 + effect);
        }
    }
    (unit, period, first, outcome)
}

/// `lpdid` of pyfixest 0.60, clustered by unit.
#[test]
fn local_projections_as_pyfixest_does() {
    use wdl_causal::did::local_projections::{Averaging, local_projections};
    let (unit, period, first, outcome) = sixty_units();
    let rows = Rows {
        unit: &unit,
        period: &period,
        outcome: &outcome,
        first_treated: &first,
        covariates: &[],
        weights: None,
        clusters: None,
    };
    let panel = Panel::read(&rows, Gaps::Refuse).expect("a panel");
    let own = local_projections(&panel, Averaging::ByVariance, Some(2)).expect("effects");
    let expected = [
        (-4, -0.064_991_237_408_893_5, 0.156_298_773_663_031_7, 125),
        (-3, -0.228_620_424_207_681_6, 0.178_201_680_732_237_5, 177),
        (-2, 0.086_180_650_401_001_78, 0.151_938_925_812_792_06, 237),
        (0, 0.373_669_033_196_846_13, 0.143_760_193_458_048_16, 297),
        (1, 0.595_302_049_378_731_7, 0.171_331_098_159_767_8, 237),
        (2, 1.066_464_139_557_864, 0.157_142_664_128_845_78, 185),
        (3, 1.070_194_039_315_155_4, 0.235_165_942_144_177_6, 117),
        (4, 1.379_355_263_157_894_7, 0.273_967_124_535_842, 65),
        (5, 1.718_710_526_315_789_4, 0.323_474_239_470_192_1, 46),
    ];
    for (event, att, error, rows) in expected {
        let found = own.effects.iter().find(|own| own.event_time == event);
        let found = found.expect("an effect");
        assert!((found.att - att).abs() < 1e-9, "{event}: {found:?}");
        assert!(
            (found.error / error - 1.0).abs() < 1e-8,
            "{event}: {found:?}"
        );
        assert_eq!(found.rows, rows, "{event}");
    }
    let pooled = own.pooled.expect("an effect");
    assert!(
        (pooled.att - 0.680_255_520_589_046_3).abs() < 1e-9,
        "{pooled:?}"
    );
    assert!(
        (pooled.error / 0.132_487_652_970_591_2 - 1.0).abs() < 1e-8,
        "{pooled:?}"
    );
    // Each newly treated unit alike: by hand, its change less the mean change of those not yet treated.
    let own = local_projections(&panel, Averaging::ByTreated, None).expect("effects");
    let at = |unit: usize, period: i64| outcome[unit * 8 + (period - 1) as usize];
    let cohort = |unit: usize| first[unit * 8];
    for found in &own.effects {
        let event = found.event_time;
        let (mut sum, mut count) = (0.0, 0.0);
        for treated in 0..60 {
            let Some(since) = cohort(treated) else {
                continue;
            };
            let to = since + event;
            if !(1..=8).contains(&to) {
                continue;
            }
            let change = |unit: usize| at(unit, to) - at(unit, since - 1);
            let others: Vec<f64> = (0..60)
                .filter(|unit| cohort(*unit).is_none_or(|own| own > since.max(to)))
                .map(change)
                .collect();
            sum += change(treated) - others.iter().sum::<f64>() / others.len() as f64;
            count += 1.0;
        }
        assert!((found.att - sum / count).abs() < 1e-9, "{found:?}");
    }
}
