//! Times an event study with two fixed effects and variances clustered by unit on a generated panel with a known truth: the effect is `1 + 0.25 (t - g)` from the first treated period on.
//!
//! `cargo run -p wdl-causal --example fixed_effects -- 500000 10`

use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use wdl_causal::regression::{self, ClusterFactor, Column, Model, Variance};

struct Panel {
    outcome: Vec<f64>,
    unit: Vec<u32>,
    period: Vec<u32>,
    relative: Vec<i32>,
}

fn panel(units: u32, periods: u32, seed: u64) -> Panel {
    let mut source = ChaCha8Rng::seed_from_u64(seed);
    let rows = (units * periods) as usize;
    let mut panel = Panel {
        outcome: Vec::with_capacity(rows),
        unit: Vec::with_capacity(rows),
        period: Vec::with_capacity(rows),
        relative: Vec::with_capacity(rows),
    };
    let normal = |source: &mut ChaCha8Rng| -> f64 { StandardNormal.sample(source) };
    for unit in 0..units {
        let (x, own) = (normal(&mut source), normal(&mut source));
        let is_never = source.random::<f64>() < 0.3 - 0.05 * x;
        let treated_from: i32 = source.random_range(4..=8);
        for period in 1..=periods {
            let since = match is_never {
                true => -1,
                false => period as i32 - treated_from,
            };
            let effect = match since >= 0 {
                true => 1.0 + 0.25 * f64::from(since),
                false => 0.0,
            };
            let t = f64::from(period);
            panel
                .outcome
                .push(own + 0.3 * t.sin() + 0.1 * x * t + effect + normal(&mut source));
            panel.unit.push(unit);
            panel.period.push(period);
            panel.relative.push(since);
        }
    }
    panel
}

/// Peak memory and processor seconds of this process, where the system tells them.
fn resources() -> (Option<f64>, Option<f64>) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map(|kilobytes| kilobytes / 1024.0);
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let ticks = |at: usize| fields.get(at).and_then(|own| own.parse::<f64>().ok());
    let seconds = ticks(11)
        .zip(ticks(12))
        .map(|(user, system)| (user + system) / 100.0);
    (peak, seconds)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: u32| {
        let own = arguments.next().and_then(|text| text.parse().ok());
        own.unwrap_or(otherwise)
    };
    let (units, periods) = (number(500_000), number(10));
    let panel = panel(units, periods, 7);
    let (before, _) = resources();
    let start = Instant::now();
    let mut levels: Vec<i32> = panel.relative.clone();
    levels.sort_unstable();
    levels.dedup();
    levels.retain(|level| *level != -1);
    let regressors = levels.iter().map(|level| Column::Level {
        codes: &panel.relative,
        level: *level,
    });
    let model = Model {
        outcome: &panel.outcome,
        regressors: regressors.collect(),
        fixed_effects: vec![&panel.unit, &panel.period],
        ..Model::default()
    };
    let answer = regression::fit(&model).and_then(|fit| {
        let clustered = Variance::Cluster {
            ways: vec![&panel.unit],
            factor: ClusterFactor::Least,
        };
        Ok((fit.inference(&clustered, 0.95)?, fit.absorption))
    });
    let seconds = start.elapsed().as_secs_f64();
    match answer {
        Ok((inference, absorption)) => {
            for (level, own) in levels.iter().zip(&inference.coefficients) {
                println!(
                    "{level:>4} {:>10.6} {:>10.6}",
                    own.estimate, own.standard_error
                );
            }
            println!("largest group mean left {:e}", absorption.gap);
        }
        Err(why) => println!("no answer: {why}"),
    }
    let (peak, processor) = resources();
    println!(
        "rows {}, seconds {seconds:.2}, processor seconds with the panel's making {processor:.2?}, peak MiB {peak:.0?} (before the call {before:.0?})",
        panel.outcome.len()
    );
}
