//! The effect among the matched, with the standard error that fits the matching.

use nalgebra::{DMatrix, DVector};

use super::{Estimand, MatchError, Matched, Metric, Stratified, check};
use crate::dense;

/// An effect among the matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Clusters, or rows where each counts for itself.
    pub clusters: usize,
}

/// The weighted difference of means.
///
/// # Errors
/// [`MatchError`] for values that are no numbers, or a group without weight.
pub fn difference(
    outcome: &[f64],
    is_treated: &[bool],
    weights: &[f64],
) -> Result<f64, MatchError> {
    check(is_treated, &[outcome, weights])?;
    let mean = |wanted: bool| {
        let rows = outcome.iter().zip(weights).zip(is_treated);
        let (total, sum) = rows
            .filter(|(_, is_treated)| **is_treated == wanted)
            .fold((0.0, 0.0), |(total, sum), ((value, weight), _)| {
                (total + weight, sum + value * weight)
            });
        (total > 0.0).then(|| sum / total)
    };
    match (mean(true), mean(false)) {
        (Some(treated), Some(others)) => Ok(treated - others),
        _ => Err(MatchError::NobodyMatched),
    }
}

/// The clusters of matched people: pairs with their partners, without replacement.
impl Matched {
    /// The cluster of each row, by the focal person; nothing where partners serve more than once.
    pub fn clusters(&self) -> Option<Vec<Option<usize>>> {
        if self.with_replacement {
            return None;
        }
        let mut clusters = vec![None; self.weights.len()];
        for pair in &self.pairs {
            clusters[pair.focal] = Some(pair.focal);
            clusters[pair.partner] = Some(pair.focal);
        }
        Some(clusters)
    }
}

impl Stratified {
    /// How many treated and others each stratum has.
    pub fn sizes(&self, is_treated: &[bool]) -> Vec<(usize, usize)> {
        let mut sizes = vec![(0, 0); self.count];
        for (stratum, is_treated) in self.strata.iter().zip(is_treated) {
            match (stratum, is_treated) {
                (Some(stratum), true) => sizes[*stratum].0 += 1,
                (Some(stratum), false) => sizes[*stratum].1 += 1,
                (None, _) => {}
            }
        }
        sizes
    }
}

/// The coefficient of the treatment in a weighted regression of the outcome on it and covariates among the matched.
///
/// The standard error is clustered by pair (Abadie and Spiess 2022) where `clusters` are given, with the factor `G/(G-1) (n-1)/(n-k)` of `sandwich::vcovCL`; else robust to unequal variances with `n/(n-k)` (HC1).
///
/// # Errors
/// [`MatchError`] for values that are no numbers, collinear covariates or too few people.
pub fn adjusted(
    outcome: &[f64],
    is_treated: &[bool],
    covariates: &[&[f64]],
    weights: &[f64],
    clusters: Option<&[Option<usize>]>,
) -> Result<Effect, MatchError> {
    check(is_treated, covariates)?;
    check(is_treated, &[outcome, weights])?;
    let kept: Vec<usize> = (0..weights.len())
        .filter(|row| weights[*row] > 0.0)
        .collect();
    let columns = covariates.len() + 2;
    if kept.len() <= columns {
        return Err(MatchError::TooFew);
    }
    let x = DMatrix::from_fn(kept.len(), columns, |row, column| match column {
        0 => 1.0,
        1 => f64::from(u8::from(is_treated[kept[row]])),
        column => covariates[column - 2][kept[row]],
    });
    let slices: Vec<Vec<f64>> = x
        .column_iter()
        .map(|own| own.iter().copied().collect())
        .collect();
    let slices: Vec<&[f64]> = slices.iter().map(Vec::as_slice).collect();
    let independent = dense::independent(&slices, dense::COLLINEAR);
    if let Some(column) = (0..columns).find(|column| !independent.contains(column)) {
        return Err(match column {
            0 | 1 => MatchError::NobodyMatched,
            column => MatchError::Collinear(column - 2),
        });
    }
    let y = DVector::from_fn(kept.len(), |row, _| outcome[kept[row]]);
    let own: Vec<f64> = kept.iter().map(|row| weights[*row]).collect();
    let fit = dense::least_squares(&x, &y, Some(&own)).ok_or(MatchError::TooFew)?;
    let groups: Vec<usize> = kept
        .iter()
        .map(|row| clusters.and_then(|clusters| clusters[*row]).unwrap_or(*row))
        .collect();
    let mut sums: std::collections::BTreeMap<usize, f64> = std::collections::BTreeMap::new();
    for (row, group) in groups.iter().enumerate() {
        let along: f64 = (0..columns)
            .map(|at| fit.bread[(1, at)] * x[(row, at)])
            .sum();
        *sums.entry(*group).or_insert(0.0) += along * own[row] * fit.residuals[row];
    }
    let (n, k, g) = (kept.len() as f64, columns as f64, sums.len() as f64);
    if sums.len() < 2 {
        return Err(MatchError::TooFew);
    }
    let factor = match clusters {
        Some(_) => g / (g - 1.0) * (n - 1.0) / (n - k),
        None => n / (n - k),
    };
    let variance: f64 = sums.values().map(|own| own * own).sum();
    Ok(Effect {
        estimate: fit.coefficients[1],
        standard_error: (factor * variance).sqrt(),
        clusters: sums.len(),
    })
}

/// The effect from matching with replacement, with the standard error of Abadie and Imbens ("Large sample properties of matching estimators", Econometrica 2006, theorem 7).
///
/// The variance of the outcome given the covariates comes from the nearest of one's own group, as many as there are matches.
/// That the score was estimated is not counted (their paper of 2016).
///
/// # Errors
/// [`MatchError`] for values that are no numbers or fewer than two matched.
pub fn abadie_imbens(
    outcome: &[f64],
    is_treated: &[bool],
    score: Option<&[f64]>,
    metric: Metric<'_>,
    matched: &Matched,
) -> Result<Effect, MatchError> {
    check(is_treated, &[outcome])?;
    let mut partners: Vec<Vec<usize>> = vec![Vec::new(); outcome.len()];
    for pair in &matched.pairs {
        partners[pair.focal].push(pair.partner);
    }
    let focal: Vec<usize> = (0..outcome.len())
        .filter(|row| !partners[*row].is_empty())
        .collect();
    if focal.len() < 2 {
        return Err(MatchError::TooFew);
    }
    let n = focal.len() as f64;
    let gap = |row: usize| {
        let own = &partners[row];
        outcome[row] - own.iter().map(|own| outcome[*own]).sum::<f64>() / own.len() as f64
    };
    let mean = focal.iter().map(|row| gap(*row)).sum::<f64>() / n;
    let mut variance: f64 = focal.iter().map(|row| (gap(*row) - mean).powi(2)).sum();
    let (mut uses, mut squares) = (vec![0.0; outcome.len()], vec![0.0; outcome.len()]);
    for row in &focal {
        let share = 1.0 / partners[*row].len() as f64;
        for partner in &partners[*row] {
            uses[*partner] += share;
            squares[*partner] += share * share;
        }
    }
    let neighbours = focal
        .iter()
        .map(|row| partners[*row].len())
        .max()
        .unwrap_or(1);
    let group = matches!(matched.estimand, Estimand::Atc);
    let peers: Vec<usize> = (0..outcome.len())
        .filter(|row| is_treated[*row] == group)
        .collect();
    let apart = |one: usize, other: usize| match (metric, score) {
        (Metric::Mahalanobis(distance), _) => distance.squared(one, other),
        (Metric::Score, Some(score)) => (score[one] - score[other]).abs(),
        (Metric::Score, None) => 0.0,
    };
    for row in peers.iter().copied().filter(|row| uses[*row] > 0.0) {
        let excess = uses[row] * uses[row] - squares[row];
        if excess > 0.0 {
            variance += excess * local_variance(row, &peers, neighbours, outcome, apart);
        }
    }
    let sign = if group { -1.0 } else { 1.0 };
    Ok(Effect {
        estimate: sign * mean,
        standard_error: variance.sqrt() / n,
        clusters: focal.len(),
    })
}

/// `J/(J+1) (y - mean of the J nearest)²`.
fn local_variance(
    row: usize,
    peers: &[usize],
    neighbours: usize,
    outcome: &[f64],
    apart: impl Fn(usize, usize) -> f64,
) -> f64 {
    let others = peers.iter().copied().filter(|own| *own != row);
    let mut near: Vec<(f64, usize)> = others.map(|own| (apart(row, own), own)).collect();
    let count = neighbours.min(near.len());
    if count == 0 {
        return 0.0;
    }
    let order = |one: &(f64, usize), other: &(f64, usize)| {
        one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
    };
    near.select_nth_unstable_by(count - 1, order);
    near.truncate(count);
    near.sort_by(order);
    let j = count as f64;
    let mean = near.iter().map(|(_, own)| outcome[*own]).sum::<f64>() / j;
    j / (j + 1.0) * (outcome[row] - mean).powi(2)
}
