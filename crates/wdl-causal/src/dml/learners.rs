//! Cross-fitted linear models and logits: each fold judged by a model of the others.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::{DmlError, Learner, Rows};
use crate::dense;
use crate::logit::{self, NoLogit};
use crate::matching::MatchError;

/// The penalty on the squared coefficients of standardised covariates, as a share of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ridge(pub f64);

/// Standardised covariates with a constant, and the rows of each fold.
pub(super) struct Design<'a> {
    x: DMatrix<f64>,
    folds: &'a [usize],
    count: usize,
    learner: Learner,
}

/// A treatment of 0 and 1.
pub(super) fn arms(values: &[f64]) -> Result<Vec<bool>, DmlError> {
    if let Some(row) = values.iter().position(|own| *own != 0.0 && *own != 1.0) {
        return Err(DmlError::NotZeroOne { row });
    }
    let is_one: Vec<bool> = values.iter().map(|own| *own == 1.0).collect();
    match (is_one.contains(&true), is_one.contains(&false)) {
        (false, _) => Err(MatchError::NobodyTreated.into()),
        (_, false) => Err(MatchError::EverybodyTreated.into()),
        (true, true) => Ok(is_one),
    }
}

impl<'a> Design<'a> {
    pub(super) fn of(
        rows: &Rows<'_>,
        folds: &'a [usize],
        learner: Learner,
    ) -> Result<Design<'a>, DmlError> {
        let n = rows.outcome.len();
        let named = [Some(rows.outcome), Some(rows.treatment), rows.instrument];
        for column in named
            .into_iter()
            .flatten()
            .chain(rows.covariates.iter().copied())
        {
            if column.len() != n {
                return Err(MatchError::Length {
                    have: column.len(),
                    need: n,
                }
                .into());
            }
            if let Some(row) = column.iter().position(|own| !own.is_finite()) {
                return Err(MatchError::NotFinite { row }.into());
            }
        }
        let count = folds.iter().max().map_or(0, |last| last + 1);
        let is_whole = (0..count).all(|fold| folds.contains(&fold));
        if folds.len() != n || count < 2 || !is_whole || parts_clusters(rows.clusters, folds) {
            return Err(DmlError::Folds);
        }
        if learner.ridge.0.is_nan() || learner.ridge.0 < 0.0 || !(0.0..0.5).contains(&learner.clip)
        {
            return Err(MatchError::TooSmall("penalty or clip").into());
        }
        let x = standardised(rows.covariates, n);
        let slices: Vec<&[f64]> = (0..x.ncols())
            .map(|at| &x.as_slice()[at * n..(at + 1) * n])
            .collect();
        let kept = dense::independent(&slices, dense::COLLINEAR);
        if let Some(column) = (1..x.ncols()).find(|column| !kept.contains(column)) {
            return Err(DmlError::Collinear(column - 1));
        }
        Ok(Design {
            x,
            folds,
            count,
            learner,
        })
    }

    /// Values less their cross-fitted prediction.
    pub(super) fn residuals(&self, values: &[f64]) -> Result<Vec<f64>, DmlError> {
        let fitted = self.fitted(values, |_| true)?;
        Ok(values
            .iter()
            .zip(fitted)
            .map(|(own, fitted)| own - fitted)
            .collect())
    }

    /// Cross-fitted predictions of a linear model fitted where `is_in`.
    ///
    /// The sums of all folds less one's own are the normal equations of the others; the covariates are standardised, so that they lose no digits.
    pub(super) fn fitted(
        &self,
        values: &[f64],
        is_in: impl Fn(usize) -> bool + Sync,
    ) -> Result<Vec<f64>, DmlError> {
        let width = self.x.ncols();
        let n = self.folds.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let size = width * (width + 1) / 2 + width + 1;
        let sums: Vec<Vec<f64>> = (0..self.count)
            .into_par_iter()
            .map(|fold| {
                let mut sum = vec![0.0; size];
                for row in (0..n).filter(|row| self.folds[*row] == fold && is_in(*row)) {
                    let mut at = 0;
                    for one in 0..width {
                        let own = self.x[(row, one)];
                        for other in 0..=one {
                            sum[at] += own * self.x[(row, other)];
                            at += 1;
                        }
                        sum[size - 1 - width + one] += own * (values[row] - mean);
                    }
                    sum[size - 1] += 1.0;
                }
                sum
            })
            .collect();
        let mut fitted = vec![0.0; n];
        for fold in 0..self.count {
            let others = (0..self.count).filter(|own| *own != fold);
            let mut total = vec![0.0; size];
            for own in others {
                total
                    .iter_mut()
                    .zip(&sums[own])
                    .for_each(|(total, own)| *total += own);
            }
            if total[size - 1] <= width as f64 {
                return Err(DmlError::TooFew { fold });
            }
            let coefficients = self.solve(&total, fold)?;
            for row in (0..n).filter(|row| self.folds[*row] == fold) {
                let along: f64 = (0..width)
                    .map(|at| self.x[(row, at)] * coefficients[at])
                    .sum();
                fitted[row] = mean + along;
            }
        }
        Ok(fitted)
    }

    fn solve(&self, total: &[f64], fold: usize) -> Result<DVector<f64>, DmlError> {
        let width = self.x.ncols();
        let size = total.len();
        let mut gram = DMatrix::zeros(width, width);
        let mut at = 0;
        for one in 0..width {
            for other in 0..=one {
                gram[(one, other)] = total[at];
                gram[(other, one)] = total[at];
                at += 1;
            }
        }
        for own in 1..width {
            gram[(own, own)] += self.learner.ridge.0 * total[size - 1];
        }
        let right = DVector::from_column_slice(&total[size - 1 - width..size - 1]);
        let before: Vec<f64> = gram.diagonal().iter().copied().collect();
        if let Some(column) = (1..width).find(|own| before[*own] <= 0.0) {
            return Err(DmlError::Collinear(column - 1));
        }
        let factor = gram.clone().cholesky().ok_or(DmlError::TooFew { fold })?;
        let pivots = factor.l_dirty().diagonal();
        // A pivot is what the columns before leave of a column.
        if let Some(column) = (1..width).find(|own| pivots[*own].powi(2) <= 1e-12 * before[*own]) {
            return Err(DmlError::Collinear(column - 1));
        }
        let mut solution = factor.solve(&right);
        // One step of refinement takes back what the sums lost.
        let left = &right - &gram * &solution;
        solution += factor.solve(&left);
        Ok(solution)
    }

    /// Cross-fitted probabilities kept from 0 and 1 by the clip, with how many were moved.
    pub(super) fn probabilities(&self, is_one: &[bool]) -> Result<(Vec<f64>, usize), DmlError> {
        let raw = self.probabilities_among(is_one, |_| true)?;
        let clip = self.learner.clip;
        let moved = raw
            .iter()
            .filter(|p| **p < clip || **p > 1.0 - clip)
            .count();
        let clipped: Vec<f64> = raw.iter().map(|p| p.clamp(clip, 1.0 - clip)).collect();
        match clipped.iter().any(|p| *p <= 0.0 || *p >= 1.0) {
            true => Err(DmlError::Score {
                fold: 0,
                source: NoLogit::Separation,
            }),
            false => Ok((clipped, moved)),
        }
    }

    /// Cross-fitted probabilities of a logit fitted where `is_in`; where all there are alike, that value.
    pub(super) fn probabilities_among(
        &self,
        is_one: &[bool],
        is_in: impl Fn(usize) -> bool + Sync,
    ) -> Result<Vec<f64>, DmlError> {
        let n = self.folds.len();
        let width = self.x.ncols();
        let is_everybody = (0..n).all(&is_in);
        let coefficients: Vec<Result<Result<DVector<f64>, f64>, DmlError>> = (0..self.count)
            .into_par_iter()
            .map(|fold| {
                let rows: Vec<usize> = (0..n)
                    .filter(|row| self.folds[*row] != fold && is_in(*row))
                    .collect();
                if rows.is_empty() {
                    return Err(DmlError::TooFew { fold });
                }
                let here: Vec<bool> = rows.iter().map(|row| is_one[*row]).collect();
                let is_alike = here.iter().all(|own| *own == here[0]);
                if is_alike && !is_everybody {
                    return Ok(Err(f64::from(u8::from(here[0]))));
                }
                let x =
                    DMatrix::from_fn(rows.len(), width, |row, column| self.x[(rows[row], column)]);
                match logit::fit(&x, &here, None) {
                    Ok(fit) => Ok(Ok(fit.coefficients)),
                    Err(NoLogit::Collinear(column)) => {
                        Err(DmlError::Collinear(column.saturating_sub(1)))
                    }
                    Err(source) => Err(DmlError::Score { fold, source }),
                }
            })
            .collect();
        let coefficients: Vec<Result<DVector<f64>, f64>> =
            coefficients.into_iter().collect::<Result<_, _>>()?;
        let rows = (0..n).map(|row| match &coefficients[self.folds[row]] {
            Ok(own) => {
                let index: f64 = (0..width).map(|at| self.x[(row, at)] * own[at]).sum();
                1.0 / (1.0 + (-index).exp())
            }
            Err(alike) => *alike,
        });
        Ok(rows.collect())
    }
}

fn parts_clusters(clusters: Option<&[usize]>, folds: &[usize]) -> bool {
    let Some(clusters) = clusters else {
        return false;
    };
    let mut of_cluster = std::collections::BTreeMap::new();
    let mut rows = clusters.iter().zip(folds);
    clusters.len() != folds.len()
        || rows.any(|(cluster, fold)| *of_cluster.entry(*cluster).or_insert(*fold) != *fold)
}

fn standardised(covariates: &[&[f64]], n: usize) -> DMatrix<f64> {
    let mut x = DMatrix::from_element(n, covariates.len() + 1, 1.0);
    for (at, column) in covariates.iter().enumerate() {
        let mean = column.iter().sum::<f64>() / n as f64;
        let squares: f64 = column.iter().map(|own| (own - mean).powi(2)).sum();
        let deviation = (squares / n as f64).sqrt();
        // A constant column is a multiple of the constant and is named as such.
        let is_constant = deviation <= 1e-12 * mean.abs() || deviation == 0.0;
        for (row, value) in column.iter().enumerate() {
            x[(row, at + 1)] = if is_constant {
                1.0
            } else {
                (value - mean) / deviation
            };
        }
    }
    x
}
