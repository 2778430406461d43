//! Sharp discontinuities: the three curves of Calonico, Cattaneo and Titiunik (Econometrica 2014, section 5).
//!
//! The running variable is `2 Beta(2, 4) - 1`, the noise has deviation 0.1295; the paper draws 500 rows.

use std::ops::Range;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rand_distr::{Beta, Distribution, Normal};
use wdl_causal::discontinuity::bandwidth::Selector;
use wdl_causal::discontinuity::design::{Options, Rows, Selection, Variance};
use wdl_causal::discontinuity::estimate::estimate;

use crate::{Line, Part, Seen, count};

/// A curve, with its jump at 0.
struct Curve {
    name: &'static str,
    below: [f64; 6],
    above: [f64; 6],
}

const CURVES: [Curve; 3] = [
    Curve {
        name: "model 1 (Lee's elections)",
        below: [0.48, 1.27, 7.18, 20.21, 21.54, 7.33],
        above: [0.52, 0.84, -3.00, 7.99, -9.01, 3.56],
    },
    Curve {
        name: "model 2 (Ludwig and Miller's Head Start)",
        below: [3.71, 2.30, 3.28, 1.45, 0.23, 0.03],
        above: [0.26, 18.49, -54.81, 74.30, -45.02, 9.83],
    },
    Curve {
        name: "model 3 (model 1, bent more)",
        below: [0.48, 1.27, -3.59, 14.147, 23.694, 10.995],
        above: [0.52, 0.84, -0.30, -2.397, -0.901, 3.56],
    },
];

const NOISE: f64 = 0.1295;

/// A choice of bandwidth, variance and, where said, bias bandwidth equal to the main one.
struct Choice {
    selector: Selector,
    variance: Variance,
    rho: Option<f64>,
}

fn choices() -> Vec<(String, Choice)> {
    let mut all = Vec::new();
    for (selector, bandwidth) in [(Selector::Mserd, "mserd"), (Selector::Cerrd, "cerrd")] {
        for (variance, errors) in [(Variance::Neighbours(3), "nn"), (Variance::Hc3, "hc3")] {
            for (rho, word) in [(None, ""), (Some(1.0), ", rho 1")] {
                let name = format!("robust, {bandwidth}, {errors}{word}");
                all.push((
                    name,
                    Choice {
                        selector,
                        variance,
                        rho,
                    },
                ));
            }
        }
    }
    all
}

impl Curve {
    fn at(&self, x: f64) -> f64 {
        let coefficients = match x < 0.0 {
            true => self.below,
            false => self.above,
        };
        let powers = coefficients.iter().rev();
        powers.fold(0.0, |sum, own| sum * x + own)
    }

    fn draw(&self, seed: u64, rows: usize) -> (Vec<f64>, Vec<f64>) {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let beta = Beta::new(2.0, 4.0).expect("its parameters are positive");
        let noise = Normal::new(0.0, NOISE).expect("its deviation is positive");
        let running: Vec<f64> = (0..rows)
            .map(|_| 2.0 * beta.sample(&mut random) - 1.0)
            .collect();
        let outcome = running
            .iter()
            .map(|x| self.at(*x) + noise.sample(&mut random));
        let outcome = outcome.collect();
        (running, outcome)
    }

    /// Rows two by two in clusters that share half of the variance of their noise.
    fn draw_pairs(&self, seed: u64, rows: usize) -> (Vec<f64>, Vec<f64>, Vec<usize>) {
        let (running, own) = self.draw(seed, rows);
        let mut random = ChaCha20Rng::seed_from_u64(seed ^ (1 << 40));
        let noise = Normal::new(0.0, NOISE).expect("its deviation is positive");
        let shared: Vec<f64> = (0..rows.div_ceil(2))
            .map(|_| noise.sample(&mut random))
            .collect();
        let half = 0.5_f64.sqrt();
        let mix = |row: usize| {
            let curve = self.at(running[row]);
            curve + half * (own[row] - curve + shared[row / 2])
        };
        let outcome = (0..rows).map(mix).collect();
        (running, outcome, (0..rows).map(|row| row / 2).collect())
    }
}

/// The same curves with rows in clusters of two, such as two applications of one household, which share half of their noise.
pub(crate) fn clustered(draws: &Range<u64>) -> Part {
    let choices = [
        ("robust, mserd, clusters", Variance::Neighbours(3), None),
        (
            "robust, mserd, clusters, rho 1",
            Variance::Neighbours(3),
            Some(1.0),
        ),
        ("robust, mserd, cr3", Variance::Jackknife, None),
        ("robust, mserd, cr3, rho 1", Variance::Jackknife, Some(1.0)),
    ];
    let names = choices.map(|(name, _, _)| name.to_owned());
    let mut lines: Vec<Line> = Vec::new();
    for curve in &CURVES {
        let truth = curve.above[0] - curve.below[0];
        for rows in [500, 1_000, 4_000] {
            lines.extend(count(curve.name, rows, &names, draws, |seed| {
                let (running, outcome, clusters) = curve.draw_pairs(seed, rows);
                let given = Rows {
                    clusters: Some(&clusters),
                    ..Rows::sharp(&running, &outcome)
                };
                let one = |(_, variance, rho): &(&str, Variance, Option<f64>)| {
                    let options = Options {
                        variance: *variance,
                        rho: *rho,
                        ..Options::at(0.0)
                    };
                    let own = estimate(&given, &options).ok()?.effect.robust;
                    Some(Seen::of(own.interval[0], own.interval[1], own.value, truth))
                };
                choices.iter().map(one).collect()
            }));
        }
    }
    Part {
        title: "Discontinuities with clusters",
        designs: "The same three curves; rows come in pairs that share half of the variance of their noise, on either side of the cut-off.",
        lines,
    }
}

/// The rates of the robust interval under every choice, and of the conventional one beside them.
pub(crate) fn part(draws: &Range<u64>) -> Part {
    let all = choices();
    let mut names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    names.push("conventional, mserd, nn".to_owned());
    let mut lines: Vec<Line> = Vec::new();
    for curve in &CURVES {
        let truth = curve.above[0] - curve.below[0];
        for rows in [500, 1_000, 4_000] {
            lines.extend(count(curve.name, rows, &names, draws, |seed| {
                let (running, outcome) = curve.draw(seed, rows);
                let given = Rows::sharp(&running, &outcome);
                let mut seen = Vec::with_capacity(names.len());
                let mut conventional = None;
                for (at, (_, choice)) in all.iter().enumerate() {
                    let options = Options {
                        selection: Selection::Chosen(choice.selector),
                        variance: choice.variance,
                        rho: choice.rho,
                        ..Options::at(0.0)
                    };
                    let effect = estimate(&given, &options).ok().map(|own| own.effect);
                    let of = |own: wdl_causal::discontinuity::estimate::Figure| {
                        Seen::of(own.interval[0], own.interval[1], own.value, truth)
                    };
                    seen.push(effect.map(|own| of(own.robust)));
                    if at == 0 {
                        conventional = effect.map(|own| of(own.conventional));
                    }
                }
                seen.push(conventional);
                seen
            }));
        }
    }
    Part {
        title: "Discontinuities",
        designs: "The three curves of Calonico, Cattaneo and Titiunik (2014).",
        lines,
    }
}
