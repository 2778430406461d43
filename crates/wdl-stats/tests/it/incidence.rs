//! Cumulative incidence: against the R package survival 3.5-3, against a slow second implementation, and its laws.

use proptest::prelude::*;
use wdl_stats::{
    Design, Ending, Sample, Spells, Undefined, cumulative_incidence, incidence_scores,
    observed_spells,
};

use Ending::{Competing, Event, Open};

/// Entry, exit, weight, ending; written by hand.
const SPELLS: [(f64, f64, f64, Ending); 24] = [
    (0.0, 12.0, 1.0, Event),
    (0.0, 30.0, 2.0, Competing),
    (0.0, 30.0, 1.0, Event),
    (0.0, 55.0, 1.5, Open),
    (0.0, 70.0, 1.0, Event),
    (0.0, 90.0, 1.0, Competing),
    (0.0, 120.0, 3.0, Open),
    (0.0, 15.0, 1.0, Event),
    (5.0, 30.0, 1.0, Competing),
    (5.0, 45.0, 2.0, Event),
    (10.0, 35.0, 1.0, Open),
    (10.0, 110.0, 1.0, Open),
    (20.0, 45.0, 0.5, Event),
    (20.0, 60.0, 1.0, Competing),
    (20.0, 95.0, 1.0, Event),
    (40.0, 70.0, 2.0, Open),
    (40.0, 120.0, 1.0, Open),
    (60.0, 85.0, 1.0, Event),
    (60.0, 120.0, 1.0, Open),
    (80.0, 120.0, 2.0, Open),
    (80.0, 101.0, 1.0, Competing),
    (100.0, 119.0, 1.0, Event),
    (0.0, 30.0, 1.25, Event),
    (0.0, 8.0, 0.75, Competing),
];

/// `survfit(Surv(entry, exit, ending) ~ 1, id = id, weights = w)`: horizon, incidence and its error without weights, and with them.
const OF_SURVIVAL: [(f64, [f64; 2], [f64; 2]); 4] = [
    (
        30.0,
        [0.2518315018315018, 0.10818832128159175],
        [0.2119779699366811, 0.09873790783862343],
    ),
    (
        60.0,
        [0.35256410256410253, 0.11572909178911504],
        [0.3125339834774525, 0.11347728598049818],
    ),
    (
        100.0,
        [0.4749821937321937, 0.11605677910944619],
        [0.4204539475047955, 0.1182152268407513],
    ),
    (
        120.0,
        [0.515275234025234, 0.11893026038031541],
        [0.4558056710152229, 0.12202974623083412],
    ),
];

type Spell = (f64, f64, f64, Ending);

fn read(spells: &[Spell]) -> (Sample, Spells) {
    let exits: Vec<f64> = spells.iter().map(|spell| spell.1).collect();
    let weights: Vec<f64> = spells.iter().map(|spell| spell.2).collect();
    let entries: Vec<Option<f64>> = spells.iter().map(|spell| Some(spell.0)).collect();
    let endings: Vec<Ending> = spells.iter().map(|spell| spell.3).collect();
    (
        Sample::new(&exits, &weights).unwrap(),
        Spells::new(&entries, &endings),
    )
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * one.abs().max(1.0)
}

#[test]
fn equals_survival() {
    for (horizon, plain, weighted) in OF_SURVIVAL {
        for (is_weighted, [incidence, error]) in [(false, plain), (true, weighted)] {
            let mut spells = SPELLS;
            if !is_weighted {
                spells.iter_mut().for_each(|spell| spell.2 = 1.0);
            }
            let (sample, spells) = read(&spells);
            let value = cumulative_incidence(&sample, &spells, horizon).unwrap();
            assert!(is_near(value, incidence), "{horizon}: {value}");
            let scores = incidence_scores(&sample, &spells, horizon).unwrap();
            let squares: f64 = scores.own.iter().map(|score| score * score).sum();
            assert!(is_near(squares.sqrt(), error), "{horizon}: {squares}");
            // Its design without clusters gives the same, corrected for the number of units.
            let design = Design::new(24, None, None);
            let drawn = design.standard_error(&design.totals(&sample, &scores.own));
            let drawn = drawn.unwrap() * (23.0_f64 / 24.0).sqrt();
            assert!((drawn - error).abs() < 1e-9, "{horizon}: {drawn}");
        }
    }
}

/// As one writes it down at first: at each moment, look at everybody.
fn slow(spells: &[Spell], horizon: f64) -> f64 {
    let mut times: Vec<f64> = spells.iter().map(|spell| spell.1).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let (mut lasting, mut incidence) = (1.0, 0.0);
    for time in times.into_iter().filter(|time| *time <= horizon) {
        let (mut at_risk, mut events, mut ends) = (0.0, 0.0, 0.0);
        for (entry, exit, weight, ending) in spells {
            if *entry < time && time <= *exit {
                at_risk += weight;
            }
            if *exit == time && entry < exit {
                events += if *ending == Event { *weight } else { 0.0 };
                ends += if *ending == Open { 0.0 } else { *weight };
            }
        }
        if ends > 0.0 {
            incidence += lasting * events / at_risk;
            lasting *= 1.0 - ends / at_risk;
        }
    }
    incidence
}

fn ending() -> impl Strategy<Value = Ending> {
    prop::sample::select(vec![Open, Event, Competing])
}

/// Whole days, so that many end on one; one spell is followed all the way, so that there is no gap.
fn spells() -> impl Strategy<Value = Vec<Spell>> {
    let one = (0..40_i32, 1..60_i32, 1..8_i32, ending());
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        let spell = |(entry, lasts, weight, ending): (i32, i32, i32, Ending)| {
            let entry = f64::from(entry);
            (
                entry,
                entry + f64::from(lasts),
                f64::from(weight) / 4.0,
                ending,
            )
        };
        let mut spells: Vec<Spell> = rows.into_iter().map(spell).collect();
        spells.push((-1.0, 200.0, 1.0, Open));
        spells
    })
}

proptest! {
    #[test]
    fn equals_the_slow_one(spells in spells(), horizon in 1..120_i32) {
        let horizon = f64::from(horizon);
        let (sample, read) = read(&spells);
        let value = cumulative_incidence(&sample, &read, horizon).unwrap();
        prop_assert!((value - slow(&spells, horizon)).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&value));
    }

    #[test]
    fn the_ways_of_ending_and_lasting_add_up_to_one(spells in spells(), horizon in 1..120_i32) {
        let horizon = f64::from(horizon);
        let others: Vec<Spell> = spells.iter().map(|spell| {
            let ending = match spell.3 { Open => Open, Event => Competing, Competing => Event };
            (spell.0, spell.1, spell.2, ending)
        }).collect();
        let any: Vec<Spell> = spells.iter().map(|spell| {
            let ending = match spell.3 { Open => Open, Event | Competing => Event };
            (spell.0, spell.1, spell.2, ending)
        }).collect();
        let of = |spells: &[Spell]| {
            let (sample, spells) = read(spells);
            cumulative_incidence(&sample, &spells, horizon).unwrap()
        };
        prop_assert!((of(&spells) + of(&others) - of(&any)).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_rows_changes_no_byte_and_the_scale_of_weights_nothing(
        mut spells in spells(),
        turn in 0..40_usize,
    ) {
        let of = |spells: &[Spell]| {
            let (sample, spells) = read(spells);
            cumulative_incidence(&sample, &spells, 50.0).unwrap()
        };
        let before = of(&spells);
        let turn = turn % spells.len();
        spells.rotate_left(turn);
        spells.reverse();
        prop_assert_eq!(before.to_bits(), of(&spells).to_bits());
        spells.iter_mut().for_each(|spell| spell.2 *= 1e6 / 3.0);
        prop_assert!((before - of(&spells)).abs() < 1e-12);
    }

    #[test]
    fn a_score_is_a_weight_times_the_derivative_by_it(spells in spells(), horizon in 1..120_i32) {
        let horizon = f64::from(horizon);
        let (sample, with) = read(&spells);
        let scores = incidence_scores(&sample, &with, horizon).unwrap();
        for (place, row) in sample.rows().enumerate() {
            let moved = |by: f64| {
                let mut spells = spells.clone();
                spells[row].2 += by;
                slow(&spells, horizon)
            };
            let step = 1e-5 * spells[row].2;
            let derivative = (moved(step) - moved(-step)) / (2.0 * step);
            prop_assert!((scores.own[place] - spells[row].2 * derivative).abs() < 1e-6);
        }
        // To weigh everybody more changes nothing.
        prop_assert!(scores.own.iter().sum::<f64>().abs() < 1e-9);
    }
}

#[test]
fn without_a_number_it_says_why() {
    let of = |spells: &[Spell], horizon: f64| {
        let (sample, spells) = read(spells);
        cumulative_incidence(&sample, &spells, horizon)
    };
    assert_eq!(of(&[], 10.0), Err(Undefined::NoRows));
    // It stops before it begins.
    assert_eq!(of(&[(5.0, 5.0, 1.0, Event)], 10.0), Err(Undefined::NoRows));
    // Nobody is followed from the beginning; not to the horizon; over a gap.
    let late = [(3.0, 20.0, 1.0, Event)];
    assert_eq!(of(&late, 10.0), Err(Undefined::NotFollowed));
    let short = [(0.0, 9.0, 1.0, Open), (0.0, 5.0, 1.0, Event)];
    assert_eq!(of(&short, 10.0), Err(Undefined::NotFollowed));
    assert_eq!(of(&short, 9.0), Ok(0.5));
    let gap = [(0.0, 4.0, 1.0, Open), (6.0, 20.0, 1.0, Open)];
    assert_eq!(of(&gap, 10.0), Err(Undefined::NotFollowed));
    // A gap behind the horizon is none, and neither is what follows when all have ended.
    assert_eq!(of(&gap, 4.0), Ok(0.0));
    let over = [
        (0.0, 4.0, 0.1, Event),
        (0.0, 4.0, 0.2, Competing),
        (8.0, 20.0, 1.0, Open),
    ];
    assert!(is_near(of(&over, 10.0).unwrap(), 1.0 / 3.0));
}

#[test]
fn ends_of_the_first_day_and_what_was_observed() {
    let entries = [None, None, Some(2.0), Some(9.0)];
    let spells = Spells::new(&entries, &[Event, Open, Event, Event]);
    let sample = Sample::new(&[0.0, 30.0, 5.0, 9.0], &[1.0; 4]).unwrap();
    // Two at risk on the first day, of whom one ends; then two, of whom one ends.
    assert_eq!(cumulative_incidence(&sample, &spells, 10.0), Ok(0.75));
    assert_eq!(observed_spells(&sample, &spells, 10.0), (3, 2));
    assert_eq!(observed_spells(&sample, &spells, 4.0), (3, 1));
}
