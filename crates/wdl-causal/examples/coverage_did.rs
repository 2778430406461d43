//! How often the 95 % interval of the overall effect covers the truth: draws of a small staggered panel, fixed seeds.
//!
//! The truth of the dynamic average is known: effects are `1 + 0.25 (t - g)`, so each period since treatment has one value.
//! Run with the number of draws as argument.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::bands::Draws;
use wdl_causal::did::group_time::{Method, Request, estimate};
use wdl_causal::did::panel::{Gaps, Panel, Rows};

fn main() {
    let draws: u64 = std::env::args()
        .nth(1)
        .and_then(|own| own.parse().ok())
        .unwrap_or(1_000);
    let methods = [
        Method::OutcomeRegression,
        Method::Weighting,
        Method::DoublyRobust,
        Method::DoublyRobustImproved,
    ];
    let mut covered = [0_u64; 4];
    let mut together = 0_u64;
    for draw in 0..draws {
        let panel = panel(draw);
        for (method, covered) in methods.iter().zip(&mut covered) {
            let request = Request {
                method: *method,
                ..Request::default()
            };
            let dynamic = estimate(&panel, request).aggregate(Kind::Dynamic(Window::default()));
            let overall = dynamic.overall.clone().expect("there are effects");
            let truth = 1.0 + 0.25 * 1.5;
            if let Some((low, high)) = overall.interval(0.95) {
                *covered += u64::from(low <= truth && truth <= high);
            }
            if *method == Method::DoublyRobust {
                let bands = dynamic.bands(Draws::default()).expect("there are bands");
                together += u64::from(dynamic.effects.iter().all(|own| {
                    let event = own.at.unwrap_or_default();
                    let truth = if event < 0 {
                        0.0
                    } else {
                        1.0 + 0.25 * event as f64
                    };
                    let error = own.error.unwrap_or(f64::INFINITY);
                    (own.att - truth).abs() <= bands.critical * error
                }));
            }
        }
    }
    for (method, covered) in methods.iter().zip(covered) {
        println!("{method:?}: {:.1} %", 100.0 * covered as f64 / draws as f64);
    }
    println!(
        "band over all times: {:.1} %",
        100.0 * together as f64 / draws as f64
    );
}

/// Four hundred units over six periods, cohorts 3 to 5 and never treated.
fn panel(seed: u64) -> Panel {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut unit, mut period, mut outcome) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first, mut covariate) = (Vec::new(), Vec::new());
    for own in 0..400_i64 {
        let x: f64 = random.sample(StandardNormal);
        let level: f64 = random.sample(StandardNormal);
        let is_never = random.random::<f64>() < 0.4 - 0.05 * x.clamp(-3.0, 3.0);
        let cohort = random.random_range(3..=5_i64);
        for at in 1..=6_i64 {
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
    Panel::read(&rows, Gaps::Refuse).expect("the panel is whole")
}
