//! Group-time average treatment effects: what a cohort gained in a period over what its controls did since a period before.
//!
//! Callaway and Sant'Anna, *Journal of Econometrics* 225 (2021), equations 2.2 to 2.5 and theorem 2.
//! Standard errors are analytic, from the influence of every unit, without a factor for small samples; sums of clusters first where there are clusters.

use std::collections::BTreeMap;

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::comparison::PanelDesign;
use super::design::{Design, Sample};
use super::panel::Panel;
use super::repeated;
use super::sections::Sections;

/// Who a cohort is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controls {
    /// Units never treated inside the data.
    NeverTreated,
    /// Units not yet treated, nor about to be, at the later of the two periods.
    NotYetTreated,
}

/// Which period a cohort's periods are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The last period before treatment after it, the period before for those before.
    Varying,
    /// The last period before treatment for all.
    Universal,
}

/// How controls are made comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A regression of the change among the controls.
    OutcomeRegression,
    /// Weights of the propensity score, normalised.
    Weighting,
    /// Both, with a logit and least squares.
    DoublyRobust,
    /// Both, with inverse-probability tilting and weighted least squares: doubly robust for inference too.
    DoublyRobustImproved,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// The controls.
    pub controls: Controls,
    /// The base period.
    pub base: Base,
    /// The method.
    pub method: Method,
    /// How long before treatment units may react to it, in units of the period.
    pub anticipation: u32,
    /// Controls whose propensity score reaches this are left out, and counted.
    pub trim: f64,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            controls: Controls::NeverTreated,
            base: Base::Varying,
            method: Method::DoublyRobust,
            anticipation: 0,
            trim: 0.995,
        }
    }
}

/// Why a cohort has no estimate in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCell {
    /// The cohort has no period before treatment, or before its anticipation.
    #[error("the cohort has no period before treatment")]
    NoBasePeriod,
    /// Nobody of the cohort is seen in both periods.
    #[error("nobody of the cohort is seen in both periods")]
    NoTreated,
    /// No controls are seen in both periods.
    #[error("no controls are seen in both periods")]
    NoControls,
    /// A covariate follows from those before it among those compared.
    #[error("covariate {covariate} follows from the constant and the covariates before it")]
    SingularCovariates {
        /// Its place, from zero.
        covariate: usize,
    },
    /// Fewer rows than columns of the regression.
    #[error("{rows} rows for {columns} coefficients")]
    TooFewControls {
        /// The rows.
        rows: usize,
        /// The coefficients.
        columns: usize,
    },
    /// A propensity score of almost one: the covariates tell who is treated.
    #[error("the covariates tell almost exactly who is treated")]
    NoOverlap,
    /// The propensity score did not settle.
    #[error("the propensity score did not converge")]
    NoConvergence,
    /// No weights give the controls the covariates of the treated.
    #[error("no weights give the controls the covariates of the treated")]
    NotBalanced,
}

/// Why there is an estimate but no standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInference {
    /// The base period itself, zero by definition.
    #[error("the base period is zero by definition")]
    Reference,
    /// One treated unit, or one control, tells nothing about how units vary.
    #[error("a single unit on one side")]
    OneUnit,
    /// All units in one cluster.
    #[error("a single cluster")]
    OneCluster,
    /// The regression leaves no residual, so that the variance would be zero.
    #[error("no variation is left")]
    NoVariation,
}

/// The effect of one cohort in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// When the cohort is first treated.
    pub cohort: i64,
    /// The period.
    pub period: i64,
    /// The period compared with.
    pub base: Option<i64>,
    /// Units (in sections: rows) of the cohort in the comparison.
    pub treated: usize,
    /// Controls in the comparison.
    pub controls: usize,
    /// Controls left out for their propensity score.
    pub trimmed: usize,
    /// The effect, or why there is none.
    pub att: Result<f64, NoCell>,
    /// The standard error, or why there is none.
    pub error: Result<f64, NoInference>,
}

impl Cell {
    /// Whether the period is under treatment.
    pub fn is_after(&self) -> bool {
        self.period >= self.cohort
    }

    /// Periods since treatment.
    pub fn event_time(&self) -> i64 {
        self.period - self.cohort
    }
}

/// The effects of every cohort in every period.
#[derive(Clone, Debug)]
pub struct GroupTime {
    /// By cohort, then period.
    pub cells: Vec<Cell>,
    /// The influence of rows on each cell, those outside its comparison left away.
    pub(super) influence: Vec<Option<Influence>>,
    pub(super) population: Population,
    pub(super) periods: Vec<i64>,
    /// What was asked.
    pub request: Request,
}

/// The influence of some units.
#[derive(Clone, Debug)]
pub(super) struct Influence {
    pub(super) rows: std::sync::Arc<Vec<u32>>,
    pub(super) values: Vec<f64>,
}

/// Everybody, in and out of the comparisons.
#[derive(Clone, Debug)]
pub(super) struct Population {
    /// Mean one.
    pub(super) weights: Vec<f64>,
    pub(super) cohort: Vec<Option<i64>>,
    pub(super) clusters: Option<Vec<u32>>,
    pub(super) cluster_count: usize,
    /// The share of each cohort.
    pub(super) shares: BTreeMap<i64, f64>,
}

impl Population {
    pub(super) fn new(
        weights: &[f64],
        cohort: &[Option<i64>],
        clusters: Option<&[u32]>,
    ) -> Population {
        let most = clusters.and_then(|own| own.iter().max());
        Population {
            cluster_count: most.map_or(weights.len(), |own| *own as usize + 1),
            shares: shares(weights, cohort),
            weights: weights.to_vec(),
            cohort: cohort.to_vec(),
            clusters: clusters.map(<[u32]>::to_vec),
        }
    }

    /// The influence of each cluster, or of each unit where there are none.
    pub(super) fn clustered(&self, influence: Vec<f64>) -> Vec<f64> {
        let Some(clusters) = &self.clusters else {
            return influence;
        };
        let mut sums = vec![0.0; self.cluster_count];
        for (own, cluster) in influence.iter().zip(clusters) {
            sums[*cluster as usize] += own;
        }
        sums
    }

    fn error(&self, influence: &Influence) -> Result<f64, NoInference> {
        if self.cluster_count < 2 {
            return Err(NoInference::OneCluster);
        }
        let squares: f64 = match &self.clusters {
            None => influence.values.iter().map(|own| own * own).sum(),
            Some(clusters) => {
                let mut sums = vec![0.0; self.cluster_count];
                for (row, own) in influence.rows.iter().zip(&influence.values) {
                    sums[clusters[*row as usize] as usize] += own;
                }
                sums.iter().map(|own| own * own).sum()
            }
        };
        match squares > 0.0 {
            true => Ok(squares.sqrt()),
            false => Err(NoInference::NoVariation),
        }
    }
}

/// The share of each cohort.
fn shares(weights: &[f64], cohort: &[Option<i64>]) -> BTreeMap<i64, f64> {
    let mut shares = BTreeMap::new();
    for (cohort, weight) in cohort.iter().zip(weights) {
        if let Some(cohort) = cohort {
            *shares.entry(*cohort).or_insert(0.0) += weight / weights.len() as f64;
        }
    }
    shares
}

/// The effects of a panel.
pub fn estimate(panel: &Panel, request: Request) -> GroupTime {
    let plans = plans(panel.periods(), &panel.cohorts(), request);
    let population = Population::new(panel.weights(), panel.first_treated(), panel.clusters());
    let is_fixed = panel.has_fixed_covariates();
    let key = |plan: &Plan| {
        let base = plan.base.unwrap_or(0);
        let covariates = if is_fixed { 0 } else { base };
        let seen = match panel.is_balanced() {
            true => (0, 0),
            false => (base, plan.period),
        };
        (plan.cohort, plan.after, covariates, seen)
    };
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, plan) in plans.iter().enumerate() {
        if matches!(plan.kind, Kind::Compare) {
            alike.entry(key(plan)).or_default().push(at);
        }
    }
    let groups: Vec<Vec<usize>> = alike.into_values().collect();
    let done: Vec<Vec<(usize, Done)>> = groups
        .par_iter()
        .map(|own| compare_alike(panel, request, &plans, own))
        .collect();
    collect(panel.periods(), plans, done, population, request)
}

/// The effects of repeated cross-sections.
pub fn estimate_sections(sections: &Sections, request: Request) -> GroupTime {
    let plans = plans(sections.periods(), &sections.cohorts(), request);
    let population = Population::new(
        sections.weights(),
        sections.first_treated(),
        sections.clusters(),
    );
    let wanted: Vec<usize> = (0..plans.len())
        .filter(|at| matches!(plans[*at].kind, Kind::Compare))
        .collect();
    let done: Vec<Vec<(usize, Done)>> = wanted
        .par_iter()
        .map(|at| vec![(*at, compare_sections(sections, request, &plans[*at]))])
        .collect();
    collect(sections.periods(), plans, done, population, request)
}

/// A cell to be computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) cohort: i64,
    /// The place of the period.
    pub(super) period: usize,
    /// The place of the base period.
    pub(super) base: Option<usize>,
    /// Controls are those treated after this date; never within the data when absent.
    pub(super) after: Option<i64>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Compare,
    Reference,
    NoBase,
}

impl Plan {
    /// Whether units first treated at a date are controls; `last` is the end of the data with its anticipation.
    pub(super) fn is_control(&self, first_treated: Option<i64>, last: i64) -> bool {
        match (first_treated, self.after) {
            (None, _) => true,
            (Some(own), None) => own > last,
            (Some(own), Some(after)) => own > after && own != self.cohort,
        }
    }
}

fn plans(periods: &[i64], cohorts: &[i64], request: Request) -> Vec<Plan> {
    let mut plans = Vec::new();
    let early = i64::from(request.anticipation);
    for cohort in cohorts {
        // The last period before the cohort reacts to its treatment.
        let before = periods.partition_point(|own| own.saturating_add(early) < *cohort);
        let before = before.checked_sub(1);
        let from = match request.base {
            Base::Varying => 1,
            Base::Universal => 0,
        };
        for period in from..periods.len() {
            let is_after = periods[period] >= *cohort;
            let base = match (request.base, is_after) {
                (Base::Varying, false) => before.and(Some(period - 1)),
                _ => before,
            };
            let kind = match base {
                None => Kind::NoBase,
                Some(base) if base == period => Kind::Reference,
                Some(_) => Kind::Compare,
            };
            let later = period.max(base.unwrap_or(0));
            let after = match request.controls {
                Controls::NeverTreated => None,
                Controls::NotYetTreated => Some(periods[later].saturating_add(early)),
            };
            plans.push(Plan {
                cohort: *cohort,
                period,
                base,
                after,
                kind,
            });
        }
    }
    plans
}

/// A cell computed.
struct Done {
    treated: usize,
    controls: usize,
    trimmed: usize,
    answer: Result<(f64, Influence), NoCell>,
}

impl Done {
    fn refused(why: NoCell) -> Done {
        Done {
            treated: 0,
            controls: 0,
            trimmed: 0,
            answer: Err(why),
        }
    }
}

/// The cells of a cohort that share units and covariates.
fn compare_alike(
    panel: &Panel,
    request: Request,
    plans: &[Plan],
    cells: &[usize],
) -> Vec<(usize, Done)> {
    let first = &plans[cells[0]];
    let (rows, treated) = compared_units(panel, request, first);
    let counts = (
        treated.iter().filter(|own| **own).count(),
        treated.iter().filter(|own| !**own).count(),
    );
    let sample = Sample {
        weights: rows
            .iter()
            .map(|row| panel.weights()[*row as usize])
            .collect(),
        x: covariates(panel, &rows, first.base.unwrap_or(0)),
        treated,
    };
    let design = Design::new(sample, request.method, request.trim).and_then(PanelDesign::new);
    let rows = std::sync::Arc::new(rows);
    let compare = |at: &usize| {
        let plan = &plans[*at];
        let answer = design.as_ref().map_err(|why| *why).map(|design| {
            let base = plan.base.expect("a cell compared has a base");
            let change: Vec<f64> = rows
                .iter()
                .map(|row| {
                    panel.outcome(*row as usize, plan.period) - panel.outcome(*row as usize, base)
                })
                .collect();
            let compared = design.compare(&change);
            let influence = Influence {
                rows: rows.clone(),
                values: compared.influence,
            };
            (compared.att, influence)
        });
        let propensity = design
            .as_ref()
            .ok()
            .and_then(|own| own.design.propensity.as_ref());
        let done = Done {
            treated: counts.0,
            controls: counts.1,
            trimmed: propensity.map_or(0, |own| own.trimmed),
            answer,
        };
        (*at, done)
    };
    cells.par_iter().map(compare).collect()
}

/// The units of a comparison, and whether each belongs to the cohort.
fn compared_units(panel: &Panel, request: Request, plan: &Plan) -> (Vec<u32>, Vec<bool>) {
    let periods = panel.periods();
    let last = periods[periods.len() - 1].saturating_add(i64::from(request.anticipation));
    let mut rows = Vec::new();
    let mut treated = Vec::new();
    for (unit, first) in panel.first_treated().iter().enumerate() {
        let is_treated = *first == Some(plan.cohort);
        let is_seen = panel.is_balanced()
            || (panel.is_seen(unit, plan.period)
                && plan.base.is_some_and(|base| panel.is_seen(unit, base)));
        if is_seen && (is_treated || plan.is_control(*first, last)) {
            rows.push(u32::try_from(unit).expect("fewer units than four billion"));
            treated.push(is_treated);
        }
    }
    (rows, treated)
}

/// A constant and the covariates in the base period.
fn covariates(panel: &Panel, rows: &[u32], base: usize) -> DMatrix<f64> {
    DMatrix::from_fn(
        rows.len(),
        panel.covariate_count() + 1,
        |at, column| match column {
            0 => 1.0,
            other => panel.covariate(other - 1, rows[at] as usize, base),
        },
    )
}

fn compare_sections(sections: &Sections, request: Request, plan: &Plan) -> Done {
    let rows = repeated::rows(sections, plan, i64::from(request.anticipation));
    let (treated, controls) = repeated::counts(sections, plan, &rows);
    match repeated::compare(sections, request, plan, &rows) {
        Err(why) => Done::refused(why),
        Ok((compared, trimmed)) => Done {
            treated,
            controls,
            trimmed,
            answer: Ok((
                compared.att,
                Influence {
                    rows: std::sync::Arc::new(rows),
                    values: compared.influence,
                },
            )),
        },
    }
}

fn collect(
    periods: &[i64],
    plans: Vec<Plan>,
    done: Vec<Vec<(usize, Done)>>,
    population: Population,
    request: Request,
) -> GroupTime {
    let mut answers: Vec<Option<Done>> = (0..plans.len()).map(|_| None).collect();
    for (at, own) in done.into_iter().flatten() {
        answers[at] = Some(own);
    }
    let mut cells = Vec::with_capacity(plans.len());
    let mut influence = Vec::with_capacity(plans.len());
    for (plan, answer) in plans.iter().zip(answers) {
        let mut cell = Cell {
            cohort: plan.cohort,
            period: periods[plan.period],
            base: plan.base.map(|base| periods[base]),
            treated: 0,
            controls: 0,
            trimmed: 0,
            att: Ok(0.0),
            error: Err(NoInference::Reference),
        };
        match plan.kind {
            Kind::Reference => {}
            Kind::NoBase => cell.att = Err(NoCell::NoBasePeriod),
            Kind::Compare => {
                let own = answer.expect("every comparison was made");
                (cell.treated, cell.controls) = (own.treated, own.controls);
                cell.trimmed = own.trimmed;
                cell.att = own.answer.as_ref().map(|own| own.0).map_err(|why| *why);
                cell.error = match &own.answer {
                    Ok(_) if own.treated < 2 || own.controls < 2 => Err(NoInference::OneUnit),
                    Ok((_, influence)) => population.error(influence),
                    Err(_) => Err(NoInference::NoVariation),
                };
                influence.push(own.answer.ok().map(|own| own.1));
                cells.push(cell);
                continue;
            }
        }
        cells.push(cell);
        influence.push(None);
    }
    GroupTime {
        cells,
        influence,
        population,
        periods: periods.to_vec(),
        request,
    }
}
