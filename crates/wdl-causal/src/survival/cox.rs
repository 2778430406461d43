//! Proportional hazards (Cox 1972) with ties, late entry, strata and clusters.
//!
//! Therneau and Grambsch, "Modeling Survival Data" (2000): ties in 3.3, the robust variance in 7.2, the test of proportional hazards in 6.2.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use super::{Spells, curves};
use crate::dense::{self, COLLINEAR};
use crate::distribution::chi_squared_upper;

/// How events at one time are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ties {
    /// Efron (1977): those with the event leave the risk set bit by bit.
    #[default]
    Efron,
    /// Breslow (1974): all stay in it.
    Breslow,
}

/// The time against which proportional hazards are tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeScale {
    /// One less the survival curve just before, by which late events weigh no more than early ones.
    #[default]
    KaplanMeier,
    /// Time itself.
    Identity,
}

/// What is asked of a proportional-hazards model.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoxRequest<'a> {
    /// Columns of covariates.
    pub covariates: &'a [&'a [f64]],
    /// The stratum of each row: a baseline of its own.
    pub strata: Option<&'a [usize]>,
    /// The cluster of each row, for the robust variance.
    pub clusters: Option<&'a [usize]>,
    /// How ties are treated.
    pub ties: Ties,
    /// Against which time proportional hazards are tested.
    pub scale: TimeScale,
}

/// Why there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCox {
    /// No covariate, or columns of unlike length.
    #[error("a covariate for every row is needed")]
    Ragged,
    /// A value that is infinite or not a number.
    #[error("covariate {column} of row {row} is not a finite number")]
    NotFinite {
        /// The column.
        column: usize,
        /// The row.
        row: usize,
    },
    /// A column that does not vary, or follows from those before it.
    #[error("covariate {0} does not vary or follows from those before it")]
    Collinear(usize),
    /// The covariates never differ among those under risk at an event.
    #[error("at no event do the covariates differ among those under risk")]
    NoInformation,
    /// The likelihood rises without end along a covariate: only, or never, those with the highest values have the event.
    #[error("the likelihood rises without end along covariate {0}: its coefficient is infinite")]
    MonotoneLikelihood(usize),
    /// The steps did not settle.
    #[error("no convergence")]
    NotConverged,
    /// One cluster only.
    #[error("there is one cluster only")]
    OneCluster,
}

/// A test of proportional hazards by the score of a coefficient that moves with time.
#[derive(Clone, Debug, PartialEq)]
pub struct ProportionalHazards {
    /// Chi-squared with one degree of freedom of each covariate.
    pub statistics: Vec<f64>,
    /// Their probabilities.
    pub p_values: Vec<f64>,
    /// Of all together.
    pub statistic_all: f64,
    /// Its probability.
    pub p_value_all: f64,
}

/// A proportional-hazards model.
#[derive(Clone, Debug)]
pub struct Cox {
    /// The logarithm of the hazard ratio of each covariate.
    pub coefficients: DVector<f64>,
    /// The inverse of the information.
    pub covariance: DMatrix<f64>,
    /// The robust variance: by clusters when given, else by rows (Lin and Wei 1989). No correction for few clusters.
    pub robust: DMatrix<f64>,
    /// The logarithm of the partial likelihood without covariates and at the fit.
    pub log_likelihood: [f64; 2],
    /// Steps taken.
    pub steps: usize,
    /// Rows and events.
    pub counts: [usize; 2],
    /// How many clusters there are, when given.
    pub clusters: Option<usize>,
    /// The test of proportional hazards; nothing when its information is singular.
    pub proportional: Option<ProportionalHazards>,
}

/// Fits a proportional-hazards model by Newton's method on standardised columns.
///
/// # Errors
/// [`NoCox`].
pub fn cox(spells: &Spells, request: &CoxRequest<'_>) -> Result<Cox, NoCox> {
    let model = Model::new(spells, request)?;
    let columns = model.z.ncols();
    let mut coefficients = DVector::zeros(columns);
    let mut now = model.pass(&coefficients, None);
    let without = now.log_likelihood;
    for steps in 1..=60 {
        let Some(inverse) = dense::inverse(&now.information) else {
            return Err(match steps {
                1 => NoCox::NoInformation,
                _ => NoCox::MonotoneLikelihood(coefficients.iamax()),
            });
        };
        let step = &inverse * &now.score;
        let mut part = 1.0;
        let (next, reached) = loop {
            let next = &coefficients + part * &step;
            let reached = model.pass(&next, None);
            let known = now.log_likelihood;
            if reached.log_likelihood >= known - 1e-12 * known.abs().max(1.0) || part < 1e-6 {
                break (next, reached);
            }
            part *= 0.5;
        };
        (coefficients, now) = (next, reached);
        // A hazard e²⁰ times as high for one standard deviation is no finite estimate.
        if coefficients.amax() > 20.0 {
            return Err(NoCox::MonotoneLikelihood(coefficients.iamax()));
        }
        if step.amax() <= 1e-10 {
            return model.answer(coefficients, [without, now.log_likelihood], steps);
        }
    }
    Err(NoCox::NotConverged)
}

struct Model<'a> {
    spells: &'a Spells,
    request: &'a CoxRequest<'a>,
    /// Standardised covariates.
    z: DMatrix<f64>,
    sizes: Vec<f64>,
    strata: Vec<Vec<usize>>,
}

/// The likelihood and its derivatives; with a time scale, also those of coefficients that move with it; and the residuals.
struct Pass {
    log_likelihood: f64,
    score: DVector<f64>,
    information: DMatrix<f64>,
    moving_score: DVector<f64>,
    mixed: DMatrix<f64>,
    moving: DMatrix<f64>,
    /// For each event time of each stratum: stratum, time, `Σ 1/S0`, `Σ mean/S0`, and both with the weights of the tied, and the mean over the ties.
    steps: Vec<Step>,
}

struct Step {
    stratum: usize,
    time: f64,
    hazard: f64,
    mean_hazard: DVector<f64>,
    tied_hazard: f64,
    tied_mean_hazard: DVector<f64>,
    mean: DVector<f64>,
}

impl<'a> Model<'a> {
    fn new(spells: &'a Spells, request: &'a CoxRequest<'a>) -> Result<Model<'a>, NoCox> {
        let rows = spells.rows();
        let is_whole = |own: Option<&[usize]>| own.is_none_or(|own| own.len() == rows);
        if !is_whole(request.strata) || !is_whole(request.clusters) {
            return Err(NoCox::Ragged);
        }
        let (z, sizes) = standardised(request.covariates, rows)?;
        let mut strata: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in 0..rows {
            let stratum = request.strata.map_or(0, |own| own[row]);
            strata.entry(stratum).or_default().push(row);
        }
        Ok(Model {
            spells,
            request,
            z,
            sizes,
            strata: strata.into_values().collect(),
        })
    }

    fn pass(&self, coefficients: &DVector<f64>, scale: Option<&dyn Fn(usize, f64) -> f64>) -> Pass {
        let p = self.z.ncols();
        let mut pass = Pass {
            log_likelihood: 0.0,
            score: DVector::zeros(p),
            information: DMatrix::zeros(p, p),
            moving_score: DVector::zeros(p),
            mixed: DMatrix::zeros(p, p),
            moving: DMatrix::zeros(p, p),
            steps: Vec::new(),
        };
        let index = &self.z * coefficients;
        // A common factor of all hazards cancels; without it the largest is one.
        let largest = index.max();
        let hazard: Vec<f64> = index.iter().map(|own| (own - largest).exp()).collect();
        for (stratum, rows) in self.strata.iter().enumerate() {
            self.stratum(
                &mut pass,
                stratum,
                rows,
                &index.add_scalar(-largest),
                &hazard,
                scale,
            );
        }
        pass
    }

    /// Backwards through time: rows come in at their exit and go at their entry.
    fn stratum(
        &self,
        pass: &mut Pass,
        stratum: usize,
        rows: &[usize],
        index: &DVector<f64>,
        hazard: &[f64],
        scale: Option<&dyn Fn(usize, f64) -> f64>,
    ) {
        let (exit, entry) = (&self.spells.exit, &self.spells.entry);
        let mut by_exit = rows.to_vec();
        by_exit.sort_by(|one, other| exit[*other].total_cmp(&exit[*one]));
        let mut by_entry = rows.to_vec();
        by_entry.sort_by(|one, other| entry[*other].total_cmp(&entry[*one]));
        let mut times: Vec<f64> = rows
            .iter()
            .filter(|row| self.spells.event[**row])
            .map(|row| exit[*row])
            .collect();
        times.sort_by(|one, other| other.total_cmp(one));
        times.dedup();
        let mut risk = Moments::zero(self.z.ncols());
        let (mut come, mut gone) = (0, 0);
        for time in times {
            let mut tied = Moments::zero(self.z.ncols());
            let mut events = Vec::new();
            while come < by_exit.len() && exit[by_exit[come]] >= time {
                let row = by_exit[come];
                risk.add(&self.z, row, hazard[row]);
                if exit[row] == time && self.spells.event[row] {
                    tied.add(&self.z, row, hazard[row]);
                    events.push(row);
                }
                come += 1;
            }
            while gone < by_entry.len() && entry[by_entry[gone]] >= time {
                let row = by_entry[gone];
                risk.add(&self.z, row, -hazard[row]);
                gone += 1;
            }
            let place = scale.map_or(0.0, |scale| scale(stratum, time));
            self.event_time(pass, (stratum, time, place), &events, index, (&risk, &tied));
        }
    }

    /// What the events at one time add.
    fn event_time(
        &self,
        pass: &mut Pass,
        (stratum, time, place): (usize, f64, f64),
        events: &[usize],
        index: &DVector<f64>,
        (risk, tied): (&Moments, &Moments),
    ) {
        let p = self.z.ncols();
        let count = events.len() as f64;
        let mut step = Step {
            stratum,
            time,
            hazard: 0.0,
            mean_hazard: DVector::zeros(p),
            tied_hazard: 0.0,
            tied_mean_hazard: DVector::zeros(p),
            mean: DVector::zeros(p),
        };
        for (k, row) in events.iter().enumerate() {
            let gone = match self.request.ties {
                Ties::Efron => k as f64 / count,
                Ties::Breslow => 0.0,
            };
            let total = risk.total - gone * tied.total;
            let mean = (&risk.first - gone * &tied.first) / total;
            let spread = (&risk.second - gone * &tied.second) / total - &mean * mean.transpose();
            let own = self.z.row(*row).transpose() - &mean;
            pass.log_likelihood += index[*row] - total.ln();
            pass.score += &own;
            pass.moving_score += place * own;
            pass.mixed += place * &spread;
            pass.moving += place * place * &spread;
            pass.information += spread;
            step.hazard += 1.0 / total;
            step.mean_hazard += &mean / total;
            step.tied_hazard += (1.0 - gone) / total;
            step.tied_mean_hazard += (1.0 - gone) * &mean / total;
            step.mean += mean / count;
        }
        pass.steps.push(step);
    }

    fn answer(
        &self,
        own: DVector<f64>,
        log_likelihood: [f64; 2],
        steps: usize,
    ) -> Result<Cox, NoCox> {
        let scale = self.time_scale();
        let pass = self.pass(&own, Some(&scale));
        let covariance = dense::inverse(&pass.information).ok_or(NoCox::NoInformation)?;
        let residuals = self.score_residuals(&own, &pass);
        let (meat, clusters) = self.meat(&residuals)?;
        let back = |matrix: DMatrix<f64>| {
            DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |row, column| {
                matrix[(row, column)] / (self.sizes[row] * self.sizes[column])
            })
        };
        Ok(Cox {
            coefficients: DVector::from_fn(own.len(), |at, _| own[at] / self.sizes[at]),
            robust: back(&covariance * meat * &covariance),
            covariance: back(covariance),
            log_likelihood,
            steps,
            counts: [self.spells.rows(), self.spells.events()],
            clusters,
            proportional: proportional(&pass),
        })
    }

    /// The time at which proportional hazards are judged, by time.
    fn time_scale(&self) -> impl Fn(usize, f64) -> f64 + use<> {
        let rows: Vec<usize> = (0..self.spells.rows()).collect();
        let curve = match self.request.scale {
            TimeScale::KaplanMeier => Some(curves::of_rows(self.spells, &rows, 0.95)),
            TimeScale::Identity => None,
        };
        move |_, time| match &curve {
            Some(curve) => {
                let before = curve.points.partition_point(|own| own.time < time);
                1.0 - before
                    .checked_sub(1)
                    .map_or(1.0, |last| curve.points[last].survival)
            }
            None => time,
        }
    }

    /// What each row adds to the score (Therneau and Grambsch 2000, 4.5).
    fn score_residuals(&self, coefficients: &DVector<f64>, pass: &Pass) -> DMatrix<f64> {
        let (rows, p) = (self.z.nrows(), self.z.ncols());
        let index = &self.z * coefficients;
        let largest = index.max();
        let mut residuals = DMatrix::zeros(rows, p);
        for (stratum, members) in self.strata.iter().enumerate() {
            let mut steps: Vec<&Step> = pass
                .steps
                .iter()
                .filter(|own| own.stratum == stratum)
                .collect();
            steps.reverse();
            let mut hazard = vec![0.0];
            let mut mean = vec![DVector::zeros(p)];
            for step in &steps {
                hazard.push(hazard[hazard.len() - 1] + step.hazard);
                mean.push(&mean[mean.len() - 1] + &step.mean_hazard);
            }
            for row in members {
                let own = self.z.row(*row).transpose();
                let factor = (index[*row] - largest).exp();
                let from = steps.partition_point(|step| step.time <= self.spells.entry[*row]);
                let exit = self.spells.exit[*row];
                let to = steps.partition_point(|step| step.time <= exit);
                let mut residual =
                    -factor * (&own * (hazard[to] - hazard[from]) - (&mean[to] - &mean[from]));
                if self.spells.event[*row] {
                    let step = steps[to - 1];
                    // The tied are in the risk set only for a part of it.
                    let hazard = step.hazard - step.tied_hazard;
                    residual +=
                        factor * (&own * hazard - (&step.mean_hazard - &step.tied_mean_hazard));
                    residual += own - &step.mean;
                }
                residuals.set_row(*row, &residual.transpose());
            }
        }
        residuals
    }

    fn meat(&self, residuals: &DMatrix<f64>) -> Result<(DMatrix<f64>, Option<usize>), NoCox> {
        let Some(clusters) = self.request.clusters else {
            return Ok((residuals.transpose() * residuals, None));
        };
        let mut sums: BTreeMap<usize, DVector<f64>> = BTreeMap::new();
        for (row, cluster) in clusters.iter().enumerate() {
            let zero = || DVector::zeros(residuals.ncols());
            *sums.entry(*cluster).or_insert_with(zero) += residuals.row(row).transpose();
        }
        if sums.len() < 2 {
            return Err(NoCox::OneCluster);
        }
        let zero = DMatrix::zeros(residuals.ncols(), residuals.ncols());
        let meat = sums
            .values()
            .fold(zero, |all, own| all + own * own.transpose());
        Ok((meat, Some(sums.len())))
    }
}

/// Columns less their mean over their deviation, and the deviations.
pub(super) fn standardised(
    columns: &[&[f64]],
    rows: usize,
) -> Result<(DMatrix<f64>, Vec<f64>), NoCox> {
    if columns.is_empty() || columns.iter().any(|own| own.len() != rows) {
        return Err(NoCox::Ragged);
    }
    for (column, own) in columns.iter().enumerate() {
        if let Some(row) = own.iter().position(|own| !own.is_finite()) {
            return Err(NoCox::NotFinite { column, row });
        }
    }
    let constant = vec![1.0; rows];
    let all: Vec<&[f64]> = std::iter::once(constant.as_slice())
        .chain(columns.iter().copied())
        .collect();
    let kept = dense::independent(&all, COLLINEAR);
    if let Some(column) = (0..columns.len()).find(|own| !kept.contains(&(own + 1))) {
        return Err(NoCox::Collinear(column));
    }
    let means: Vec<f64> = columns
        .iter()
        .map(|own| own.iter().sum::<f64>() / rows as f64)
        .collect();
    let size = |own: &[f64], mean: f64| {
        let squares: f64 = own.iter().map(|own| (own - mean).powi(2)).sum();
        (squares / rows as f64).sqrt()
    };
    let sizes: Vec<f64> = columns
        .iter()
        .zip(&means)
        .map(|(own, mean)| size(own, *mean))
        .collect();
    let z = DMatrix::from_fn(rows, columns.len(), |row, at| {
        (columns[at][row] - means[at]) / sizes[at]
    });
    Ok((z, sizes))
}

/// Sums over a risk set, weighted by the hazards.
pub(super) struct Moments {
    pub(super) total: f64,
    pub(super) first: DVector<f64>,
    pub(super) second: DMatrix<f64>,
}

impl Moments {
    pub(super) fn zero(columns: usize) -> Moments {
        Moments {
            total: 0.0,
            first: DVector::zeros(columns),
            second: DMatrix::zeros(columns, columns),
        }
    }

    pub(super) fn add(&mut self, z: &DMatrix<f64>, row: usize, weight: f64) {
        self.total += weight;
        for one in 0..z.ncols() {
            let own = weight * z[(row, one)];
            self.first[one] += own;
            for other in 0..z.ncols() {
                self.second[(one, other)] += own * z[(row, other)];
            }
        }
    }
}

/// The score test of coefficients that move with time, as in version 3 of R's survival.
fn proportional(pass: &Pass) -> Option<ProportionalHazards> {
    let inverse = dense::inverse(&pass.information)?;
    let rest = &pass.moving - &pass.mixed * &inverse * &pass.mixed;
    let p = pass.score.len();
    let statistics: Vec<f64> = (0..p)
        .map(|at| pass.moving_score[at].powi(2) / rest[(at, at)])
        .collect();
    let statistic_all = pass
        .moving_score
        .dot(&(dense::inverse(&rest)? * &pass.moving_score));
    let upper = |statistic: f64, degrees: usize| chi_squared_upper(statistic, degrees as f64);
    Some(ProportionalHazards {
        p_values: statistics.iter().map(|own| upper(*own, 1)).collect(),
        statistics,
        statistic_all,
        p_value_all: upper(statistic_all, p),
    })
}
