//! The time of nearest neighbour matching on a score with 20,000 rows, and of a partially linear model on 9,275 rows and 7 covariates.

use std::time::Instant;

use rand::{Rng, SeedableRng};
use wdl_causal::{dml, matching};

fn main() {
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(11);
    let mut normal = |n: usize| -> Vec<f64> {
        (0..n)
            .map(|_| random.sample(rand_distr::StandardNormal))
            .collect()
    };
    let columns: Vec<Vec<f64>> = (0..7).map(|_| normal(20_000)).collect();
    let noise = normal(20_000);
    let x: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let is_treated: Vec<bool> = (0..20_000)
        .map(|row| 0.5 * x[0][row] + 0.3 * x[1][row] + 1.7 * noise[row] > 1.25)
        .collect();
    let start = Instant::now();
    let score = matching::propensity(&x[..6], &is_treated, None);
    let found = score.map(|score| {
        matching::nearest(matching::Nearest {
            is_treated: &is_treated,
            score: Some(score.probabilities.as_slice()),
            metric: matching::Metric::Score,
            estimand: matching::Estimand::Att,
            ratio: 1,
            with_replacement: false,
            order: matching::Order::Largest,
            caliper: None,
            strata: None,
            neighbour: matching::Neighbour::Nearest,
        })
        .map(|own| own.pairs.len())
    });
    println!("score and pairs: {:?}, {found:?}", start.elapsed());
    let short: Vec<&[f64]> = x.iter().map(|own| &own[..9_275]).collect();
    let rows = dml::Rows {
        outcome: &noise[..9_275],
        treatment: short[0],
        instrument: None,
        covariates: &short[1..],
        clusters: None,
    };
    let folds = dml::draw(9_275, 5, 1);
    let start = Instant::now();
    let own = dml::fit(dml::Model::Plr, rows, &folds, dml::Learner::default());
    println!(
        "partially linear model: {:?}, {:?}",
        start.elapsed(),
        own.map(|own| own.estimate)
    );
}
