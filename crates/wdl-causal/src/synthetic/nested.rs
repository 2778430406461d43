//! The search for the importance `V` of predictors: the outer problem of synthetic control.
//!
//! The inner problem is solved exactly at every step, so that its slope with respect to `ln V` is known from the optimality conditions of the active set; the outer one has many local minima and edges, so it is started from many places, all fixed: equal shares, shares by regression (Abadie, Diamond and Hainmueller 2011), those under which the best weights of the outcome come nearest to being chosen, every single predictor, and points of a low-discrepancy sequence.
//! The best places are then crossed, moved and followed down again (`renewal`).
//! Where some importance chooses the weights that follow the outcome best, they are the outer optimum, with proof; otherwise no method proves it, and the answer gives beside it the floor that no weights pass.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::control::{Importance, NoSynthetic};
use super::simplex::{self, Active, Certificate, Cholesky, Gram};

/// How long to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Points of the low-discrepancy sequence tried beside the named starts.
    pub starts: usize,
    /// The best starts from which the slope is followed.
    pub descents: usize,
    /// The best descents finished without slopes.
    pub polished: usize,
    /// Rounds at most in which the best places are crossed and moved.
    pub rounds: usize,
}

impl Default for Search {
    fn default() -> Self {
        Search {
            starts: 1000,
            descents: 64,
            polished: 8,
            rounds: 24,
        }
    }
}

/// Places that are renewed.
const POOL: usize = 16;
/// Importances below this share of the largest count no further.
pub(super) const FLOOR_LOG: f64 = -20.0;

pub(super) struct Found {
    pub(super) weights: Vec<f64>,
    pub(super) certificate: Certificate,
    pub(super) importance: Importance,
}

/// One importance tried.
#[derive(Clone)]
pub(super) struct Trial {
    pub(super) logs: Vec<f64>,
    pub(super) loss: f64,
    active: Active,
}

pub(super) struct Problem {
    /// Scaled predictors, donors less treated.
    rows: DMatrix<f64>,
    /// The same, row after row.
    flat: Vec<Vec<f64>>,
    /// Inner products of the outcomes, over the periods.
    outcome: Gram,
}

/// Searches the importance of the predictors; `table` has the treated unit last.
pub(super) fn search(
    table: &DMatrix<f64>,
    outcome: &DMatrix<f64>,
    search: &Search,
) -> Result<Found, NoSynthetic> {
    let scales: Vec<f64> = table.row_iter().map(|row| deviation(row.iter())).collect();
    let varying: Vec<usize> = (0..scales.len()).filter(|at| scales[*at] > 0.0).collect();
    if varying.is_empty() {
        return Err(NoSynthetic::ConstantPredictors);
    }
    let last = table.ncols() - 1;
    let rows = DMatrix::from_fn(varying.len(), last, |row, column| {
        let from = varying[row];
        (table[(from, column)] - table[(from, last)]) / scales[from]
    });
    let mut gram = Gram::of(outcome, 0.0);
    let periods = outcome.nrows() as f64;
    gram.values.iter_mut().for_each(|value| *value /= periods);
    let problem = Problem {
        flat: rows
            .row_iter()
            .map(|row| row.iter().copied().collect())
            .collect(),
        rows,
        outcome: gram,
    };
    let mut shares = vec![0.0; scales.len()];
    let (nearest, evaluations, is_undetermined) = match problem.inside(outcome) {
        Some(nearest) => {
            varying
                .iter()
                .for_each(|at| shares[*at] = 1.0 / varying.len() as f64);
            (nearest, 1, true)
        }
        None => {
            let (best, evaluations) = problem.best(table, outcome, &varying, &scales, search);
            let importance = exponentials(&best.logs);
            let sum: f64 = importance.iter().sum();
            for (at, own) in varying.iter().zip(&importance) {
                shares[*at] = own / sum;
            }
            (problem.finish(&importance, best.active), evaluations, false)
        }
    };
    let synthetic = table.columns(0, last) * DVector::from_column_slice(&nearest.weights);
    let outside = |at: &usize| {
        let donors = table.row(*at);
        let donors = donors.columns(0, last);
        table[(*at, last)] < donors.min() || table[(*at, last)] > donors.max()
    };
    Ok(Found {
        importance: Importance {
            shares,
            balance: (0..table.nrows())
                .map(|at| (table[(at, last)], synthetic[at]))
                .collect(),
            constant: (0..scales.len()).filter(|at| scales[*at] <= 0.0).collect(),
            outside: varying.iter().copied().filter(outside).collect(),
            is_undetermined,
            evaluations,
        },
        weights: nearest.weights,
        certificate: nearest.certificate,
    })
}

/// The sample's standard deviation; zero when it is rounding.
fn deviation<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let largest = values
        .clone()
        .fold(0.0_f64, |most, own| most.max(own.abs()));
    let square: f64 = values.map(|own| (own - mean) * (own - mean)).sum();
    let deviation = (square / (count - 1.0)).sqrt();
    match deviation > 1e-12 * largest {
        true => deviation,
        false => 0.0,
    }
}

fn exponentials(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.iter()
        .map(|log| (log - most).max(FLOOR_LOG).exp())
        .collect()
}

impl Problem {
    /// Where mixtures of donors match every predictor, the importance is no matter; of those mixtures the outcome takes the best.
    fn inside(&self, outcome: &DMatrix<f64>) -> Option<simplex::Nearest> {
        let matched = simplex::nearest(&self.rows, 0.0);
        let longest = self
            .rows
            .column_iter()
            .map(|column| column.norm_squared())
            .fold(0.0, f64::max);
        if matched.loss > 1e-18 * longest {
            return None;
        }
        // The outcome enters so lightly that the predictors stay matched to eight digits.
        let factor = (1e-8 * self.rows.norm_squared() / outcome.norm_squared()).sqrt();
        let factor = match factor.is_finite() {
            true => factor,
            false => 0.0,
        };
        let both = self.rows.nrows() + outcome.nrows();
        let stacked = DMatrix::from_fn(both, outcome.ncols(), |row, column| {
            match row.checked_sub(self.rows.nrows()) {
                None => self.rows[(row, column)],
                Some(period) => factor * outcome[(period, column)],
            }
        });
        Some(simplex::nearest(&stacked, 0.0))
    }

    fn finish(&self, importance: &[f64], active: Active) -> simplex::Nearest {
        let mut rows = self.rows.clone();
        for (mut row, own) in rows.row_iter_mut().zip(importance) {
            row *= own.sqrt();
        }
        let gram = Gram::of(&rows, 0.0);
        simplex::finish(&gram, &rows, 0.0, active)
    }

    fn best(
        &self,
        table: &DMatrix<f64>,
        outcome: &DMatrix<f64>,
        varying: &[usize],
        scales: &[f64],
        search: &Search,
    ) -> (Trial, usize) {
        let direct = simplex::nearest(outcome, 0.0);
        if let Some(logs) = self.chooses(&direct.weights) {
            let trial = self.trial(logs, &[]);
            if trial.loss * outcome.nrows() as f64 <= direct.loss * (1.0 + 1e-9) {
                return (trial, 1);
            }
        }
        let starts = self.starts(table, outcome, varying, scales, search.starts);
        let mut evaluations = starts.len();
        let mut tried: Vec<Trial> = starts
            .into_iter()
            .map(|logs| self.trial(logs, &[]))
            .collect();
        tried.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        tried.truncate(search.descents.max(1));
        let descended: Vec<(Trial, usize)> = tried
            .into_par_iter()
            .map(|trial| self.descend(trial))
            .collect();
        evaluations += descended.iter().map(|(_, own)| own).sum::<usize>();
        let mut descended: Vec<Trial> = descended.into_iter().map(|(trial, _)| trial).collect();
        descended.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        descended.dedup_by(|a, b| (a.loss - b.loss).abs() <= 1e-9 * b.loss);
        descended.truncate(POOL);
        let (mut descended, own) = self.renew(descended, search.rounds);
        evaluations += own;
        descended.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        descended.truncate(search.polished.max(1));
        let finished: Vec<(Trial, usize)> = descended
            .into_par_iter()
            .map(|trial| self.shrink(trial))
            .collect();
        evaluations += finished.iter().map(|(_, own)| own).sum::<usize>();
        let best = finished
            .into_iter()
            .map(|(trial, _)| trial)
            .reduce(|a, b| if b.loss < a.loss { b } else { a })
            .expect("there is a start");
        (best, evaluations)
    }

    fn gram(&self, logs: &[f64]) -> Gram {
        let size = self.outcome.size;
        let mut gram = Gram {
            size,
            values: vec![0.0; size * size],
        };
        for (row, own) in self.flat.iter().zip(exponentials(logs)) {
            gram.add(row, own);
        }
        gram
    }

    fn loss(&self, active: &Active) -> f64 {
        let mut loss = 0.0;
        for (at, share) in active.columns.iter().zip(&active.shares) {
            let row = self.outcome.row(*at);
            let pairs = active.columns.iter().zip(&active.shares);
            loss += share * pairs.map(|(other, own)| row[*other] * own).sum::<f64>();
        }
        loss
    }

    /// Scaled predictors, donors less treated.
    pub(super) fn rows(&self) -> &DMatrix<f64> {
        &self.rows
    }

    pub(super) fn trial(&self, logs: Vec<f64>, start: &[usize]) -> Trial {
        let active = self.gram(&logs).solve(start);
        Trial {
            loss: self.loss(&active),
            logs,
            active,
        }
    }

    /// The slope of the loss in the logarithms of the importance, on the active set: by the adjoint of its conditions `Gw = m e`, `e'w = 1`.
    fn slope(&self, trial: &Trial) -> Vec<f64> {
        let (columns, shares) = (&trial.active.columns, &trial.active.shares);
        let gram = self.gram(&trial.logs);
        let shift = columns
            .iter()
            .map(|at| gram.row(*at)[*at])
            .fold(1e-300, f64::max);
        let factor = Cholesky::of(columns.len(), |a, b| {
            gram.row(columns[a])[columns[b]] + shift
        });
        let Some(factor) = factor else {
            return vec![0.0; trial.logs.len()];
        };
        let mut adjoint: Vec<f64> = columns
            .iter()
            .map(|at| {
                let row = self.outcome.row(*at);
                columns
                    .iter()
                    .zip(shares)
                    .map(|(other, own)| row[*other] * own)
                    .sum()
            })
            .collect();
        factor.solve(&mut adjoint);
        let mut ones = vec![1.0; columns.len()];
        factor.solve(&mut ones);
        let tilt = adjoint.iter().sum::<f64>() / ones.iter().sum::<f64>();
        adjoint
            .iter_mut()
            .zip(&ones)
            .for_each(|(own, one)| *own -= tilt * one);
        let along = |row: &[f64], weights: &[f64]| -> f64 {
            columns
                .iter()
                .zip(weights)
                .map(|(at, own)| row[*at] * own)
                .sum()
        };
        self.flat
            .iter()
            .zip(exponentials(&trial.logs))
            .map(|(row, own)| -2.0 * own * along(row, &adjoint) * along(row, shares))
            .collect()
    }

    /// Quasi-Newton steps (Broyden, Fletcher, Goldfarb, Shanno), which also get along edges (Lewis and Overton 2013).
    pub(super) fn descend(&self, start: Trial) -> (Trial, usize) {
        let count = start.logs.len();
        let mut now = start;
        let mut evaluations = 0;
        let mut slope = DVector::from_vec(self.slope(&now));
        let mut inverse = DMatrix::<f64>::identity(count, count);
        let mut is_fresh = true;
        for _ in 0..120 {
            let mut way = -(&inverse * &slope);
            let size = way.amax();
            if size <= 0.0 || !size.is_finite() {
                break;
            }
            // No importance moves by more than a factor of about twenty at once.
            let mut length = match is_fresh {
                true => 1.0 / size,
                false => (3.0 / size).min(1.0),
            };
            let fall = slope.dot(&way);
            let mut next = None;
            for _ in 0..25 {
                let logs = clamped(&now.logs, &way, length);
                let trial = self.trial(logs, &now.active.columns);
                evaluations += 1;
                if trial.loss < now.loss + 1e-4 * length * fall {
                    next = Some(trial);
                    break;
                }
                length *= 0.4;
            }
            let Some(trial) = next else {
                if is_fresh {
                    break;
                }
                inverse = DMatrix::identity(count, count);
                is_fresh = true;
                continue;
            };
            let new_slope = DVector::from_vec(self.slope(&trial));
            let gained = now.loss - trial.loss;
            way = DVector::from_fn(count, |at, _| trial.logs[at] - now.logs[at]);
            update(&mut inverse, &way, &(&new_slope - &slope), is_fresh);
            is_fresh = false;
            slope = new_slope;
            now = trial;
            if gained <= 1e-13 * now.loss {
                break;
            }
        }
        (now, evaluations)
    }

    /// Nelder and Mead's simplex, restarted where it ends, with coefficients by dimension (Gao and Han 2012).
    fn shrink(&self, start: Trial) -> (Trial, usize) {
        let mut best = start;
        let mut evaluations = 0;
        for width in [1.0, -0.3, 0.05] {
            let before = best.loss;
            let (found, own) = self.shrink_once(best, width);
            evaluations += own;
            best = found;
            if before - best.loss <= 1e-12 * before && width < 0.0 {
                break;
            }
        }
        (best, evaluations)
    }

    fn shrink_once(&self, start: Trial, width: f64) -> (Trial, usize) {
        let count = start.logs.len();
        let n = count.max(2) as f64;
        let (reach, hold, fold) = (1.0 + 2.0 / n, 0.75 - 0.5 / n, 1.0 - 1.0 / n);
        let mut corners = vec![start];
        for at in 0..count {
            let mut way = DVector::zeros(count);
            way[at] = 1.0;
            let logs = clamped(&corners[0].logs, &way, width);
            corners.push(self.trial(logs, &corners[0].active.columns));
        }
        let mut evaluations = count;
        while evaluations < 150 * count + 100 {
            corners.sort_by(|a, b| a.loss.total_cmp(&b.loss));
            if corners[count].loss - corners[0].loss <= 1e-13 * corners[0].loss {
                break;
            }
            let mut centre = vec![0.0; count];
            for corner in &corners[..count] {
                for (sum, own) in centre.iter_mut().zip(&corner.logs) {
                    *sum += own / count as f64;
                }
            }
            let way = DVector::from_fn(count, |at, _| centre[at] - corners[count].logs[at]);
            let at = |length: f64| {
                self.trial(clamped(&centre, &way, length), &corners[0].active.columns)
            };
            let mirrored = at(1.0);
            evaluations += 2;
            let next = if mirrored.loss < corners[0].loss {
                let further = at(reach);
                if further.loss < mirrored.loss {
                    further
                } else {
                    mirrored
                }
            } else if mirrored.loss < corners[count - 1].loss {
                mirrored
            } else {
                let inner = at(if mirrored.loss < corners[count].loss {
                    hold
                } else {
                    -hold
                });
                match inner.loss < corners[count].loss.min(mirrored.loss) {
                    true => inner,
                    false => {
                        let base = corners[0].clone();
                        for corner in &mut corners[1..] {
                            let way =
                                DVector::from_fn(count, |at, _| corner.logs[at] - base.logs[at]);
                            *corner =
                                self.trial(clamped(&base.logs, &way, fold), &base.active.columns);
                        }
                        evaluations += count;
                        continue;
                    }
                }
            };
            corners[count] = next;
        }
        corners.sort_by(|a, b| a.loss.total_cmp(&b.loss));
        (corners.swap_remove(0), evaluations)
    }

    /// The importance under which the weights that follow the outcome best come nearest to being chosen: the conditions of their donors are linear in `V`.
    fn inverse(&self, outcome: &DMatrix<f64>) -> Vec<f64> {
        let best = simplex::nearest(outcome, 0.0).weights;
        let point = &self.rows * DVector::from_column_slice(&best);
        let used: Vec<usize> = (0..best.len()).filter(|at| best[*at] > 0.0).collect();
        let conditions = DMatrix::from_fn(used.len(), point.len(), |row, predictor| {
            let own = point[predictor];
            own * (self.rows[(predictor, used[row])] - own)
        });
        let shares = simplex::nearest(&conditions, 0.0).weights;
        shares.iter().map(|own| own.max(1e-6).ln()).collect()
    }

    fn starts(
        &self,
        table: &DMatrix<f64>,
        outcome: &DMatrix<f64>,
        varying: &[usize],
        scales: &[f64],
        sequence: usize,
    ) -> Vec<Vec<f64>> {
        let count = varying.len();
        let mut starts = vec![vec![0.0; count]];
        starts.extend(by_regression(table, outcome, varying, scales));
        starts.push(self.inverse(outcome));
        for at in 0..count {
            for rest in [-4.0, -10.0] {
                let mut logs = vec![rest; count];
                logs[at] = 0.0;
                starts.push(logs);
            }
        }
        for point in 1..=sequence {
            starts.push(
                (0..count)
                    .map(|at| -12.0 * halton(point, PRIMES[at % PRIMES.len()]))
                    .collect(),
            );
        }
        starts
    }
}

/// Shares by regression of the outcome of each period on the scaled predictors: the sums of squared coefficients.
fn by_regression(
    table: &DMatrix<f64>,
    outcome: &DMatrix<f64>,
    varying: &[usize],
    scales: &[f64],
) -> Option<Vec<f64>> {
    let last = table.ncols() - 1;
    let x = DMatrix::from_fn(
        table.ncols(),
        varying.len() + 1,
        |unit, column| match column {
            0 => 1.0,
            _ => table[(varying[column - 1], unit)] / scales[varying[column - 1]],
        },
    );
    let mut squares = vec![0.0; varying.len()];
    for period in 0..outcome.nrows() {
        // The treated unit's own level cancels in the slopes.
        let y = DVector::from_fn(table.ncols(), |unit, _| match unit == last {
            true => 0.0,
            false => outcome[(period, unit)],
        });
        let fit = crate::dense::least_squares(&x, &y, None)?;
        for (sum, own) in squares.iter_mut().zip(fit.coefficients.iter().skip(1)) {
            *sum += own * own;
        }
    }
    Some(squares.iter().map(|own| own.max(1e-12).ln()).collect())
}

fn clamped(from: &[f64], way: &DVector<f64>, length: f64) -> Vec<f64> {
    let moved: Vec<f64> = from
        .iter()
        .zip(way.iter())
        .map(|(own, step)| own + length * step)
        .collect();
    let most = moved.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    moved
        .iter()
        .map(|own| (own - most).max(FLOOR_LOG))
        .collect()
}

fn update(inverse: &mut DMatrix<f64>, step: &DVector<f64>, change: &DVector<f64>, is_fresh: bool) {
    let curvature = step.dot(change);
    if curvature <= 1e-14 * step.norm() * change.norm() {
        return;
    }
    if is_fresh {
        *inverse *= curvature / change.norm_squared();
    }
    let moved = &*inverse * change;
    let factor = (1.0 + change.dot(&moved) / curvature) / curvature;
    *inverse += step * step.transpose() * factor
        - (&moved * step.transpose() + step * moved.transpose()) / curvature;
}

const PRIMES: [usize; 20] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71,
];

/// A point of Halton's sequence.
fn halton(mut index: usize, base: usize) -> f64 {
    let (mut value, mut digit) = (0.0, 1.0);
    while index > 0 {
        digit /= base as f64;
        value += digit * (index % base) as f64;
        index /= base;
    }
    value
}
