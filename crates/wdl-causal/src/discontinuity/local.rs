//! A weighted polynomial on one side of the cut-off, by moments, and the variance of its coefficients.
//!
//! Everything is computed in `u = |x - c| / h`, so that units cost no digits; each coefficient is a weighted sum of the outcomes, and its variance the sum of squared weights times squared residuals.

use nalgebra::{DMatrix, DVector};

use super::design::{Kernel, Variance};
use super::side::Side;
use crate::dense;

impl Kernel {
    /// The weight at `u`, up to a constant that cancels in every fit.
    pub(super) fn weight(self, u: f64) -> f64 {
        match self {
            Kernel::Triangular => (1.0 - u).max(0.0),
            Kernel::Epanechnikov => (1.0 - u * u).max(0.0),
            Kernel::Uniform => f64::from(u8::from(u <= 1.0)),
        }
    }
}

/// A polynomial within a bandwidth.
#[derive(Clone, Debug)]
pub(super) struct Local<'a> {
    side: &'a Side,
    kernel: Kernel,
    bandwidth: f64,
    /// Rows with a weight: the first so many.
    pub(super) count: usize,
    /// The inverse of `Σ w u^i u^j`.
    inverse: DMatrix<f64>,
}

impl<'a> Local<'a> {
    /// Nothing when the window has fewer distinct values than coefficients.
    pub(super) fn fit(
        side: &'a Side,
        kernel: Kernel,
        bandwidth: f64,
        degree: usize,
    ) -> Option<Local<'a>> {
        if !bandwidth.is_finite() || bandwidth <= 0.0 {
            return None;
        }
        let count = count(side, kernel, bandwidth);
        if side.distinct_among(count) < degree + 1 || count < 2 {
            return None;
        }
        let mut local = Local {
            side,
            kernel,
            bandwidth,
            count,
            inverse: DMatrix::zeros(0, 0),
        };
        let moments = local.moments(None, 2 * degree + 1);
        local.inverse = dense::inverse(&DMatrix::from_fn(degree + 1, degree + 1, |one, other| {
            moments[one + other]
        }))?;
        Some(local)
    }

    fn degree(&self) -> usize {
        self.inverse.nrows() - 1
    }

    fn weight(&self, row: usize, u: f64) -> f64 {
        let own = self.kernel.weight(u);
        self.side.weights.as_ref().map_or(own, |all| own * all[row])
    }

    /// `Σ w u^j v` for `j < count`; without values, `Σ w u^j`.
    fn moments(&self, values: Option<&[f64]>, count: usize) -> Vec<f64> {
        // So many sums as are kept in registers; the few that are not asked for are thrown away.
        let mut totals = match count {
            ..=2 => self.sums::<2>(values).to_vec(),
            3..=4 => self.sums::<4>(values).to_vec(),
            5..=8 => self.sums::<8>(values).to_vec(),
            9..=16 => self.sums::<16>(values).to_vec(),
            // Degrees end at eight, and with them the powers at seventeen.
            _ => self.sums::<32>(values).to_vec(),
        };
        totals.truncate(count);
        totals
    }

    fn sums<const COUNT: usize>(&self, values: Option<&[f64]>) -> [f64; COUNT] {
        let mut totals = [0.0; COUNT];
        for row in 0..self.count {
            let u = self.side.distance[row] / self.bandwidth;
            let mut term = self.weight(row, u) * values.map_or(1.0, |values| values[row]);
            for total in &mut totals {
                *total += term;
                term *= u;
            }
        }
        totals
    }

    /// The coefficients of `u^j`.
    pub(super) fn scaled_coefficients(&self, values: &[f64]) -> DVector<f64> {
        let moments = self.moments(Some(values), self.degree() + 1);
        &self.inverse * DVector::from_vec(moments)
    }

    /// The coefficient of `(x - c)^order`.
    pub(super) fn coefficient(&self, values: &[f64], order: usize) -> f64 {
        self.scaled_coefficients(values)[order] * self.unscaled(order)
    }

    fn unscaled(&self, order: usize) -> f64 {
        self.side.sign(order) / self.bandwidth.powi(order as i32)
    }

    /// What the coefficient of `u^order` takes from `u^(degree + 1)` in the outcome.
    pub(super) fn leak(&self, order: usize) -> f64 {
        let moments = self.moments(None, 2 * self.degree() + 2);
        (0..=self.degree())
            .map(|other| self.inverse[(order, other)] * moments[self.degree() + 1 + other])
            .sum()
    }

    /// The weights of the outcomes in the coefficient of `u^order`, for the first `count` rows.
    fn scaled_smoother(&self, order: usize, count: usize) -> Vec<f64> {
        let row: Vec<f64> = self.inverse.row(order).iter().copied().collect();
        let mut weights = vec![0.0; count];
        for (at, own) in weights.iter_mut().enumerate().take(self.count) {
            let u = self.side.distance[at] / self.bandwidth;
            *own = self.weight(at, u) * polynomial(&row, u);
        }
        weights
    }

    /// The weights of the outcomes in the coefficient of `(x - c)^order`.
    pub(super) fn smoother(&self, order: usize, count: usize) -> Vec<f64> {
        let mut weights = self.scaled_smoother(order, count);
        let unscaled = self.unscaled(order);
        weights.iter_mut().for_each(|own| *own *= unscaled);
        weights
    }

    /// `v` less its fitted polynomial on the first `count` rows, corrected as the variance asks; `is_clustered` takes them as they are, or as the fit without their cluster leaves them.
    pub(super) fn residuals(
        &self,
        values: &[f64],
        count: usize,
        variance: Variance,
        is_clustered: bool,
    ) -> Vec<f64> {
        let coefficients: Vec<f64> = self.scaled_coefficients(values).iter().copied().collect();
        if let (Variance::Jackknife, Some(clusters)) = (variance, &self.side.clusters) {
            return self.left_out_residuals(values, &clusters[..count], &coefficients);
        }
        let n = count as f64;
        let small_sample = (n / (n - self.degree() as f64 - 1.0)).sqrt();
        let residual = |row: usize| {
            let u = self.side.distance[row] / self.bandwidth;
            let raw = values[row] - polynomial(&coefficients, u);
            match variance {
                _ if is_clustered => raw,
                Variance::Neighbours(_) | Variance::Hc0 => raw,
                Variance::Hc1 => raw * small_sample,
                Variance::Hc2 => raw / (1.0 - self.leverage(row, u)).max(1e-8).sqrt(),
                Variance::Hc3 | Variance::Jackknife => {
                    raw / (1.0 - self.leverage(row, u)).max(1e-8)
                }
            }
        };
        (0..count).map(residual).collect()
    }

    /// `v` less the polynomial fitted without the row's cluster; where the others do not determine it, less that of all.
    fn left_out_residuals(&self, values: &[f64], clusters: &[usize], all: &[f64]) -> Vec<f64> {
        let size = self.degree() + 1;
        let (powers, own) = (2 * size - 1, 3 * size - 1);
        let mut sums = vec![0.0; self.side.clusters_count * own];
        for row in 0..self.count {
            let u = self.side.distance[row] / self.bandwidth;
            let of = &mut sums[clusters[row] * own..][..own];
            let mut term = self.weight(row, u);
            for power in 0..powers {
                of[power] += term;
                if power < size {
                    of[powers + power] += term * values[row];
                }
                term *= u;
            }
        }
        let mut total = self.moments(None, powers);
        total.extend(self.moments(Some(values), size));
        let without = |cluster: usize| {
            let own = &sums[cluster * own..][..own];
            let rest: Vec<f64> = total.iter().zip(own).map(|(all, own)| all - own).collect();
            let among = DMatrix::from_fn(size, size, |one, other| rest[one + other]);
            let products = DVector::from_column_slice(&rest[powers..]);
            let fitted = dense::inverse(&among)? * products;
            Some(fitted.iter().copied().collect::<Vec<f64>>())
        };
        let mut fitted: Vec<Option<Vec<f64>>> = vec![None; self.side.clusters_count];
        let residual = |(row, cluster): (usize, &usize)| {
            let curve = fitted[*cluster]
                .get_or_insert_with(|| without(*cluster).unwrap_or_else(|| all.to_vec()));
            let u = self.side.distance[row] / self.bandwidth;
            values[row] - polynomial(curve, u)
        };
        clusters.iter().enumerate().map(residual).collect()
    }

    fn leverage(&self, row: usize, u: f64) -> f64 {
        let mut total = 0.0;
        let mut power = 1.0;
        for own in self.inverse.row_iter() {
            let cells: f64 = own.iter().rev().fold(0.0, |sum, cell| sum * u + cell);
            total += power * cells;
            power *= u;
        }
        self.weight(row, u) * total
    }

    /// `v` less its own fitted polynomial, weighted products summed: what the covariates share with the columns once the polynomial is out.
    pub(super) fn partial_products(&self, first: &[f64], second: &[f64]) -> f64 {
        let one: Vec<f64> = self.scaled_coefficients(first).iter().copied().collect();
        let other: Vec<f64> = self.scaled_coefficients(second).iter().copied().collect();
        let product = |row: usize| {
            let u = self.side.distance[row] / self.bandwidth;
            let left = first[row] - polynomial(&one, u);
            self.weight(row, u) * left * (second[row] - polynomial(&other, u))
        };
        (0..self.count).map(product).sum()
    }
}

/// Rows of a side with a weight under a kernel.
pub(super) fn count(side: &Side, kernel: Kernel, bandwidth: f64) -> usize {
    side.distance
        .partition_point(|own| kernel.weight(own / bandwidth) > 0.0)
}

/// The weights of the outcomes in the bias-corrected coefficient of `(x - c)^order` (Calonico, Cattaneo and Titiunik 2014): the main fit less `h^(p+1)` times what leaks, times the next coefficient of the bias fit.
pub(super) fn corrected_smoother(
    main: &Local<'_>,
    bias: &Local<'_>,
    order: usize,
    count: usize,
) -> Vec<f64> {
    let next = main.degree() + 1;
    let mut weights = main.scaled_smoother(order, count);
    let curvature = bias.scaled_smoother(next, count);
    let factor = main.leak(order) * (main.bandwidth / bias.bandwidth).powi(next as i32);
    let unscaled = main.unscaled(order);
    for (own, curved) in weights.iter_mut().zip(curvature) {
        *own = (*own - factor * curved) * unscaled;
    }
    weights
}

fn polynomial(coefficients: &[f64], u: f64) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, own| sum * u + own)
}

/// `v` less the mean of its nearest neighbours, scaled to the variance of `v`; rows of one distance share their neighbours (Calonico, Cattaneo and Titiunik 2014, section 5).
pub(super) fn neighbour_residuals(
    side: &Side,
    values: &[f64],
    count: usize,
    matches: usize,
) -> Vec<f64> {
    let mut residuals = vec![0.0; count];
    let groups = side.distinct_among(count);
    let wanted = matches.min(count - 1);
    for group in 0..groups {
        let (low, high) = neighbours(side, group, groups, wanted);
        let (low, high) = (side.starts[low], side.starts[high]);
        let others = (high - low - 1) as f64;
        let scale = (others / (others + 1.0)).sqrt();
        let total: f64 = values[low..high].iter().sum();
        for row in side.starts[group]..side.starts[group + 1] {
            residuals[row] = scale * (values[row] - (total - values[row]) / others);
        }
    }
    residuals
}

/// The first and past-the-last group of the neighbours of a group.
fn neighbours(side: &Side, group: usize, groups: usize, wanted: usize) -> (usize, usize) {
    let (mut low, mut high) = (group, group + 1);
    let at = |group: usize| side.distance[side.starts[group]];
    while side.starts[high] - side.starts[low] - 1 < wanted {
        match (low == 0, high == groups) {
            (true, true) => break,
            (true, false) => high += 1,
            (false, true) => low -= 1,
            (false, false) => {
                let left = at(group) - at(low - 1);
                let right = at(high) - at(group);
                let tolerance = left.max(right) * f64::EPSILON.sqrt();
                if left - right <= tolerance {
                    low -= 1;
                }
                // A tie takes both.
                if right - left <= tolerance {
                    high += 1;
                }
            }
        }
    }
    (low, high)
}

/// The variance of `Σ weights v`, given residuals of `v`: by row, or by cluster with the factor `(n-1)/(n-k) g/(g-1)`; that of the jackknife is `(g-1)/g`.
pub(super) fn variance(
    side: &Side,
    weights: &[f64],
    residuals: &[f64],
    (coefficients, kind): (usize, Variance),
) -> f64 {
    let Some(clusters) = &side.clusters else {
        let squares = weights.iter().zip(residuals);
        return squares.map(|(one, other)| (one * other).powi(2)).sum();
    };
    let mut sums = vec![0.0; side.clusters_count];
    let mut is_here = vec![false; side.clusters_count];
    for (row, (weight, residual)) in weights.iter().zip(residuals).enumerate() {
        sums[clusters[row]] += weight * residual;
        is_here[clusters[row]] = true;
    }
    let groups = is_here.iter().filter(|own| **own).count() as f64;
    let n = weights.len() as f64;
    let factor = match kind == Variance::Jackknife {
        true => (groups - 1.0) / groups,
        false => (n - 1.0) / (n - coefficients as f64) * groups / (groups - 1.0),
    };
    factor * sums.iter().map(|own| own * own).sum::<f64>()
}

/// How the columns of a side make the quantity whose variance is wanted: by the delta method for a ratio, with the covariates' part taken out.
#[derive(Clone, Debug)]
pub(super) struct Combination {
    /// A weight for each column.
    pub(super) weights: Vec<f64>,
    /// The level or jump of the outcome, without the covariates' part.
    pub(super) outcome: f64,
    /// The same of the treatment.
    pub(super) treatment: Option<f64>,
    /// The weights of the first stage.
    pub(super) first_stage: Option<Vec<f64>>,
    /// The coefficients of the covariates for the outcome.
    pub(super) effects: Vec<f64>,
}

impl Combination {
    /// `levels` of the columns, and the fits whose residuals tell what the covariates explain (Calonico, Cattaneo, Farrell and Titiunik 2019).
    pub(super) fn of(levels: &[f64], fits: &[&Local<'_>], is_fuzzy: bool) -> Combination {
        let first = 1 + usize::from(is_fuzzy);
        let covariates = first..levels.len();
        let mut effects: Vec<Vec<f64>> = vec![Vec::new(); first];
        if !covariates.is_empty() {
            let products = |one: usize, other: usize| -> f64 {
                let own = fits.iter();
                own.map(|fit| {
                    let columns = &fit.side.columns;
                    fit.partial_products(&columns[one], &columns[other])
                })
                .sum()
            };
            let size = covariates.len();
            let among = DMatrix::from_fn(size, size, |row, column| {
                products(first + row.min(column), first + row.max(column))
            });
            // A covariate that does not vary here has no effect here.
            let inverse = dense::inverse(&among).unwrap_or_else(|| {
                let tolerance = 1e-12 * among.amax().max(f64::MIN_POSITIVE);
                among
                    .pseudo_inverse(tolerance)
                    .unwrap_or_else(|_| DMatrix::zeros(size, size))
            });
            for (target, own) in effects.iter_mut().enumerate() {
                let with = DVector::from_fn(size, |row, _| products(first + row, target));
                *own = (&inverse * with).iter().copied().collect();
            }
        }
        let net = |target: usize| {
            let explained = effects[target].iter().zip(&levels[first..]);
            levels[target] - explained.map(|(effect, level)| effect * level).sum::<f64>()
        };
        let outcome = net(0);
        if !is_fuzzy {
            let mut weights = vec![1.0];
            weights.extend(effects[0].iter().map(|own| -own));
            return Combination {
                weights,
                outcome,
                treatment: None,
                first_stage: None,
                effects: effects.swap_remove(0),
            };
        }
        let treatment = net(1);
        let by_outcome = 1.0 / treatment;
        let by_treatment = -outcome / (treatment * treatment);
        let mut weights = vec![by_outcome, by_treatment];
        let pairs = effects[0].iter().zip(&effects[1]);
        weights.extend(pairs.map(|(one, other)| -by_outcome * one - by_treatment * other));
        let mut first_stage = vec![0.0, 1.0];
        first_stage.extend(effects[1].iter().map(|own| -own));
        Combination {
            weights,
            outcome,
            treatment: Some(treatment),
            first_stage: Some(first_stage),
            effects: effects.swap_remove(0),
        }
    }
}
