//! Poisson pseudo-maximum likelihood with fixed effects (Santos Silva and Tenreyro 2006; Correia, Guimarães and Zylkin 2020).
//!
//! Iteratively reweighted least squares, the effects removed anew at each step.
//! Rows that the regressors and effects fit with a zero however far the coefficients go ("separated") say nothing about the others: they are left out and told.

use nalgebra::DVector;

use super::design::{self, Rows};
use super::fitting::{self, Fit, Kind, Within};
use super::model::{Column, Model, Place, RegressionError};

/// Steps at most between two departures of separated rows.
const STEPS: usize = 200;

/// A Poisson regression.
#[derive(Debug)]
pub struct Poisson {
    /// The coefficients and what their variances need; its residuals are `(y-μ)/μ`.
    pub fit: Fit,
    /// Twice the log-likelihood below that of a perfect fit.
    pub deviance: f64,
    /// Steps taken.
    pub steps: usize,
    /// Rows left out because all outcomes in a group of an effect are zero, in the columns given.
    pub zero_groups: Vec<usize>,
    /// Rows left out because the regressors separate them, in the columns given.
    pub separated: Vec<usize>,
}

/// Fits `E(y) = exp(x'b + effects)`.
///
/// # Errors
/// [`RegressionError`] as for a linear regression; the outcome must not be negative.
pub fn poisson(model: &Model<'_>) -> Result<Poisson, RegressionError> {
    if !model.instruments.is_empty() || !model.endogenous.is_empty() {
        return Err(RegressionError::NotForInstruments);
    }
    if let Some(at) = model.focus.iter().find(|at| **at >= model.regressors.len()) {
        return Err(RegressionError::NoSuchTerm(*at));
    }
    let mut rows = Rows::of(model)?;
    design::not_negative(Place::Outcome, model.outcome)?;
    let counts = |rows: &Rows| {
        rows.rows
            .iter()
            .any(|row| model.outcome[*row as usize] > 0.0)
    };
    if !counts(&rows) {
        return Err(RegressionError::AllZero);
    }
    let mut zero_groups = Vec::new();
    let mut separated = Vec::new();
    let mut steps = 0;
    loop {
        rows = without_zero_groups(model, rows, &mut zero_groups)?;
        match settle(model, rows, &mut steps)? {
            Step::Settled(fit, deviance) => {
                separated.sort_unstable();
                zero_groups.sort_unstable();
                return Ok(Poisson {
                    fit: *fit,
                    deviance,
                    steps,
                    zero_groups,
                    separated,
                });
            }
            Step::Separated(kept, left) => {
                separated.extend(left.rows.iter().map(|row| *row as usize));
                rows = Rows::among(model, kept, left.weightless, left.singletons)?;
            }
        }
    }
}

/// Rows that leave, with what is carried over.
struct Left {
    rows: Vec<u32>,
    weightless: usize,
    singletons: Vec<usize>,
}

enum Step {
    Settled(Box<Fit>, f64),
    Separated(Vec<u32>, Left),
}

/// Leaves out groups in which every outcome is zero, until there are none.
fn without_zero_groups(
    model: &Model<'_>,
    mut rows: Rows,
    zero_groups: &mut Vec<usize>,
) -> Result<Rows, RegressionError> {
    loop {
        let mut is_zero = vec![false; rows.len()];
        for effect in &rows.effects {
            let mut has_some = vec![false; effect.count];
            for (at, code) in effect.codes.iter().enumerate() {
                has_some[*code as usize] |= model.outcome[rows.rows[at] as usize] > 0.0;
            }
            for (at, code) in effect.codes.iter().enumerate() {
                is_zero[at] |= !has_some[*code as usize];
            }
        }
        if !is_zero.contains(&true) {
            return Ok(rows);
        }
        let mut kept = Vec::with_capacity(rows.len());
        for (row, is_zero) in rows.rows.iter().zip(is_zero) {
            match is_zero {
                true => zero_groups.push(*row as usize),
                false => kept.push(*row),
            }
        }
        rows = Rows::among(model, kept, rows.weightless, rows.singletons)?;
    }
}

/// Steps until nothing changes, or until rows show themselves to be separated.
fn settle(model: &Model<'_>, rows: Rows, steps: &mut usize) -> Result<Step, RegressionError> {
    let outcome: Vec<f64> = rows
        .rows
        .iter()
        .map(|row| model.outcome[*row as usize])
        .collect();
    let own = rows.weights.clone();
    let weight = |row: usize| own.as_ref().map_or(1.0, |own| own[row]);
    let mass: f64 = (0..rows.len()).map(weight).sum();
    let mean = (0..rows.len())
        .map(|row| weight(row) * outcome[row])
        .sum::<f64>()
        / mass;
    let mut index: Vec<f64> = outcome.iter().map(|y| (0.5 * (y + mean)).ln()).collect();
    let deviance = |index: &[f64]| -> f64 {
        let terms = outcome.iter().zip(index).enumerate();
        terms
            .map(|(row, (y, index))| {
                let logarithm = if *y > 0.0 { y * (y.ln() - index) } else { 0.0 };
                2.0 * weight(row) * (logarithm - (y - index.exp()))
            })
            .sum()
    };
    // The start lies outside what the model can say and fits better than any of it: the first step is always taken.
    let mut known = f64::INFINITY;
    let mut columns = vec![Column::Values(model.outcome)];
    let ones = vec![1.0; if rows.has_constant() { rows.given } else { 0 }];
    if rows.has_constant() {
        columns.push(Column::Values(&ones));
    }
    columns.extend(&model.regressors);
    let raw = rows.fill(&columns);
    let stride = columns.len();
    let mut rows = Some(rows);
    let mut before: Option<DVector<f64>> = None;
    for step in 0..STEPS {
        *steps += 1;
        let mut data = raw.clone();
        let mut target = Vec::with_capacity(index.len());
        let mut weights = Vec::with_capacity(index.len());
        for (row, values) in data.chunks_exact_mut(stride).enumerate() {
            let level = index[row].exp();
            target.push(index[row] + (outcome[row] - level) / level);
            weights.push(weight(row) * level);
            values[0] = target[row];
        }
        let given = rows.take().expect("each step hands the rows back");
        let within = fitting::removed(given, Some(weights.clone()), data, stride)?;
        let (within, found) = solved(model, within, &weights)?;
        let moved = next_index(&found, &target);
        let (next, reached) = shortened(&index, moved, known, &deviance);
        let change = before.as_ref().map_or(f64::INFINITY, |before| {
            match before.len() == found.inner.solution.len() {
                true => (before - &found.inner.solution).amax(),
                false => f64::INFINITY,
            }
        });
        let is_level = (known - reached).abs() <= 1e-6 * (reached.abs() + 0.1);
        let shifts: Vec<f64> = next
            .iter()
            .zip(&index)
            .map(|(new, old)| new - old)
            .collect();
        if step > 2
            && is_level
            && let Some(split) = separated(&within, &outcome, &shifts, &found)
        {
            return Ok(split);
        }
        let has_settled = (known - reached).abs() <= 1e-11 * (reached.abs() + 0.1)
            && change <= 1e-11 * (1.0 + found.inner.solution.amax());
        before = Some(found.inner.solution.clone());
        (index, known) = (next, reached);
        if has_settled {
            return Ok(Step::Settled(Box::new(found), known));
        }
        rows = Some(found.inner.rows);
    }
    Err(RegressionError::NotConverged(STEPS))
}

/// The least-squares problem of a step.
fn solved(
    model: &Model<'_>,
    within: Within,
    weights: &[f64],
) -> Result<(Vec<u32>, Fit), RegressionError> {
    let kept = within.kept(model)?;
    let bread = fitting::bread(&within.gram, &kept.columns)?;
    let right = DVector::from_iterator(
        kept.columns.len(),
        kept.columns.iter().map(|column| within.gram[(*column, 0)]),
    );
    let solution = &bread * right;
    let columns = [&[0], kept.columns.as_slice()].concat();
    let data = fitting::compact(within.data, within.stride, &columns);
    let rows = within.rows.rows.clone();
    let within = Within { data, ..within };
    let fit = fitting::finish(
        Kind::Poisson,
        within,
        kept,
        bread,
        solution,
        Some(weights.to_vec()),
    )?;
    Ok((rows, fit))
}

/// The fitted index: the target less the residual.
fn next_index(fit: &Fit, target: &[f64]) -> Vec<f64> {
    let rows = target.iter().enumerate();
    rows.map(|(row, target)| target - fit.inner.row(row).0)
        .collect()
}

/// The step, halved until the deviance does not rise.
fn shortened(
    from: &[f64],
    to: Vec<f64>,
    known: f64,
    deviance: &impl Fn(&[f64]) -> f64,
) -> (Vec<f64>, f64) {
    let mut next = to;
    for _ in 0..30 {
        let reached = deviance(&next);
        if known.is_infinite() || reached <= known + 1e-9 * (known.abs() + 1.0) {
            return (next, reached);
        }
        for (next, from) in next.iter_mut().zip(from) {
            *next = 0.5 * (*next + from);
        }
    }
    (from.to_vec(), known)
}

/// A step that lowers some rows of outcome zero without end and moves no other row is a proof that these are separated.
fn separated(rows: &[u32], outcome: &[f64], shifts: &[f64], fit: &Fit) -> Option<Step> {
    let leaves = |row: usize| outcome[row] == 0.0 && shifts[row] <= -0.5;
    let stays = |row: usize| shifts[row].abs() <= 1e-4;
    let all = 0..shifts.len();
    if !all.clone().any(leaves) || !all.clone().all(|row| leaves(row) || stays(row)) {
        return None;
    }
    let (left, kept) = all.partition::<Vec<usize>, _>(|row| leaves(*row));
    let own = |found: Vec<usize>| found.into_iter().map(|row| rows[row]).collect();
    Some(Step::Separated(
        own(kept),
        Left {
            rows: own(left),
            weightless: fit.weightless,
            singletons: fit.singletons.clone(),
        },
    ))
}
