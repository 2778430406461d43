//! The inequalities of a restriction, with what is not of interest already profiled out.
//!
//! Under the null there is a `τ` after the start with `l'τ = θ` that meets `A(β - τ) ≤ d` in expectation.
//! The test statistic of Andrews, Roth and Pakes is a linear program; by duality it is the largest of `γ'(Aβ - d) - (γ'A_post)τ` over the vertices of `{γ ≥ 0, γ'σ = 1, γ'A_post a multiple of l'}`.
//! Here `A` has two rows `±r_t - m` for each period after the start, where the `r_t` are differences and `m` the bound: `γ⁺ - γ⁻ = λc` with `c` the one solution of `Σ c_t r_t = l` after the start.
//! The vertices can thus be written down: one with `λ > 0`, one with `λ < 0`, and for each period one with `λ = 0`, equal on its two rows.
//! No linear program is left to solve, and every moment is a combination of two numbers: the contrast `q'β`, `q = Σ c_t r_t`, and the bound `m'β`.

use nalgebra::DVector;

use super::{Direction, EventStudy, NoInterval};

/// A vertex of the dual: `contrast (q'β - θ) + bound (m'β) - limit`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub(super) contrast: f64,
    pub(super) bound: f64,
    pub(super) limit: f64,
}

/// The inequalities as the vertices of their dual.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    pub(super) vertices: Vec<Vertex>,
    /// `(q'β, m'β)`.
    pub(super) observed: [f64; 2],
    /// The variances of the contrast and of the bound, and their covariance.
    pub(super) variance: [f64; 2],
    pub(super) covariance: f64,
}

/// A difference of `δ` over consecutive periods that ends in the `end`-th coefficient of the whole line, the reference period included.
fn difference(study: &EventStudy, end: usize, pattern: &[f64]) -> DVector<f64> {
    let mut vector = DVector::zeros(study.before() + study.after());
    for (back, factor) in pattern.iter().enumerate() {
        let place = (end + 1).checked_sub(back + 1);
        match place {
            Some(place) if place < study.before() => vector[place] += factor,
            // The reference period itself is zero.
            Some(place) if place > study.before() => vector[place - 1] += factor,
            _ => {}
        }
    }
    vector
}

/// `Δ^SD(M)`: second differences of at most `limit`.
pub(super) fn smoothness(
    study: &EventStudy,
    weights: &[f64],
    limit: f64,
) -> Result<Moments, NoInterval> {
    let nothing = DVector::zeros(study.before() + study.after());
    moments(study, weights, &[1.0, -2.0, 1.0], &nothing, limit)
}

/// A polyhedron of `Δ^RM(M̄)`: first differences of at most `bound` times the step from place `step` of the line to the next.
pub(super) fn relative_magnitude(
    study: &EventStudy,
    weights: &[f64],
    bound: f64,
    step: usize,
    direction: Direction,
) -> Result<Moments, NoInterval> {
    let signed = match direction {
        Direction::Up => bound,
        Direction::Down => -bound,
    };
    let largest = difference(study, step + 1, &[signed, -signed]);
    moments(study, weights, &[1.0, -1.0], &largest, 0.0)
}

fn moments(
    study: &EventStudy,
    weights: &[f64],
    pattern: &[f64],
    bound: &DVector<f64>,
    limit: f64,
) -> Result<Moments, NoInterval> {
    let (before, after) = (study.before(), study.after());
    let rows: Vec<DVector<f64>> = (0..after)
        .map(|period| difference(study, before + 1 + period, pattern))
        .collect();
    // The part of the rows after the start is triangular with ones: solved from the last period backwards.
    let mut coefficients = vec![0.0; after];
    for period in (0..after).rev() {
        let later =
            (period + 1..after).map(|later| coefficients[later] * rows[later][before + period]);
        coefficients[period] = weights[period] - later.sum::<f64>();
    }
    let contrast = rows
        .iter()
        .zip(&coefficients)
        .fold(DVector::zeros(before + after), |sum, (row, coefficient)| {
            sum + row * *coefficient
        });
    let variance = [
        study.product(&contrast, &contrast),
        study.product(bound, bound).max(0.0),
    ];
    Ok(Moments {
        vertices: vertices(study, &rows, &coefficients, bound, limit)?,
        observed: [study.value(&contrast), study.value(bound)],
        covariance: study.product(&contrast, bound),
        variance,
    })
}

fn vertices(
    study: &EventStudy,
    rows: &[DVector<f64>],
    coefficients: &[f64],
    bound: &DVector<f64>,
    limit: f64,
) -> Result<Vec<Vertex>, NoInterval> {
    let deviation = |row: &DVector<f64>, sign: f64| {
        let moment = row * sign - bound;
        study.product(&moment, &moment).max(0.0).sqrt()
    };
    let deviations: Vec<[f64; 2]> = rows
        .iter()
        .map(|row| [deviation(row, 1.0), deviation(row, -1.0)])
        .collect();
    let total: f64 = coefficients.iter().map(|own| own.abs()).sum();
    let mut vertices = Vec::with_capacity(rows.len() + 2);
    for sign in [1.0, -1.0] {
        let weighted = coefficients.iter().zip(&deviations);
        let norm: f64 = weighted
            .map(|(own, [up, down])| own.abs() * if sign * own > 0.0 { up } else { down })
            .sum();
        vertices.push(Vertex {
            contrast: sign / norm,
            bound: -total / norm,
            limit: total * limit / norm,
        });
    }
    let used = coefficients.iter().filter(|own| **own != 0.0).count();
    for (coefficient, [up, down]) in coefficients.iter().zip(&deviations) {
        // Between the two vertices above when theirs is the only period: no vertex of its own.
        if used == 1 && *coefficient != 0.0 {
            continue;
        }
        vertices.push(Vertex {
            contrast: 0.0,
            bound: -2.0 / (up + down),
            limit: 2.0 * limit / (up + down),
        });
    }
    let is_usable = |vertex: &Vertex| vertex.contrast.is_finite() && vertex.bound.is_finite();
    match vertices.iter().all(is_usable) {
        true => Ok(vertices),
        false => Err(NoInterval::NoVariance),
    }
}

impl Moments {
    /// The moment of a vertex at a value of `θ`.
    pub(super) fn value(&self, vertex: &Vertex, theta: f64) -> f64 {
        vertex.contrast * (self.observed[0] - theta) + vertex.bound * self.observed[1]
            - vertex.limit
    }

    /// The covariance of two moments.
    pub(super) fn product(&self, left: &Vertex, right: &Vertex) -> f64 {
        left.contrast * right.contrast * self.variance[0]
            + left.bound * right.bound * self.variance[1]
            + (left.contrast * right.bound + left.bound * right.contrast) * self.covariance
    }
}
