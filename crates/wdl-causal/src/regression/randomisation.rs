//! Randomisation inference: what the coefficient would be had the same treatments gone to other units (Fisher 1935; Young 2019).

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha20Rng;
use rustc_hash::FxHashMap;

use super::absorb::{self, Absorber};
use super::design::Rows;
use super::fitting::{self, Inner};
use super::groups::Groups;
use super::model::{Model, RegressionError};
use crate::distribution;

/// Arrangements handled side by side.
const WIDTH: usize = 16;

/// A test by rearranging treatments.
#[derive(Clone, Copy, Debug)]
pub struct RandomisationAsked<'a> {
    /// The treatment among the regressors.
    pub regressor: usize,
    /// The unit to which treatment was assigned, for each row given.
    pub units: &'a [u32],
    /// The period of each row, when a unit's treatment changes in time: its whole course then moves.
    pub periods: Option<&'a [u32]>,
    /// Random arrangements at most; when all different ones are fewer, they are all made.
    pub draws: usize,
    /// The level of the interval of p.
    pub level: f64,
    /// The seed.
    pub seed: u64,
}

/// The answer of a test by rearranging treatments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Randomisation {
    /// The coefficient.
    pub estimate: f64,
    /// Share of arrangements with a coefficient at least as far from zero; with random ones the true arrangement counts as one of them.
    pub p: f64,
    /// What is known of p with more draws: lower end (Clopper and Pearson); p itself when all arrangements were made.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Arrangements made.
    pub draws: usize,
    /// Different arrangements that there are (infinite when too many to count).
    pub arrangements: f64,
    /// Whether all were made.
    pub is_enumerated: bool,
    /// Units of assignment.
    pub units: usize,
    /// Different courses of treatment among them.
    pub courses: usize,
    /// Arrangements in which the treatment does not vary beside the other regressors; counted as far from zero.
    pub undefined: usize,
}

/// Tests the sharp hypothesis that the treatment changes no outcome.
///
/// # Errors
/// [`RegressionError`] as for the regression; when treatments cannot be exchanged between units.
pub fn randomise(
    model: &Model<'_>,
    asked: &RandomisationAsked<'_>,
) -> Result<Randomisation, RegressionError> {
    if !model.instruments.is_empty() || !model.endogenous.is_empty() {
        return Err(RegressionError::NotForInstruments);
    }
    if asked.draws == 0 || !(asked.level > 0.0 && asked.level < 1.0) {
        return Err(RegressionError::Setting(
            "at least one arrangement, and a level between zero and one, are needed",
        ));
    }
    if asked.regressor >= model.regressors.len() {
        return Err(RegressionError::NoSuchTerm(asked.regressor));
    }
    let mut whole = model.clone();
    whole.focus = vec![asked.regressor];
    let fit = fitting::fit(&whole)?;
    let estimate = fit.coefficients[fit.place(asked.regressor)?];
    drop(fit);
    let assignment = Assignment::of(model, asked)?;
    // Without the treatment: residuals of the outcome, and the other regressors with the effects removed.
    let mut others = model.clone();
    others.regressors.remove(asked.regressor);
    others.focus = Vec::new();
    let rows = Rows::of(&others)?;
    let weights = rows.weights.clone();
    let without = fitting::linear(&others, fitting::within(&others, rows, weights)?)?;
    let statistics = assignment.statistics(&without.inner, asked);
    let is_far =
        |statistic: &f64| statistic.is_nan() || statistic.abs() >= estimate.abs() * (1.0 - 1e-9);
    let far = statistics.iter().filter(|own| is_far(own)).count() as f64;
    let total = statistics.len() as f64;
    let (p, low, high) = match assignment.is_enumerated {
        true => (far / total, far / total, far / total),
        false => {
            let (low, high) = exact_interval(far, total, asked.level);
            ((far + 1.0) / (total + 1.0), low, high)
        }
    };
    Ok(Randomisation {
        estimate,
        p,
        low,
        high,
        draws: statistics.len(),
        arrangements: assignment.arrangements,
        is_enumerated: assignment.is_enumerated,
        units: assignment.labels.len(),
        courses: assignment.courses.len(),
        undefined: statistics.iter().filter(|own| own.is_nan()).count(),
    })
}

/// Who has which course of treatment.
struct Assignment {
    units: Groups,
    periods: Groups,
    /// The course of each unit.
    labels: Vec<usize>,
    /// The treatment by course and period.
    courses: Vec<Vec<f64>>,
    arrangements: f64,
    is_enumerated: bool,
}

impl Assignment {
    fn of(
        model: &Model<'_>,
        asked: &RandomisationAsked<'_>,
    ) -> Result<Assignment, RegressionError> {
        let rows = Rows::of(model)?;
        let units = rows.groups(asked.units)?;
        let periods = match asked.periods {
            Some(periods) => rows.groups(periods)?,
            None => Groups {
                codes: vec![0; rows.len()],
                count: 1,
            },
        };
        let cells = vec![vec![f64::NAN; periods.count]; units.count];
        let (cells, varies) = filled(model, asked, &rows, &units, &periods, cells);
        match varies.iter().filter(|varies| **varies).count() {
            0 => (),
            count => return Err(RegressionError::TreatmentVariesInside(count)),
        }
        match cells
            .iter()
            .filter(|own| own.iter().any(|value| value.is_nan()))
            .count()
        {
            0 => (),
            count => return Err(RegressionError::UnitsUnbalanced(count)),
        }
        let mut known = FxHashMap::default();
        let mut courses = Vec::new();
        let mut labels = Vec::with_capacity(units.count);
        for cell in cells {
            let key: Vec<u64> = cell.iter().map(|value| (value + 0.0).to_bits()).collect();
            let label = *known.entry(key).or_insert_with(|| {
                courses.push(cell);
                courses.len() - 1
            });
            labels.push(label);
        }
        let arrangements = arrangements(&labels, courses.len());
        Ok(Assignment {
            units,
            periods,
            labels,
            courses,
            is_enumerated: arrangements <= asked.draws as f64,
            arrangements,
        })
    }

    /// The coefficient under each arrangement; not a number where it is not defined.
    fn statistics(&self, without: &Inner, asked: &RandomisationAsked<'_>) -> Vec<f64> {
        let mut statistics = Vec::new();
        let mut labels = self.labels.clone();
        labels.sort_unstable();
        let mut has_next = true;
        let mut draw = 0;
        while has_next {
            let mut batch = Vec::with_capacity(WIDTH);
            while batch.len() < WIDTH && has_next {
                match self.is_enumerated {
                    true => {
                        batch.push(labels.clone());
                        has_next = next_arrangement(&mut labels);
                    }
                    false => {
                        let mut source = ChaCha20Rng::seed_from_u64(asked.seed);
                        source.set_stream(draw as u64);
                        let mut own = self.labels.clone();
                        own.shuffle(&mut source);
                        batch.push(own);
                        draw += 1;
                        has_next = draw < asked.draws;
                    }
                }
            }
            statistics.extend(self.batch(without, &batch));
        }
        statistics
    }

    /// `d'Wr / d'WMd` side by side, with `r` the residuals of the outcome and `M` what takes the other regressors and the effects away.
    fn batch(&self, without: &Inner, batch: &[Vec<usize>]) -> Vec<f64> {
        let width = batch.len();
        let rows = without.rows.len();
        let mut data = Vec::with_capacity(rows * width);
        for row in 0..rows {
            let (unit, period) = (self.units.codes[row], self.periods.codes[row]);
            for labels in batch {
                data.push(self.courses[labels[unit as usize]][period as usize]);
            }
        }
        let raw = super::design::moments(&data, width, without.weights.as_deref()).sizes;
        let mut is_removed = true;
        if let Some(absorber) = &without.absorber {
            let told = absorber.remove(&mut data, width, &raw);
            is_removed = Absorber::is_enough(&told);
        }
        let columns = without.stride - 1;
        let mut sums = vec![0.0; width * (columns + 2)];
        let (products, rest) = sums.split_at_mut(width);
        let (squares, along) = rest.split_at_mut(width);
        for (row, values) in data.chunks_exact(width).enumerate() {
            let (residual, others) = without.row(row);
            let weight = without.weight(row);
            absorb::add(products, values, weight * residual);
            for (square, value) in squares.iter_mut().zip(values) {
                *square += weight * value * value;
            }
            for (other, along) in others.iter().zip(along.chunks_exact_mut(width)) {
                absorb::add(along, values, weight * other);
            }
        }
        (0..width)
            .map(|at| {
                let own = nalgebra::DVector::from_fn(columns, |row, _| along[row * width + at]);
                let left = squares[at] - own.dot(&(&without.bread * &own));
                match is_removed && left > 1e-12 * raw[at] * raw[at] {
                    true => products[at] / left,
                    false => f64::NAN,
                }
            })
            .collect()
    }
}

/// The treatment of each unit in each period, and which units have two in one.
fn filled(
    model: &Model<'_>,
    asked: &RandomisationAsked<'_>,
    rows: &Rows,
    units: &Groups,
    periods: &Groups,
    mut cells: Vec<Vec<f64>>,
) -> (Vec<Vec<f64>>, Vec<bool>) {
    let treatment = model.regressors[asked.regressor];
    let mut varies = vec![false; units.count];
    for (at, row) in rows.rows.iter().enumerate() {
        let unit = units.codes[at] as usize;
        let cell = &mut cells[unit][periods.codes[at] as usize];
        let value = treatment.at(*row as usize);
        varies[unit] |= !cell.is_nan() && *cell != value;
        *cell = value;
    }
    (cells, varies)
}

/// Different orders of labels: the multinomial coefficient.
fn arrangements(labels: &[usize], courses: usize) -> f64 {
    let mut counts = vec![0_usize; courses];
    let mut ways = 1.0_f64;
    for (at, label) in labels.iter().enumerate() {
        counts[*label] += 1;
        ways = ways * (at as f64 + 1.0) / counts[*label] as f64;
    }
    ways.round()
}

/// The next order of labels in the order of a dictionary; false after the last.
fn next_arrangement(labels: &mut [usize]) -> bool {
    let Some(pivot) = (1..labels.len())
        .rev()
        .find(|at| labels[at - 1] < labels[*at])
    else {
        return false;
    };
    let swap = (pivot..labels.len())
        .rev()
        .find(|at| labels[*at] > labels[pivot - 1])
        .expect("the one at the pivot is larger");
    labels.swap(pivot - 1, swap);
    labels[pivot..].reverse();
    true
}

/// Clopper and Pearson's interval of a share.
fn exact_interval(hits: f64, total: f64, level: f64) -> (f64, f64) {
    let tail = (1.0 - level) / 2.0;
    let root = |a: f64, b: f64, wanted: f64| {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            match distribution::beta(a, b, middle, 1.0 - middle) < wanted {
                true => low = middle,
                false => high = middle,
            }
        }
        0.5 * (low + high)
    };
    let low = match hits > 0.0 {
        true => root(hits, total - hits + 1.0, tail),
        false => 0.0,
    };
    let high = match hits < total {
        true => root(hits + 1.0, total - hits, 1.0 - tail),
        false => 1.0,
    };
    (low, high)
}
