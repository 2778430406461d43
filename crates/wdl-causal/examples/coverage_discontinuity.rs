//! How often the robust 95 % interval holds the true jump: `coverage_discontinuity [draws] [rows]`.
//!
//! The curve is that of Lee's data in Calonico, Cattaneo and Titiunik (2014, model 1): polynomials of degree five, a jump of 0.04, noise 0.1295, running variable `2 Beta(2, 4) - 1`.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rand_distr::{Beta, Distribution, Normal};
use rayon::prelude::*;
use wdl_causal::discontinuity::design::{Options, Rows};
use wdl_causal::discontinuity::estimate::estimate;

fn curve(x: f64) -> f64 {
    let coefficients = match x < 0.0 {
        true => [0.48, 1.27, 7.18, 20.21, 21.54, 7.33],
        false => [0.52, 0.84, -3.00, 7.99, -9.01, 3.56],
    };
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, own| sum * x + own)
}

/// The robust interval and the conventional one of a draw; nothing when there is no estimate.
fn intervals(seed: u64, rows: usize) -> Option<[[f64; 2]; 2]> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let beta = Beta::new(2.0, 4.0).expect("its parameters are positive");
    let noise = Normal::new(0.0, 0.1295).expect("its deviation is positive");
    let running: Vec<f64> = (0..rows)
        .map(|_| 2.0 * beta.sample(&mut random) - 1.0)
        .collect();
    let outcome: Vec<f64> = running
        .iter()
        .map(|x| curve(*x) + noise.sample(&mut random))
        .collect();
    let found = estimate(&Rows::sharp(&running, &outcome), &Options::at(0.0)).ok()?;
    Some([
        found.effect.robust.interval,
        found.effect.conventional.interval,
    ])
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise: usize| {
        let word = words.next();
        word.map_or(Ok(otherwise), |own| own.parse())
            .expect("a count")
    };
    let (draws, rows) = (number(1_000), number(1_000));
    let found: Vec<Option<[[f64; 2]; 2]>> = (0..draws as u64)
        .into_par_iter()
        .map(|seed| intervals(seed, rows))
        .collect();
    let given: Vec<[[f64; 2]; 2]> = found.into_iter().flatten().collect();
    for (at, name) in ["robust", "conventional"].into_iter().enumerate() {
        let held = given
            .iter()
            .filter(|own| own[at][0] <= 0.04 && 0.04 <= own[at][1]);
        let rate = held.count() as f64 / given.len() as f64;
        println!("{name}: {:.1} % of {} intervals", 100.0 * rate, given.len());
    }
}
