//! Double machine learning in the designs its own package draws from.

use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rand_distr::StandardNormal;
use wdl_causal::distribution::normal_quantile;
use wdl_causal::dml::{self, Learner, Model, Ridge, Rows};

use crate::{Part, Seen, count};

const COVARIATES: usize = 20;
const FOLDS: usize = 5;
const SPLITS: u64 = 5;

/// Columns of one draw.
struct Drawn {
    outcome: Vec<f64>,
    treatment: Vec<f64>,
    instrument: Option<Vec<f64>>,
    covariates: Vec<Vec<f64>>,
}

struct Design {
    name: &'static str,
    rows: usize,
    model: Model,
    draw: fn(&mut ChaCha20Rng, usize) -> Drawn,
    truth: fn() -> f64,
}

const DESIGNS: [Design; 6] = [
    Design {
        name: "partially linear (Chernozhukov et al. 2018)",
        rows: 500,
        model: Model::Plr,
        draw: partially_linear,
        truth: || 0.5,
    },
    Design {
        name: "partially linear (Chernozhukov et al. 2018)",
        rows: 2_000,
        model: Model::Plr,
        draw: partially_linear,
        truth: || 0.5,
    },
    Design {
        name: "interactive, for everybody (DoubleML)",
        rows: 1_000,
        model: Model::IrmAte,
        draw: interactive,
        truth: || 0.5,
    },
    Design {
        name: "interactive, for the treated (DoubleML)",
        rows: 1_000,
        model: Model::IrmAtte,
        draw: interactive,
        truth: interactive_treated,
    },
    Design {
        name: "interactive with an instrument (DoubleML)",
        rows: 1_000,
        model: Model::Iivm,
        draw: instrument,
        truth: || 0.5,
    },
    Design {
        name: "partially linear with an instrument (DoubleML)",
        rows: 1_000,
        model: Model::Pliv,
        draw: instrument,
        truth: || 0.5,
    },
];

/// Normal covariates, correlated by `share` to the power of their distance.
fn covariates(random: &mut ChaCha20Rng, rows: usize, share: f64) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); COVARIATES];
    for _ in 0..rows {
        let mut before: f64 = random.sample(StandardNormal);
        columns[0].push(before);
        for column in &mut columns[1..] {
            let new: f64 = random.sample(StandardNormal);
            before = share * before + (1.0 - share * share).sqrt() * new;
            column.push(before);
        }
    }
    columns
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

/// The design of section 4 of the paper's example, as DoubleML draws it: `d = x₁ + Λ(x₃)/4 + v`, `y = d/2 + Λ(x₁) + x₃/4 + u`.
fn partially_linear(random: &mut ChaCha20Rng, rows: usize) -> Drawn {
    let x = covariates(random, rows, 0.7);
    let (mut outcome, mut treatment) = (Vec::new(), Vec::new());
    for (first, third) in x[0].iter().copied().zip(x[2].iter().copied()) {
        let d = first + 0.25 * logistic(third) + random.sample::<f64, _>(StandardNormal);
        let noise: f64 = random.sample(StandardNormal);
        treatment.push(d);
        outcome.push(0.5 * d + logistic(first) + 0.25 * third + noise);
    }
    Drawn {
        outcome,
        treatment,
        instrument: None,
        covariates: x,
    }
}

/// `βₖ = 1 / k²`.
fn index(x: &[Vec<f64>], row: usize) -> f64 {
    let terms = x.iter().enumerate();
    terms
        .map(|(at, own)| own[row] / ((at + 1) * (at + 1)) as f64)
        .sum()
}

/// The variance of the index.
fn index_variance() -> f64 {
    let mut sum = 0.0;
    for one in 0..COVARIATES {
        for other in 0..COVARIATES {
            let share = 0.5_f64.powi(one.abs_diff(other) as i32);
            sum += share / (((one + 1) * (one + 1) * (other + 1) * (other + 1)) as f64);
        }
    }
    sum
}

/// The scale of the index in the outcome and in the score, for a share explained of one half.
fn scales() -> (f64, f64) {
    let variance = index_variance();
    let treatment = std::f64::consts::PI * std::f64::consts::PI / 3.0 / variance;
    ((1.0 / variance).sqrt(), treatment.sqrt())
}

/// A logit of the index, and an effect that changes with it.
fn interactive(random: &mut ChaCha20Rng, rows: usize) -> Drawn {
    let x = covariates(random, rows, 0.5);
    let (of_outcome, of_treatment) = scales();
    let (mut outcome, mut treatment) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let own = index(&x, row);
        let is_treated = logistic(of_treatment * own) > random.random::<f64>();
        let d = f64::from(u8::from(is_treated));
        let noise: f64 = random.sample(StandardNormal);
        treatment.push(d);
        outcome.push(d * (0.5 + of_outcome * own) + noise);
    }
    Drawn {
        outcome,
        treatment,
        instrument: None,
        covariates: x,
    }
}

/// The effect on the treated of that design: `0.5 + E[c s Λ(k s)] / E[Λ(k s)]` over the normal index `s`, by the trapezoidal rule.
fn interactive_treated() -> f64 {
    let (of_outcome, of_treatment) = scales();
    let deviation = index_variance().sqrt();
    let (mut above, mut below) = (0.0, 0.0);
    for step in -4_000..=4_000 {
        let z = f64::from(step) / 400.0;
        let share = (-0.5 * z * z).exp() * logistic(of_treatment * deviation * z);
        above += share * of_outcome * deviation * z;
        below += share;
    }
    0.5 + above / below
}

/// A coin as an instrument, who complies by a normal index whose error moves the outcome too.
fn instrument(random: &mut ChaCha20Rng, rows: usize) -> Drawn {
    let x = covariates(random, rows, 0.5);
    let (mut outcome, mut treatment, mut offered) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows {
        let u: f64 = random.sample(StandardNormal);
        let own: f64 = random.sample(StandardNormal);
        let v = 0.3 * u + (1.0 - 0.09_f64).sqrt() * own;
        let z = f64::from(u8::from(random.random::<bool>()));
        let d = f64::from(u8::from(z + v > 0.0));
        offered.push(z);
        treatment.push(d);
        outcome.push(0.5 * d + index(&x, row) + u);
    }
    Drawn {
        outcome,
        treatment,
        instrument: Some(offered),
        covariates: x,
    }
}

/// The rates of one split, of the median of five, and of a ridge penalty.
pub(crate) fn part(draws: &Range<u64>) -> Part {
    let names = [
        "one split in five folds".to_owned(),
        "median of five splits".to_owned(),
        "one split, ridge 0.05".to_owned(),
    ];
    let reach = normal_quantile(0.975);
    let mut lines = Vec::new();
    for design in &DESIGNS {
        let truth = (design.truth)();
        lines.extend(count(design.name, design.rows, &names, draws, |seed| {
            let mut random = ChaCha20Rng::seed_from_u64(seed);
            let drawn = (design.draw)(&mut random, design.rows);
            let columns: Vec<&[f64]> = drawn.covariates.iter().map(Vec::as_slice).collect();
            let rows = Rows {
                outcome: &drawn.outcome,
                treatment: &drawn.treatment,
                instrument: drawn.instrument.as_deref(),
                covariates: &columns,
                clusters: None,
            };
            let fit = |split: u64, ridge: f64| {
                let folds = dml::draw(design.rows, FOLDS, seed * SPLITS + split);
                let learner = Learner {
                    ridge: Ridge(ridge),
                    ..Learner::default()
                };
                dml::fit(design.model, rows, &folds, learner).ok()
            };
            let seen = |estimate: f64, error: f64| {
                Seen::of(
                    estimate - reach * error,
                    estimate + reach * error,
                    estimate,
                    truth,
                )
            };
            let splits: Option<Vec<_>> = (0..SPLITS).map(|split| fit(split, 0.0)).collect();
            let first = splits.as_ref().map(|own| &own[0]);
            let median = splits.as_ref().and_then(|own| dml::median(own));
            vec![
                first.map(|own| seen(own.estimate, own.standard_error)),
                median.map(|(estimate, error)| seen(estimate, error)),
                fit(0, 0.05).map(|own| seen(own.estimate, own.standard_error)),
            ]
        }));
    }
    Part {
        title: "Double machine learning",
        designs: "The designs of DoubleML's own data sets, 20 covariates: partially linear (Chernozhukov et al. 2018), interactive, with an instrument (strength 1).",
        lines,
    }
}
