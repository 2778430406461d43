//! The fit: effects removed, columns that tell nothing left out, normal equations with their residual corrected.

use nalgebra::{DMatrix, DVector};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use super::absorb::{self, Absorber, Absorption};
use super::design::{self, CHUNK, Moments, Rows};
use super::instruments::{self, Strength};
use super::model::{Column, LeftOut, Model, RegressionError, Term};
use crate::dense;

/// What kind of regression it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Linear,
    Instruments,
    Poisson,
}

/// A fitted regression.
#[derive(Debug)]
pub struct Fit {
    /// What each coefficient belongs to, the constant first.
    pub terms: Vec<Term>,
    /// The coefficients.
    pub coefficients: Vec<f64>,
    /// The regressors without a coefficient, and why.
    pub left_out: Vec<(usize, LeftOut)>,
    /// The instruments that tell nothing more.
    pub left_out_instruments: Vec<usize>,
    /// Rows that count.
    pub rows: usize,
    /// Rows given.
    pub given: usize,
    /// Rows left out because they were alone in a group.
    pub singletons: Vec<usize>,
    /// Rows left out because their weight is zero.
    pub weightless: usize,
    /// Groups of each fixed effect.
    pub groups: Vec<usize>,
    /// How the fixed effects were removed.
    pub absorption: Absorption,
    /// Share of the variation of the outcome that the fit explains, with the fixed effects; only without instruments and for linear regressions.
    pub r_squared: Option<f64>,
    /// Share of the variation within the fixed effects that the regressors explain; likewise.
    pub r_squared_within: Option<f64>,
    /// The weighted sum of squared residuals.
    pub squares: f64,
    /// Strength of the instruments, when there are any.
    pub strength: Option<Strength>,
    pub(crate) inner: Inner,
}

/// What the variances need.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) kind: Kind,
    pub(crate) rows: Rows,
    pub(crate) absorber: Option<Absorber>,
    /// For each row its residual, then its regressors after the effects are removed; the constant is a column of ones.
    pub(crate) data: Vec<f64>,
    pub(crate) stride: usize,
    pub(crate) weights: Option<Vec<f64>>,
    /// `(X'WX)⁻¹` of these columns.
    pub(crate) bread: DMatrix<f64>,
    /// The slopes, the constant's column first.
    pub(crate) solution: DVector<f64>,
    /// The regressors' means, when there is a constant: what leads from the columns here to the coefficients.
    pub(crate) means: Option<Vec<f64>>,
}

impl Inner {
    /// The weight of a row.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |own| own[row])
    }

    /// Residual and regressors of a row.
    pub(crate) fn row(&self, row: usize) -> (f64, &[f64]) {
        let own = &self.data[row * self.stride..(row + 1) * self.stride];
        (own[0], &own[1..])
    }

    /// Coefficients of the columns here, in those of the regressors as given: the constant is `ȳ - x̄'b`.
    pub(crate) fn outward(&self, inside: &DVector<f64>) -> DVector<f64> {
        let mut outside = inside.clone();
        if let Some(means) = &self.means {
            for (mean, slope) in means.iter().zip(inside.iter().skip(1)) {
                outside[0] -= mean * slope;
            }
        }
        outside
    }

    /// A covariance, likewise.
    pub(crate) fn outward_covariance(&self, inside: DMatrix<f64>) -> DMatrix<f64> {
        let Some(means) = &self.means else {
            return inside;
        };
        let size = inside.nrows();
        let mut by = DMatrix::identity(size, size);
        for (at, mean) in means.iter().enumerate() {
            by[(0, at + 1)] = -mean;
        }
        &by * inside * by.transpose()
    }
}

/// Columns after the effects are removed, before anything is solved.
pub(crate) struct Within {
    pub(crate) rows: Rows,
    pub(crate) absorber: Option<Absorber>,
    pub(crate) data: Vec<f64>,
    pub(crate) stride: usize,
    pub(crate) before: Moments,
    pub(crate) gram: DMatrix<f64>,
    pub(crate) absorption: Absorption,
}

/// Fits a linear regression, by two-stage least squares when there are instruments.
///
/// # Errors
/// [`RegressionError`] when a value is missing, a column of the question has no coefficient, or nothing is left.
pub fn fit(model: &Model<'_>) -> Result<Fit, RegressionError> {
    for at in model.focus.iter().chain(&model.endogenous) {
        if *at >= model.regressors.len() {
            return Err(RegressionError::NoSuchTerm(*at));
        }
    }
    if model.regressors.is_empty() && (model.is_without_constant || !model.fixed_effects.is_empty())
    {
        return Err(RegressionError::NothingLeft);
    }
    let rows = Rows::of(model)?;
    let weights = rows.weights.clone();
    let within = within(model, rows, weights)?;
    let outcome = (within.gram[(0, 0)], within.before.sizes[0]);
    if outcome.0.sqrt() <= 1e-13 * outcome.1 || outcome.1 == 0.0 {
        return Err(RegressionError::OutcomeWithoutVariation);
    }
    match model.instruments.is_empty() && model.endogenous.is_empty() {
        true => linear(model, within),
        false => instruments::fit(model, within),
    }
}

/// Outcome, constant, regressors and instruments side by side with the effects removed.
pub(crate) fn within(
    model: &Model<'_>,
    rows: Rows,
    weights: Option<Vec<f64>>,
) -> Result<Within, RegressionError> {
    let mut columns = vec![Column::Values(model.outcome)];
    let ones = vec![1.0; if rows.has_constant() { rows.given } else { 0 }];
    if rows.has_constant() {
        columns.push(Column::Values(&ones));
    }
    columns.extend(&model.regressors);
    columns.extend(&model.instruments);
    let data = rows.fill(&columns);
    removed(rows, weights, data, columns.len())
}

/// Takes the effects out of filled columns.
pub(crate) fn removed(
    rows: Rows,
    weights: Option<Vec<f64>>,
    mut data: Vec<f64>,
    stride: usize,
) -> Result<Within, RegressionError> {
    let before = design::moments(&data, stride, weights.as_deref());
    let absorber = rows.absorber(weights.clone());
    let mut absorption = Absorption::default();
    if let Some(absorber) = &absorber {
        absorption = absorber.remove(&mut data, stride, &before.sizes);
        if !Absorber::is_enough(&absorption) {
            return Err(RegressionError::NotAbsorbed {
                steps: absorption.steps,
                gap: absorption.gap,
            });
        }
    }
    if rows.has_constant() {
        for values in data.chunks_exact_mut(stride) {
            values[1] = 1.0;
        }
    }
    let gram = design::gram(&data, stride, weights.as_deref());
    Ok(Within {
        rows,
        absorber,
        data,
        stride,
        before,
        gram,
        absorption,
    })
}

/// Which columns are kept, and what becomes of the regressors that are not.
pub(crate) struct Kept {
    /// Columns of the data, the constant and the regressors.
    pub(crate) columns: Vec<usize>,
    pub(crate) terms: Vec<Term>,
    pub(crate) left_out: Vec<(usize, LeftOut)>,
}

impl Within {
    /// The column of the data of the first regressor.
    pub(crate) fn first(&self) -> usize {
        1 + usize::from(self.rows.has_constant())
    }

    /// Why a column has nothing left, if it has nothing left.
    fn emptied(&self, column: usize) -> Option<LeftOut> {
        let (size, mass) = (self.before.sizes[column], self.before.mass);
        if self.absorber.is_some() && !self.before.varies[column] {
            return Some(LeftOut::NoVariation);
        }
        let centred = (size * size - mass * self.before.means[column].powi(2)).max(0.0);
        let left = self.gram[(column, column)];
        (left <= (1e-18 * centred).max(1e-24 * size * size)).then_some(
            match self.rows.effects.is_empty() {
                true => LeftOut::NoVariation,
                false => LeftOut::Absorbed,
            },
        )
    }

    /// The columns among these that tell something, in their order, those of `last` judged after the others.
    pub(crate) fn independent(
        &self,
        columns: &[usize],
        last: &[usize],
    ) -> (Vec<usize>, Vec<(usize, LeftOut)>) {
        let mut order: Vec<usize> = columns.to_vec();
        order.sort_by_key(|column| last.contains(column));
        let matrix = self.gram.select_rows(&order).select_columns(&order);
        let constant = self.rows.has_constant().then_some(1);
        let emptied: Vec<Option<LeftOut>> = order
            .iter()
            .map(|column| match constant == Some(*column) {
                true => None,
                false => self.emptied(*column),
            })
            .collect();
        let sizes: Vec<f64> = (0..order.len())
            .map(|at| match emptied[at] {
                Some(_) => f64::INFINITY,
                None => matrix[(at, at)],
            })
            .collect();
        let kept = absorb::independent(&matrix, &sizes);
        let mut left_out = Vec::new();
        for (at, column) in order.iter().enumerate() {
            if !kept.contains(&at) {
                left_out.push((*column, emptied[at].unwrap_or(LeftOut::Collinear)));
            }
        }
        left_out.sort_by_key(|own| own.0);
        let mut found: Vec<usize> = kept.into_iter().map(|at| order[at]).collect();
        found.sort_unstable();
        (found, left_out)
    }

    /// The regressors that have a coefficient.
    pub(crate) fn kept(&self, model: &Model<'_>) -> Result<Kept, RegressionError> {
        let first = self.first();
        let all: Vec<usize> = (1..first + model.regressors.len()).collect();
        let focus: Vec<usize> = model.focus.iter().map(|at| first + at).collect();
        let (columns, left_out) = self.independent(&all, &focus);
        let left_out: Vec<(usize, LeftOut)> = left_out
            .into_iter()
            .map(|(column, why)| (column - first, why))
            .collect();
        for (at, why) in &left_out {
            if model.focus.contains(at) {
                return Err(match why {
                    LeftOut::NoVariation => RegressionError::TreatmentWithoutVariation(*at),
                    LeftOut::Absorbed => RegressionError::TreatmentAbsorbed(*at),
                    LeftOut::Collinear => RegressionError::TreatmentCollinear(*at),
                });
            }
        }
        if columns.len() < first && !model.regressors.is_empty() {
            return Err(RegressionError::NothingLeft);
        }
        if self.rows.len() <= columns.len() {
            return Err(RegressionError::TooFew {
                rows: self.rows.len(),
                coefficients: columns.len(),
            });
        }
        let terms = columns.iter().map(|column| match *column < first {
            true => Term::Constant,
            false => Term::Regressor(column - first),
        });
        Ok(Kept {
            terms: terms.collect(),
            columns,
            left_out,
        })
    }
}

/// Solves the normal equations on the columns that are left.
pub(crate) fn linear(model: &Model<'_>, within: Within) -> Result<Fit, RegressionError> {
    let kept = within.kept(model)?;
    let bread = bread(&within.gram, &kept.columns)?;
    let right = DVector::from_iterator(
        kept.columns.len(),
        kept.columns.iter().map(|column| within.gram[(*column, 0)]),
    );
    let solution = &bread * right;
    let columns = [&[0], kept.columns.as_slice()].concat();
    let data = compact(within.data, within.stride, &columns);
    let weights = within.rows.weights.clone();
    let within = Within { data, ..within };
    finish(Kind::Linear, within, kept, bread, solution, weights)
}

/// The inverse of the products of some columns.
pub(crate) fn bread(
    gram: &DMatrix<f64>,
    columns: &[usize],
) -> Result<DMatrix<f64>, RegressionError> {
    if columns.is_empty() {
        return Ok(DMatrix::zeros(0, 0));
    }
    dense::inverse(&gram.select_rows(columns).select_columns(columns))
        .ok_or(RegressionError::NothingLeft)
}

/// Subtracts the fit from the outcome, corrects the solution by what is left, and gathers the answer.
pub(crate) fn finish(
    kind: Kind,
    mut within: Within,
    kept: Kept,
    bread: DMatrix<f64>,
    mut solution: DVector<f64>,
    weights: Option<Vec<f64>>,
) -> Result<Fit, RegressionError> {
    let stride = kept.columns.len() + 1;
    let mut step = solution.clone();
    // The first round takes the residual, the others correct what rounding in the normal equations cost.
    for round in 0..3 {
        let sums = take(&mut within.data, stride, &step, weights.as_deref());
        if round < 2 {
            step = &bread * DVector::from_column_slice(&sums[1..]);
            solution += &step;
        }
    }
    gathered(kind, within, kept, bread, solution, weights)
}

/// The answer, from residuals and regressors as the variances need them.
pub(crate) fn gathered(
    kind: Kind,
    within: Within,
    kept: Kept,
    bread: DMatrix<f64>,
    mut solution: DVector<f64>,
    weights: Option<Vec<f64>>,
) -> Result<Fit, RegressionError> {
    let stride = kept.columns.len() + 1;
    let squares = design::squares(&within.data, stride, weights.as_deref());
    let (size, mean) = (within.before.sizes[0], within.before.means[0]);
    let total = match within.absorber.is_some() {
        true => size * size - within.before.mass * mean * mean,
        false => size * size,
    };
    let inside = within.gram[(0, 0)];
    let first = within.first();
    let means = within.rows.has_constant().then(|| {
        let slopes = kept.columns.iter().filter(|column| **column >= first);
        slopes.map(|column| within.before.means[*column]).collect()
    });
    if means.is_some() {
        solution[0] += mean;
    }
    let inner = Inner {
        kind,
        absorber: within.absorber,
        data: within.data,
        stride,
        weights,
        bread,
        solution,
        means,
        rows: within.rows,
    };
    let coefficients = inner.outward(&inner.solution);
    Ok(Fit {
        terms: kept.terms,
        coefficients: coefficients.iter().copied().collect(),
        left_out: kept.left_out,
        left_out_instruments: Vec::new(),
        rows: inner.rows.len(),
        given: inner.rows.given,
        singletons: inner.rows.singletons.clone(),
        weightless: inner.rows.weightless,
        groups: inner.rows.effects.iter().map(|own| own.count).collect(),
        absorption: within.absorption,
        r_squared: (kind == Kind::Linear).then(|| 1.0 - squares / total),
        r_squared_within: (kind == Kind::Linear).then(|| 1.0 - squares / inside),
        squares,
        strength: None,
        inner,
    })
}

/// Takes `X step` from the first column; answers with the weighted sum of its squares and its products with the others.
fn take(data: &mut [f64], stride: usize, step: &DVector<f64>, weights: Option<&[f64]>) -> Vec<f64> {
    let parts: Vec<Vec<f64>> = data
        .par_chunks_mut(CHUNK * stride)
        .enumerate()
        .map(|(chunk, data)| {
            let mut sums = vec![0.0; stride];
            for (at, values) in data.chunks_exact_mut(stride).enumerate() {
                let weight = weights.map_or(1.0, |own| own[chunk * CHUNK + at]);
                let (left, regressors) = values.split_at_mut(1);
                let pairs = regressors.iter().zip(step.iter());
                left[0] -= pairs.map(|(value, step)| value * step).sum::<f64>();
                sums[0] += weight * left[0] * left[0];
                absorb::add(&mut sums[1..], regressors, weight * left[0]);
            }
            sums
        })
        .collect();
    absorb::added(parts, stride)
}

/// The data with some of its columns, in place.
pub(crate) fn compact(mut data: Vec<f64>, stride: usize, columns: &[usize]) -> Vec<f64> {
    if columns.len() == stride {
        return data;
    }
    let rows = data.len() / stride;
    for row in 0..rows {
        for (at, column) in columns.iter().enumerate() {
            data[row * columns.len() + at] = data[row * stride + column];
        }
    }
    data.truncate(rows * columns.len());
    data.shrink_to_fit();
    data
}
