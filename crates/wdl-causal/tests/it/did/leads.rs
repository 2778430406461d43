//! Trends before treatment with few units: as often as it says where there is none, and mostly where there is one.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use wdl_causal::did::leads::{Asked, NoLeadsTest, leads_test};
use wdl_causal::did::panel::Panel;

use super::Data;

const ASKED: Asked = Asked {
    reach: 5,
    anticipation: 0,
    draws: 199,
    seed: 1,
};

/// Sixteen units, ten of which begin in three waves; errors differ in size and go together over time, and those to be treated drift by `drift` in each of the last five periods.
fn sixteen(seed: u64, drift: f64) -> Panel {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut data = Data::default();
    for unit in 0..16_i64 {
        let first = match unit {
            ..4 => Some(15),
            4..7 => Some(20),
            7..10 => Some(25),
            _ => None,
        };
        let size = 0.5 + 0.1 * unit as f64;
        let mut error: f64 = random.sample(StandardNormal);
        for period in 1..=30_i64 {
            let fresh: f64 = random.sample(StandardNormal);
            error = 0.3 * error + 0.91_f64.sqrt() * fresh;
            let ahead = first.map_or(0, |first| (period - first + 6).clamp(0, 5));
            data.unit.push(unit);
            data.period.push(period);
            data.first.push(first);
            data.outcome
                .push(unit as f64 + size * error + drift * ahead as f64);
        }
    }
    data.panel()
}

fn rejected(drift: f64, panels: u64) -> f64 {
    let found = (0..panels).filter(|seed| {
        let test = leads_test(&sixteen(*seed, drift), ASKED).unwrap();
        assert_eq!((test.leads, test.clusters), (5, 16));
        test.p_value <= 0.05
    });
    found.count() as f64 / panels as f64
}

#[test]
fn without_a_trend_it_rejects_as_often_as_it_says() {
    // Three standard errors of a share of one in twenty among 400.
    let share = rejected(0.0, 400);
    assert!((0.005..=0.083).contains(&share), "{share}");
}

#[test]
fn a_trend_of_half_a_deviation_in_a_period_is_found() {
    let share = rejected(0.5, 60);
    assert!(share > 0.8, "{share}");
}

#[test]
fn what_happens_under_treatment_does_not_count() {
    let mut data = Data::default();
    let mut changed = Data::default();
    let mut random = ChaCha8Rng::seed_from_u64(4);
    for unit in 0..8_i64 {
        let first = (unit < 4).then_some(6);
        for period in 1..=10_i64 {
            let error: f64 = random.sample(StandardNormal);
            let is_on = first.is_some_and(|first| period >= first);
            for (own, effect) in [(&mut data, 0.0), (&mut changed, 100.0)] {
                own.unit.push(unit);
                own.period.push(period);
                own.first.push(first);
                own.outcome
                    .push(error + effect * f64::from(u8::from(is_on)));
            }
        }
    }
    let test = |data: &Data| leads_test(&data.panel(), ASKED).unwrap();
    assert_eq!(test(&data), test(&changed));
}

#[test]
fn five_units_tell_nothing() {
    let five = {
        let mut data = Data::default();
        for unit in 0..5_i64 {
            for period in 1..=8_i64 {
                data.unit.push(unit);
                data.period.push(period);
                data.first.push((unit < 2).then_some(5));
                data.outcome.push(((unit * 7 + period * 3) % 5) as f64);
            }
        }
        data.panel()
    };
    assert_eq!(leads_test(&five, ASKED), Err(NoLeadsTest::FewClusters(5)));
}
