//! Whether rows bunch on one side of the cut-off: local polynomial density on both sides (Cattaneo, Jansson and Ma, "Simple local polynomial density estimators", JASA 2020; "Manipulation testing based on density discontinuity", Stata Journal 2018).
//!
//! The distribution function is fitted by a polynomial on each side; its slope at the cut-off is the density, and its variance comes from the jackknife.

use nalgebra::{DMatrix, DVector};

use super::design::{Column, Kernel, NoEstimate, Whose};
use crate::distribution;

/// What the two sides share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Nothing: a polynomial on each side.
    Unrestricted,
    /// All but the density itself, which may jump.
    Restricted,
}

/// How a density test is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DensityOptions {
    /// The cut-off.
    pub cutoff: f64,
    /// The degree of the polynomial that chooses the bandwidth; the test uses one more.
    pub degree: usize,
    /// The kernel.
    pub kernel: Kernel,
    /// What the sides share.
    pub model: Model,
    /// Bandwidths below and above by hand.
    pub bandwidths: Option<[f64; 2]>,
}

impl DensityOptions {
    /// Quadratic, triangular, unrestricted, bandwidths from the data.
    pub fn at(cutoff: f64) -> DensityOptions {
        DensityOptions {
            cutoff,
            degree: 2,
            kernel: Kernel::Triangular,
            model: Model::Unrestricted,
            bandwidths: None,
        }
    }
}

/// The test that the density does not jump at the cut-off; pairs are below and above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DensityTest {
    /// The jump of the density over its standard error.
    pub t: f64,
    /// Two-sided, by the normal.
    pub p: f64,
    /// The densities at the cut-off.
    pub densities: [f64; 2],
    /// Their standard errors, by the jackknife.
    pub standard_errors: [f64; 2],
    /// The bandwidths.
    pub bandwidths: [f64; 2],
    /// Rows on each side.
    pub rows: [usize; 2],
    /// Rows within the bandwidths.
    pub effective: [usize; 2],
    /// Whether rows share values, so that the distribution function climbs in steps.
    pub has_ties: bool,
}

/// Tests whether the density of the running variable jumps at the cut-off.
///
/// # Errors
/// [`NoEstimate`] when the values are no numbers, the cut-off is outside them, or a side is too thin for the polynomial.
pub fn density(running: &[f64], options: &DensityOptions) -> Result<DensityTest, NoEstimate> {
    if options.degree == 0 || options.degree > 4 {
        return Err(NoEstimate::Option("degree"));
    }
    let is_size = |own: &f64| own.is_finite() && *own > 0.0;
    if options
        .bandwidths
        .is_some_and(|own| !own.iter().all(is_size))
    {
        return Err(NoEstimate::Option("bandwidth"));
    }
    let sample = Values::of(running, options.cutoff)?;
    for (side, whose) in sample.distinct().iter().zip(Whose::BOTH) {
        if side.len() < options.degree + 4 {
            return Err(NoEstimate::FewDistinct {
                side: whose,
                found: side.len(),
                wanted: options.degree + 4,
            });
        }
    }
    let bandwidths = match options.bandwidths {
        Some(given) => given,
        None => bandwidths(&sample, options).ok_or(NoEstimate::NoBandwidth)?,
    };
    let fit = fit(&sample, options, options.degree + 1, bandwidths, 1);
    let fit = fit.ok_or(NoEstimate::NoBandwidth)?;
    let t = (fit.densities[1] - fit.densities[0]) / fit.variance(Of::Difference).sqrt();
    if !t.is_finite() {
        return Err(NoEstimate::NoNoise);
    }
    Ok(DensityTest {
        t,
        p: distribution::normal_two_sided(t),
        densities: fit.densities,
        standard_errors: [Of::Below, Of::Above].map(|own| fit.variance(own).sqrt()),
        bandwidths,
        rows: [sample.below, sample.centred.len() - sample.below],
        effective: fit.effective,
        has_ties: sample.has_ties,
    })
}

/// The sorted values less the cut-off, with their empirical distribution function.
#[derive(Clone, Debug)]
struct Values {
    centred: Vec<f64>,
    /// Rows below the cut-off.
    below: usize,
    /// The share of other rows at or below each.
    shares: Vec<f64>,
    has_ties: bool,
}

impl Values {
    fn of(running: &[f64], cutoff: f64) -> Result<Values, NoEstimate> {
        let wrong = running.iter().filter(|own| !own.is_finite()).count();
        if wrong > 0 {
            return Err(NoEstimate::NotFinite(Column::Running, wrong));
        }
        let mut sorted = running.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let (low, high) = (
            sorted.first().copied().unwrap_or(f64::NAN),
            sorted.last().copied().unwrap_or(f64::NAN),
        );
        if !(cutoff > low && cutoff < high) {
            return Err(NoEstimate::CutoffOutside { cutoff, low, high });
        }
        let below = sorted.partition_point(|own| *own < cutoff);
        let n = sorted.len();
        let mut shares: Vec<f64> = (0..n).map(|at| at as f64 / (n as f64 - 1.0)).collect();
        let mut has_ties = false;
        for at in (0..n - 1).rev() {
            if sorted[at] == sorted[at + 1] {
                has_ties = true;
                shares[at] = shares[at + 1];
            }
        }
        Ok(Values {
            centred: sorted.iter().map(|own| own - cutoff).collect(),
            below,
            shares,
            has_ties,
        })
    }

    /// Distances of the rows of a side, nearest first.
    fn distances(&self) -> [Vec<f64>; 2] {
        let below = self.centred[..self.below].iter().rev().map(|own| -own);
        [below.collect(), self.centred[self.below..].to_vec()]
    }

    fn distinct(&self) -> [Vec<f64>; 2] {
        self.distances().map(|mut own| {
            own.dedup();
            own
        })
    }

    /// The least bandwidths that hold `wanted` rows and `wanted` distinct values on each side.
    fn least(&self, wanted: usize) -> [f64; 2] {
        let (rows, distinct) = (self.distances(), self.distinct());
        let at = |own: &[f64]| own[wanted.min(own.len()) - 1];
        [0, 1].map(|side: usize| at(&rows[side]).max(at(&distinct[side])))
    }
}

/// Densities and what goes with them.
#[derive(Clone, Debug)]
struct Fit {
    densities: [f64; 2],
    /// Of the two densities.
    covariance: [[f64; 2]; 2],
    /// The coefficients of the higher order asked.
    higher: [f64; 2],
    effective: [usize; 2],
}

/// Which variance.
#[derive(Clone, Copy, Debug)]
enum Of {
    Below,
    Above,
    Difference,
    Sum,
}

impl Fit {
    fn variance(&self, of: Of) -> f64 {
        let [[below, both], [_, above]] = self.covariance;
        match of {
            Of::Below => below,
            Of::Above => above,
            Of::Difference => below + above - 2.0 * both,
            Of::Sum => below + above + 2.0 * both,
        }
    }
}

/// The row of the design: for a value on a side, in the model's order of columns.
fn design(model: Model, degree: usize, side: usize, u: f64, row: &mut [f64]) {
    row.fill(0.0);
    match model {
        Model::Unrestricted => {
            let mut power = 1.0;
            for order in 0..=degree {
                row[2 * order + side] = power;
                power *= u;
            }
        }
        Model::Restricted => {
            row[0] = 1.0;
            row[1 + side] = u;
            for order in 2..=degree {
                row[order + 1] = u.powi(order as i32);
            }
        }
    }
}

/// Where the densities and the coefficients of an order stand.
fn places(model: Model, order: usize) -> [usize; 2] {
    match model {
        Model::Unrestricted => [2 * order, 2 * order + 1],
        Model::Restricted if order == 1 => [1, 2],
        Model::Restricted => [order + 1, order + 1],
    }
}

/// The polynomial of the distribution function within the bandwidths; nothing when it is not determined.
fn fit(
    values: &Values,
    options: &DensityOptions,
    degree: usize,
    bandwidths: [f64; 2],
    order: usize,
) -> Option<Fit> {
    let model = options.model;
    let width = match model {
        Model::Unrestricted => 2 * degree + 2,
        Model::Restricted => degree + 2,
    };
    let first = values.centred.partition_point(|own| *own < -bandwidths[0]);
    let last = values.centred.partition_point(|own| *own <= bandwidths[1]);
    let inside = first..last.max(first);
    // In the restricted model one unit of length serves both sides, or the shared coefficients would not be shared.
    let units = match model {
        Model::Unrestricted => bandwidths,
        Model::Restricted => [bandwidths[0]; 2],
    };
    let side = |at: usize| usize::from(at >= values.below);
    let weight = |at: usize| {
        let own = bandwidths[side(at)];
        options.kernel.weight((values.centred[at] / own).abs()) / own
    };
    let mut row = vec![0.0; width];
    let mut gram = DMatrix::<f64>::zeros(width, width);
    let mut moments = DVector::<f64>::zeros(width);
    for at in inside.clone() {
        let side = side(at);
        design(
            model,
            degree,
            side,
            values.centred[at] / units[side],
            &mut row,
        );
        let weight = weight(at);
        for one in 0..width {
            moments[one] += weight * row[one] * values.shares[at];
            for other in one..width {
                gram[(one, other)] += weight * row[one] * row[other];
            }
        }
    }
    gram.fill_lower_triangle_with_upper_triangle();
    let inverse = crate::dense::inverse(&gram)?;
    let coefficients = &inverse * moments;
    // The jackknife: for each row, the weighted design of the rows after it.
    let mut meat = DMatrix::<f64>::zeros(width, width);
    let mut after = DVector::<f64>::zeros(width);
    let mut end = inside.end;
    while end > inside.start {
        let mut start = end - 1;
        while start > inside.start && values.centred[start - 1] == values.centred[start] {
            start -= 1;
        }
        let side = side(start);
        design(
            model,
            degree,
            side,
            values.centred[start] / units[side],
            &mut row,
        );
        let own = DVector::from_column_slice(&row) * weight(start);
        // Rows of one value count each other as after them, save themselves.
        let ties = (end - start) as f64;
        let seen = &after + &own * (ties - 1.0);
        meat.ger(ties, &seen, &seen, 1.0);
        after.axpy(ties, &own, 1.0);
        end = start;
    }
    let n = values.centred.len() as f64;
    let covariance = &inverse * meat * &inverse / ((n - 1.0) * (n - 1.0));
    let [below, above] = places(model, 1);
    let higher = places(model, order);
    let unit = |side: usize, order: usize| units[side].powi(order as i32);
    Some(Fit {
        densities: [
            coefficients[below] / unit(0, 1),
            coefficients[above] / unit(1, 1),
        ],
        covariance: [
            [
                covariance[(below, below)] / (unit(0, 1) * unit(0, 1)),
                covariance[(below, above)] / (unit(0, 1) * unit(1, 1)),
            ],
            [
                covariance[(below, above)] / (unit(0, 1) * unit(1, 1)),
                covariance[(above, above)] / (unit(1, 1) * unit(1, 1)),
            ],
        ],
        higher: [
            coefficients[higher[0]] / unit(0, order),
            coefficients[higher[1]] / unit(1, order),
        ],
        effective: [
            values.below.min(inside.end).saturating_sub(inside.start),
            inside.end.saturating_sub(values.below.max(inside.start)),
        ],
    })
}

/// Bandwidths best by mean squared error: unrestricted, on each side the median of its own, that of the difference and that of the sum; restricted, the smaller of the last two.
fn bandwidths(values: &Values, options: &DensityOptions) -> Option<[f64; 2]> {
    let p = options.degree;
    let n = values.centred.len() as f64;
    let [higher, main] = pilots(values, p);
    let curved = fit(values, options, p + 2, [higher; 2], p + 1)?;
    let level = fit(values, options, p, [main; 2], 1)?;
    let bias = biases(options, &curved, &level)?;
    let power = 1.0 / (2 * p + 1) as f64;
    let balance = |of: Of, bias: f64| {
        let variance = n * main * level.variance(of);
        let own = (variance / (2.0 * p as f64 * bias * bias * n)).powf(power);
        match own.is_nan() {
            true => 0.0,
            false => own,
        }
    };
    let ranges = values.distances().map(|own| own.last().copied());
    let ranges = [ranges[0]?, ranges[1]?];
    let least = values.least(20 + p + 1);
    let most = ranges[0].max(ranges[1]);
    let both = least[0].max(least[1]);
    let below = balance(Of::Below, bias[0]).min(ranges[0]).max(least[0]);
    let above = balance(Of::Above, bias[1]).min(ranges[1]).max(least[1]);
    let difference = balance(Of::Difference, bias[1] - bias[0])
        .min(most)
        .max(both);
    let sum = balance(Of::Sum, bias[1] + bias[0]).min(most).max(both);
    let median = |own: f64| own.max(difference).min(own.min(difference).max(sum));
    Some(match options.model {
        Model::Unrestricted => [median(below), median(above)],
        Model::Restricted => [difference.min(sum); 2],
    })
}

/// The pilot bandwidths of the higher derivative and of the density, best if the density were normal.
fn pilots(values: &Values, p: usize) -> [f64; 2] {
    let n = values.centred.len() as f64;
    let mean = values.centred.iter().sum::<f64>() / n;
    let squares: f64 = values.centred.iter().map(|own| (own - mean).powi(2)).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    let standardised = mean / deviation;
    let shape = |order: usize| {
        hermite(order, standardised).powi(2) * distribution::normal_density(standardised)
    };
    let pf = p as f64;
    // Constants of the asymptotic variance over the squared bias for p = 1 to 4, as the authors' programs tabulate them.
    let higher = [
        25_884.444_444_494_15,
        3_430_865.455_123_618,
        845_007_948.042_626,
        330_631_733_667.038_1,
    ][p - 1];
    let level = [
        4.800_000_000_000_025,
        548.571_428_571_554_6,
        100_800.000_000_204_2,
        29_558_225.458_100_61,
    ][p - 1];
    let bandwidth = |constant: f64, order: usize, power: usize| {
        (constant / shape(order) / n).powf(1.0 / power as f64) * deviation
    };
    let higher = bandwidth((2.0 * pf + 1.0) / 4.0 * higher, p + 2, 2 * p + 5);
    let level = bandwidth(level / (2.0 * pf), p, 2 * p + 1);
    let farthest = values
        .centred
        .iter()
        .fold(0.0_f64, |most, own| most.max(own.abs()));
    let wide = |own: f64, wanted: usize| {
        let [below, above] = values.least(wanted);
        own.min(farthest).max(below).max(above)
    };
    [wide(higher, 20 + p + 3), wide(level, 20 + p + 1)]
}

/// Hermite's polynomial of the probabilists.
fn hermite(order: usize, x: f64) -> f64 {
    let (mut before, mut now) = (0.0, 1.0);
    for step in 0..order {
        (before, now) = (now, x * now - step as f64 * before);
    }
    now
}

/// `∫ K(u) u^power` over the unit interval.
fn kernel_moment(kernel: Kernel, power: usize) -> f64 {
    let m = power as f64;
    match kernel {
        Kernel::Triangular => 1.0 / (m + 1.0) - 1.0 / (m + 2.0),
        Kernel::Epanechnikov => 0.75 * (1.0 / (m + 1.0) - 1.0 / (m + 3.0)),
        Kernel::Uniform => 0.5 / (m + 1.0),
    }
}

/// The leading biases of the two densities at a bandwidth of one.
fn biases(options: &DensityOptions, curved: &Fit, level: &Fit) -> Option<[f64; 2]> {
    let p = options.degree;
    let moment = |power: usize| kernel_moment(options.kernel, power);
    if options.model == Model::Unrestricted {
        let gram = DMatrix::from_fn(p + 1, p + 1, |one, other| moment(one + other));
        let next = DVector::from_fn(p + 1, |one, _| moment(one + p + 1));
        let constant = gram.lu().solve(&next)?[1];
        let sign = [1.0, -1.0][p % 2];
        return Some([
            curved.higher[0] * constant * sign,
            curved.higher[1] * constant,
        ]);
    }
    // Columns: constant, slope below, slope above, shared powers; `flip` mirrors a side.
    let width = p + 2;
    let power = |column: usize| column.saturating_sub(usize::from(column > 0));
    let above = DMatrix::from_fn(width, width, |one, other| match one == 1 || other == 1 {
        true => 0.0,
        false => moment(power(one) + power(other)),
    });
    let next = DVector::from_fn(width, |one, _| match one {
        1 => 0.0,
        _ => moment(power(one) + p + 1),
    });
    let mut flip = DMatrix::<f64>::zeros(width, width);
    flip[(0, 0)] = 1.0;
    (flip[(1, 2)], flip[(2, 1)]) = (-1.0, -1.0);
    for column in 3..width {
        flip[(column, column)] = [1.0, -1.0][power(column) % 2];
    }
    let [below_density, above_density] = level.densities;
    let gram = &above * above_density + &flip * &above * &flip * below_density;
    let sign = [-1.0, 1.0][p % 2];
    let right = (&next * above_density + &flip * &next * (sign * below_density)) * curved.higher[0];
    let solved = gram.lu().solve(&right)?;
    Some([solved[1], solved[2]])
}
