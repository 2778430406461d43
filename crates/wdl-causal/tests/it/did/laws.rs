//! What holds of every panel: errors by the infinitesimal jackknife, bases, windows, bands, the order of rows.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::bands::{Draws, Multiplier, NoBands};
use wdl_causal::did::group_time::{
    Base, Controls, Method, NoCell, NoInference, Request, estimate, estimate_sections,
};
use wdl_causal::did::two_way::effect;

use super::{Data, close, made};

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
