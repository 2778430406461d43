//! Removes fixed effects from columns, many columns at once.
//!
//! The effect with most groups is removed by its group means, exactly.
//! For the others, with dummies `D`, what is left are the equations `(D'WM D) γ = D'WM x` of the Schur complement, with `M` what takes the first effect's means away: solved directly when there are few groups, by conjugate gradients otherwise (the accelerated form of alternating projections: Correia, "Linear models with high-dimensional fixed effects", 2016).

use nalgebra::DMatrix;
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::conjugate;
use super::groups::Groups;
use crate::dense;

/// Groups beside the largest effect for which the equations are written down and solved directly.
const DIRECT: usize = 500;

/// What is left of group means, at most, relative to the size of their column, for the effects to count as removed.
const ENOUGH: f64 = 1e-9;

/// What is aimed at.
const AIM: f64 = 1e-14;

/// How the fixed effects were removed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Absorption {
    /// Steps of conjugate gradients; none when the equations were solved directly.
    pub steps: usize,
    /// The largest group mean left, relative to the size of its column.
    pub gap: f64,
}

/// Fixed effects over rows that stand group by group of the first.
#[derive(Debug)]
pub(crate) struct Absorber {
    /// Where each group of the first effect starts, and the number of rows.
    pub(crate) starts: Vec<usize>,
    /// One over the weight of each group of the first effect.
    inverse: Vec<f64>,
    /// The other effects: codes moved so that all are numbered through.
    pub(crate) others: Vec<Vec<u32>>,
    /// Groups of all other effects.
    pub(crate) groups: usize,
    /// The weight of each of them.
    pub(crate) masses: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Groups of the first effect that are handled together.
    chunks: Vec<(usize, usize)>,
    direct: Option<Direct>,
}

/// The equations of the other effects, solved: the inverse on the groups that do not follow from those before.
#[derive(Debug)]
pub(crate) struct Direct {
    pub(crate) kept: Vec<usize>,
    pub(crate) inverse: DMatrix<f64>,
}

impl Absorber {
    /// The first effect sorted, the others in the same order of rows.
    pub(crate) fn new(first: &Groups, others: &[Groups], weights: Option<Vec<f64>>) -> Absorber {
        let starts = first.lists().starts;
        let weight = |row: usize| weights.as_ref().map_or(1.0, |own| own[row]);
        let inverse = starts.windows(2).map(|ends| {
            let sum: f64 = (ends[0]..ends[1]).map(weight).sum();
            1.0 / sum
        });
        let inverse = inverse.collect();
        let mut groups = 0;
        let mut moved = Vec::with_capacity(others.len());
        for other in others {
            let by = groups as u32;
            moved.push(other.codes.iter().map(|code| code + by).collect::<Vec<_>>());
            groups += other.count;
        }
        let mut masses = vec![0.0; groups];
        for codes in &moved {
            for (row, code) in codes.iter().enumerate() {
                masses[*code as usize] += weight(row);
            }
        }
        let chunks = chunks(&starts, groups);
        let mut absorber = Absorber {
            starts,
            inverse,
            others: moved,
            groups,
            masses,
            weights,
            chunks,
            direct: None,
        };
        if groups > 0 && groups <= DIRECT {
            absorber.direct = absorber.equations();
        }
        absorber
    }

    /// The equations solved directly, when they are.
    pub(crate) fn direct(&self) -> Option<&Direct> {
        self.direct.as_ref()
    }

    /// The weight of a row.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |own| own[row])
    }

    /// One over the weight of a group of the first effect.
    pub(crate) fn inverse_mass(&self, group: usize) -> f64 {
        self.inverse[group]
    }

    /// Takes the effects out of rows of `stride` columns; `sizes` are the columns' root sums of weighted squares before.
    pub(crate) fn remove(&self, data: &mut [f64], stride: usize, sizes: &[f64]) -> Absorption {
        let mut left = self.pass(data, stride, None);
        let mut told = Absorption::default();
        for round in 0..5 {
            told.gap = self.gap(&left, sizes);
            // The first means of the other effects are never small by chance alone: one solution is always taken.
            if told.gap <= AIM || (round > 1 && told.gap <= 1e-12) {
                break;
            }
            let (effects, steps) = match &self.direct {
                Some(direct) => (direct.solve(&left, stride, self.groups), 0),
                None => conjugate::solve(self, &left, stride, sizes),
            };
            told.steps += steps;
            left = self.pass(data, stride, Some(&effects));
            told.gap = self.gap(&left, sizes);
        }
        told
    }

    /// Whether that is enough.
    pub(crate) fn is_enough(told: &Absorption) -> bool {
        told.gap <= ENOUGH
    }

    /// The largest mean left by group, each against what its column could have at most.
    fn gap(&self, left: &[f64], sizes: &[f64]) -> f64 {
        let mut largest = 0.0_f64;
        for (sums, mass) in left.chunks_exact(sizes.len().max(1)).zip(&self.masses) {
            for (sum, size) in sums.iter().zip(sizes) {
                if *size > 0.0 {
                    largest = largest.max(sum.abs() / (mass.sqrt() * size));
                }
            }
        }
        largest
    }

    /// Takes `effects` of the other groups and then the means of the first groups away; answers with the weighted sums left in the other groups.
    fn pass(&self, data: &mut [f64], stride: usize, effects: Option<&[f64]>) -> Vec<f64> {
        let mut parts = Vec::with_capacity(self.chunks.len());
        let mut rest = data;
        for (low, high) in &self.chunks {
            let rows = self.starts[*high] - self.starts[*low];
            let (own, after) = rest.split_at_mut(rows * stride);
            parts.push((*low, *high, own));
            rest = after;
        }
        let sums: Vec<Vec<f64>> = parts
            .into_par_iter()
            .map(|(low, high, data)| self.pass_chunk((low, high), data, stride, effects))
            .collect();
        added(sums, self.groups * stride)
    }

    fn pass_chunk(
        &self,
        (low, high): (usize, usize),
        data: &mut [f64],
        stride: usize,
        effects: Option<&[f64]>,
    ) -> Vec<f64> {
        let mut sums = vec![0.0; self.groups * stride];
        let mut mean = vec![0.0; stride];
        let from = self.starts[low];
        for group in low..high {
            let rows = self.starts[group]..self.starts[group + 1];
            let own = &mut data[(rows.start - from) * stride..(rows.end - from) * stride];
            mean.fill(0.0);
            for (row, values) in rows.clone().zip(own.chunks_exact_mut(stride)) {
                if let Some(effects) = effects {
                    for codes in &self.others {
                        let at = codes[row] as usize * stride;
                        take(values, &effects[at..at + stride]);
                    }
                }
                add(&mut mean, values, self.weight(row));
            }
            for sum in &mut mean {
                *sum *= self.inverse[group];
            }
            for (row, values) in rows.zip(own.chunks_exact_mut(stride)) {
                take(values, &mean);
                for codes in &self.others {
                    let at = codes[row] as usize * stride;
                    add(&mut sums[at..at + stride], values, self.weight(row));
                }
            }
        }
        sums
    }

    /// `(D'WM D) γ` for effects of the other groups.
    pub(crate) fn apply(&self, effects: &[f64], stride: usize) -> Vec<f64> {
        let sums: Vec<Vec<f64>> = self
            .chunks
            .par_iter()
            .map(|chunk| self.apply_chunk(*chunk, effects, stride))
            .collect();
        added(sums, self.groups * stride)
    }

    fn apply_chunk(&self, (low, high): (usize, usize), effects: &[f64], stride: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.groups * stride];
        let (mut mean, mut value) = (vec![0.0; stride], vec![0.0; stride]);
        for group in low..high {
            let rows = self.starts[group]..self.starts[group + 1];
            mean.fill(0.0);
            for row in rows.clone() {
                for codes in &self.others {
                    let at = codes[row] as usize * stride;
                    add(&mut mean, &effects[at..at + stride], self.weight(row));
                }
            }
            for sum in &mut mean {
                *sum *= self.inverse[group];
            }
            for row in rows {
                value.fill(0.0);
                take(&mut value, &mean);
                for codes in &self.others {
                    let at = codes[row] as usize * stride;
                    add(&mut value, &effects[at..at + stride], 1.0);
                }
                for codes in &self.others {
                    let at = codes[row] as usize * stride;
                    add(&mut sums[at..at + stride], &value, self.weight(row));
                }
            }
        }
        sums
    }

    /// Weights of the other groups inside a group of the first, by code; only those that occur.
    pub(crate) fn inside(&self, group: usize, masses: &mut [f64], met: &mut Vec<u32>) {
        for code in met.drain(..) {
            masses[code as usize] = 0.0;
        }
        for row in self.starts[group]..self.starts[group + 1] {
            for codes in &self.others {
                let code = codes[row];
                if masses[code as usize] == 0.0 {
                    met.push(code);
                }
                masses[code as usize] += self.weight(row);
            }
        }
    }

    /// `D'WM D` and its inverse on the groups that do not follow from others.
    fn equations(&self) -> Option<Direct> {
        let size = self.groups;
        let parts: Vec<Vec<f64>> = self
            .chunks
            .par_iter()
            .map(|chunk| self.equations_chunk(*chunk))
            .collect();
        let sums = added(parts, size * size);
        let matrix = DMatrix::from_vec(size, size, sums);
        let kept = independent(&matrix, &self.masses);
        let inverse = match kept.is_empty() {
            true => DMatrix::zeros(0, 0),
            false => dense::inverse(&matrix.select_rows(&kept).select_columns(&kept))?,
        };
        Some(Direct { kept, inverse })
    }

    fn equations_chunk(&self, (low, high): (usize, usize)) -> Vec<f64> {
        let size = self.groups;
        let mut sums = vec![0.0; size * size];
        let (mut masses, mut met) = (vec![0.0; size], Vec::new());
        for group in low..high {
            self.inside(group, &mut masses, &mut met);
            for one in &met {
                let part = masses[*one as usize] * self.inverse[group];
                for other in &met {
                    sums[*one as usize * size + *other as usize] -= part * masses[*other as usize];
                }
            }
            for row in self.starts[group]..self.starts[group + 1] {
                for one in &self.others {
                    for other in &self.others {
                        sums[one[row] as usize * size + other[row] as usize] += self.weight(row);
                    }
                }
            }
        }
        sums
    }
}

impl Direct {
    fn solve(&self, left: &[f64], stride: usize, groups: usize) -> Vec<f64> {
        let right = DMatrix::from_fn(self.kept.len(), stride, |row, column| {
            left[self.kept[row] * stride + column]
        });
        let found = &self.inverse * right;
        let mut effects = vec![0.0; groups * stride];
        for (at, group) in self.kept.iter().enumerate() {
            for column in 0..stride {
                effects[group * stride + column] = found[(at, column)];
            }
        }
        effects
    }
}

/// Places of a positive semidefinite matrix that do not follow from those before them, by Cholesky's pivots.
pub(crate) fn independent(matrix: &DMatrix<f64>, sizes: &[f64]) -> Vec<usize> {
    let size = matrix.nrows();
    let mut rest = matrix.clone();
    let mut kept = Vec::with_capacity(size);
    for at in 0..size {
        let pivot = rest[(at, at)];
        if pivot.is_nan() || pivot <= 1e-10 * sizes[at] {
            continue;
        }
        kept.push(at);
        let column: Vec<f64> = (0..size).map(|row| rest[(row, at)]).collect();
        for second in at + 1..size {
            let part = column[second] / pivot;
            if part != 0.0 {
                for first in at + 1..size {
                    rest[(first, second)] -= part * column[first];
                }
            }
        }
    }
    kept
}

/// Borders of groups with about as many rows each; fewer chunks when each carries many sums.
fn chunks(starts: &[usize], groups: usize) -> Vec<(usize, usize)> {
    let rows = starts.last().copied().unwrap_or(0);
    let at_most = (4 * rows / groups.max(1)).clamp(1, 64);
    let wanted = (rows / 32_768).clamp(1, at_most);
    let mut found = Vec::with_capacity(wanted);
    let mut low = 0;
    for chunk in 1..=wanted {
        let until = rows * chunk / wanted;
        let high = match chunk == wanted {
            true => starts.len() - 1,
            false => starts.partition_point(|start| *start <= until).max(1) - 1,
        };
        if high > low {
            found.push((low, high));
            low = high;
        }
    }
    found
}

/// The sums of all chunks, in the chunks' order.
pub(crate) fn added(parts: Vec<Vec<f64>>, size: usize) -> Vec<f64> {
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_else(|| vec![0.0; size]);
    for part in parts {
        add(&mut total, &part, 1.0);
    }
    total
}

/// `to += by * values`.
pub(crate) fn add(to: &mut [f64], values: &[f64], by: f64) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += by * value;
    }
}

fn take(from: &mut [f64], values: &[f64]) {
    for (from, value) in from.iter_mut().zip(values) {
        *from -= value;
    }
}
