//! Local randomisation.

use wdl_causal::discontinuity::design::NoEstimate;
use wdl_causal::discontinuity::randomisation::{
    RandomisationOptions, balanced_windows, randomised,
};

use super::effect::close;
use super::generated::{Draws, Sample};

fn options(reach: f64) -> RandomisationOptions {
    RandomisationOptions {
        cutoff: 0.0,
        window: [reach; 2],
        draws: 4_000,
        seed: 8,
    }
}

#[test]
fn permutations_agree_with_all_of_them() {
    let mut draws = Draws::new(4);
    let running: Vec<f64> = (0..12).map(|own| f64::from(own) - 5.5).collect();
    let outcome: Vec<f64> = running
        .iter()
        .map(|own| 0.3 * own.signum() + draws.noise())
        .collect();
    let found = randomised(&running, &outcome, &options(10.0)).expect("a test");
    // Every one of the 924 choices of six.
    let total: f64 = outcome.iter().sum();
    let (mut all, mut extreme) = (0, 0);
    for chosen in 0_u32..4096 {
        if chosen.count_ones() != 6 {
            continue;
        }
        let own: f64 = (0..12)
            .filter(|at| chosen >> at & 1 == 1)
            .map(|at| outcome[at])
            .sum();
        let gap = own / 6.0 - (total - own) / 6.0;
        all += 1;
        extreme += usize::from(gap.abs() >= found.difference.abs() - 1e-12);
    }
    assert_eq!(all, 924);
    let exact = extreme as f64 / f64::from(all);
    // Four standard errors of the draws.
    let room = 4.0 * (exact * (1.0 - exact) / 4_000.0).sqrt();
    assert!((found.p - exact).abs() < room, "{} {exact}", found.p);
    assert_eq!(found.rows, [6, 6]);
    assert_eq!(
        found,
        randomised(&running, &outcome, &options(10.0)).expect("again")
    );
}

#[test]
fn five_mass_points_have_an_answer_here() {
    let mut draws = Draws::new(5);
    let running: Vec<f64> = (0..300).map(|row| f64::from(row % 5) - 2.0).collect();
    let outcome: Vec<f64> = running
        .iter()
        .map(|own| f64::from(u8::from(*own >= 0.0)) + 0.2 * draws.noise())
        .collect();
    let own = RandomisationOptions {
        window: [1.0, 0.0],
        ..options(1.0)
    };
    let found = randomised(&running, &outcome, &own).expect("a test");
    assert_eq!(found.rows, [60, 60]);
    close(found.p, 1.0 / 4001.0, 1e-12, "p");
    let nothing = randomised(&running, &outcome, &options(0.5));
    assert!(matches!(nothing, Err(NoEstimate::FewRows { found: 0, .. })));
}

#[test]
fn windows_lose_balance_as_they_grow() {
    let sample = Sample::of(900, 11, 40);
    // A covariate that follows the running variable is balanced near the cut-off alone.
    let mut draws = Draws::new(2);
    let covariate: Vec<f64> = sample
        .running
        .iter()
        .map(|own| own + 0.5 * draws.noise())
        .collect();
    let own = RandomisationOptions {
        draws: 500,
        ..options(1.0)
    };
    let windows = balanced_windows(&sample.running, &[&covariate], &own, 30).expect("windows");
    assert!(
        windows
            .iter()
            .all(|own| own.rows.iter().all(|rows| *rows >= 10))
    );
    assert!(windows.windows(2).all(|pair| pair[0].reach < pair[1].reach));
    let last = windows.last().expect("a window");
    assert!(last.p < 0.01 && windows[0].p > last.p);
}
