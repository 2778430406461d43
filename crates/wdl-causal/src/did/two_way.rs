//! The coefficient of treatment beside effects of units and periods, and the comparisons it is an average of.
//!
//! Goodman-Bacon, "Difference-in-differences with variation in treatment timing", *Journal of Econometrics* 225 (2021), theorem 1.

use super::panel::Panel;
use super::within::TwoWay;

/// Why there is no coefficient or no decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTwoWay {
    /// Treatment follows from units and periods.
    #[error("treatment is absorbed by the effects of units and periods")]
    Absorbed,
    /// Units lack periods, so that the comparisons have no closed weights.
    #[error("the decomposition needs every unit in every period")]
    Unbalanced,
    /// The effects cannot be solved.
    #[error("the effects of units and periods cannot be solved")]
    NotSolved,
}

/// The coefficient of treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoWayEffect {
    /// The coefficient.
    pub coefficient: f64,
    /// Its standard error, clustered (by unit where there are no clusters), times `G/(G-1) (N-1)/(N-K)`; nothing for a single cluster.
    pub error: Option<f64>,
    /// Clusters.
    pub clusters: usize,
    /// Observations.
    pub observations: usize,
    /// The variance of treatment that units and periods do not explain.
    pub variance: f64,
}

/// Who is compared with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// A cohort with those never treated.
    Never,
    /// A cohort with one treated later, before that is treated.
    Later,
    /// A cohort with one already treated: the comparison that goes wrong when effects change over time.
    Earlier,
}

/// One comparison of two groups before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The cohort that begins treatment.
    pub cohort: i64,
    /// The cohort compared with; nothing for those never treated.
    pub control: Option<i64>,
    /// Its kind.
    pub against: Against,
    /// Its weight in the coefficient.
    pub weight: f64,
    /// Its difference of differences.
    pub estimate: f64,
}

/// The coefficient as an average of comparisons.
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// The coefficient.
    pub effect: TwoWayEffect,
    /// The comparisons; their weighted sum is the coefficient.
    pub comparisons: Vec<Comparison>,
}

impl Decomposition {
    /// The weight of a kind of comparison, and its average estimate where it has any.
    pub fn of(&self, against: Against) -> (f64, Option<f64>) {
        let own = || self.comparisons.iter().filter(|own| own.against == against);
        let weight: f64 = own().map(|own| own.weight).sum();
        let sum: f64 = own().map(|own| own.weight * own.estimate).sum();
        (weight, (weight > 0.0).then(|| sum / weight))
    }

    /// The weighted sum of all comparisons.
    pub fn sum(&self) -> f64 {
        self.comparisons
            .iter()
            .map(|own| own.weight * own.estimate)
            .sum()
    }
}

/// The observations of a panel, unit by unit.
pub(super) struct Observed {
    pub(super) unit: Vec<u32>,
    pub(super) period: Vec<u32>,
    pub(super) weights: Vec<f64>,
    pub(super) outcome: Vec<f64>,
}

impl Observed {
    pub(super) fn of(panel: &Panel, is_wanted: impl Fn(usize, usize) -> bool) -> Observed {
        let mut own = Observed {
            unit: Vec::new(),
            period: Vec::new(),
            weights: Vec::new(),
            outcome: Vec::new(),
        };
        for unit in 0..panel.units().len() {
            for period in 0..panel.periods().len() {
                if panel.is_seen(unit, period) && is_wanted(unit, period) {
                    own.unit
                        .push(u32::try_from(unit).expect("fewer units than four billion"));
                    own.period
                        .push(u32::try_from(period).expect("fewer periods than rows"));
                    own.weights.push(panel.weights()[unit]);
                    own.outcome.push(panel.outcome(unit, period));
                }
            }
        }
        own
    }

    /// Some of the observations, by their places.
    pub(super) fn only(&self, is_kept: impl Fn(usize) -> bool) -> Observed {
        let places: Vec<usize> = (0..self.unit.len()).filter(|at| is_kept(*at)).collect();
        Observed {
            unit: places.iter().map(|at| self.unit[*at]).collect(),
            period: places.iter().map(|at| self.period[*at]).collect(),
            weights: places.iter().map(|at| self.weights[*at]).collect(),
            outcome: places.iter().map(|at| self.outcome[*at]).collect(),
        }
    }

    pub(super) fn solver(&self, panel: &Panel) -> Option<TwoWay> {
        let sizes = (panel.units().len(), panel.periods().len());
        TwoWay::new(
            sizes,
            self.unit.clone(),
            self.period.clone(),
            self.weights.clone(),
        )
    }
}

/// The cluster of each unit and their number.
pub(super) fn clusters(panel: &Panel) -> (Vec<usize>, usize) {
    match panel.clusters() {
        None => ((0..panel.units().len()).collect(), panel.units().len()),
        Some(own) => {
            let most = own.iter().max().map_or(0, |own| *own as usize + 1);
            (own.iter().map(|own| *own as usize).collect(), most)
        }
    }
}

/// The factor of a clustered covariance for small samples: `G/(G-1) (N-1)/(N-K)`, effects of units not counted since they lie within clusters.
pub(super) fn small_sample(clusters: usize, observations: usize, columns: usize) -> f64 {
    let (g, n) = (clusters as f64, observations as f64);
    g / (g - 1.0) * (n - 1.0) / (n - columns as f64)
}

/// The coefficient of treatment beside effects of units and periods.
///
/// # Errors
/// [`NoTwoWay::Absorbed`] when treatment follows from units and periods.
pub fn effect(panel: &Panel) -> Result<TwoWayEffect, NoTwoWay> {
    let observed = Observed::of(panel, |_, _| true);
    let solver = observed.solver(panel).ok_or(NoTwoWay::NotSolved)?;
    let cells = observed.unit.iter().zip(&observed.period);
    let treated: Vec<f64> = cells
        .map(|(unit, period)| {
            f64::from(u8::from(panel.is_treated(*unit as usize, *period as usize)))
        })
        .collect();
    let left = solver.residuals(&treated);
    let outcome = solver.residuals(&observed.outcome);
    let rows = || left.iter().zip(&observed.weights);
    let squares: f64 = rows().map(|(own, weight)| weight * own * own).sum();
    let before: f64 = treated
        .iter()
        .zip(&observed.weights)
        .map(|(own, weight)| weight * own)
        .sum();
    if squares <= 1e-12 * before {
        return Err(NoTwoWay::Absorbed);
    }
    let cross: f64 = rows()
        .zip(&outcome)
        .map(|((own, weight), y)| weight * own * y)
        .sum();
    let coefficient = cross / squares;
    let (cluster, count) = clusters(panel);
    let mut scores = vec![0.0; count];
    for (at, (own, weight)) in rows().enumerate() {
        let rest = outcome[at] - coefficient * own;
        scores[cluster[observed.unit[at] as usize]] += weight * own * rest / squares;
    }
    let sum: f64 = scores.iter().map(|own| own * own).sum();
    let observations = left.len();
    let factor = small_sample(count, observations, 1 + panel.periods().len());
    let total: f64 = observed.weights.iter().sum();
    Ok(TwoWayEffect {
        coefficient,
        error: (count > 1 && factor > 0.0 && factor.is_finite()).then(|| (factor * sum).sqrt()),
        clusters: count,
        observations,
        variance: squares / total,
    })
}

/// A group of units: how large, and its mean outcome in each period.
struct Group {
    cohort: Option<i64>,
    share: f64,
    treated_share: f64,
    means: Vec<f64>,
}

/// Splits the coefficient of treatment into its comparisons of two groups.
///
/// # Errors
/// [`NoTwoWay`] when there is no coefficient, or units lack periods.
pub fn decompose(panel: &Panel) -> Result<Decomposition, NoTwoWay> {
    if !panel.is_balanced() {
        return Err(NoTwoWay::Unbalanced);
    }
    let effect = effect(panel)?;
    let groups = groups(panel);
    let periods = panel.periods();
    let mut comparisons = Vec::new();
    for group in &groups {
        let Some(cohort) = group.cohort else { continue };
        let begins = periods.partition_point(|own| *own < cohort);
        for other in &groups {
            let (against, window) = match other.cohort {
                None => (Against::Never, 0..periods.len()),
                Some(own) if own > cohort => {
                    let ends = periods.partition_point(|period| *period < own);
                    (Against::Later, 0..ends)
                }
                Some(own) if own < cohort => {
                    let from = periods.partition_point(|period| *period < own);
                    (Against::Earlier, from..periods.len())
                }
                Some(_) => continue,
            };
            let weight = weight(group, other, against) / effect.variance;
            // Cohorts that begin in the same observed period are one group to the coefficient.
            if weight > 0.0 {
                comparisons.push(Comparison {
                    cohort,
                    control: other.cohort,
                    against,
                    weight,
                    estimate: change(&group.means, &window, begins)
                        - change(&other.means, &window, begins),
                });
            }
        }
    }
    Ok(Decomposition {
        effect,
        comparisons,
    })
}

fn groups(panel: &Panel) -> Vec<Group> {
    let periods = panel.periods();
    let cohorts = panel.cohorts();
    let total = panel.units().len() as f64;
    let mut groups: Vec<Group> = cohorts
        .iter()
        .map(|own| Some(*own))
        .chain([None])
        .map(|cohort| Group {
            cohort,
            share: 0.0,
            treated_share: cohort.map_or(0.0, |own| {
                let after = periods.iter().filter(|period| **period >= own).count();
                after as f64 / periods.len() as f64
            }),
            means: vec![0.0; periods.len()],
        })
        .collect();
    for (unit, first) in panel.first_treated().iter().enumerate() {
        let place = first.and_then(|own| cohorts.binary_search(&own).ok());
        let group = &mut groups[place.unwrap_or(cohorts.len())];
        let weight = panel.weights()[unit] / total;
        group.share += weight;
        for (period, mean) in group.means.iter_mut().enumerate() {
            *mean += weight * panel.outcome(unit, period);
        }
    }
    for group in &mut groups {
        let share = group.share;
        group.means.iter_mut().for_each(|own| *own /= share);
    }
    groups.retain(|own| own.share > 0.0);
    groups
}

/// The weight of a comparison, not yet over the variance of treatment (Goodman-Bacon 2021, equations 10e to 10g).
fn weight(group: &Group, other: &Group, against: Against) -> f64 {
    let both = group.share + other.share;
    let spread = group.share / both * (1.0 - group.share / both);
    let (own, theirs) = (group.treated_share, other.treated_share);
    match against {
        Against::Never => both * both * spread * own * (1.0 - own),
        Against::Later => both * both * spread * (own - theirs) * (1.0 - own),
        Against::Earlier => both * both * spread * own * (theirs - own),
    }
}

/// The mean from `begins` on less the mean before, inside the window.
fn change(means: &[f64], window: &std::ops::Range<usize>, begins: usize) -> f64 {
    let mean = |own: &[f64]| own.iter().sum::<f64>() / own.len() as f64;
    mean(&means[begins..window.end]) - mean(&means[window.start..begins])
}
