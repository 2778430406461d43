//! Group-time effects of staggered panels (Callaway and Sant'Anna 2021), and the bands over all of them.

use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use wdl_causal::did::aggregate::{Kind, Window};
use wdl_causal::did::bands::{Draws, Multiplier};
use wdl_causal::did::group_time::{Method, Request, estimate};
use wdl_causal::did::panel::{Gaps, Panel, Rows};

use crate::{Part, Seen, count};

const METHODS: [(Method, &str); 4] = [
    (Method::OutcomeRegression, "outcome regression"),
    (Method::Weighting, "weighting"),
    (Method::DoublyRobust, "doubly robust"),
    (Method::DoublyRobustImproved, "doubly robust, improved"),
];

/// A panel in the making.
#[derive(Default)]
struct Made {
    unit: Vec<i64>,
    period: Vec<i64>,
    outcome: Vec<f64>,
    first: Vec<Option<i64>>,
    covariates: Vec<Vec<f64>>,
}

impl Made {
    fn row(&mut self, unit: usize, period: i64, first: Option<i64>, x: &[f64], outcome: f64) {
        self.unit.push(unit as i64);
        self.period.push(period);
        self.first.push(first);
        self.outcome.push(outcome);
        self.covariates.resize(x.len(), Vec::new());
        for (column, value) in self.covariates.iter_mut().zip(x) {
            column.push(*value);
        }
    }

    fn panel(&self) -> Panel {
        let covariates: Vec<&[f64]> = self.covariates.iter().map(Vec::as_slice).collect();
        let rows = Rows {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            first_treated: &self.first,
            covariates: &covariates,
            weights: None,
            clusters: None,
        };
        Panel::read(&rows, Gaps::Refuse).expect("the panel is whole")
    }
}

/// A way to draw panels, with the effect by periods since treatment.
struct Design {
    name: &'static str,
    units: usize,
    draw: fn(u64, usize) -> Panel,
    effect: fn(i64) -> f64,
    /// The longest time since treatment that is seen.
    last: i64,
}

const DESIGNS: [Design; 5] = [
    Design {
        name: "three cohorts, six periods",
        units: 400,
        draw: three_cohorts,
        effect: |event| 1.0 + 0.25 * event as f64,
        last: 3,
    },
    Design {
        name: "three cohorts, six periods",
        units: 1_600,
        draw: three_cohorts,
        effect: |event| 1.0 + 0.25 * event as f64,
        last: 3,
    },
    Design {
        name: "that of the package did",
        units: 500,
        draw: package,
        effect: |event| 1.0 + event as f64,
        last: 2,
    },
    Design {
        name: "that of the package did",
        units: 2_000,
        draw: package,
        effect: |event| 1.0 + event as f64,
        last: 2,
    },
    Design {
        name: "Sant'Anna and Zhao, process 1",
        units: 1_000,
        draw: two_periods,
        effect: |_| 0.0,
        last: 0,
    },
];

/// Six periods, cohorts 3 to 5 and never treated, the choice to join falling with the covariate.
fn three_cohorts(seed: u64, units: usize) -> Panel {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut made = Made::default();
    for unit in 0..units {
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
            let outcome = level + 0.3 * time.sin() + 0.1 * x * time + effect + noise;
            made.row(unit, at, (!is_never).then_some(cohort), &[x], outcome);
        }
    }
    made.panel()
}

/// The simulation of the R package `did`: four periods, cohorts by a multinomial logit of the covariate, trends that depend on it, effects of one more with each period; who is treated from the first period is left out.
fn package(seed: u64, units: usize) -> Panel {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut made = Made::default();
    for unit in 0..units {
        let x: f64 = random.sample(StandardNormal);
        let odds: Vec<f64> = (0..=4)
            .map(|own| (x * f64::from(own) / 8.0).exp())
            .collect();
        let mut left = random.random::<f64>() * odds.iter().sum::<f64>();
        let mut cohort = 0_i64;
        for own in &odds[..4] {
            left -= own;
            if left < 0.0 {
                break;
            }
            cohort += 1;
        }
        let level = cohort as f64 + random.sample::<f64, _>(StandardNormal);
        let noise: Vec<f64> = (0..4).map(|_| random.sample(StandardNormal)).collect();
        if cohort == 1 {
            continue;
        }
        for at in 1..=4_i64 {
            let effect = match cohort > 0 && at >= cohort {
                true => (at - cohort + 1) as f64,
                false => 0.0,
            };
            let outcome = at as f64 * (1.0 + x) + level + effect + noise[at as usize - 1];
            made.row(unit, at, (cohort > 0).then_some(cohort), &[x], outcome);
        }
    }
    made.panel()
}

/// Sant'Anna and Zhao (2020, section 4, process 1), after Kang and Schafer (2007): both models right, no effect, two periods.
fn two_periods(seed: u64, units: usize) -> Panel {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normal =
        |count: usize| -> Vec<f64> { (0..count).map(|_| random.sample(StandardNormal)).collect() };
    let raw: Vec<Vec<f64>> = (0..units).map(|_| normal(8)).collect();
    // The four covariates, standardised by their own moments.
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); 4];
    for own in &raw {
        let [a, b, c, d] = [own[0], own[1], own[2], own[3]];
        columns[0].push((0.5 * a).exp());
        columns[1].push(10.0 + b / (1.0 + a.exp()));
        columns[2].push((0.6 + a * c / 25.0).powi(3));
        columns[3].push((20.0 + b + d).powi(2));
    }
    // Mean and deviation of each in the population.
    let moments = [
        (
            0.125_f64.exp(),
            ((0.25_f64.exp() - 1.0) * 0.25_f64.exp()).sqrt(),
        ),
        (10.0, 0.54164),
        (0.21887, 0.04453),
        (402.0, 56.63891),
    ];
    let mut made = Made::default();
    for (unit, own) in raw.iter().enumerate() {
        let z: Vec<f64> = (0..4)
            .map(|at| (columns[at][unit] - moments[at].0) / moments[at].1)
            .collect();
        let index = 0.75 * (-z[0] + 0.5 * z[1] - 0.25 * z[2] - 0.1 * z[3]);
        let level = 210.0 + 27.4 * z[0] + 13.7 * (z[1] + z[2] + z[3]);
        // The probability of a normal draw is uniform.
        let uniform = wdl_causal::distribution::normal(own[4]);
        let is_treated = uniform <= 1.0 / (1.0 + (-index).exp());
        let unit_level = own[5] + if is_treated { level } else { 0.0 };
        let first = is_treated.then_some(2);
        made.row(unit, 1, first, &z, level + unit_level + own[6]);
        made.row(unit, 2, first, &z, 2.0 * level + unit_level + own[7]);
    }
    made.panel()
}

/// The rates of the overall effect by four estimators, and of two bands over all times of the doubly robust one.
pub(crate) fn part(draws: &Range<u64>) -> Part {
    let bands = [
        (
            "band, doubly robust, Mammen, 1,000 draws",
            Multiplier::Mammen,
            1_000,
        ),
        (
            "band, doubly robust, Rademacher, 1,000 draws",
            Multiplier::Rademacher,
            1_000,
        ),
    ];
    let mut names: Vec<String> = METHODS.iter().map(|(_, name)| (*name).to_owned()).collect();
    names.extend(bands.iter().map(|(name, ..)| (*name).to_owned()));
    let mut lines = Vec::new();
    for design in &DESIGNS {
        let truth = (0..=design.last).map(design.effect).sum::<f64>() / (design.last + 1) as f64;
        lines.extend(count(design.name, design.units, &names, draws, |seed| {
            let panel = (design.draw)(seed, design.units);
            let mut seen = Vec::with_capacity(names.len());
            for (method, _) in METHODS {
                let request = Request {
                    method,
                    ..Request::default()
                };
                let dynamic = estimate(&panel, request).aggregate(Kind::Dynamic(Window::default()));
                let overall = dynamic.overall.as_ref();
                seen.push(overall.and_then(|own| {
                    let (low, high) = own.interval(0.95)?;
                    Some(Seen::of(low, high, own.att, truth))
                }));
            }
            let request = Request::default();
            let dynamic = estimate(&panel, request).aggregate(Kind::Dynamic(Window::default()));
            for (_, multiplier, count) in bands {
                let draws = Draws {
                    count,
                    multiplier,
                    seed,
                    ..Draws::default()
                };
                seen.push(dynamic.bands(draws).ok().map(|bands| {
                    let beyond = dynamic.effects.iter().filter_map(|own| {
                        let event = own.at.unwrap_or_default();
                        let truth = match event < 0 {
                            true => 0.0,
                            false => (design.effect)(event),
                        };
                        Some((own.att - truth).abs() / own.error.ok()?)
                    });
                    // The band holds when the largest distance, in standard errors, is below its critical value.
                    let largest = beyond.fold(0.0, f64::max);
                    Seen {
                        holds: largest <= bands.critical,
                        width: 2.0 * bands.critical,
                        error: 0.0,
                    }
                }));
            }
            seen
        }));
    }
    Part {
        title: "Group-time effects",
        designs: "Staggered panels: one of our own, with 400 and 1,600 units; the simulation of the R package `did`; process 1 of Sant'Anna and Zhao (2020). \
                  The interval is of the overall dynamic effect; a band holds when it holds every effect at once, before treatment too, and its width is in standard errors.",
        lines,
    }
}
