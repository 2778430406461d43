//! The conditional test of Andrews, Roth and Pakes ("Inference for linear conditional moment inequalities", 2023), alone and after a least favourable first stage, inverted.

use super::moments::{Moments, Vertex};
use super::{Direction, End, NoInterval, Piece, Test};
use crate::distribution;

/// The values of `θ` that the test does not reject.
pub(super) fn invert(
    moments: &Moments,
    alpha: f64,
    test: Test,
    largest_step: Option<(usize, Direction)>,
) -> Result<Piece, NoInterval> {
    let (size, least_favourable) = match test {
        Test::Conditional => (alpha, None),
        Test::Hybrid { kappa } => {
            if !(kappa > 0.0 && kappa < alpha) {
                return Err(NoInterval::Size(kappa));
            }
            let critical = least_favourable(moments, kappa);
            ((alpha - kappa) / (1.0 - kappa), Some(critical))
        }
    };
    let inversion = Inversion {
        moments,
        size,
        cap: least_favourable,
    };
    Ok(Piece {
        largest_step,
        ends: inversion.ends(),
        least_favourable,
    })
}

struct Inversion<'a> {
    moments: &'a Moments,
    size: f64,
    cap: Option<f64>,
}

/// How many places are tried between where the test must reject and where it must accept.
const PLACES: u32 = 400;

impl Inversion<'_> {
    fn ends(&self) -> Option<(End, End)> {
        let limit = self.cap.unwrap_or_else(|| 40.0 * self.largest_deviation());
        let (low, high) = self.at_most(limit)?;
        // Where no moment is positive nothing is rejected, so that the search for an end stops there.
        let (inner_low, inner_high) = match self.at_most(0.0) {
            Some((low, high)) if low <= high => (low, high),
            _ => (high, low),
        };
        Some((self.end(low, inner_low)?, self.end(high, inner_high)?))
    }

    /// The first accepted value from `outer` to `inner`.
    fn end(&self, outer: f64, inner: f64) -> Option<End> {
        let place = |step: u32| outer + (inner - outer) * f64::from(step) / f64::from(PLACES);
        let first = (0..=PLACES).find(|step| self.accepts(place(*step)))?;
        if first == 0 {
            // The first stage rejects everything beyond; without one the interval goes on.
            return Some(End {
                value: outer,
                is_open: self.cap.is_none(),
            });
        }
        let (mut rejected, mut accepted) = (place(first - 1), place(first));
        for _ in 0..100 {
            let middle = 0.5 * (rejected + accepted);
            if middle == rejected || middle == accepted {
                break;
            }
            match self.accepts(middle) {
                true => accepted = middle,
                false => rejected = middle,
            }
        }
        Some(End {
            value: accepted,
            is_open: false,
        })
    }

    /// Where every moment is at most `limit`.
    fn at_most(&self, limit: f64) -> Option<(f64, f64)> {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for vertex in &self.moments.vertices {
            let rest = self.moments.value(vertex, 0.0) - limit;
            if vertex.contrast > 0.0 {
                low = low.max(rest / vertex.contrast);
            } else if vertex.contrast < 0.0 {
                high = high.min(rest / vertex.contrast);
            } else if rest > 0.0 {
                return None;
            }
        }
        (low <= high).then_some((low, high))
    }

    fn largest_deviation(&self) -> f64 {
        let vertices = self.moments.vertices.iter();
        vertices
            .map(|own| self.moments.product(own, own).max(0.0).sqrt())
            .fold(0.0, f64::max)
    }

    /// Whether the test does not reject `theta`.
    fn accepts(&self, theta: f64) -> bool {
        let moments = self.moments;
        let values = moments.vertices.iter().map(|own| moments.value(own, theta));
        let largest = values
            .enumerate()
            .max_by(|left, right| left.1.total_cmp(&right.1));
        let Some((at, eta)) = largest else {
            return true;
        };
        let vertex = &moments.vertices[at];
        let variance = moments.product(vertex, vertex);
        if eta <= 0.0 {
            return true;
        }
        // The edge of the first stage counts as accepted: its place is computed, so that it is hit but for rounding.
        if self.cap.is_some_and(|cap| eta > cap * (1.0 + 1e-12)) || variance <= 0.0 {
            return false;
        }
        let (low, high) = self.truncation(vertex, variance, eta, theta);
        let high = self.cap.map_or(high, |cap| high.min(cap));
        let deviation = variance.sqrt();
        let beyond = truncated_survival(eta / deviation, low / deviation, high / deviation);
        beyond >= self.size
    }

    /// Between which values the moment of the vertex stays the largest when what is independent of it is held fixed.
    fn truncation(&self, vertex: &Vertex, variance: f64, eta: f64, theta: f64) -> (f64, f64) {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for other in &self.moments.vertices {
            let slope = self.moments.product(vertex, other) / variance;
            let fixed = self.moments.value(other, theta) - slope * eta;
            let rest = 1.0 - slope;
            if rest > 1e-12 {
                low = low.max(fixed / rest);
            } else if rest < -1e-12 {
                high = high.min(fixed / rest);
            }
        }
        // The observed value lies inside but for rounding.
        (low.min(eta), high.max(eta))
    }
}

/// `P(Z ≥ at | low ≤ Z ≤ high)` of a standard normal, also where the whole stretch is far in a tail.
fn truncated_survival(at: f64, low: f64, high: f64) -> f64 {
    if at >= high {
        return 0.0;
    }
    let (above, top, all) = (log_upper(at), log_upper(high), log_upper(low));
    let part = -(top - above).exp_m1();
    let whole = -(top - all).exp_m1();
    (above - all).exp() * part / whole
}

/// `ln P(Z ≥ z)`.
fn log_upper(z: f64) -> f64 {
    if z == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    if z < 30.0 {
        return distribution::normal(-z).ln();
    }
    // Mills' ratio: the fifth term is below 1e-11 here.
    let square = 1.0 / (z * z);
    let series = 1.0 - square * (1.0 - 3.0 * square * (1.0 - 5.0 * square * (1.0 - 7.0 * square)));
    -0.5 * z * z - z.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln() + series.ln()
}

/// The `1 - kappa` quantile of the largest moment when all are zero in expectation.
///
/// The moments are combinations of two normals, so that the probability that none exceeds `c` is an integral over directions: the mean of `1 - exp(-c² / 2h²)`, with `h` the largest moment of the direction's unit vector.
fn least_favourable(moments: &Moments, kappa: f64) -> f64 {
    const DIRECTIONS: u32 = 4096;
    let first = moments.variance[0].sqrt();
    let along = match first > 0.0 {
        true => moments.covariance / first,
        false => 0.0,
    };
    let across = (moments.variance[1] - along * along).max(0.0).sqrt();
    let loadings: Vec<[f64; 2]> = moments
        .vertices
        .iter()
        .map(|own| [own.contrast * first + own.bound * along, own.bound * across])
        .collect();
    let reach: Vec<f64> = (0..DIRECTIONS)
        .map(|step| {
            let angle = 2.0 * std::f64::consts::PI * f64::from(step) / f64::from(DIRECTIONS);
            let (sine, cosine) = angle.sin_cos();
            let moments = loadings.iter().map(|own| own[0] * cosine + own[1] * sine);
            moments.fold(0.0, f64::max)
        })
        .collect();
    // With s = c² the probability is a mean of exp(-s k): falling and convex, so that Newton's steps from zero never pass the root.
    let rates: Vec<f64> = reach
        .iter()
        .filter(|own| **own > 0.0)
        .map(|own| 0.5 / (own * own))
        .collect();
    let wanted = kappa * f64::from(DIRECTIONS);
    let mut square = 0.0;
    for _ in 0..100 {
        let (mut total, mut slope) = (0.0, 0.0);
        for rate in &rates {
            let term = (-square * rate).exp();
            total += term;
            slope += rate * term;
        }
        let step = (total - wanted) / slope;
        square += step.max(0.0);
        // Also when the moments do not vary, where there is nothing to sum.
        if step.is_nan() || step <= 1e-13 * square {
            break;
        }
    }
    square.sqrt()
}
