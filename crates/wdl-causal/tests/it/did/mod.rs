//! Difference-in-differences: two-way fixed effects with their decomposition, group-time effects, imputation, event studies.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod laws;
mod leads;
mod local;
mod published;
mod refused;
mod slow;

use crate::elsewhere::Table;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde_json::Value;
use wdl_causal::did::aggregate::Aggregate;
use wdl_causal::did::panel::{Gaps, Panel, PanelError, Rows};
use wdl_causal::did::sections::Sections;

/// Rows that a test can change before they are read.
#[derive(Clone, Default)]
pub(super) struct Data {
    pub(super) unit: Vec<i64>,
    pub(super) period: Vec<i64>,
    pub(super) outcome: Vec<f64>,
    pub(super) first: Vec<Option<i64>>,
    pub(super) covariates: Vec<Vec<f64>>,
    pub(super) weights: Option<Vec<f64>>,
    pub(super) clusters: Option<Vec<i64>>,
}

impl Data {
    pub(super) fn with<T>(&self, then: impl Fn(&Rows<'_>) -> T) -> T {
        let covariates: Vec<&[f64]> = self.covariates.iter().map(Vec::as_slice).collect();
        then(&Rows {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            first_treated: &self.first,
            covariates: &covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        })
    }

    pub(super) fn read(&self, gaps: Gaps) -> Result<Panel, PanelError> {
        self.with(|rows| Panel::read(rows, gaps))
    }

    pub(super) fn panel(&self) -> Panel {
        self.read(Gaps::Refuse).expect("a panel")
    }

    pub(super) fn sections(&self) -> Sections {
        self.with(Sections::read).expect("sections")
    }

    pub(super) fn keep(&self, is_kept: impl Fn(usize) -> bool) -> Data {
        let rows: Vec<usize> = (0..self.unit.len()).filter(|row| is_kept(*row)).collect();
        self.taken(&rows)
    }

    pub(super) fn taken(&self, rows: &[usize]) -> Data {
        fn of<T: Copy>(column: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().map(|row| column[*row]).collect()
        }
        Data {
            unit: of(&self.unit, rows),
            period: of(&self.period, rows),
            outcome: of(&self.outcome, rows),
            first: of(&self.first, rows),
            covariates: self.covariates.iter().map(|own| of(own, rows)).collect(),
            weights: self.weights.as_ref().map(|own| of(own, rows)),
            clusters: self.clusters.as_ref().map(|own| of(own, rows)),
        }
    }
}

/// A staggered panel: cohorts 3 to 5 of six periods, effects growing with time.
pub(super) fn made(units: i64, seed: u64) -> Data {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut data = Data {
        covariates: vec![Vec::new()],
        ..Data::default()
    };
    for unit in 0..units {
        let x: f64 = random.sample(StandardNormal);
        let level: f64 = random.sample(StandardNormal);
        let is_never = random.random::<f64>() < 0.4 - 0.05 * x.clamp(-3.0, 3.0);
        let cohort = random.random_range(3..=5_i64);
        for period in 1..=6_i64 {
            let noise: f64 = random.sample(StandardNormal);
            let since = (period - cohort) as f64;
            let gain = if !is_never && since >= 0.0 {
                1.0 + 0.25 * since
            } else {
                0.0
            };
            data.unit.push(unit);
            data.period.push(period);
            data.first.push((!is_never).then_some(cohort));
            data.covariates[0].push(x);
            data.outcome
                .push(level + 0.2 * period as f64 + 0.1 * x * period as f64 + gain + noise);
        }
    }
    data
}

pub(super) fn mpdta(has_covariate: bool) -> Option<Data> {
    let table = Table::read("mpdta.csv", b',')?;
    let whole = |name: &str| -> Vec<i64> {
        table
            .text(name)
            .iter()
            .map(|own| own.parse().unwrap())
            .collect()
    };
    Some(Data {
        unit: whole("countyreal"),
        period: whole("year"),
        outcome: table.numbers("lemp"),
        first: whole("first.treat")
            .into_iter()
            .map(|own| (own > 0).then_some(own))
            .collect(),
        covariates: match has_covariate {
            true => vec![table.numbers("lpop")],
            false => Vec::new(),
        },
        ..Data::default()
    })
}

pub(super) fn close(own: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (own - expected).abs() <= tolerance,
        "{what}: {own} is not {expected}"
    );
}

pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

pub(super) fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(number)
        .collect()
}

pub(super) fn compare(own: &Aggregate, expected: &Value, what: &str) {
    let overall = own.overall.as_ref().expect("an overall average");
    close(overall.att, number(&expected["overall_att"]), 1e-10, what);
    close(
        overall.error.unwrap(),
        number(&expected["overall_se"]),
        1e-9,
        what,
    );
    if expected["egt"].is_null() {
        return assert!(own.effects.is_empty());
    }
    let (at, att) = (numbers(&expected["egt"]), numbers(&expected["att_egt"]));
    let error = numbers(&expected["se_egt"]);
    assert_eq!(own.effects.len(), at.len(), "{what}");
    for (place, own) in own.effects.iter().enumerate() {
        assert_eq!(own.at.unwrap() as f64, at[place], "{what}");
        close(own.att, att[place], 1e-10, what);
        close(own.error.unwrap(), error[place], 1e-9, what);
    }
}
