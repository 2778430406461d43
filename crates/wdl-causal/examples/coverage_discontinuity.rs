//! How often the robust 95 % interval holds the true jump: `coverage_discontinuity [draws] [rows]`.
//!
//! Two curves, since the answer depends on them: a cubic that local lines follow well, and the hard one of Calonico, Cattaneo and Titiunik (2014, model 1), of degree five with a steep bend at the cut-off, where a bandwidth that is best by mean squared error leaves a bias behind.
//! The running variable is `2 Beta(2, 4) - 1`.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rand_distr::{Beta, Distribution, Normal};
use rayon::prelude::*;
use wdl_causal::discontinuity::bandwidth::Selector;
use wdl_causal::discontinuity::design::{Options, Rows, Selection};
use wdl_causal::discontinuity::estimate::estimate;

/// A curve, with its jump at 0 and the deviation of the noise around it.
struct Curve {
    name: &'static str,
    below: [f64; 6],
    above: [f64; 6],
    noise: f64,
}

const CURVES: [Curve; 2] = [
    Curve {
        name: "cubic",
        below: [0.5, 1.0, 0.6, 0.4, 0.0, 0.0],
        above: [2.5, 1.0, 0.6, 0.4, 0.0, 0.0],
        noise: 0.5,
    },
    Curve {
        name: "steep bend",
        below: [0.48, 1.27, 7.18, 20.21, 21.54, 7.33],
        above: [0.52, 0.84, -3.00, 7.99, -9.01, 3.56],
        noise: 0.1295,
    },
];

impl Curve {
    fn at(&self, x: f64) -> f64 {
        let coefficients = match x < 0.0 {
            true => self.below,
            false => self.above,
        };
        coefficients
            .iter()
            .rev()
            .fold(0.0, |sum, own| sum * x + own)
    }

    /// Whether the robust and the conventional interval of a draw hold the jump; nothing when there is no estimate.
    fn holds(&self, seed: u64, rows: usize, selector: Selector) -> Option<[bool; 2]> {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let beta = Beta::new(2.0, 4.0).expect("its parameters are positive");
        let noise = Normal::new(0.0, self.noise).expect("its deviation is positive");
        let running: Vec<f64> = (0..rows)
            .map(|_| 2.0 * beta.sample(&mut random) - 1.0)
            .collect();
        let outcome: Vec<f64> = running
            .iter()
            .map(|x| self.at(*x) + noise.sample(&mut random))
            .collect();
        let options = Options {
            selection: Selection::Chosen(selector),
            ..Options::at(0.0)
        };
        let effect = estimate(&Rows::sharp(&running, &outcome), &options)
            .ok()?
            .effect;
        let jump = self.above[0] - self.below[0];
        Some([effect.robust, effect.conventional].map(|own| {
            let [low, high] = own.interval;
            low <= jump && jump <= high
        }))
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise: usize| {
        let word = words.next();
        word.map_or(Ok(otherwise), |own| own.parse())
            .expect("a count")
    };
    let (draws, rows) = (number(1_000), number(1_000));
    for curve in &CURVES {
        for selector in [Selector::Mserd, Selector::Cerrd] {
            let found: Vec<Option<[bool; 2]>> = (0..draws as u64)
                .into_par_iter()
                .map(|seed| curve.holds(seed, rows, selector))
                .collect();
            let given: Vec<[bool; 2]> = found.into_iter().flatten().collect();
            let rate = |at: usize| {
                100.0 * given.iter().filter(|own| own[at]).count() as f64 / given.len() as f64
            };
            println!(
                "{}, {selector:?}, {rows} rows: robust {:.1} %, conventional {:.1} % of {} intervals",
                curve.name,
                rate(0),
                rate(1),
                given.len()
            );
        }
    }
}
