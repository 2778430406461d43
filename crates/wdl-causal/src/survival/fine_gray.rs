//! Proportional hazards of the subdistribution of one cause (Fine and Gray, JASA 1999): how covariates move the probability of an event while others may come first.
//!
//! Who had another event stays under risk with the weight `G(t-) / G(T-)` of still being observed, `G` the curve of censoring by Kaplan and Meier; ties as Breslow's.
//! The variance is the paper's, with the part that comes from `G` being estimated, as in R's `cmprsk`.
//! All sums over those who stay are products of a part of the row and a part of the time, so that a pass takes one way through the rows.

use nalgebra::{DMatrix, DVector};

use super::cox::{Moments, standardised};
use super::{NoCox, Spells};
use crate::dense;

/// A model of one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct FineGray {
    /// The logarithm of the ratio of subdistribution hazards for one unit more of each covariate.
    pub coefficients: DVector<f64>,
    /// Their robust covariance.
    pub covariance: DMatrix<f64>,
    /// The logarithm of the partial likelihood without covariates and at the fit.
    pub log_likelihood: [f64; 2],
    /// Events of the cause, events of others, and rows censored.
    pub counts: [usize; 3],
    /// Steps taken.
    pub steps: usize,
}

/// Why there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFineGray {
    /// As for a proportional-hazards model.
    #[error(transparent)]
    Model(#[from] NoCox),
    /// Rows enter after zero: the weights do not tell who was already gone.
    #[error("row {0} enters after time zero")]
    LateEntry(usize),
    /// Nobody has an event of this cause.
    #[error("nobody has an event of this cause")]
    NoEvent,
}

/// Fits the subdistribution hazards of one cause; `cause`, numbered from zero, counts only for rows with the event.
///
/// # Errors
/// [`NoFineGray`].
pub fn fine_gray(
    spells: &Spells,
    cause: &[usize],
    wanted: usize,
    covariates: &[&[f64]],
) -> Result<FineGray, NoFineGray> {
    let rows = spells.rows();
    if cause.len() != rows {
        return Err(NoCox::Ragged.into());
    }
    if let Some(row) = spells.entry.iter().position(|own| *own > 0.0) {
        return Err(NoFineGray::LateEntry(row));
    }
    let (z, sizes) = standardised(covariates, rows)?;
    let model = Model::new(spells, cause, wanted, z);
    if model.times.is_empty() {
        return Err(NoFineGray::NoEvent);
    }
    let mut coefficients = DVector::zeros(covariates.len());
    let mut now = model.pass(&coefficients);
    let without = now.log_likelihood;
    for steps in 1..=60 {
        let Some(inverse) = dense::inverse(&now.information) else {
            return Err(match steps {
                1 => NoCox::NoInformation.into(),
                _ => NoCox::MonotoneLikelihood(coefficients.iamax()).into(),
            });
        };
        let step = &inverse * &now.score;
        let mut part = 1.0;
        let (next, reached) = loop {
            let next = &coefficients + part * &step;
            let reached = model.pass(&next);
            let known = now.log_likelihood;
            if reached.log_likelihood >= known - 1e-12 * known.abs().max(1.0) || part < 1e-6 {
                break (next, reached);
            }
            part *= 0.5;
        };
        (coefficients, now) = (next, reached);
        if coefficients.amax() > 20.0 {
            return Err(NoCox::MonotoneLikelihood(coefficients.iamax()).into());
        }
        if step.amax() <= 1e-10 {
            let inverse = dense::inverse(&now.information).ok_or(NoCox::NoInformation)?;
            let parts = model.influences(&coefficients, &now);
            let covariance = &inverse * (parts.transpose() * &parts) * &inverse;
            let size = sizes.len();
            return Ok(FineGray {
                coefficients: DVector::from_fn(size, |at, _| coefficients[at] / sizes[at]),
                covariance: DMatrix::from_fn(size, size, |row, column| {
                    covariance[(row, column)] / (sizes[row] * sizes[column])
                }),
                log_likelihood: [without, now.log_likelihood],
                counts: model.counts(),
                steps,
            });
        }
    }
    Err(NoCox::NotConverged.into())
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Wanted,
    Other,
    Censored,
}

struct Model<'a> {
    exit: &'a [f64],
    ends: Vec<End>,
    z: DMatrix<f64>,
    /// The rows by exit, rising.
    order: Vec<usize>,
    /// The times of the events of the cause, rising.
    times: Vec<f64>,
    /// `G` just before each of them.
    observed: Vec<f64>,
    /// `G` just before the exit of each row.
    observed_at_exit: Vec<f64>,
    /// The times of censoring, with those censored and those under observation at them.
    censorings: Vec<(f64, f64, f64)>,
}

struct Pass {
    log_likelihood: f64,
    score: DVector<f64>,
    information: DMatrix<f64>,
    /// At each time: the step of the baseline, and the mean of the covariates under risk.
    steps: Vec<(f64, DVector<f64>)>,
}

impl<'a> Model<'a> {
    fn new(spells: &'a Spells, cause: &[usize], wanted: usize, z: DMatrix<f64>) -> Model<'a> {
        let exit = spells.exit.as_slice();
        let end = |row: usize| match spells.event[row] {
            false => End::Censored,
            true if cause[row] == wanted => End::Wanted,
            true => End::Other,
        };
        let ends: Vec<End> = (0..exit.len()).map(end).collect();
        let mut order: Vec<usize> = (0..exit.len()).collect();
        order.sort_by(|one, other| exit[*one].total_cmp(&exit[*other]));
        let of = |wanted: End| -> Vec<usize> {
            (0..exit.len()).filter(|row| ends[*row] == wanted).collect()
        };
        let times = spells.times(&of(End::Wanted));
        let censored_times = spells.times(&of(End::Censored));
        let sorted: Vec<f64> = order.iter().map(|row| exit[*row]).collect();
        let mut censorings: Vec<(f64, f64, f64)> = censored_times
            .iter()
            .map(|time| {
                let under = sorted.len() - sorted.partition_point(|own| own < time);
                (*time, 0.0, under as f64)
            })
            .collect();
        for row in of(End::Censored) {
            let at = censored_times.partition_point(|time| *time < exit[row]);
            censorings[at].1 += 1.0;
        }
        let mut curve = Vec::with_capacity(censorings.len() + 1);
        curve.push(1.0);
        for (_, gone, under) in &censorings {
            curve.push(curve[curve.len() - 1] * (1.0 - gone / under));
        }
        let before = |time: f64| curve[censored_times.partition_point(|own| *own < time)];
        Model {
            observed: times.iter().map(|own| before(*own)).collect(),
            observed_at_exit: exit.iter().map(|own| before(*own)).collect(),
            exit,
            ends,
            z,
            order,
            times,
            censorings,
        }
    }

    fn counts(&self) -> [usize; 3] {
        [End::Wanted, End::Other, End::Censored]
            .map(|wanted| self.ends.iter().filter(|own| **own == wanted).count())
    }

    fn hazards(&self, index: &DVector<f64>) -> Vec<f64> {
        // A common factor of all hazards cancels; without it the largest is one.
        let largest = index.max();
        index.iter().map(|own| (own - largest).exp()).collect()
    }

    fn pass(&self, coefficients: &DVector<f64>) -> Pass {
        let p = self.z.ncols();
        let index = &self.z * coefficients;
        let largest = index.max();
        let hazards = self.hazards(&index);
        let mut pass = Pass {
            log_likelihood: 0.0,
            score: DVector::zeros(p),
            information: DMatrix::zeros(p, p),
            steps: Vec::with_capacity(self.times.len()),
        };
        // All under risk at zero; then those out before each time go, and those of other causes among them stay lightly.
        let mut under = Moments::zero(p);
        (0..self.exit.len()).for_each(|row| under.add(&self.z, row, hazards[row]));
        let mut stayed = Moments::zero(p);
        let mut gone = 0;
        for (time, observed) in self.times.iter().zip(&self.observed) {
            while gone < self.order.len() && self.exit[self.order[gone]] < *time {
                let row = self.order[gone];
                under.add(&self.z, row, -hazards[row]);
                if self.ends[row] == End::Other {
                    stayed.add(&self.z, row, hazards[row] / self.observed_at_exit[row]);
                }
                gone += 1;
            }
            let total = under.total + observed * stayed.total;
            let mean = (&under.first + *observed * &stayed.first) / total;
            let second = (&under.second + *observed * &stayed.second) / total;
            let spread = second - &mean * mean.transpose();
            let mut events = 0.0;
            for row in self.order[gone..]
                .iter()
                .take_while(|row| self.exit[**row] == *time)
            {
                if self.ends[*row] == End::Wanted {
                    events += 1.0;
                    pass.score += self.z.row(*row).transpose() - &mean;
                    pass.log_likelihood += index[*row] - largest - total.ln();
                }
            }
            pass.information += events * spread;
            pass.steps.push((events / total, mean));
        }
        pass
    }

    /// What each row adds to the score, with the part through the curve of censoring (equations 7 and 8 of the paper).
    fn influences(&self, coefficients: &DVector<f64>, pass: &Pass) -> DMatrix<f64> {
        let p = self.z.ncols();
        let hazards = self.hazards(&(&self.z * coefficients));
        // Sums over the times so far of the step of the baseline and of the mean with it; and the same weighted by `G`, from each time on.
        let mut so_far = vec![(0.0, DVector::zeros(p))];
        for (step, mean) in &pass.steps {
            let (sum, means) = &so_far[so_far.len() - 1];
            so_far.push((sum + step, means + *step * mean));
        }
        let mut from = vec![(0.0, DVector::zeros(p)); pass.steps.len() + 1];
        for at in (0..pass.steps.len()).rev() {
            let (step, mean) = &pass.steps[at];
            let weight = step * self.observed[at];
            from[at] = (from[at + 1].0 + weight, &from[at + 1].1 + weight * mean);
        }
        let mut parts = DMatrix::zeros(self.exit.len(), p);
        for (row, hazard) in hazards.iter().enumerate() {
            let own = self.z.row(row).transpose();
            let until = self.times.partition_point(|time| *time <= self.exit[row]);
            let (sum, means) = &so_far[until];
            let mut part = -*hazard * (&own * *sum - means);
            match self.ends[row] {
                End::Wanted => part += &own - &pass.steps[until - 1].1,
                End::Other => {
                    let (sum, means) = &from[until];
                    let weight = hazard / self.observed_at_exit[row];
                    part -= weight * (&own * *sum - means);
                }
                End::Censored => {}
            }
            parts.set_row(row, &part.transpose());
        }
        self.add_censoring(&mut parts, &hazards, &from);
        parts
    }

    /// Adds `q/π dM` of the curve of censoring.
    fn add_censoring(
        &self,
        parts: &mut DMatrix<f64>,
        hazards: &[f64],
        from: &[(f64, DVector<f64>)],
    ) {
        let p = self.z.ncols();
        let (mut stayed, mut firsts) = (0.0, DVector::<f64>::zeros(p));
        let mut gone = 0;
        // At each time of censoring: `q/π`, and the sum of `q/π dΛ` up to and with it.
        let mut pulls: Vec<DVector<f64>> = Vec::with_capacity(self.censorings.len());
        let mut sums: Vec<DVector<f64>> = vec![DVector::zeros(p)];
        for (time, count, under) in &self.censorings {
            while gone < self.order.len() && self.exit[self.order[gone]] < *time {
                let row = self.order[gone];
                if self.ends[row] == End::Other {
                    let weight = hazards[row] / self.observed_at_exit[row];
                    stayed += weight;
                    firsts += weight * self.z.row(row).transpose();
                }
                gone += 1;
            }
            let after = self.times.partition_point(|own| own < time);
            let (sum, means) = &from[after];
            let pull = (&firsts * *sum - stayed * means) / *under;
            sums.push(&sums[sums.len() - 1] + &pull * (count / under));
            pulls.push(pull);
        }
        for row in 0..self.exit.len() {
            let until = self
                .censorings
                .partition_point(|(time, ..)| *time <= self.exit[row]);
            let mut part = -&sums[until];
            if self.ends[row] == End::Censored {
                part += &pulls[until - 1];
            }
            let whole = parts.row(row) + part.transpose();
            parts.set_row(row, &whole);
        }
    }
}
