//! Differences-in-differences by local projections (Dube, Girardi, Jordà and Taylor, Journal of Applied Econometrics 2025): one regression for each time since treatment, among those newly treated and those not yet.
//!
//! At time `h` since treatment: the change of the outcome from just before treatment to `t + h`, on being newly treated at `t`, with an effect for each period `t`; who is treated later than `t` and up to `t + h` is in no comparison.

use std::collections::BTreeMap;

use super::panel::Panel;
use crate::regression::{self, ClusterFactor, Column, Model, RegressionError, Variance};

/// How the effects of cohorts are averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Averaging {
    /// As the regression weights them: more where treated and others are of equal number.
    #[default]
    ByVariance,
    /// Each newly treated unit alike: the others of a period weigh together as its newly treated do.
    ByTreated,
}

/// The effect at one time since treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projected {
    /// Periods since treatment.
    pub event_time: i64,
    /// The effect.
    pub att: f64,
    /// Its standard error, by cluster (unit where there are none), with the factor `G/(G-1) (N-1)/(N-K)`.
    pub error: f64,
    /// Degrees of freedom of its t.
    pub degrees: f64,
    /// Rows of the regression.
    pub rows: usize,
    /// Newly treated units among them.
    pub treated: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalProjections {
    /// The effect of all times from zero to the horizon together, when one is asked.
    pub pooled: Option<Projected>,
    /// The effects, by time since treatment; the period before it is the base and has none.
    pub effects: Vec<Projected>,
    /// Times since treatment that are seen and have no comparison, or no variance.
    pub left_out: Vec<i64>,
}

/// Why there is no effect at all.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoProjection {
    /// At no time since treatment is there anybody newly treated beside somebody not treated.
    #[error("nobody newly treated can be compared with somebody not yet treated")]
    NoComparison,
    /// The regression has no answer.
    #[error(transparent)]
    Regression(#[from] RegressionError),
}

/// The effects by time since treatment; `horizon` asks for the pooled one too.
///
/// # Errors
/// [`NoProjection`].
pub fn local_projections(
    panel: &Panel,
    averaging: Averaging,
    horizon: Option<i64>,
) -> Result<LocalProjections, NoProjection> {
    let all = Comparisons::of(panel, averaging);
    let mut found = LocalProjections {
        pooled: None,
        effects: Vec::new(),
        left_out: Vec::new(),
    };
    for event in all.event_times() {
        match all.effect(event, event)? {
            Some(own) => found.effects.push(own),
            None => found.left_out.push(event),
        }
    }
    if found.effects.is_empty() {
        return Err(NoProjection::NoComparison);
    }
    if let Some(horizon) = horizon {
        found.pooled = all.effect(0, horizon)?;
    }
    Ok(found)
}

struct Comparisons<'a> {
    panel: &'a Panel,
    averaging: Averaging,
    /// The place of each period.
    places: BTreeMap<i64, usize>,
}

/// The rows of one regression.
#[derive(Default)]
struct Rows {
    change: Vec<f64>,
    is_new: Vec<f64>,
    period: Vec<u32>,
    cluster: Vec<u32>,
    weight: Vec<f64>,
}

impl<'a> Comparisons<'a> {
    fn of(panel: &'a Panel, averaging: Averaging) -> Comparisons<'a> {
        let places = panel.periods().iter().enumerate();
        Comparisons {
            panel,
            averaging,
            places: places.map(|(place, own)| (*own, place)).collect(),
        }
    }

    /// The times since treatment that anybody is seen at, without that of the base.
    fn event_times(&self) -> Vec<i64> {
        let periods = self.panel.periods();
        let cohorts = self.panel.cohorts();
        let pairs = cohorts
            .iter()
            .filter(|cohort| self.places.contains_key(&(**cohort - 1)))
            .flat_map(|cohort| periods.iter().map(move |period| period - cohort));
        let mut times: Vec<i64> = pairs.filter(|event| *event != -1).collect();
        times.sort_unstable();
        times.dedup();
        times
    }

    /// The mean outcome of a unit over some periods; nothing when one is not seen.
    fn outcome(&self, unit: usize, periods: impl Iterator<Item = i64>) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        for period in periods {
            let place = *self.places.get(&period)?;
            if !self.panel.is_seen(unit, place) {
                return None;
            }
            sum += self.panel.outcome(unit, place);
            count += 1.0;
        }
        Some(sum / count)
    }

    /// The effect on the mean of the periods from `first` to `last` since treatment.
    fn effect(&self, first: i64, last: i64) -> Result<Option<Projected>, NoProjection> {
        let rows = self.rows(first, last);
        let treated = rows.is_new.iter().filter(|own| **own > 0.0).count();
        if treated == 0 || treated == rows.is_new.len() {
            return Ok(None);
        }
        let model = Model {
            outcome: &rows.change,
            regressors: vec![Column::Values(&rows.is_new)],
            fixed_effects: vec![&rows.period],
            weights: Some(&rows.weight),
            ..Model::default()
        };
        let fit = match regression::fit(&model) {
            Ok(fit) => fit,
            Err(RegressionError::TooLong(rows)) => {
                return Err(RegressionError::TooLong(rows).into());
            }
            Err(_) => return Ok(None),
        };
        let variance = Variance::Cluster {
            ways: vec![&rows.cluster],
            factor: ClusterFactor::Least,
        };
        let inference = match fit.inference(&variance, 0.95) {
            Ok(inference) => inference,
            Err(_) => return Ok(None),
        };
        Ok(inference.of(0).map(|own| Projected {
            event_time: first,
            att: own.estimate,
            error: own.standard_error,
            degrees: inference.degrees,
            rows: fit.rows,
            treated,
        }))
    }

    fn rows(&self, first: i64, last: i64) -> Rows {
        let panel = self.panel;
        let mut rows = Rows::default();
        // Newly treated and others of each period, by weight.
        let mut sizes: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
        let mut periods = Vec::new();
        for (unit, cohort) in panel.first_treated().iter().enumerate() {
            for (place, period) in panel.periods().iter().enumerate() {
                let is_new = *cohort == Some(*period);
                // The others are not treated by the last period compared, nor now.
                let until = period + last.max(0);
                let is_other = cohort.is_none_or(|own| own > until);
                if !(is_new || is_other) || !panel.is_seen(unit, place) {
                    continue;
                }
                let before = self.outcome(unit, std::iter::once(period - 1));
                let after = self.outcome(unit, (first..=last).map(|event| period + event));
                let (Some(before), Some(after)) = (before, after) else {
                    continue;
                };
                let weight = panel.weights()[unit];
                sizes.entry(*period).or_default()[usize::from(!is_new)] += weight;
                rows.change.push(after - before);
                rows.is_new.push(f64::from(u8::from(is_new)));
                rows.period.push(place as u32);
                rows.cluster
                    .push(panel.clusters().map_or(unit as u32, |own| own[unit]));
                rows.weight.push(weight);
                periods.push(*period);
            }
        }
        if self.averaging == Averaging::ByTreated {
            for (at, period) in periods.iter().enumerate() {
                let [new, others] = sizes[period];
                if rows.is_new[at] == 0.0 {
                    rows.weight[at] *= new / others;
                } else if others == 0.0 {
                    rows.weight[at] = 0.0;
                }
            }
        }
        rows
    }
}
