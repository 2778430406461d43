//! Effects as outcomes less those imputed from untreated observations, by two papers that share the estimate and differ in its variance.
//!
//! Borusyak, Jaravel and Spiess, "Revisiting event-study designs", *Review of Economic Studies* 91 (2024), theorems 1 and 3: a conservative variance, effects centred within cohort and period.
//! Gardner, "Two-stage differences in differences" (2022), section 4: the variance of both stages as one system of moments, effects centred at the average itself.

use std::collections::BTreeMap;

use super::panel::Panel;
use super::two_way::{Observed, clusters};
use super::within::{Effects, TwoWay};

/// Which variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variance {
    /// Borusyak, Jaravel and Spiess: conservative.
    Imputation,
    /// Gardner: generalised method of moments.
    TwoStage,
}

/// Why nothing is imputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoImputation {
    /// The panel has covariates, and the first stage takes none.
    #[error("imputation takes effects of units and periods alone, and the panel has covariates")]
    Covariates,
    /// No treated observation has both effects.
    #[error("no treated observation has a unit effect and a period effect from untreated ones")]
    Nothing,
    /// The effects cannot be solved.
    #[error("the effects of units and periods cannot be solved")]
    NotSolved,
}

/// An average effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Imputed {
    /// Periods since treatment; nothing for the overall average.
    pub event_time: Option<i64>,
    /// The average.
    pub att: f64,
    /// Its standard error, clustered (by unit where there are no clusters), without a factor for small samples; nothing for a single cluster or unit.
    pub error: Option<f64>,
    /// Treated observations in it.
    pub observations: usize,
}

/// The averages.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputation {
    /// Over all treated observations.
    pub overall: Imputed,
    /// By periods since treatment.
    pub effects: Vec<Imputed>,
    /// The variance used.
    pub variance: Variance,
    /// Untreated observations that carry the imputation.
    pub untreated: usize,
    /// Treated observations that cannot be imputed, as unit and period: no untreated observation of their unit or in their period, or none that ties the two.
    pub left_out: Vec<(i64, i64)>,
}

/// An observation under treatment with its effect.
struct Treated {
    unit: usize,
    period: usize,
    cohort: i64,
    event_time: i64,
    weight: f64,
    effect: f64,
}

/// Imputes what treated observations would have been, and averages the differences.
///
/// # Errors
/// [`NoImputation`] when nothing can be imputed.
pub fn impute(panel: &Panel, variance: Variance) -> Result<Imputation, NoImputation> {
    if panel.covariate_count() > 0 {
        return Err(NoImputation::Covariates);
    }
    let observed = Observed::of(panel, |unit, period| !panel.is_treated(unit, period));
    let solver = observed.solver(panel).ok_or(NoImputation::NotSolved)?;
    let effects = solver.fit(&observed.outcome);
    let (treated, left_out) = treated(panel, &solver, &observed, &effects);
    if treated.is_empty() {
        return Err(NoImputation::Nothing);
    }
    let residuals = solver.residuals(&observed.outcome);
    let average = |event_time: Option<i64>| {
        let own: Vec<&Treated> = treated
            .iter()
            .filter(|own| event_time.is_none_or(|event| own.event_time == event))
            .collect();
        average(
            panel,
            &solver,
            (&observed, &residuals),
            &own,
            event_time,
            variance,
        )
    };
    let mut events: Vec<i64> = treated.iter().map(|own| own.event_time).collect();
    events.sort_unstable();
    events.dedup();
    Ok(Imputation {
        overall: average(None),
        effects: events.into_iter().map(|own| average(Some(own))).collect(),
        variance,
        untreated: observed.outcome.len(),
        left_out,
    })
}

/// The treated observations with their effects, and those without.
fn treated(
    panel: &Panel,
    solver: &TwoWay,
    observed: &Observed,
    effects: &Effects,
) -> (Vec<Treated>, Vec<(i64, i64)>) {
    // A unit belongs to the group of periods it was seen in untreated; other groups' period effects have another zero.
    let mut group: Vec<Option<usize>> = vec![None; panel.units().len()];
    for (unit, period) in observed.unit.iter().zip(&observed.period) {
        group[*unit as usize] = Some(solver.component_of_period[*period as usize]);
    }
    let mut treated = Vec::new();
    let mut left_out = Vec::new();
    for (unit, group) in group.iter().enumerate() {
        let Some(cohort) = panel.first_treated()[unit] else {
            continue;
        };
        for period in 0..panel.periods().len() {
            if !panel.is_seen(unit, period) || !panel.is_treated(unit, period) {
                continue;
            }
            let imputed = effects.unit[unit] + effects.period[period];
            if *group != Some(solver.component_of_period[period]) || !imputed.is_finite() {
                left_out.push((panel.units()[unit], panel.periods()[period]));
                continue;
            }
            treated.push(Treated {
                unit,
                period,
                cohort,
                event_time: panel.periods()[period] - cohort,
                weight: panel.weights()[unit],
                effect: panel.outcome(unit, period) - imputed,
            });
        }
    }
    (treated, left_out)
}

fn average(
    panel: &Panel,
    solver: &TwoWay,
    untreated: (&Observed, &[f64]),
    treated: &[&Treated],
    event_time: Option<i64>,
    variance: Variance,
) -> Imputed {
    let (observed, residuals) = untreated;
    let total: f64 = treated.iter().map(|own| own.weight).sum();
    let att = treated
        .iter()
        .map(|own| own.weight * own.effect)
        .sum::<f64>()
        / total;
    // The weights of treated observations, summed by unit and period, give those of the untreated.
    let mut of_units = vec![0.0; panel.units().len()];
    let mut of_periods = vec![0.0; panel.periods().len()];
    for own in treated {
        of_units[own.unit] += own.weight / total;
        of_periods[own.period] += own.weight / total;
    }
    let pulled = solver.solve(&of_units, &of_periods);
    let (cluster, count) = clusters(panel);
    let mut sums = vec![0.0; count];
    for (at, residual) in residuals.iter().enumerate() {
        let unit = observed.unit[at] as usize;
        let own = pulled.unit[unit] + pulled.period[observed.period[at] as usize];
        sums[cluster[unit]] -= observed.weights[at] * own * residual;
    }
    let centres = centres(treated);
    for own in treated {
        let centre = match variance {
            Variance::Imputation => centres[&(own.cohort, own.period)],
            Variance::TwoStage => att,
        };
        sums[cluster[own.unit]] += own.weight / total * (own.effect - centre);
    }
    let squares: f64 = sums.iter().map(|own| own * own).sum();
    let is_one = of_units.iter().filter(|own| **own > 0.0).count() < 2;
    Imputed {
        event_time,
        att,
        error: (count > 1 && !is_one && squares > 0.0).then(|| squares.sqrt()),
        observations: treated.len(),
    }
}

/// The centre of effects in a cohort and period: `Σ v² effect / Σ v²` (equation 8 of Borusyak, Jaravel and Spiess).
fn centres(treated: &[&Treated]) -> BTreeMap<(i64, usize), f64> {
    let mut sums: BTreeMap<(i64, usize), (f64, f64)> = BTreeMap::new();
    for own in treated {
        let sum = sums.entry((own.cohort, own.period)).or_insert((0.0, 0.0));
        sum.0 += own.weight * own.weight * own.effect;
        sum.1 += own.weight * own.weight;
    }
    let centres = sums.into_iter();
    centres
        .map(|(key, (sum, total))| (key, sum / total))
        .collect()
}
