//! Times doubly robust group-time effects on a generated panel: 100,000 units, 10 periods, 5 cohorts, one covariate; parsing is timed with it.
//!
//! The truth is `1 + 0.25 (t - g)` under treatment, as in the panel the packages elsewhere are timed on.
//! Run with the number of units and of periods as arguments.

use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::group_time::{Request, estimate};
use wdl_causal::did::panel::{Gaps, Panel, Rows};

fn main() {
    let argument = |at: usize| std::env::args().nth(at).and_then(|own| own.parse().ok());
    let units: i64 = argument(1).unwrap_or(100_000);
    let periods: i64 = argument(2).unwrap_or(10);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut unit, mut period, mut outcome) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first, mut covariate) = (Vec::new(), Vec::new());
    for own in 0..units {
        let x: f64 = random.sample(StandardNormal);
        let level: f64 = random.sample(StandardNormal);
        let is_never = random.random::<f64>() < 0.3 - 0.05 * x;
        let cohort = random.random_range(4..=8_i64);
        for at in 1..=periods {
            let noise: f64 = random.sample(StandardNormal);
            let time = at as f64;
            let effect = match !is_never && at >= cohort {
                true => 1.0 + 0.25 * (at - cohort) as f64,
                false => 0.0,
            };
            unit.push(own);
            period.push(at);
            first.push((!is_never).then_some(cohort));
            covariate.push(x);
            outcome.push(level + 0.3 * time.sin() + 0.1 * x * time + effect + noise);
        }
    }
    let covariates = [covariate.as_slice()];
    let rows = Rows {
        unit: &unit,
        period: &period,
        outcome: &outcome,
        first_treated: &first,
        covariates: &covariates,
        weights: None,
        clusters: None,
    };
    for _ in 0..3 {
        let start = Instant::now();
        let panel = Panel::read(&rows, Gaps::Refuse).expect("the panel is whole");
        let read = start.elapsed();
        let effects = estimate(&panel, Request::default());
        let estimated = start.elapsed();
        let dynamic = effects.aggregate(Kind::Dynamic(Window::default()));
        let overall = dynamic.overall.expect("there are effects under treatment");
        println!(
            "{} rows, {} cells: read {:.3} s, effects {:.3} s, averages {:.3} s, together {:.3} s; overall {:.6} ({:?})",
            unit.len(),
            effects.cells.len(),
            read.as_secs_f64(),
            (estimated - read).as_secs_f64(),
            (start.elapsed() - estimated).as_secs_f64(),
            start.elapsed().as_secs_f64(),
            overall.att,
            overall.error,
        );
    }
}
