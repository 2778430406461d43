//! The shortest confidence interval of fixed length under smoothness (section 4.1 of Rambachan and Roth; Armstrong and Kolesár 2018).

use nalgebra::{DMatrix, DVector};

use super::{EventStudy, NoInterval, Question, study};
use crate::distribution;

/// An interval of fixed length around an affine estimator.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedLength {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// The estimate in its middle.
    pub estimate: f64,
    /// The weight of each coefficient in the estimate.
    pub weights: Vec<f64>,
    /// Its standard error.
    pub standard_error: f64,
    /// The largest bias that the restriction allows.
    pub worst_bias: f64,
}

/// The shortest interval `v'β ± χ` that covers `θ` when second differences of the trends are at most `bound`.
///
/// The bias of `v'β` is `Σ_j u_j Δ²_j`, with `u` the second sums of the weights, as long as a straight line is taken out; its worst is `M Σ|u_j|`.
/// The length `σ cv(M Σ|u| / σ)` grows in the variance and in the bias, so that its minimum lies on the path of `min σ²/2 + μ Σ|u|`, which is followed from corner to corner, and searched on each stretch.
///
/// # Errors
/// [`NoInterval`] when the question does not fit the study.
pub fn fixed_length(
    study: &EventStudy,
    question: &Question,
    bound: f64,
) -> Result<FixedLength, NoInterval> {
    study.check(question)?;
    study::check_bound(bound)?;
    let problem = Problem::new(study, &question.weights);
    let corners = problem.path(study.covariance())?;
    let half = |sums: &DVector<f64>| {
        let deviation = problem.deviation(study, sums);
        let bias = bound * problem.bias(sums);
        deviation * folded_normal_quantile(bias / deviation, question.alpha)
    };
    let mut best = corners[0].clone();
    let mut length = half(&best);
    for pair in corners.windows(2) {
        let on_it = |part: f64| &pair[0] + (&pair[1] - &pair[0]) * part;
        let part = golden(|part| half(&on_it(part)));
        for part in [part, 1.0] {
            let own = half(&on_it(part));
            if own < length {
                (best, length) = (on_it(part), own);
            }
        }
    }
    let weights = problem.weights(&best);
    let estimate = study.value(&weights);
    Ok(FixedLength {
        lower: estimate - length,
        upper: estimate + length,
        estimate,
        standard_error: problem.deviation(study, &best),
        worst_bias: bound * problem.bias(&best),
        weights: weights.iter().copied().collect(),
    })
}

/// `cv_α(t)`: the `1 - alpha` quantile of `|N(t, 1)|`.
pub fn folded_normal_quantile(t: f64, alpha: f64) -> f64 {
    let t = t.abs();
    let outside = |x: f64| distribution::normal(t - x) + distribution::normal(-x - t);
    let mut low = t + distribution::normal_quantile(1.0 - alpha);
    let mut high = t + distribution::normal_quantile(1.0 - alpha / 2.0);
    low = low.max(0.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if middle == low || middle == high {
            break;
        }
        match outside(middle) > alpha {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}

/// Where a function with one valley is smallest between zero and one.
fn golden(function: impl Fn(f64) -> f64) -> f64 {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (0.0, 1.0);
    let mut left = high - ratio * (high - low);
    let mut right = low + ratio * (high - low);
    let (mut at_left, mut at_right) = (function(left), function(right));
    for _ in 0..60 {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = function(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = function(right);
        }
    }
    0.5 * (low + high)
}

/// The estimators without a straight line in their bias: `v = fixed + turn u`.
struct Problem {
    fixed: DVector<f64>,
    turn: DMatrix<f64>,
    /// The part of the bias that no choice before the start changes.
    bias_after: f64,
}

impl Problem {
    fn new(study: &EventStudy, weights: &[f64]) -> Problem {
        let (before, after) = (study.before(), study.after());
        let sum_after = |from: usize| -> f64 {
            let later = weights.iter().enumerate().skip(from);
            later.map(|(at, own)| (at + 1 - from) as f64 * own).sum()
        };
        // The weights before the start are second differences of u, from the reference period backwards; u at the reference is given.
        let place = |distance: usize| before - distance;
        let pattern = |sum: usize| {
            let mut vector = DVector::zeros(before + after);
            for (distance, factor) in [(sum + 1, 1.0), (sum, -2.0), (sum.wrapping_sub(1), 1.0)] {
                if (1..=before).contains(&distance) {
                    vector[place(distance)] = factor;
                }
            }
            vector
        };
        let mut fixed = study.contrast(weights);
        fixed.axpy(sum_after(0), &pattern(0), 1.0);
        let columns: Vec<DVector<f64>> = (1..before).map(pattern).collect();
        let turn = DMatrix::from_fn(before + after, before - 1, |row, column| {
            columns[column][row]
        });
        Problem {
            fixed,
            turn,
            bias_after: (0..after).map(|from| sum_after(from).abs()).sum(),
        }
    }

    fn weights(&self, sums: &DVector<f64>) -> DVector<f64> {
        &self.fixed + &self.turn * sums
    }

    fn deviation(&self, study: &EventStudy, sums: &DVector<f64>) -> f64 {
        let weights = self.weights(sums);
        study.product(&weights, &weights).max(0.0).sqrt()
    }

    fn bias(&self, sums: &DVector<f64>) -> f64 {
        self.bias_after + sums.iter().map(|own| own.abs()).sum::<f64>()
    }

    /// The corners of the path of `min σ²/2 + μ Σ|u|` from no bias before the start to the least variance (Osborne, Presnell and Turlach 2000).
    fn path(&self, covariance: &DMatrix<f64>) -> Result<Vec<DVector<f64>>, NoInterval> {
        let curvature = self.turn.transpose() * covariance * &self.turn;
        let slope = self.turn.transpose() * (covariance * &self.fixed);
        let count = slope.len();
        let mut corners = vec![DVector::zeros(count)];
        if count == 0 {
            return Ok(corners);
        }
        let mut penalty = slope.amax();
        let mut active: Vec<(usize, f64)> = Vec::new();
        let mut event = Event::Enters(slope.iamax(), -slope[slope.iamax()].signum());
        // Each stretch has its own set and signs; far more than were ever seen.
        for _ in 0..100 * (count + 1) {
            let changed = match event {
                Event::Enters(at, sign) => {
                    active.push((at, sign));
                    at
                }
                Event::Leaves(at) => {
                    active.retain(|own| own.0 != at);
                    at
                }
            };
            let stretch = Stretch::new(&curvature, &slope, &active)?;
            let next = stretch.next_event(&curvature, &slope, &active, penalty, changed);
            penalty = next.map_or(0.0, |(penalty, _)| penalty);
            corners.push(stretch.at(count, &active, penalty));
            match next {
                Some((_, following)) => event = following,
                None => return Ok(corners),
            }
        }
        Err(NoInterval::Singular)
    }
}

#[derive(Clone, Copy)]
enum Event {
    Enters(usize, f64),
    Leaves(usize),
}

/// `u = start + μ along` on the active coordinates.
struct Stretch {
    start: DVector<f64>,
    along: DVector<f64>,
}

impl Stretch {
    fn new(
        curvature: &DMatrix<f64>,
        slope: &DVector<f64>,
        active: &[(usize, f64)],
    ) -> Result<Stretch, NoInterval> {
        let inner = DMatrix::from_fn(active.len(), active.len(), |row, column| {
            curvature[(active[row].0, active[column].0)]
        });
        let factor = inner.cholesky().ok_or(NoInterval::Singular)?;
        let start = -factor.solve(&DVector::from_fn(active.len(), |at, _| slope[active[at].0]));
        let along = -factor.solve(&DVector::from_fn(active.len(), |at, _| active[at].1));
        Ok(Stretch { start, along })
    }

    fn at(&self, count: usize, active: &[(usize, f64)], penalty: f64) -> DVector<f64> {
        let mut sums = DVector::zeros(count);
        for (own, (at, _)) in active.iter().enumerate() {
            sums[*at] = self.start[own] + penalty * self.along[own];
        }
        sums
    }

    /// The largest penalty below the present one at which a coordinate becomes active or zero.
    fn next_event(
        &self,
        curvature: &DMatrix<f64>,
        slope: &DVector<f64>,
        active: &[(usize, f64)],
        penalty: f64,
        changed: usize,
    ) -> Option<(f64, Event)> {
        let mut next: Option<(f64, Event)> = None;
        let mut consider = |at: usize, place: f64, event: Event| {
            // What has just changed sits on its own corner.
            let highest = if at == changed {
                penalty * (1.0 - 1e-9)
            } else {
                penalty
            };
            let is_later = next.is_none_or(|(known, _)| place > known);
            if place > 0.0 && place <= highest && is_later {
                next = Some((place, event));
            }
        };
        for (own, (at, _)) in active.iter().enumerate() {
            consider(*at, -self.start[own] / self.along[own], Event::Leaves(*at));
        }
        for at in (0..slope.len()).filter(|at| active.iter().all(|own| own.0 != *at)) {
            let coupled = |part: &DVector<f64>| -> f64 {
                let pairs = active.iter().zip(part.iter());
                pairs
                    .map(|(own, value)| curvature[(at, own.0)] * value)
                    .sum()
            };
            let (fixed, turn) = (slope[at] + coupled(&self.start), coupled(&self.along));
            // The gradient `fixed + turn μ` reaches ±μ; a positive gradient pushes the coordinate down.
            consider(at, fixed / (1.0 - turn), Event::Enters(at, -1.0));
            consider(at, -fixed / (1.0 + turn), Event::Enters(at, 1.0));
        }
        next
    }
}
