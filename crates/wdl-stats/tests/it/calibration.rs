//! Calibration against the R package survey 4.1.1 (`calibrate` on twelve invented rows in eight households), its laws, and what cannot be met.

use proptest::prelude::*;
use wdl_stats::calibration::{
    Auxiliaries, Bounds, Calibrated, CalibrationError, Distance, Residuals, calibrate,
    calibrate_from,
};
use wdl_stats::scores;
use wdl_stats::{Design, Overlap, Sample, measures, sum};

const ZONE: [usize; 12] = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
const IS_MALE: [bool; 12] = [
    true, true, false, false, true, false, true, false, true, false, false, true,
];
const AGE: [f64; 12] = [
    20.0, 35.0, 50.0, 41.0, 63.0, 29.0, 18.0, 77.0, 33.0, 54.0, 46.0, 25.0,
];
const INCOME: [f64; 12] = [
    10.0, 12.0, 9.0, 30.0, 22.0, 14.0, 8.0, 16.0, 19.0, 21.0, 11.0, 13.0,
];
const BASE: [f64; 12] = [1.0, 2.0, 1.5, 3.0, 1.0, 2.0, 2.5, 1.0, 1.0, 2.0, 1.5, 1.0];
const HOUSEHOLD: [u64; 12] = [1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 8];
/// Three zones, two sexes, the sum of ages: the zones and the sexes add up to the same.
const TOTALS: [f64; 6] = [8.5, 6.5, 6.0, 9.5, 11.5, 830.0];

fn auxiliaries() -> Auxiliaries {
    let mut all = Auxiliaries::new(6);
    for ((zone, is_male), age) in ZONE.iter().zip(IS_MALE).zip(AGE) {
        let sex = if is_male { 3 } else { 4 };
        all.push([(*zone, 1.0), (sex, 1.0), (5, age)]);
    }
    all
}

fn near(got: f64, want: f64, tolerance: f64) {
    let distance = (got - want).abs() / want.abs();
    assert!(distance <= tolerance, "{got} is not {want} ({distance:e})");
}

/// The weights of a row, the mean and the total with their errors, as survey has them.
struct Peer {
    first: f64,
    last: f64,
    mean: (f64, f64),
    total: (f64, f64),
}

fn equals(distance: Distance, peer: &Peer) {
    let calibrated = calibrate(&BASE, &auxiliaries(), &TOTALS, distance).unwrap();
    near(calibrated.weights[0], peer.first, 1e-12);
    near(calibrated.weights[11], peer.last, 1e-12);
    let design = Design::new(12, Some(&HOUSEHOLD), None);
    let sample = Sample::new(&INCOME, &calibrated.weights).unwrap();
    let residuals = Residuals::new(auxiliaries(), BASE.to_vec(), calibrated.weights);
    let error = |scores: &[f64]| {
        let mut by_row = vec![0.0; 12];
        for (row, score) in sample.rows().zip(scores) {
            by_row[row] = *score;
        }
        residuals.apply(&mut by_row);
        let mut units = vec![0.0; design.units()];
        for (unit, score) in design.unit_of_row().zip(by_row) {
            units[unit] += score;
        }
        design.standard_error(&units).unwrap()
    };
    near(measures::mean(&sample).unwrap(), peer.mean.0, 1e-12);
    near(
        error(&scores::mean(&sample).unwrap().own),
        peer.mean.1,
        1e-10,
    );
    near(measures::total(&sample), peer.total.0, 1e-12);
    near(error(&scores::total(&sample).own), peer.total.1, 1e-10);
}

#[test]
fn linear_weights_and_errors_equal_survey() {
    equals(
        Distance::Linear,
        &Peer {
            first: 1.032_279_665_406_75,
            last: 1.128_918_171_567_42,
            mean: (15.883_061_614_565_14, 2.012_438_462_159_94),
            total: (333.544_293_905_868, 42.261_207_705_358_8),
        },
    );
}

#[test]
fn raked_weights_and_errors_equal_survey() {
    equals(
        Distance::Raking,
        &Peer {
            first: 1.030_178_003_073_83,
            last: 1.129_241_409_714_4,
            mean: (15.890_291_160_170_62, 2.014_281_326_742_33),
            total: (333.696_114_363_583, 42.299_907_861_589),
        },
    );
}

#[test]
fn logistic_weights_and_errors_equal_survey() {
    equals(
        Distance::Logit(Bounds::new(0.4, 2.5).unwrap()),
        &Peer {
            first: 1.030_523_525_860_22,
            last: 1.129_381_420_214_17,
            mean: (15.889_114_958_619_5, 2.013_922_829_121_96),
            total: (333.671_414_131_01, 42.292_379_411_561_1),
        },
    );
}

fn reached(calibrated: &Calibrated, all: &Auxiliaries) -> Vec<f64> {
    let of_margin = |margin: usize| {
        let rows = 0..all.rows();
        sum(rows.map(|row| {
            let own = all.of_row(row).filter(|(own, _)| *own == margin);
            own.map(|(_, value)| value * calibrated.weights[row]).sum()
        }))
    };
    (0..all.margins()).map(of_margin).collect()
}

proptest! {
    #[test]
    fn totals_are_met_whatever_the_distance(
        factors in prop::collection::vec(0.7..1.4_f64, 12),
        which in 0..4_usize,
    ) {
        let bounds = Bounds::new(0.3, 3.0).unwrap();
        let distance = [
            Distance::Raking,
            Distance::Linear,
            Distance::Truncated(bounds),
            Distance::Logit(bounds),
        ][which];
        // Totals that some weights inside the bounds do meet.
        let all = auxiliaries();
        let aim: Vec<f64> = BASE.iter().zip(&factors).map(|(base, factor)| base * factor).collect();
        let aim = Calibrated { weights: aim, steps: 0, factors: (0.0, 0.0), multipliers: vec![] };
        let totals = reached(&aim, &all);
        let found = calibrate(&BASE, &all, &totals, distance);
        if let (Distance::Linear, Err(CalibrationError::Negative { .. })) = (distance, &found) {
            return Ok(());
        }
        let found = found.unwrap();
        for (got, want) in reached(&found, &all).iter().zip(&totals) {
            prop_assert!((got - want).abs() <= 1e-9 * want.abs());
        }
        if matches!(distance, Distance::Truncated(_) | Distance::Logit(_)) {
            prop_assert!(found.factors.0 >= 0.3 && found.factors.1 <= 3.0);
        }
        let again = calibrate_from(&BASE, &all, &totals, distance, &found.multipliers).unwrap();
        prop_assert_eq!(again.steps, 0, "what is found is found at once");
    }
}

/// Iterative proportional fitting, row by row and column by column, until nothing moves.
#[test]
fn raking_is_iterative_proportional_fitting() {
    let mut slow = BASE.to_vec();
    let sexes = |row: usize| if IS_MALE[row] { 3 } else { 4 };
    for _ in 0..2000 {
        for of_row in [&(|row: usize| ZONE[row]) as &dyn Fn(usize) -> usize, &sexes] {
            let margins: Vec<usize> = (0..12).map(of_row).collect();
            let mut sums = [0.0; 6];
            for (margin, weight) in margins.iter().zip(&slow) {
                sums[*margin] += weight;
            }
            for (margin, weight) in margins.iter().zip(&mut slow) {
                *weight *= TOTALS[*margin] / sums[*margin];
            }
        }
    }
    let mut all = Auxiliaries::new(5);
    for (row, zone) in ZONE.iter().enumerate() {
        all.push([(*zone, 1.0), (sexes(row), 1.0)]);
    }
    let found = calibrate(&BASE, &all, &TOTALS[..5], Distance::Raking).unwrap();
    for (got, want) in found.weights.iter().zip(&slow) {
        near(*got, *want, 1e-9);
    }
}

#[test]
fn what_cannot_be_met_is_told() {
    let all = auxiliaries();
    let fault = |totals: [f64; 6], distance| calibrate(&BASE, &all, &totals, distance).unwrap_err();
    // Zones and sexes of another sum.
    let contradicting = [8.5, 6.5, 6.0, 19.5, 11.5, 830.0];
    let told = fault(contradicting, Distance::Raking);
    assert!(
        matches!(told, CalibrationError::NotConverged { gap, .. } if gap > 1e-3),
        "{told}"
    );
    // Bounds that leave no room.
    let narrow = Distance::Logit(Bounds::new(0.99, 1.01).unwrap());
    assert!(matches!(
        fault(TOTALS, narrow),
        CalibrationError::NotConverged { .. }
    ));
    let narrow = Distance::Truncated(Bounds::new(0.99, 1.01).unwrap());
    assert!(matches!(
        fault(TOTALS, narrow),
        CalibrationError::NotConverged { .. }
    ));
    // Far totals, which only negative weights meet.
    let far = [8.5, 6.5, 6.0, 9.5, 11.5, 400.0];
    assert!(matches!(
        fault(far, Distance::Linear),
        CalibrationError::Negative { .. }
    ));
    // A category nobody is in.
    let mut with_empty = Auxiliaries::new(7);
    for row in 0..12 {
        with_empty.push(all.of_row(row));
    }
    let totals = [8.5, 6.5, 6.0, 9.5, 11.5, 830.0, 3.0];
    let told = calibrate(&BASE, &with_empty, &totals, Distance::Raking).unwrap_err();
    assert_eq!(told, CalibrationError::Empty { margin: 6 });
    // A total of zero of rows that are there: only a loss of their weights meets it, whatever the distance.
    let none = [0.0, 15.0, 6.0, 9.5, 11.5, 830.0];
    for distance in [Distance::Raking, Distance::Linear] {
        assert_eq!(fault(none, distance), CalibrationError::Zero { margin: 0 });
    }
    // An amount that rows add to and take from may come out at zero.
    let mut balanced = Auxiliaries::new(2);
    for value in [2.0, 1.0, -1.0, -1.0] {
        balanced.push([(0, 1.0), (1, value)]);
    }
    let found = calibrate(&[1.0; 4], &balanced, &[4.0, 0.0], Distance::Raking);
    assert!(found.is_ok_and(|found| found.factors.0 > 0.5));
    assert_eq!((Bounds::new(1.0, 2.0), Bounds::new(0.5, 1.0)), (None, None));
    assert_eq!(Bounds::new(f64::NAN, 2.0), None);
}

#[test]
fn rows_without_weight_stay_without() {
    let mut base = BASE;
    base[3] = 0.0;
    let found = calibrate(&base, &auxiliaries(), &TOTALS, Distance::Raking).unwrap();
    assert_eq!(found.weights[3], 0.0);
}

#[test]
fn members_of_a_household_get_one_factor() {
    let groups: Vec<usize> = HOUSEHOLD.iter().map(|name| *name as usize - 1).collect();
    let means = auxiliaries().means(&groups, 8);
    // A household has one weight before, as in a survey of households.
    let base: Vec<f64> = groups
        .iter()
        .map(|group| 1.0 + *group as f64 / 10.0)
        .collect();
    let found = calibrate(&base, &means, &TOTALS, Distance::Raking).unwrap();
    for (row, group) in groups.iter().enumerate() {
        let first = groups.iter().position(|other| other == group).unwrap();
        assert_eq!(found.weights[row], found.weights[first]);
    }
    for (got, want) in reached(&found, &auxiliaries()).iter().zip(TOTALS) {
        near(*got, want, 1e-9);
    }
}

/// Two years of one panel: the covariance of all shared units is the design's own; none shared, none.
#[test]
fn periods_that_share_units() {
    let strata = [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2];
    let one = Design::new(12, Some(&HOUSEHOLD), Some(&strata));
    let totals: Vec<f64> = (0..one.units()).map(|unit| (unit as f64).powi(2)).collect();
    let whole = Overlap::of(&one, &one);
    assert_eq!(whole.shared(), one.units());
    near(
        whole.covariance(&totals, &totals),
        one.variance(&totals).unwrap(),
        1e-12,
    );
    let others = HOUSEHOLD.map(|name| name + 100);
    let other = Design::new(12, Some(&others), Some(&strata));
    let none = Overlap::of(&one, &other);
    assert_eq!((none.shared(), none.covariance(&totals, &totals)), (0, 0.0));
    // By hand: units 1 and 2 of stratum 1 are shared, 3 only in the one.
    let later = Design::new(2, Some(&[1, 2]), Some(&[1, 1]));
    let part = Overlap::of(&one, &later);
    assert_eq!(part.shared(), 2);
    let got = part.covariance(&totals, &[5.0, 9.0]);
    near(got, 2.0 * (0.5 * 2.0 + 0.5 * 2.0), 1e-12);
}
