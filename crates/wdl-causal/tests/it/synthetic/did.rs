//! Synthetic difference-in-differences.

use wdl_causal::synthetic::sdid::{Adoption, Solver, estimate};
use wdl_causal::synthetic::sdid_error::{Variance, standard_error};

use super::sets::{Set, made};
use crate::elsewhere;

fn california(set: &Set) -> Adoption {
    let treated = set.unit("California");
    Adoption {
        treated: vec![treated],
        donors: set.others(&[treated]),
        start: set.panel.before(1989).len(),
    }
}

#[test]
fn proposition_99_as_published() {
    let (Some(set), Some(expected)) = (Set::prop99(), elsewhere::expected()) else {
        return;
    };
    let adoption = california(&set);
    let own = estimate(&set.panel, &adoption, Solver::Compat).expect("an estimate");
    let all = &expected["synthetic_control"];
    let theirs = &all["prop99_sdid_diffdiff"];
    let number = |key: &str| theirs[key].as_f64().expect("a number");
    println!(
        "prop99 sdid compat {} steps {}",
        own.att, own.unit_certificate.steps
    );
    assert!((own.att - number("att")).abs() < 1e-6, "{}", own.att);
    assert!((own.zeta_unit - number("zeta_omega")).abs() < 1e-9);
    assert!((own.zeta_time - number("zeta_lambda")).abs() < 1e-14);
    for (donor, weight) in adoption.donors.iter().zip(&own.unit_weights) {
        let theirs = theirs["unit_weights"][&set.names[*donor]]
            .as_f64()
            .unwrap_or(0.0);
        assert!(
            (weight - theirs).abs() < 1e-6,
            "{} {weight} {theirs}",
            set.names[*donor]
        );
    }
    for (period, weight) in set.panel.periods().iter().zip(&own.time_weights) {
        let theirs = theirs["time_weights"][period.to_string()]
            .as_f64()
            .unwrap_or(0.0);
        assert!((weight - theirs).abs() < 1e-6, "{period} {weight} {theirs}");
    }
    assert!((own.did - all["prop99_did"].as_f64().expect("a number")).abs() < 1e-9);
    let exact = estimate(&set.panel, &adoption, Solver::Exact).expect("an estimate");
    println!(
        "prop99 sdid exact {} residuals {:e} {:e}",
        exact.att, exact.unit_certificate.residual, exact.time_certificate.residual
    );
    assert!((exact.att - own.att).abs() < 0.1);
    assert!(exact.unit_certificate.is_certified() && exact.time_certificate.is_certified());
    assert!(exact.unit_certificate.residual < own.unit_certificate.residual);
    let placebo = Variance::Placebo {
        draws: 200,
        seed: 1,
    };
    let error = standard_error(&set.panel, &adoption, &own, placebo).expect("an error");
    println!("placebo {} over {} fits", error.value, error.distinct);
    // Another generator's draws: the same in distribution only.
    assert!(
        (error.value / number("se_placebo200") - 1.0).abs() < 0.25,
        "{}",
        error.value
    );
    assert_eq!(
        error,
        standard_error(&set.panel, &adoption, &own, placebo).expect("an error")
    );
    let fault = standard_error(&set.panel, &adoption, &own, Variance::Jackknife);
    assert!(fault.is_err());
}

#[test]
fn the_effect_of_a_made_panel_is_found_with_every_error() {
    let treated = [0, 1, 2];
    let panel = made(24, 16, &treated, 10, 4.0);
    let adoption = Adoption {
        treated: treated.to_vec(),
        donors: (3..24).collect(),
        start: 10,
    };
    for solver in [Solver::Compat, Solver::Exact] {
        let own = estimate(&panel, &adoption, solver).expect("an estimate");
        assert!((own.att - 4.0).abs() < 0.5, "{}", own.att);
        let after: f64 = own.gaps[10..].iter().sum::<f64>() / 6.0;
        assert!((after - own.att).abs() < 1e-10);
        for variance in [
            Variance::Placebo { draws: 40, seed: 7 },
            Variance::Jackknife,
            Variance::Bootstrap { draws: 40, seed: 7 },
        ] {
            let error = standard_error(&panel, &adoption, &own, variance).expect("an error");
            assert!(
                error.value > 0.02 && error.value < 2.0,
                "{variance:?} {}",
                error.value
            );
        }
    }
}

/// A level for each unit and a step for each period cancel.
#[test]
fn levels_and_common_steps_change_nothing() {
    let panel = made(12, 12, &[0], 8, 3.0);
    let adoption = Adoption {
        treated: vec![0],
        donors: (1..12).collect(),
        start: 8,
    };
    let before = estimate(&panel, &adoption, Solver::Exact).expect("an estimate");
    let (mut units, mut periods, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for unit in 0..12 {
        for period in 0..12_usize {
            units.push(unit);
            periods.push(period as i64);
            values.push(panel.values()[(period, unit)] + 10.0 * unit as f64 + 7.0 * period as f64);
        }
    }
    let moved = wdl_causal::synthetic::panel::Panel::from_rows(&units, &periods, &values);
    let after = estimate(&moved.expect("a panel"), &adoption, Solver::Exact).expect("an estimate");
    assert!(
        (before.att - after.att).abs() < 1e-7,
        "{} {}",
        before.att,
        after.att
    );
    assert!((before.did - after.did).abs() < 1e-10);
}
