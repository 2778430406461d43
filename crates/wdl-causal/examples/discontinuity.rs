//! The time of a sharp discontinuity on a generated sample with a jump of two: `discontinuity [rows] [nn|hc1]`.

use std::time::Instant;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rand_distr::{Beta, Distribution, Normal};
use wdl_causal::discontinuity::design::{Options, Rows, Variance};
use wdl_causal::discontinuity::estimate::estimate;

fn main() {
    let mut words = std::env::args().skip(1);
    let rows: usize = words
        .next()
        .map_or(Ok(100_000), |own| own.parse())
        .expect("a count");
    let variance = match words.next().as_deref() {
        Some("hc1") => Variance::Hc1,
        _ => Variance::Neighbours(3),
    };
    let mut random = ChaCha20Rng::seed_from_u64(3);
    let beta = Beta::new(2.0, 4.0).expect("its parameters are positive");
    let noise = Normal::new(0.0, 0.5).expect("its deviation is positive");
    let running: Vec<f64> = (0..rows)
        .map(|_| 2.0 * beta.sample(&mut random) - 1.0)
        .collect();
    let outcome: Vec<f64> = running
        .iter()
        .map(|x| {
            let jump = f64::from(u8::from(*x >= 0.0));
            0.5 + x + 0.6 * x * x + 0.4 * x * x * x + 2.0 * jump + noise.sample(&mut random)
        })
        .collect();
    let options = Options {
        variance,
        ..Options::at(0.0)
    };
    let rows = Rows::sharp(&running, &outcome);
    for _ in 0..5 {
        let start = Instant::now();
        let found = estimate(&rows, &options).expect("an estimate");
        println!(
            "{:.4} s: {:.6} ({:.6}), h {:.6}",
            start.elapsed().as_secs_f64(),
            found.effect.robust.value,
            found.effect.robust.standard_error,
            found.bandwidths.main[0]
        );
    }
}
