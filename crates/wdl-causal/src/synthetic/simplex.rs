//! Least squares over the simplex, solved exactly: the point of a convex hull nearest to the origin, with the proof that no other weights do better.
//!
//! `min ‖a - Bw‖²` over `w ≥ 0`, `Σw = 1` is the shortest `Dw` with columns `d = b - a`, because the weights sum to one.
//! The active set is Wolfe's ("Finding the nearest point in a polytope", 1976): finite, and at home with ties and with more columns than rows.
//! The certificate is the condition of Karush, Kuhn and Tucker: `d·x ≥ x·x` for every column at `x = Dw`, with equality where the weight is positive.

use nalgebra::{DMatrix, DVector};

use crate::dense;

/// The largest residual a certified answer may have.
pub const CERTIFIED: f64 = 1e-9;

/// The proof that weights are the best ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The largest violation of the optimality conditions, relative to `‖x‖ max‖d‖`; where `x` is the origin itself, `‖x‖² / max‖d‖²`.
    pub residual: f64,
    /// Changes of the active set.
    pub steps: usize,
    /// Whether no other weights reach the same point; by the ranks of the columns that tie, so a doubt counts as `false`.
    pub is_unique: bool,
    /// Columns without weight that would do as well at the margin.
    pub tied: Vec<usize>,
}

impl Certificate {
    /// Whether the residual is small enough to call the weights optimal.
    pub fn is_certified(&self) -> bool {
        self.residual <= CERTIFIED
    }
}

/// The best weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// A weight for each column, not negative, summing to one.
    pub weights: Vec<f64>,
    /// `‖Dw‖²`.
    pub loss: f64,
    /// The proof.
    pub certificate: Certificate,
}

/// The weights on the simplex with the least `‖Dw‖² + ridge ‖w‖²`; `differences` has a column for each weight, at least one, all finite.
pub fn nearest(differences: &DMatrix<f64>, ridge: f64) -> Nearest {
    let gram = Gram::of(differences, ridge);
    let active = gram.solve(&[]);
    finish(&gram, differences, ridge, active)
}

/// Polishes and certifies an active set.
pub(crate) fn finish(
    gram: &Gram,
    differences: &DMatrix<f64>,
    ridge: f64,
    mut active: Active,
) -> Nearest {
    polish(gram, differences, ridge, &mut active);
    let weights = active.weights(gram.size);
    let loss = (differences * DVector::from_column_slice(&weights)).norm_squared();
    let certificate = certify(differences, ridge, &weights, active.steps);
    Nearest {
        weights,
        loss,
        certificate,
    }
}

/// The optimality conditions at given weights, computed from the columns themselves.
pub fn certify(
    differences: &DMatrix<f64>,
    ridge: f64,
    weights: &[f64],
    steps: usize,
) -> Certificate {
    let point = differences * DVector::from_column_slice(weights);
    let slope: Vec<f64> = (0..weights.len())
        .map(|at| differences.column(at).dot(&point) + ridge * weights[at])
        .collect();
    let total: f64 = slope.iter().zip(weights).map(|(s, w)| s * w).sum();
    let longest = (0..weights.len())
        .map(|at| differences.column(at).norm_squared() + ridge)
        .fold(0.0, f64::max);
    let violation = slope
        .iter()
        .zip(weights)
        .map(|(s, w)| match *w > 0.0 {
            true => (s - total).abs(),
            false => (total - s).max(0.0),
        })
        .fold(0.0, f64::max);
    // Within rounding of the origin the conditions say nothing more; the distance itself is the proof.
    let at_origin = total <= ORIGIN * longest;
    let residual = match (longest > 0.0, at_origin) {
        (false, _) => 0.0,
        (true, true) => total.abs() / longest,
        (true, false) => violation / (total * longest).sqrt(),
    };
    let margin = TIE * (total.max(0.0) * longest).sqrt().max(ORIGIN * longest);
    let tied: Vec<usize> = (0..weights.len())
        .filter(|at| weights[*at] <= 0.0 && slope[*at] - total <= margin)
        .collect();
    Certificate {
        residual,
        steps,
        is_unique: ridge > 0.0 || are_affinely_independent(differences, weights, &tied),
        tied,
    }
}

/// Squared distances below this share of the longest column's are the origin.
const ORIGIN: f64 = 1e-20;
/// Slopes within this share of the scale are equal.
const TIE: f64 = 1e-10;

fn are_affinely_independent(differences: &DMatrix<f64>, weights: &[f64], tied: &[usize]) -> bool {
    let used: Vec<usize> = (0..weights.len())
        .filter(|at| weights[*at] > 0.0 || tied.contains(at))
        .collect();
    let Some((first, others)) = used.split_first() else {
        return true;
    };
    let edges: Vec<DVector<f64>> = others
        .iter()
        .map(|at| differences.column(*at) - differences.column(*first))
        .collect();
    let edges: Vec<&[f64]> = edges.iter().map(DVector::as_slice).collect();
    dense::independent(&edges, dense::COLLINEAR).len() == edges.len()
}

/// The columns with weight, and their weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Active {
    pub(crate) columns: Vec<usize>,
    pub(crate) shares: Vec<f64>,
    pub(crate) steps: usize,
}

impl Active {
    /// The weights of all columns.
    pub(crate) fn weights(&self, size: usize) -> Vec<f64> {
        let mut weights = vec![0.0; size];
        for (at, share) in self.columns.iter().zip(&self.shares) {
            weights[*at] = *share;
        }
        weights
    }
}

/// Inner products of the columns, row after row.
#[derive(Clone, Debug)]
pub(crate) struct Gram {
    pub(crate) size: usize,
    pub(crate) values: Vec<f64>,
}

impl Gram {
    pub(crate) fn of(differences: &DMatrix<f64>, ridge: f64) -> Gram {
        let product = differences.tr_mul(differences);
        let mut gram = Gram {
            size: differences.ncols(),
            values: product.as_slice().to_vec(),
        };
        for at in 0..gram.size {
            gram.values[at * gram.size + at] += ridge;
        }
        gram
    }

    /// The same with one more row of differences, `row`, that counts `factor` times.
    pub(crate) fn plus(&self, row: &[f64], factor: f64) -> Gram {
        let mut gram = self.clone();
        gram.add(row, factor);
        gram
    }

    pub(crate) fn add(&mut self, row: &[f64], factor: f64) {
        for (values, own) in self.values.chunks_exact_mut(self.size).zip(row) {
            let scaled = factor * own;
            for (value, other) in values.iter_mut().zip(row) {
                *value += scaled * other;
            }
        }
    }

    pub(crate) fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.size..(at + 1) * self.size]
    }

    fn largest(&self) -> f64 {
        (0..self.size)
            .map(|at| self.values[at * self.size + at])
            .fold(0.0, f64::max)
    }

    /// `Gw` for weights on some columns.
    pub(crate) fn times(&self, active: &Active) -> Vec<f64> {
        let mut slope = vec![0.0; self.size];
        for (at, share) in active.columns.iter().zip(&active.shares) {
            for (sum, value) in slope.iter_mut().zip(self.row(*at)) {
                *sum += share * value;
            }
        }
        slope
    }

    /// Wolfe's algorithm; `start` may name the columns of a neighbouring answer.
    pub(crate) fn solve(&self, start: &[usize]) -> Active {
        let largest = self.largest();
        let mut active = self.restart(start, largest);
        let mut before = f64::INFINITY;
        // Each round lowers the loss strictly, so the active sets never repeat; the bound stops on rounding alone.
        for _ in 0..20 * self.size + 100 {
            let slope = self.times(&active);
            let total = along(&slope, &active);
            let (best, least) = lowest(&slope);
            if total - least <= 1e-15 * largest + 1e-13 * total
                || active.columns.contains(&best)
                || total >= before
            {
                break;
            }
            before = total;
            active.columns.push(best);
            active.shares.push(0.0);
            active.steps += 1;
            if !self.settle(&mut active, largest) {
                break;
            }
        }
        active
    }

    fn restart(&self, start: &[usize], largest: f64) -> Active {
        if let Some(shares) = self.centre(start, largest)
            && shares.iter().all(|share| *share > 0.0)
        {
            return Active {
                columns: start.to_vec(),
                shares,
                steps: 0,
            };
        }
        let shortest = (0..self.size)
            .min_by(|a, b| self.row(*a)[*a].total_cmp(&self.row(*b)[*b]))
            .unwrap_or(0);
        Active {
            columns: vec![shortest],
            shares: vec![1.0],
            steps: 0,
        }
    }

    /// Moves to the point of the affine hull nearest to the origin, leaving columns at whose border the way ends; `false` when the newest column adds nothing.
    fn settle(&self, active: &mut Active, largest: f64) -> bool {
        loop {
            let Some(target) = self.centre(&active.columns, largest) else {
                // The newest column is within rounding a mixture of the others.
                active.columns.pop();
                active.shares.pop();
                let sum: f64 = active.shares.iter().sum();
                active.shares.iter_mut().for_each(|share| *share /= sum);
                return false;
            };
            if target.iter().all(|share| *share > 0.0) {
                active.shares = target;
                return true;
            }
            let reach = active
                .shares
                .iter()
                .zip(&target)
                .filter(|(_, to)| **to <= 0.0)
                .map(|(from, to)| from / (from - to))
                .fold(1.0, f64::min);
            let mut moved: Vec<f64> = active
                .shares
                .iter()
                .zip(&target)
                .map(|(from, to)| from + reach * (to - from))
                .collect();
            let leaving = (0..moved.len())
                .filter(|at| target[*at] <= 0.0)
                .min_by(|a, b| moved[*a].total_cmp(&moved[*b]))
                .expect("the way ended at a border");
            moved.remove(leaving);
            active.columns.remove(leaving);
            active.shares = moved;
            active.steps += 1;
            if active.columns.len() == 1 {
                active.shares = vec![1.0];
                return true;
            }
        }
    }

    /// The weights, of any sign, of the point nearest to the origin in the affine hull of some columns; nothing when they are affinely dependent.
    fn centre(&self, columns: &[usize], largest: f64) -> Option<Vec<f64>> {
        let factor = self.factor(columns, largest)?;
        let mut shares = vec![1.0; columns.len()];
        factor.solve(&mut shares);
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
        Some(shares)
    }

    fn factor(&self, columns: &[usize], largest: f64) -> Option<Cholesky> {
        if columns.is_empty() {
            return None;
        }
        // `G + c ee'` is positive definite exactly when the columns are affinely independent, and `e` stays the right-hand side.
        let shift = match largest > 0.0 {
            true => largest,
            false => 1.0,
        };
        Cholesky::of(columns.len(), |a, b| {
            self.row(columns[a])[columns[b]] + shift
        })
    }
}

fn along(slope: &[f64], active: &Active) -> f64 {
    let pairs = active.columns.iter().zip(&active.shares);
    pairs.map(|(at, share)| slope[*at] * share).sum()
}

fn lowest(slope: &[f64]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (at, own) in slope.iter().enumerate() {
        if *own < best.1 {
            best = (at, *own);
        }
    }
    best
}

/// Newton's steps on the final active set with slopes from the columns themselves, which the squares of the Gram matrix have rounded.
fn polish(gram: &Gram, differences: &DMatrix<f64>, ridge: f64, active: &mut Active) {
    let Some(factor) = gram.factor(&active.columns, gram.largest()) else {
        return;
    };
    let mut ones = vec![1.0; active.columns.len()];
    factor.solve(&mut ones);
    let ones_sum: f64 = ones.iter().sum();
    for _ in 0..3 {
        let point = mix(differences, active);
        let mut step: Vec<f64> = active
            .columns
            .iter()
            .zip(&active.shares)
            .map(|(at, share)| differences.column(*at).dot(&point) + ridge * share)
            .collect();
        let mean = step.iter().sum::<f64>() / step.len() as f64;
        step.iter_mut().for_each(|own| *own -= mean);
        factor.solve(&mut step);
        let tilt = step.iter().sum::<f64>() / ones_sum;
        let shares: Vec<f64> = active
            .shares
            .iter()
            .zip(step.iter().zip(&ones))
            .map(|(share, (own, one))| share - own + tilt * one)
            .collect();
        if shares
            .iter()
            .any(|share| !share.is_finite() || *share < 0.0)
        {
            return;
        }
        let sum: f64 = shares.iter().sum();
        active.shares = shares.iter().map(|share| share / sum).collect();
    }
}

/// The point of some weights.
pub(crate) fn mix(differences: &DMatrix<f64>, active: &Active) -> DVector<f64> {
    let mut point = DVector::zeros(differences.nrows());
    for (at, share) in active.columns.iter().zip(&active.shares) {
        point.axpy(*share, &differences.column(*at), 1.0);
    }
    point
}

/// A small Cholesky factor, row after row, without allocations in its loops.
pub(crate) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// The factor of a symmetric matrix; nothing when a pivot is lost to rounding.
    pub(crate) fn of(size: usize, value: impl Fn(usize, usize) -> f64) -> Option<Cholesky> {
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let (own, other) = (row * size, column * size);
                let own_part = &lower[own..own + column];
                let other_part = &lower[other..other + column];
                let product: f64 = own_part.iter().zip(other_part).map(|(a, b)| a * b).sum();
                let full = value(row, column);
                let rest = full - product;
                lower[own + column] = match row == column {
                    true if rest > 1e-14 * full => rest.sqrt(),
                    true => return None,
                    false => rest / lower[other + column],
                };
            }
        }
        Some(Cholesky { size, lower })
    }

    /// Solves in place.
    pub(crate) fn solve(&self, values: &mut [f64]) {
        let size = self.size;
        for row in 0..size {
            let own = &self.lower[row * size..row * size + row];
            let product: f64 = own.iter().zip(values.iter()).map(|(a, b)| a * b).sum();
            values[row] = (values[row] - product) / self.lower[row * size + row];
        }
        for row in (0..size).rev() {
            let (before, own) = values.split_at_mut(row);
            let (lower, diagonal) = self.lower[row * size..].split_at(row);
            own[0] /= diagonal[0];
            for (other, value) in before.iter_mut().zip(lower) {
                *other -= value * own[0];
            }
        }
    }
}
