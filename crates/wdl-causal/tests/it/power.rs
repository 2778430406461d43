//! Power and the least effect that a design can detect.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use wdl_causal::power::{self, Dependence, Design, Errors, NoPower, Placebo, Proportions};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs}");
}

#[test]
fn two_means_are_those_of_statsmodels() {
    // statsmodels 0.15.0, TTestIndPower: effect in standard deviations, sizes, alpha.
    for (effect, counts, alpha, power) in [
        (0.5, (45.0, 30.0), 0.05, 0.553_086_583_494_661_4),
        (0.9, (4.0, 4.0), 0.05, 0.189_934_036_290_317_35),
        (0.2, (1000.0, 500.0), 0.1, 0.977_517_498_767_701_8),
        (0.0, (10.0, 10.0), 0.05, 0.05),
    ] {
        let design = power::means((1.0, 1.0), counts).expect("a design");
        close(design.power(effect, alpha), power, 1e-9);
    }
    let design = power::means((1.0, 1.0), (45.0, 30.0)).expect("a design");
    let least = design
        .minimum_detectable_effect(0.05, 0.8)
        .expect("an effect");
    // Where its power is 0.8 to thirteen digits; its own search for it stops at 0.669184.
    close(least, 0.669_186_179_067_784_4, 1e-10);
}

#[test]
fn with_the_normal_the_least_effect_is_the_sum_of_two_quantiles() {
    let design = Design {
        standard_error: 2.0,
        degrees: None,
    };
    let least = design
        .minimum_detectable_effect(0.05, 0.8)
        .expect("an effect");
    // (z_0.975 + z_0.8) SE; the other tail adds less than 1e-6 to the power.
    close(least, 2.0 * 2.801_585_218_112_968, 1e-5);
    assert_eq!(
        design.minimum_detectable_effect(0.05, 0.04),
        Err(NoPower::OutOfRange("power"))
    );
}

#[test]
fn few_degrees_of_freedom_are_those_of_a_simulation() {
    let design = Design {
        standard_error: 1.0,
        degrees: Some(2.0),
    };
    let critical = wdl_causal::distribution::student_quantile(0.975, 2.0);
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let draws = 200_000;
    let rejected = (0..draws)
        .filter(|_| {
            let estimate = 4.0 + normal();
            let square = normal().powi(2) + normal().powi(2);
            estimate.abs() > critical * (square / 2.0).sqrt()
        })
        .count();
    close(
        design.power(4.0, 0.05),
        rejected as f64 / f64::from(draws),
        0.004,
    );
}

#[test]
fn two_proportions_are_those_of_statsmodels() {
    // statsmodels 0.15.0, power_proportions_2indep, which counts both tails.
    let own = Proportions::new(0.2, (200.0, 200.0)).expect("a design");
    close(
        own.power(0.1, 0.05).expect("a share"),
        0.637_510_819_958_149,
        1e-6,
    );
    let own = Proportions::new(0.3, (150.0, 300.0)).expect("a design");
    close(
        own.power(-0.08, 0.05).expect("a share"),
        0.432_098_593_331_604_8,
        1e-6,
    );
    let (rise, fall) = own.minimum_detectable_effects(0.05, 0.8).expect("sizes");
    close(
        own.power(rise.expect("a rise"), 0.05).expect("a share"),
        0.8,
        1e-9,
    );
    close(
        own.power(fall.expect("a fall"), 0.05).expect("a share"),
        0.8,
        1e-9,
    );
    assert!(own.power(0.8, 0.05).is_none());
    // From 2 in 100 of 50 and 50 nobody can fall far enough.
    let own = Proportions::new(0.02, (50.0, 50.0)).expect("a design");
    assert_eq!(
        own.minimum_detectable_effects(0.05, 0.8).expect("sizes").1,
        None
    );
}

#[test]
fn clusters_cost_their_design_effect() {
    let plain = power::means((3.0, 3.0), (400.0, 400.0)).expect("a design");
    let own = power::clusters(3.0, (20.0, 20.0), 20.0, 0.0, 0.05).expect("a design");
    close(
        own.standard_error / plain.standard_error,
        1.95_f64.sqrt(),
        1e-12,
    );
    assert_eq!(own.degrees, Some(38.0));
    let uneven = power::clusters(3.0, (20.0, 20.0), 20.0, 0.5, 0.05).expect("a design");
    assert!(uneven.standard_error > own.standard_error);
    assert_eq!(
        power::clusters(3.0, (1.0, 1.0), 20.0, 0.0, 0.05),
        Err(NoPower::NoDegrees)
    );
    assert!(power::clusters(3.0, (9.0, 9.0), 20.0, 0.0, 1.5).is_err());
}

#[test]
fn a_panel_with_constant_correlation_has_its_textbook_variance() {
    let (before, after, rho) = (5.0, 3.0, 0.4);
    let errors = Errors::of(2.0, Dependence::Constant(rho), 5, 3).expect("errors");
    let own = power::panel(&errors, (30.0, 50.0), (5, 3)).expect("a design");
    let change: f64 = 2.0
        * ((1.0 + (before - 1.0) * rho) / before + (1.0 + (after - 1.0) * rho) / after - 2.0 * rho);
    close(
        own.standard_error,
        (change * (1.0 / 30.0 + 1.0 / 50.0)).sqrt(),
        1e-12,
    );
}

#[test]
fn a_panel_with_fading_correlation_is_its_quadratic_form() {
    let (before, after, rho) = (4_usize, 3_usize, 0.7_f64);
    let errors = Errors::of(1.5, Dependence::Fading(rho), before, after).expect("errors");
    let own = power::panel(&errors, (10.0, 20.0), (before, after)).expect("a design");
    let weight = |period: usize| match period < before {
        true => -1.0 / before as f64,
        false => 1.0 / after as f64,
    };
    let mut change = 0.0;
    for one in 0..before + after {
        for two in 0..before + after {
            change += weight(one) * weight(two) * 1.5 * rho.powi(one.abs_diff(two) as i32);
        }
    }
    close(own.standard_error, (change * 0.15).sqrt(), 1e-12);
    // To take the errors as independent promises too much here.
    let naive = Errors::of(1.5, Dependence::Constant(0.0), before, after).expect("errors");
    let naive = power::panel(&naive, (10.0, 20.0), (before, after)).expect("a design");
    assert!(naive.standard_error < own.standard_error);
    assert!(power::panel(&errors, (10.0, 20.0), (0, 3)).is_err());
    assert!(Errors::of(1.0, Dependence::Constant(1.0), 2, 2).is_err());
}

#[test]
fn a_discontinuity_pays_for_its_running_variable() {
    // Uniform scores cut in the middle: a line through both sides multiplies the variance by 4 (Schochet 2009).
    let scores: Vec<f64> = (0..4000)
        .map(|at| (f64::from(at) - 1999.5) / 100.0)
        .collect();
    let random = power::means((1.0, 1.0), (2000.0, 2000.0)).expect("a design");
    let own = power::discontinuity(&scores, 1.0, 1).expect("a design");
    close(
        (own.standard_error / random.standard_error).powi(2),
        4.0,
        0.01,
    );
    let mean = power::discontinuity(&scores, 1.0, 0).expect("a design");
    close(mean.standard_error, random.standard_error, 1e-12);
    assert_eq!(
        power::discontinuity(&[1.0, 1.0, 2.0, -1.0, -1.0, -1.0, -1.0], 1.0, 1),
        Err(NoPower::Collinear)
    );
    assert!(power::discontinuity(&[1.0, f64::NAN], 1.0, 0).is_err());
}

/// Outcomes of units with errors that fade over time.
fn fading(units: usize, periods: usize, rho: f64) -> Vec<Vec<f64>> {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    (0..units)
        .map(|_| {
            let level = 5.0 * normal();
            let mut error = normal();
            (0..periods)
                .map(|_| {
                    error = rho * error + (1.0 - rho * rho).sqrt() * normal();
                    level + error
                })
                .collect()
        })
        .collect()
}

#[test]
fn placebo_treatments_agree_with_the_formula() {
    let outcomes = fading(400, 8, 0.6);
    let slices: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
    let ask = Placebo {
        treated: 150,
        before: 5,
        draws: 2000,
        seed: 4,
    };
    let own = power::placebo(&slices, &ask).expect("placebos");
    let errors = Errors::of(1.0, Dependence::Fading(0.6), 5, 3).expect("errors");
    let design = power::panel(&errors, (150.0, 250.0), (5, 3)).expect("a design");
    close(own.true_error() / design.standard_error, 1.0, 0.08);
    close(own.power(0.0, 0.05), 0.05, 0.015);
    let least = own.minimum_detectable_effect(0.05, 0.8).expect("an effect");
    let formula = design
        .minimum_detectable_effect(0.05, 0.8)
        .expect("an effect");
    close(least / formula, 1.0, 0.1);
    assert!(own.power(least, 0.05) >= 0.8);
    assert_eq!(own, power::placebo(&slices, &ask).expect("placebos"));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a pool");
    assert_eq!(
        own,
        pool.install(|| power::placebo(&slices, &ask))
            .expect("placebos")
    );
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let (a, b) = ([1.0, 2.0, 3.0], [1.0, 2.0]);
    let ask = Placebo {
        treated: 2,
        before: 1,
        draws: 10,
        seed: 1,
    };
    assert_eq!(power::placebo(&[&a, &b], &ask), Err(NoPower::Ragged(1)));
    assert_eq!(
        power::placebo(&[&a, &a, &a], &ask),
        Err(NoPower::OutOfRange("treated units"))
    );
    assert_eq!(
        power::placebo(&[&a, &a, &a, &a], &ask),
        Err(NoPower::OutOfRange("variance of the change"))
    );
    let late = Placebo { before: 3, ..ask };
    assert_eq!(
        power::placebo(&[&a, &a, &a, &a], &late),
        Err(NoPower::OutOfRange("periods before the start"))
    );
}
