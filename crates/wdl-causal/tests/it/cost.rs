//! Cost per outcome, with its uncertainty.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use wdl_causal::cost::{Arm, Comparison, FiellerSet, NoCost, Ratio, cost_per_outcome};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs}");
}

const CRITICAL: f64 = 1.959_963_984_540_054;

const RATIO: Ratio = Ratio {
    numerator: 120.0,
    denominator: 4.0,
    numerator_variance: 900.0,
    denominator_variance: 1.0,
    covariance: 10.0,
};

/// Whether a ratio is not rejected, by the definition.
fn is_inside(ratio: &Ratio, value: f64) -> bool {
    let variance = ratio.numerator_variance + value * value * ratio.denominator_variance
        - 2.0 * value * ratio.covariance;
    (ratio.numerator - value * ratio.denominator).abs() <= CRITICAL * variance.sqrt()
}

#[test]
fn fiellers_ends_are_where_the_test_turns() {
    let FiellerSet::Between(low, high) = RATIO.fieller(CRITICAL) else {
        panic!("the denominator is four errors from zero")
    };
    close(low, 15.847_847_643_726_013, 1e-9);
    close(high, 56.790_046_208_975_26, 1e-9);
    for (end, inwards) in [(low, 1e-6), (high, -1e-6)] {
        assert!(is_inside(&RATIO, end + inwards) && !is_inside(&RATIO, end - inwards));
    }
}

#[test]
fn a_denominator_near_zero_leaves_no_bounded_set() {
    let near = Ratio {
        denominator: 1.5,
        ..RATIO
    };
    let FiellerSet::Outside(low, high) = near.fieller(CRITICAL) else {
        panic!("the denominator is not told from zero, the numerator is")
    };
    assert!(is_inside(&near, low - 1e-6) && !is_inside(&near, low + 1e-6));
    assert!(is_inside(&near, high + 1e-6) && !is_inside(&near, high - 1e-6));
    let nothing = Ratio {
        numerator: 10.0,
        denominator: 0.1,
        ..RATIO
    };
    assert_eq!(nothing.fieller(CRITICAL), FiellerSet::Everything);
    for value in [-1e6, -3.0, 0.0, 5.0, 1e6] {
        assert!(is_inside(&nothing, value));
    }
}

#[test]
fn a_numerator_of_zero_and_a_known_denominator_have_their_ends() {
    let zero = Ratio {
        numerator: 0.0,
        covariance: 0.0,
        ..RATIO
    };
    let FiellerSet::Between(low, high) = zero.fieller(CRITICAL) else {
        panic!("bounded")
    };
    close(low, -high, 1e-9);
    let known = Ratio {
        denominator_variance: 0.0,
        covariance: 0.0,
        ..RATIO
    };
    let FiellerSet::Between(low, high) = known.fieller(CRITICAL) else {
        panic!("bounded")
    };
    // A number over a known one: its interval over that one.
    close(low, (120.0 - CRITICAL * 30.0) / 4.0, 1e-9);
    close(high, (120.0 + CRITICAL * 30.0) / 4.0, 1e-9);
    let negative = Ratio {
        numerator: -120.0,
        covariance: -10.0,
        ..RATIO
    };
    let FiellerSet::Between(low, high) = negative.fieller(CRITICAL) else {
        panic!("bounded")
    };
    close(low, -56.790_046_208_975_26, 1e-9);
    close(high, -15.847_847_643_726_013, 1e-9);
}

/// Costs and outcomes of persons.
fn persons(count: usize, cost: f64, outcome: f64, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    (0..count)
        .map(|_| {
            let common = normal();
            (
                cost + 200.0 * (common + normal()),
                outcome + common + normal(),
            )
        })
        .unzip()
}

#[test]
fn bootstrap_and_fieller_agree_when_the_outcome_is_clear() {
    let treated = persons(400, 2000.0, 6.0, 1);
    let others = persons(300, 1000.0, 4.0, 2);
    let own = Comparison::new(
        Arm::new(&treated.0, &treated.1).expect("an arm"),
        Arm::new(&others.0, &others.1).expect("an arm"),
    );
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let ratio = own.ratio();
    close(ratio.numerator, mean(&treated.0) - mean(&others.0), 1e-9);
    close(ratio.denominator, mean(&treated.1) - mean(&others.1), 1e-9);
    let FiellerSet::Between(low, high) = ratio.fieller(CRITICAL) else {
        panic!("bounded")
    };
    let drawn = own.bootstrap(4000, 0.05, 9).expect("draws");
    let interval = drawn.interval.expect("bounded");
    close(interval.0, low, 0.1 * (high - low));
    close(interval.1, high, 0.1 * (high - low));
    close(drawn.other_sign, 0.0, 0.0);
    assert_eq!(drawn, own.bootstrap(4000, 0.05, 9).expect("draws"));
    let other = own.bootstrap(4000, 0.05, 10).expect("draws");
    assert!(drawn != other);
    // The curve is the share of draws with a net benefit.
    for point in own.acceptability(&[0.0, 300.0, 500.0, 700.0]) {
        let gains = drawn.draws.iter().filter(|own| point.worth * own.1 > own.0);
        close(point.probability, gains.count() as f64 / 4000.0, 0.03);
    }
}

#[test]
fn an_unclear_outcome_is_told() {
    let treated = persons(50, 2000.0, 4.0, 3);
    let others = persons(50, 1000.0, 4.0, 4);
    let own = Comparison::new(
        Arm::new(&treated.0, &treated.1).expect("an arm"),
        Arm::new(&others.0, &others.1).expect("an arm"),
    );
    assert!(matches!(
        own.ratio().fieller(CRITICAL),
        FiellerSet::Outside(..)
    ));
    let drawn = own.bootstrap(2000, 0.05, 9).expect("draws");
    assert_eq!(drawn.interval, None);
    assert!(drawn.other_sign > 0.05);
}

#[test]
fn one_group_has_its_cost_per_outcome() {
    let costs = [100.0, 200.0, 300.0];
    let outcomes = [1.0, 1.0, 4.0];
    let own = cost_per_outcome(Arm::new(&costs, &outcomes).expect("an arm"));
    let ratio = own.ratio();
    close(ratio.estimate(), 100.0, 1e-12);
    close(ratio.numerator_variance, 10_000.0 / 3.0, 1e-9);
    close(ratio.denominator_variance, 1.0, 1e-12);
    close(ratio.covariance, 50.0, 1e-12);
    assert_eq!(own.bootstrap(0, 0.05, 1), Err(NoCost::NoDraws));
}

#[test]
fn what_is_no_group_is_refused() {
    assert_eq!(Arm::new(&[1.0], &[1.0, 2.0]).err(), Some(NoCost::Length));
    assert_eq!(Arm::new(&[1.0], &[1.0]).err(), Some(NoCost::TooFew));
    assert_eq!(
        Arm::new(&[1.0, f64::NAN], &[1.0, 2.0]).err(),
        Some(NoCost::NotFinite(1))
    );
}
