//! Synthetic control: outside values, the range of the effect, placebos, conformal intervals, the ridge correction.

use wdl_causal::synthetic::control::{Design, Study};
use wdl_causal::synthetic::nested::Search;
use wdl_causal::synthetic::{augmented, conformal, placebo, range};

use super::sets::{basque, germany, made, prop99};
use crate::elsewhere;

#[test]
fn proposition_99_is_the_exact_minimiser() {
    let (Some((set, study)), Some(expected)) = (prop99(), elsewhere::expected()) else {
        return;
    };
    let expected = &expected["synthetic_control"]["prop99_outcome_only_sc_exactQP"];
    let fit = study.fit(&Search::default()).expect("a fit");
    for (donor, weight) in fit.donors.iter().zip(&fit.weights) {
        let theirs = expected["weights"][&set.names[*donor]]
            .as_f64()
            .unwrap_or(0.0);
        assert!(
            (weight - theirs).abs() < 1e-9,
            "{} {weight} {theirs}",
            set.names[*donor]
        );
    }
    let number = |key: &str| expected[key].as_f64().expect("a number");
    assert!((fit.rmspe() - number("pre_rmspe")).abs() < 1e-10);
    assert!((fit.att - number("att_1989_2000")).abs() < 1e-8);
    assert!((fit.gaps[30] - number("gap_2000")).abs() < 1e-8);
    println!("residual {:e}", fit.certificate.residual);
    assert!(fit.certificate.residual <= 1e-9 && fit.certificate.is_unique);
    assert!(fit.is_outside_hull());
}

#[test]
fn germany_has_no_greater_loss_than_elsewhere() {
    let (Some((_, study)), Some(expected)) = (germany(), elsewhere::expected()) else {
        return;
    };
    let theirs = &expected["synthetic_control"]["germany_pysyncon_NM"];
    let fit = study.fit(&Search::default()).expect("a fit");
    let theirs = theirs["loss_V"].as_f64().expect("a number");
    println!(
        "germany: loss {} beside {theirs}, floor {}",
        fit.loss, fit.loss_floor
    );
    assert!(fit.loss <= theirs && fit.loss >= fit.loss_floor);
    assert!(fit.certificate.is_certified());
}

#[test]
fn the_basque_country_has_no_greater_loss_than_elsewhere() {
    for with_spain in [true, false] {
        let (Some((set, study)), Some(expected)) = (basque(with_spain), elsewhere::expected())
        else {
            return;
        };
        let all = &expected["synthetic_control"];
        let mut losses: Vec<f64> = Vec::new();
        for (key, entry) in all.as_object().expect("an object") {
            let is_own = key.starts_with("basque") && key.contains("with_Spain") == with_spain;
            if is_own {
                losses.extend(entry["loss_V"].as_f64());
                losses.extend(entry["mspe_v"].as_f64());
            }
        }
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least.is_finite());
        let fit = study.fit(&Search::default()).expect("a fit");
        println!(
            "basque: loss {} beside {least}, floor {}, att {}",
            fit.loss, fit.loss_floor, fit.att
        );
        for (donor, own) in fit
            .donors
            .iter()
            .zip(&fit.weights)
            .filter(|(_, own)| **own > 0.0)
        {
            println!("  {} {own}", set.names[*donor]);
        }
        assert!(fit.loss <= least && fit.loss >= fit.loss_floor);
        assert!(fit.certificate.is_certified());
    }
}

/// Where some importance chooses the weights that follow the outcome best, it is found and proved; elsewhere a search four times as long finds nothing better.
#[test]
fn the_search_ends_at_the_floor_or_where_a_longer_one_does() {
    let long = Search {
        starts: 4000,
        descents: 256,
        polished: 32,
        rounds: 96,
    };
    if let Some((_, study)) = germany() {
        let fit = study.fit(&Search::default()).expect("a fit");
        let other = study.fit(&long).expect("a fit");
        println!(
            "{} beside {} by the longer search, {} of it above the floor",
            fit.loss,
            other.loss,
            fit.loss_gap()
        );
        assert!(fit.loss <= other.loss * (1.0 + 1e-6) && !fit.is_at_floor());
    }
    for set in [basque(true), basque(false)] {
        let Some((_, study)) = set else { return };
        let fit = study.fit(&Search::default()).expect("a fit");
        let importance = fit.importance.as_ref().expect("predictors");
        println!("{} {:?} {:?}", fit.loss, fit.certificate, importance.shares);
        assert!(fit.is_at_floor() && fit.certificate.is_certified());
        assert!(fit.certificate.is_unique && importance.shares.iter().all(|own| *own > 0.0));
    }
}

/// Effects of mixtures between the best weights and others, as far as the loss allows.
#[test]
fn no_weights_within_the_loss_leave_the_range() {
    let study = small();
    let fit = study.fit(&Search::default()).expect("a fit");
    let range = range::of_effect(&study, &fit, 0.02).expect("a range");
    assert!(range.lowest < fit.att && fit.att < range.highest);
    assert!(
        range.gap < 1e-6 * (range.highest - range.lowest),
        "{range:?}"
    );
    let loss = |weights: &[f64]| -> f64 {
        let gaps = study.gaps(weights);
        let squares = study.fit_periods().iter().map(|at| gaps[*at] * gaps[*at]);
        squares.sum::<f64>() / study.fit_periods().len() as f64
    };
    for weights in [&range.lowest_weights, &range.highest_weights] {
        // Both ends use the whole allowance.
        assert!((loss(weights) / range.loss_allowed - 1.0).abs() < 1e-6);
    }
    let mut noise = super::sets::Noise::new(4);
    let mut tried = 0;
    for _ in 0..20_000 {
        let mut weights: Vec<f64> = fit
            .weights
            .iter()
            .map(|own| (own + 0.05 * noise.next()).max(0.0))
            .collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|own| *own /= sum);
        if loss(&weights) <= range.loss_allowed {
            tried += 1;
            let gaps = study.gaps(&weights);
            let post = study.post_periods();
            let effect = post.iter().map(|at| gaps[*at]).sum::<f64>() / post.len() as f64;
            assert!(effect >= range.lowest && effect <= range.highest);
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn no_slack_is_no_range() {
    let study = small();
    let fit = study.fit(&Search::default()).expect("a fit");
    let range = range::of_effect(&study, &fit, 0.0).expect("a range");
    assert!(range.highest - range.lowest < 1e-4, "{range:?}");
    assert!(range::of_effect(&study, &fit, f64::NAN).is_err());
}

fn small() -> Study {
    let panel = made(7, 20, &[0], 14, 8.0);
    let design = Design {
        treated: 0,
        donors: (1..7).collect(),
        fit: panel.before(14),
        post: panel.since(14),
    };
    Study::new(&panel, &design, None).expect("a sound design")
}

#[test]
fn placebos_of_proposition_99() {
    let Some((_, study)) = prop99() else { return };
    let fit = study.fit(&Search::default()).expect("a fit");
    let placebos = placebo::in_space(&study, &fit, &Search::default(), 5.0).expect("placebos");
    assert_eq!(placebos.placebos.len() + placebos.failed.len(), 38);
    let larger = placebos
        .placebos
        .iter()
        .filter(|own| own.ratio() >= fit.ratio())
        .count();
    assert_eq!(placebos.rank, larger + 1);
    assert!((placebos.p_value - (larger + 1) as f64 / 39.0).abs() < 1e-12);
    let start = 19 - 6;
    let early = placebo::in_time(&study, start, &Search::default()).expect("a fit");
    assert!(early.att.abs() < fit.att.abs());
    let without = placebo::leave_one_out(&study, &fit, &Search::default()).expect("fits");
    assert_eq!(
        without.len(),
        fit.weights.iter().filter(|own| **own > 0.0).count()
    );
    for (_, own) in &without {
        assert!(own.loss >= fit.loss * (1.0 - 1e-12));
    }
}

#[test]
fn a_single_threaded_run_gives_the_same_bytes() {
    let Some((_, study)) = germany() else { return };
    let search = Search {
        starts: 8,
        descents: 3,
        polished: 2,
        rounds: 96,
    };
    let run = || {
        let fit = study.fit(&search).expect("a fit");
        placebo::in_space(&study, &fit, &search, 5.0).expect("placebos")
    };
    let one = rayon_pool(1).install(run);
    let three = rayon_pool(3).install(run);
    assert_eq!(one, three);
}

fn rayon_pool(threads: usize) -> rayon::ThreadPool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a pool")
}

#[test]
fn conformal_intervals_hold_the_effect_and_invert_the_test() {
    let panel = made(9, 32, &[0], 30, 8.0);
    let design = Design {
        treated: 0,
        donors: (1..9).collect(),
        fit: panel.before(30),
        post: panel.since(30),
    };
    let study = Study::new(&panel, &design, None).expect("a sound design");
    let answer = conformal::intervals(&study, 0.9).expect("intervals");
    assert!((answer.p_value - 1.0 / 32.0).abs() < 1e-12, "{answer:?}");
    for own in &answer.periods {
        let (Some(low), Some(high)) = own.interval else {
            panic!("{own:?}")
        };
        assert!(low < high && low > 0.0, "{own:?}");
        assert!((own.p_value - 1.0 / 31.0).abs() < 1e-12);
        let single = study
            .with_periods(study.fit_periods(), &[own.period])
            .expect("periods");
        let p = |effect: f64| conformal::test(&single, &[effect]).expect("a p-value");
        assert!(p(low) > 0.1 && p(high) > 0.1, "{own:?}");
        assert!(p(low - 1e-6) <= 0.1 && p(high + 1e-6) <= 0.1);
    }
    assert!(conformal::intervals(&study, 1.0).is_err());
    assert!(conformal::test(&study, &[1.0]).is_err());
    // Nine periods before can never say 95 %.
    let short = study
        .with_periods(&(0..9).collect::<Vec<_>>(), &[30])
        .expect("periods");
    let open = conformal::intervals(&short, 0.95).expect("intervals");
    assert_eq!(open.periods[0].interval, (None, None));
}

#[test]
fn the_ridge_correction_fits_no_worse_and_fades() {
    let Some((set, study)) = prop99() else { return };
    let fit = study.fit(&Search::default()).expect("a fit");
    let chosen = augmented::ridge(&study, &fit, None).expect("a correction");
    let sum: f64 = chosen.weights.iter().sum();
    assert!((sum - 1.0).abs() < 1e-10, "{sum}");
    assert!(chosen.rmspe <= fit.rmspe() + 1e-12);
    println!(
        "prop99 augmented: ridge {} att {}",
        chosen.ridge, chosen.att
    );
    // The weights of least `‖x₁ - X₀w‖² / λ + ‖w - w_sc‖²`: where its slope is zero (lemma 1 of the paper).
    let fixed = augmented::ridge(&study, &fit, Some(250.0)).expect("a correction");
    for (at, donor) in fit.donors.iter().enumerate() {
        let pull: f64 = study
            .fit_periods()
            .iter()
            .map(|row| {
                let all: f64 = fit
                    .donors
                    .iter()
                    .map(|own| set.panel.values()[(*row, *own)])
                    .sum();
                let mean = all / fit.donors.len() as f64;
                (set.panel.values()[(*row, *donor)] - mean) * fixed.gaps[*row]
            })
            .sum();
        let moved = 250.0 * (fixed.weights[at] - fit.weights[at]);
        assert!(
            (moved - pull).abs() < 1e-8 * (1.0 + pull.abs()),
            "{moved} {pull}"
        );
    }
    let huge = augmented::ridge(&study, &fit, Some(1e18)).expect("a correction");
    assert!((huge.att - fit.att).abs() < 1e-6);
    assert!(augmented::ridge(&study, &fit, Some(0.0)).is_err());
}

/// `AugSynth` of pysyncon with penalty 250 and without covariates; its own weights come from a general optimiser and sum to 1 + 1.3e-8.
#[test]
fn the_ridge_correction_as_pysyncon_does() {
    let Some((_, study)) = prop99() else { return };
    let fit = study.fit(&Search::default()).expect("a fit");
    let own = augmented::ridge(&study, &fit, Some(250.0)).expect("a correction");
    println!("augmented {} {}", own.att, own.gaps[30]);
    assert!((own.att - -15.365_043_319_771_582).abs() < 1e-4);
    assert!((own.gaps[30] - -22.712_071_537_459_72).abs() < 1e-4);
}

/// Ranks of a period's residual among those of weights fitted anew under each effect, the weights by pysyncon's optimiser.
#[test]
fn conformal_p_values_as_elsewhere() {
    let Some((set, study)) = prop99() else { return };
    let fit = set.panel.before(1989);
    let effects = [
        -40.0, -30.0, -25.0, -20.0, -15.0, -10.0, -5.0, 0.0, 5.0, 10.0,
    ];
    for (year, ranks) in [
        (1989, [1, 1, 1, 1, 1, 6, 3, 2, 1, 1]),
        (1995, [2, 2, 5, 5, 2, 1, 1, 1, 1, 1]),
        (2000, [2, 5, 9, 2, 1, 1, 1, 1, 1, 1]),
    ] {
        let single = study
            .with_periods(&fit, &set.panel.between(year, year))
            .expect("periods");
        for (effect, rank) in effects.iter().zip(ranks) {
            let own = conformal::test(&single, &[*effect]).expect("a p-value");
            assert!(
                (own - f64::from(rank) / 20.0).abs() < 1e-12,
                "{year} {effect}: {own}"
            );
        }
    }
}
