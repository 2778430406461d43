//! The range of the effect over all weights that follow the treated unit almost as well as the best ones.
//!
//! Least and largest `l'w` over the simplex with `‖Dw‖² ≤ limit`: a convex problem.
//! Its border is swept by the weights that minimise `‖Dw‖² + k (l'w - c)²`, `c` the least `l` of any donor: as `k` grows the effect falls and the loss rises, so the `k` at the limit is found by bisection, each step solved exactly.

use nalgebra::{DMatrix, DVector};

use super::control::{Fit, NoSynthetic, Study};
use super::simplex::{Active, Gram};

/// The effects that weights of almost equal fit give.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRange {
    /// The least mean effect.
    pub lowest: f64,
    /// The largest mean effect.
    pub highest: f64,
    /// The weights of the least.
    pub lowest_weights: Vec<f64>,
    /// The weights of the largest.
    pub highest_weights: Vec<f64>,
    /// The mean squared error that was allowed.
    pub loss_allowed: f64,
    /// How far the two ends can be from the true ones at most, by Lagrange's bound.
    pub gap: f64,
}

/// The range of the mean effect over all weights whose loss in the periods of the fit is at most `1 + slack` times that of `fit`.
///
/// A loss within rounding of zero allows `1e-10` of the mean square of donors less treated.
///
/// # Errors
/// [`NoSynthetic::Argument`] when the slack is negative or no number.
pub fn of_effect(study: &Study, fit: &Fit, slack: f64) -> Result<EffectRange, NoSynthetic> {
    if !slack.is_finite() || slack < 0.0 {
        return Err(NoSynthetic::Argument("slack of the loss"));
    }
    let differences = study.differences(&study.fit);
    let periods = differences.nrows() as f64;
    let tiny = 1e-10 * differences.norm_squared() / differences.ncols() as f64;
    let best = fit.loss * periods;
    let limit = (best * (1.0 + slack)).max(tiny);
    let effects = study.effects();
    let opposite: Vec<f64> = effects.iter().map(|own| -own).collect();
    let low = least(&differences, &effects, limit, &fit.weights);
    let high = least(&differences, &opposite, limit, &fit.weights);
    Ok(EffectRange {
        lowest: low.value,
        highest: -high.value,
        lowest_weights: low.weights,
        highest_weights: high.weights,
        loss_allowed: limit / periods,
        gap: low.gap.max(high.gap),
    })
}

struct End {
    value: f64,
    weights: Vec<f64>,
    gap: f64,
}

/// The least `l'w` over the simplex with a bounded loss; `known` keeps the bound.
fn least(differences: &DMatrix<f64>, linear: &[f64], limit: f64, known: &[f64]) -> End {
    let floor = linear.iter().copied().fold(f64::INFINITY, f64::min);
    let row: Vec<f64> = linear.iter().map(|own| own - floor).collect();
    let most = row.iter().copied().fold(0.0, f64::max);
    let loss = |weights: &[f64]| (differences * DVector::from_column_slice(weights)).norm_squared();
    let value = |weights: &[f64]| -> f64 { linear.iter().zip(weights).map(|(l, w)| l * w).sum() };
    let mut inside = End {
        value: value(known),
        weights: known.to_vec(),
        gap: 0.0,
    };
    if most <= 0.0 {
        return inside;
    }
    if let Some(end) = free_end(differences, &row, linear, limit) {
        return end;
    }
    let gram = Gram::of(differences, 0.0);
    let scale = gram.values.iter().copied().fold(0.0, f64::max) / (most * most);
    let (mut low, mut high) = (-36.0_f64, 36.0_f64);
    let mut outside: Option<Vec<f64>> = None;
    let mut start: Vec<usize> = Vec::new();
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        let active: Active = gram.plus(&row, scale * middle.exp()).solve(&start);
        let weights = active.weights(row.len());
        start = active.columns;
        match loss(&weights) <= limit {
            true => {
                low = middle;
                if value(&weights) < inside.value {
                    inside.value = value(&weights);
                    inside.weights = weights;
                }
            }
            false => {
                high = middle;
                outside = Some(weights);
            }
        }
    }
    if let Some(outside) = outside {
        let mixed = up_to_limit(differences, &inside.weights, &outside, limit);
        if value(&mixed) < inside.value {
            inside.value = value(&mixed);
            inside.weights = mixed;
        }
    }
    inside.gap = bound(differences, linear, limit, &inside, &row, scale * low.exp());
    inside
}

/// The donor, or the mixture of donors with the least effect, when its fit is within the limit.
fn free_end(differences: &DMatrix<f64>, row: &[f64], linear: &[f64], limit: f64) -> Option<End> {
    let least: Vec<usize> = (0..row.len()).filter(|at| row[*at] <= 0.0).collect();
    let found = super::simplex::nearest(&differences.select_columns(&least), 0.0);
    let mut weights = vec![0.0; row.len()];
    for (at, own) in least.iter().zip(&found.weights) {
        weights[*at] = *own;
    }
    (found.loss <= limit).then(|| End {
        value: linear[least[0]],
        weights,
        gap: 0.0,
    })
}

/// The last point within the limit on the way from weights inside to weights outside.
fn up_to_limit(
    differences: &DMatrix<f64>,
    inside: &[f64],
    outside: &[f64],
    limit: f64,
) -> Vec<f64> {
    let start = differences * DVector::from_column_slice(inside);
    let way = differences * DVector::from_column_slice(outside) - &start;
    // ‖start + t way‖² = limit.
    let (a, b, c) = (
        way.norm_squared(),
        start.dot(&way),
        start.norm_squared() - limit,
    );
    let root = match a > 0.0 {
        true => ((b * b - a * c).max(0.0).sqrt() - b) / a,
        false => 1.0,
    };
    let t = match root.is_finite() {
        true => root.clamp(0.0, 1.0) * (1.0 - 1e-12),
        false => 0.0,
    };
    inside
        .iter()
        .zip(outside)
        .map(|(from, to)| from + t * (to - from))
        .collect()
}

/// How much lower the true end can be: `l'w` less the least over the simplex of `l'v + m (‖Dv‖² - limit)`, with the multiplier `m` of the sweep and the tangent in the place of the square.
fn bound(
    differences: &DMatrix<f64>,
    linear: &[f64],
    limit: f64,
    end: &End,
    row: &[f64],
    factor: f64,
) -> f64 {
    let reach: f64 = row.iter().zip(&end.weights).map(|(own, w)| own * w).sum();
    let multiplier = 1.0 / (2.0 * factor * reach);
    if !multiplier.is_finite() {
        return f64::INFINITY;
    }
    let point = differences * DVector::from_column_slice(&end.weights);
    let square = point.norm_squared();
    let tangent = (0..linear.len())
        .map(|at| {
            linear[at] + multiplier * (2.0 * differences.column(at).dot(&point) - square - limit)
        })
        .fold(f64::INFINITY, f64::min);
    (end.value - tangent).max(0.0)
}
