//! The event study of Sun and Abraham: a regression with one coefficient for each cohort and time since treatment, averaged by the shares of cohorts.
//!
//! Sun and Abraham, *Journal of Econometrics* 225 (2021), section 4; the controls are those never treated, or the last cohort before its treatment where there are none.

use nalgebra::{DMatrix, DVector};

use super::panel::Panel;
use super::two_way::{Observed, clusters, small_sample};
use crate::dense::{self, COLLINEAR};

/// How the shares of cohorts enter the standard errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shares {
    /// As known.
    Fixed,
    /// As estimated from the units: their sampling variance is added.
    Estimated,
}

/// Why there is no event study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSunAbraham {
    /// Neither units never treated nor a later cohort to compare with.
    #[error("no units never treated, and no later cohort to compare with")]
    NoControls,
    /// No cohort and time is told apart from the effects of units and periods.
    #[error("every effect is absorbed by the effects of units and periods")]
    Absorbed,
    /// The effects cannot be solved.
    #[error("the effects of units and periods cannot be solved")]
    NotSolved,
}

/// An average over cohorts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interacted {
    /// Periods since treatment; nothing for the overall average.
    pub event_time: Option<i64>,
    /// The average.
    pub att: f64,
    /// Its standard error, clustered, times `G/(G-1) (N-1)/(N-K)`; nothing when there is a single cluster.
    pub error: Option<f64>,
    /// How many cohorts are in it.
    pub cohorts: usize,
}

/// The event study.
#[derive(Clone, Debug, PartialEq)]
pub struct SunAbraham {
    /// All effects under treatment, weighted by the observations of each; nothing where there are none.
    pub overall: Option<Interacted>,
    /// By periods since treatment, the last period before it left away as reference.
    pub effects: Vec<Interacted>,
    /// How shares enter the standard errors.
    pub shares: Shares,
    /// The cohort that serves as control; nothing when units never treated do.
    pub control: Option<i64>,
    /// Cohorts and periods whose effect follows from others and is not estimated.
    pub left_out: Vec<(i64, i64)>,
    /// Observations used.
    pub observations: usize,
}

/// An interaction of a cohort with a period.
#[derive(Clone, Copy, Debug)]
struct Interaction {
    cohort: i64,
    period: usize,
    event_time: i64,
}

/// Fits the regression and averages its coefficients.
///
/// The panel's covariates enter the regression as they stand; those that do not change inside a unit are absorbed and change nothing.
///
/// # Errors
/// [`NoSunAbraham`] when there is nothing to compare with.
pub fn sun_abraham(panel: &Panel, shares: Shares) -> Result<SunAbraham, NoSunAbraham> {
    let mut cohorts = panel.cohorts();
    let periods = panel.periods();
    let control = match panel.findings().never_treated {
        0 => cohorts.pop(),
        _ => None,
    };
    if cohorts.is_empty() {
        return Err(NoSunAbraham::NoControls);
    }
    let end = control.map_or(periods.len(), |own| periods.partition_point(|at| *at < own));
    let observed = Observed::of(panel, |_, period| period < end);
    let solver = observed.solver(panel).ok_or(NoSunAbraham::NotSolved)?;
    let wanted = interactions(&cohorts, periods, end);
    let is_in = |own: &Interaction, at: usize| {
        observed.period[at] as usize == own.period
            && panel.first_treated()[observed.unit[at] as usize] == Some(own.cohort)
    };
    let mut columns = Vec::new();
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for own in wanted {
        let dummy: Vec<f64> = (0..observed.unit.len())
            .map(|at| f64::from(u8::from(is_in(&own, at))))
            .collect();
        match left(&solver.residuals(&dummy), &dummy, &observed.weights) {
            Some(column) => {
                columns.push(column);
                kept.push(own);
            }
            None => left_out.push((own.cohort, periods[own.period])),
        }
    }
    for covariate in 0..panel.covariate_count() {
        let cells = observed.unit.iter().zip(&observed.period);
        let values: Vec<f64> = cells
            .map(|(unit, period)| panel.covariate(covariate, *unit as usize, *period as usize))
            .collect();
        columns.extend(left(&solver.residuals(&values), &values, &observed.weights));
    }
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let independent = dense::independent(&slices, COLLINEAR);
    let gone = (0..kept.len()).filter(|at| !independent.contains(at));
    left_out.extend(gone.map(|at| (kept[at].cohort, periods[kept[at].period])));
    let used: Vec<Interaction> = independent
        .iter()
        .filter_map(|at| kept.get(*at).copied())
        .collect();
    if used.is_empty() {
        return Err(NoSunAbraham::Absorbed);
    }
    let outcome = solver.residuals(&observed.outcome);
    let design: Vec<&[f64]> = independent.iter().map(|at| slices[*at]).collect();
    let fit = Fit::new(panel, &observed, &design, &outcome, end).ok_or(NoSunAbraham::Absorbed)?;
    let sizes = Sizes::of(panel, &used);
    let average = |event_time: Option<i64>| fit.average(&used, &sizes, event_time, shares);
    let mut events: Vec<i64> = used.iter().map(|own| own.event_time).collect();
    events.sort_unstable();
    events.dedup();
    Ok(SunAbraham {
        overall: average(None),
        effects: events
            .into_iter()
            .filter_map(|own| average(Some(own)))
            .collect(),
        shares,
        control,
        left_out,
        observations: observed.unit.len(),
    })
}

/// Every cohort in every period but its last before treatment.
fn interactions(cohorts: &[i64], periods: &[i64], end: usize) -> Vec<Interaction> {
    let mut all = Vec::new();
    for cohort in cohorts {
        let begins = periods.partition_point(|own| own < cohort);
        for period in (0..end).filter(|period| period + 1 != begins) {
            all.push(Interaction {
                cohort: *cohort,
                period,
                event_time: periods[period] - cohort,
            });
        }
    }
    all
}

/// A column times the roots of the weights, unless the effects of units and periods absorb it.
fn left(residuals: &[f64], column: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let size = |own: &[f64]| own.iter().map(|own| own * own).sum::<f64>().sqrt();
    let rows = residuals.iter().zip(weights);
    (size(residuals) > 1e-9 * size(column))
        .then(|| rows.map(|(own, weight)| own * weight.sqrt()).collect())
}

/// The weight of each interaction: that of the units of its cohort seen in its period.
struct Sizes {
    weight: Vec<f64>,
}

impl Sizes {
    fn of(panel: &Panel, used: &[Interaction]) -> Sizes {
        let count = |own: &Interaction| {
            let units = panel.first_treated().iter().enumerate();
            units
                .filter(|(unit, first)| {
                    **first == Some(own.cohort) && panel.is_seen(*unit, own.period)
                })
                .map(|(unit, _)| panel.weights()[unit])
                .sum()
        };
        Sizes {
            weight: used.iter().map(count).collect(),
        }
    }
}

struct Fit {
    coefficients: DVector<f64>,
    covariance: Option<DMatrix<f64>>,
}

impl Fit {
    fn new(
        panel: &Panel,
        observed: &Observed,
        design: &[&[f64]],
        outcome: &[f64],
        periods: usize,
    ) -> Option<Fit> {
        let rows = outcome.len();
        let roots: Vec<f64> = observed.weights.iter().map(|own| own.sqrt()).collect();
        let wide = design.len();
        let product =
            |one: &[f64], other: &[f64]| -> f64 { one.iter().zip(other).map(|(a, b)| a * b).sum() };
        let gram = DMatrix::from_fn(wide, wide, |row, column| {
            product(design[row], design[column])
        });
        let bread = dense::inverse(&gram)?;
        let target: Vec<f64> = outcome
            .iter()
            .zip(&roots)
            .map(|(own, root)| own * root)
            .collect();
        let solve = |target: &[f64]| {
            let right = DVector::from_iterator(wide, design.iter().map(|own| product(own, target)));
            &bread * right
        };
        let rest = |coefficients: &DVector<f64>, target: &[f64]| {
            let mut rest = target.to_vec();
            for (column, coefficient) in design.iter().zip(coefficients.iter()) {
                for (own, value) in rest.iter_mut().zip(*column) {
                    *own -= coefficient * value;
                }
            }
            rest
        };
        // One step of refinement gives back the digits of the normal equations.
        let first = solve(&target);
        let coefficients = &first + solve(&rest(&first, &target));
        let residuals = rest(&coefficients, &target);
        let (cluster, count) = clusters(panel);
        let mut scores: DMatrix<f64> = DMatrix::zeros(wide, count);
        for (row, residual) in residuals.iter().enumerate() {
            let at = cluster[observed.unit[row] as usize];
            for (column, own) in design.iter().enumerate() {
                scores[(column, at)] += own[row] * residual;
            }
        }
        let factor = small_sample(count, rows, wide + periods);
        let is_possible = count > 1 && factor > 0.0 && factor.is_finite();
        let covariance = is_possible.then(|| {
            let meat = &scores * scores.transpose();
            factor * &bread * meat * &bread
        });
        Some(Fit {
            coefficients,
            covariance,
        })
    }

    fn average(
        &self,
        used: &[Interaction],
        sizes: &Sizes,
        event_time: Option<i64>,
        shares: Shares,
    ) -> Option<Interacted> {
        let wanted: Vec<usize> = (0..used.len())
            .filter(|at| match event_time {
                Some(event) => used[*at].event_time == event,
                None => used[*at].event_time >= 0,
            })
            .collect();
        let total: f64 = wanted.iter().map(|at| sizes.weight[*at]).sum();
        let mut weights = DVector::zeros(self.coefficients.len());
        for at in &wanted {
            weights[*at] = sizes.weight[*at] / total;
        }
        let att = weights.dot(&self.coefficients);
        let extra = match shares {
            Shares::Fixed => 0.0,
            Shares::Estimated => self.of_shares(used, sizes, &wanted, att, total),
        };
        let variance = self
            .covariance
            .as_ref()
            .map(|own| weights.dot(&(own * &weights)) + extra);
        let mut cohorts: Vec<i64> = wanted.iter().map(|at| used[*at].cohort).collect();
        cohorts.sort_unstable();
        cohorts.dedup();
        (!wanted.is_empty()).then_some(Interacted {
            event_time,
            att,
            error: variance.filter(|own| *own > 0.0).map(f64::sqrt),
            cohorts: cohorts.len(),
        })
    }

    /// The variance of an average that comes from its shares: `Σ_g p_g (Σ_k in g (b_k - average))² / (n S²)`, of a multinomial.
    fn of_shares(
        &self,
        used: &[Interaction],
        sizes: &Sizes,
        wanted: &[usize],
        att: f64,
        total: f64,
    ) -> f64 {
        let mut pulls: std::collections::BTreeMap<i64, (f64, f64)> =
            std::collections::BTreeMap::new();
        for at in wanted {
            let own = pulls.entry(used[*at].cohort).or_insert((0.0, 0.0));
            own.0 += self.coefficients[*at] - att;
            own.1 = own.1.max(sizes.weight[*at]);
        }
        // With p = units / n and S = total / n, the sum is units × pull² / total².
        let squares = pulls.values().map(|(pull, units)| units * pull * pull);
        squares.sum::<f64>() / (total * total)
    }
}
