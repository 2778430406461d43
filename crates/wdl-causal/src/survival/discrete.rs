//! Hazards in discrete time: a binary regression on person-periods (Allison 1982; Jenkins 1995).

use nalgebra::{DMatrix, DVector};

use crate::dense::{self, COLLINEAR};
use crate::logit::{self, NoLogit};

/// The link between covariates and hazard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Link {
    /// Log odds of the event in a period.
    #[default]
    Logit,
    /// Complementary log-log: the proportional hazards of a continuous time seen by periods (Prentice and Gloeckler 1978).
    ComplementaryLogLog,
}

/// Why there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHazard {
    /// Columns of unlike length, or none.
    #[error("the columns have unlike lengths")]
    Ragged,
    /// A duration of no period, or an entry not before the exit.
    #[error("row {0} is under risk in no period")]
    NoPeriod(usize),
    /// A value that is infinite or not a number.
    #[error("covariate {column} of row {row} is not a finite number")]
    NotFinite {
        /// The column.
        column: usize,
        /// The row.
        row: usize,
    },
    /// No period has both rows with the event and rows without.
    #[error("no period has both events and others under risk")]
    NoVariation,
    /// More person-periods than can be held.
    #[error("more than {MOST} person-periods")]
    TooMany,
    /// A covariate that follows from the periods and those before it.
    #[error("covariate {0} follows from the periods and the covariates before it")]
    Collinear(usize),
    /// The covariates tell exactly who has the event.
    #[error("the covariates tell exactly who has the event")]
    Separation,
    /// The steps did not settle.
    #[error("no convergence")]
    NotConverged,
}

/// The most person-periods.
const MOST: usize = 20_000_000;

/// A model of the hazard in discrete time.
#[derive(Clone, Debug)]
pub struct Discrete {
    /// The coefficient of each covariate.
    pub coefficients: DVector<f64>,
    /// Their covariance.
    pub covariance: DMatrix<f64>,
    /// The periods with a baseline of their own, and its value.
    pub baseline: Vec<(u32, f64)>,
    /// Minus twice the log-likelihood.
    pub deviance: f64,
    /// Person-periods used.
    pub person_periods: usize,
    /// Periods in which nobody, or everybody, under risk has the event: their baseline has no end, and they say nothing of the covariates.
    pub left_out_periods: Vec<u32>,
    /// Person-periods in these.
    pub left_out_person_periods: usize,
}

/// Fits a hazard with a baseline of each period; a row is under risk in the periods after `entry` up to `exit`, counted from one.
///
/// # Errors
/// [`NoHazard`].
pub fn discrete_hazard(
    entry: Option<&[u32]>,
    exit: &[u32],
    event: &[bool],
    covariates: &[&[f64]],
    link: Link,
) -> Result<Discrete, NoHazard> {
    let rows = exit.len();
    let is_ragged = entry.is_some_and(|own| own.len() != rows)
        || event.len() != rows
        || covariates.iter().any(|own| own.len() != rows);
    if is_ragged || rows == 0 {
        return Err(NoHazard::Ragged);
    }
    for (column, own) in covariates.iter().enumerate() {
        if let Some(row) = own.iter().position(|own| !own.is_finite()) {
            return Err(NoHazard::NotFinite { column, row });
        }
    }
    let start = |row: usize| entry.map_or(0, |own| own[row]);
    if let Some(row) = (0..rows).find(|row| start(*row) >= exit[*row]) {
        return Err(NoHazard::NoPeriod(row));
    }
    let size: u64 = (0..rows).map(|row| u64::from(exit[row] - start(row))).sum();
    if size > MOST as u64 {
        return Err(NoHazard::TooMany);
    }
    let periods =
        (0..rows).flat_map(|row| (start(row) + 1..=exit[row]).map(move |period| (row, period)));
    let all: Vec<(usize, u32)> = periods.collect();
    let happens = |(row, period): (usize, u32)| event[row] && exit[row] == period;
    let mut counts: std::collections::BTreeMap<u32, [usize; 2]> = std::collections::BTreeMap::new();
    for own in &all {
        let count = counts.entry(own.1).or_default();
        count[0] += 1;
        count[1] += usize::from(happens(*own));
    }
    let varies = |count: &[usize; 2]| count[1] > 0 && count[1] < count[0];
    let kept: Vec<u32> = counts
        .iter()
        .filter(|own| varies(own.1))
        .map(|own| *own.0)
        .collect();
    if kept.is_empty() {
        return Err(NoHazard::NoVariation);
    }
    let used: Vec<(usize, u32)> = all
        .iter()
        .copied()
        .filter(|own| kept.binary_search(&own.1).is_ok())
        .collect();
    if used.len().saturating_mul(kept.len() + covariates.len()) > 10 * MOST {
        return Err(NoHazard::TooMany);
    }
    let x = DMatrix::from_fn(used.len(), kept.len() + covariates.len(), |at, column| {
        let (row, period) = used[at];
        match kept.get(column) {
            Some(own) => f64::from(u8::from(*own == period)),
            None => covariates[column - kept.len()][row],
        }
    });
    let target: Vec<bool> = used.iter().map(|own| happens(*own)).collect();
    let (coefficients, covariance, deviance) = match link {
        Link::Logit => by_logit(&x, &target, kept.len())?,
        Link::ComplementaryLogLog => by_cloglog(&x, &target, kept.len())?,
    };
    let of_periods = kept.len();
    Ok(Discrete {
        coefficients: coefficients.rows(of_periods, covariates.len()).into_owned(),
        covariance: covariance
            .view(
                (of_periods, of_periods),
                (covariates.len(), covariates.len()),
            )
            .into_owned(),
        baseline: kept
            .iter()
            .copied()
            .zip(coefficients.iter().copied())
            .collect(),
        deviance,
        person_periods: used.len(),
        left_out_person_periods: all.len() - used.len(),
        left_out_periods: counts
            .iter()
            .filter(|own| !varies(own.1))
            .map(|own| *own.0)
            .collect(),
    })
}

type Fit = (DVector<f64>, DMatrix<f64>, f64);

fn by_logit(x: &DMatrix<f64>, target: &[bool], periods: usize) -> Result<Fit, NoHazard> {
    let fit = logit::fit(x, target, None).map_err(|error| match error {
        NoLogit::NoVariation => NoHazard::NoVariation,
        NoLogit::Separation => NoHazard::Separation,
        NoLogit::Collinear(column) => NoHazard::Collinear(column.saturating_sub(periods)),
        NoLogit::NotConverged => NoHazard::NotConverged,
    })?;
    Ok((fit.coefficients, fit.covariance, fit.deviance))
}

/// Fisher's scoring for `P = 1 - exp(-exp(x'b))`.
fn by_cloglog(x: &DMatrix<f64>, target: &[bool], periods: usize) -> Result<Fit, NoHazard> {
    let columns: Vec<Vec<f64>> = x
        .column_iter()
        .map(|own| own.iter().copied().collect())
        .collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let kept = dense::independent(&slices, COLLINEAR);
    if let Some(column) = (0..x.ncols()).find(|own| !kept.contains(own)) {
        return Err(NoHazard::Collinear(column.saturating_sub(periods)));
    }
    // The logit is a near start, and knows separation, which does not depend on the link.
    let mut coefficients = by_logit(x, target, periods)?.0;
    let mut known = deviance(x, target, &coefficients);
    for _ in 0..200 {
        let index = x * &coefficients;
        let mut slope = DVector::zeros(target.len());
        let mut scaled = x.clone();
        for (row, happens) in target.iter().enumerate() {
            let hazard = index[row].min(30.0).exp();
            // P' = h e^-h; weight P'² / (P (1 - P)) = h² e^-h / P.
            let p = -(-hazard).exp_m1();
            let weight = hazard * hazard * (-hazard).exp() / p;
            slope[row] = if *happens {
                hazard * (-hazard).exp() / p
            } else {
                -hazard
            };
            scaled.row_mut(row).scale_mut(weight);
        }
        let inverse = dense::inverse(&(x.transpose() * scaled)).ok_or(NoHazard::Separation)?;
        let step = &inverse * (x.transpose() * slope);
        let mut part = 1.0;
        let (next, reached) = loop {
            let next = &coefficients + part * &step;
            let reached = deviance(x, target, &next);
            if reached <= known + 1e-12 * (known.abs() + 1.0) || part < 1e-8 {
                break (next, reached);
            }
            part *= 0.5;
        };
        let has_settled = step.amax() <= 1e-10 * (1.0 + next.amax());
        (coefficients, known) = (next, reached);
        if has_settled {
            return Ok((coefficients, inverse, known));
        }
    }
    Err(NoHazard::NotConverged)
}

fn deviance(x: &DMatrix<f64>, target: &[bool], coefficients: &DVector<f64>) -> f64 {
    let index = x * coefficients;
    let rows = index.iter().zip(target).map(|(index, happens)| {
        let hazard = index.exp();
        match happens {
            true => -2.0 * (-(-hazard).exp_m1()).ln(),
            false => 2.0 * hazard,
        }
    });
    rows.sum()
}
