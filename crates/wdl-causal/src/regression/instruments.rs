//! Two-stage least squares, and how strong the instruments are.

use nalgebra::{DMatrix, DVector};

use super::absorb;
use super::fitting::{self, Fit, Kept, Kind, Within};
use super::model::{Column, Model, RegressionError};
use crate::{dense, distribution};

/// How well the instruments tell one endogenous regressor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstStage {
    /// The regressor.
    pub regressor: usize,
    /// F of the instruments left out of the regression, errors of one variance.
    pub f: f64,
    /// Its degrees of freedom above.
    pub first: f64,
    /// And below.
    pub second: f64,
    /// Its probability when the instruments tell nothing.
    pub p: f64,
    /// Share of what the other regressors leave that the instruments explain.
    pub partial_r_squared: f64,
}

/// How strong instruments are, for errors of one variance.
#[derive(Clone, Debug, PartialEq)]
pub struct Strength {
    /// Each endogenous regressor's first stage.
    pub first_stages: Vec<FirstStage>,
    /// Cragg and Donald's F (1993), the least eigenvalue over all endogenous regressors together.
    pub cragg_donald: f64,
    /// Anderson's test of under-identification (1951): rows times the least squared canonical correlation.
    pub anderson: f64,
    /// Its degrees of freedom.
    pub anderson_degrees: f64,
    /// Its probability when the equation is not identified.
    pub anderson_p: f64,
}

/// The first stage of an endogenous regressor as a regression of its own, for its robust or clustered F by [`super::Inference::wald`].
///
/// The instruments come first among its regressors, then the exogenous regressors in their order.
///
/// # Errors
/// [`RegressionError`] when the regressor is not endogenous or not a column of values.
pub fn first_stage<'a>(model: &Model<'a>, regressor: usize) -> Result<Model<'a>, RegressionError> {
    let outcome = match model.regressors.get(regressor) {
        Some(Column::Values(values)) if model.endogenous.contains(&regressor) => values,
        Some(Column::Values(_)) | Some(Column::Level { .. }) => {
            return Err(RegressionError::Setting(
                "a first stage needs an endogenous regressor given as values",
            ));
        }
        None => return Err(RegressionError::NoSuchTerm(regressor)),
    };
    let exogenous = model.regressors.iter().enumerate();
    let exogenous = exogenous.filter(|(at, _)| !model.endogenous.contains(at));
    let mut regressors = model.instruments.clone();
    regressors.extend(exogenous.map(|(_, column)| *column));
    Ok(Model {
        outcome,
        regressors,
        endogenous: Vec::new(),
        instruments: Vec::new(),
        focus: Vec::new(),
        ..model.clone()
    })
}

/// Fits by two-stage least squares.
pub(crate) fn fit(model: &Model<'_>, mut within: Within) -> Result<Fit, RegressionError> {
    let kept = within.kept(model)?;
    let first = within.first();
    let is_endogenous =
        |column: usize| column >= first && model.endogenous.contains(&(column - first));
    let (inside, exogenous): (Vec<usize>, Vec<usize>) = kept
        .columns
        .iter()
        .partition(|column| is_endogenous(**column));
    let from = first + model.regressors.len();
    let instruments: Vec<usize> = (from..within.stride).collect();
    let all = [exogenous.as_slice(), instruments.as_slice()].concat();
    let (outside, _) = within.independent(&all, &instruments);
    let excluded: Vec<usize> = outside.iter().copied().filter(|at| *at >= from).collect();
    let left_out: Vec<usize> = instruments
        .iter()
        .filter(|at| !excluded.contains(at))
        .map(|at| at - from)
        .collect();
    if inside.is_empty() || excluded.len() < inside.len() {
        return Err(RegressionError::NotIdentified {
            instruments: excluded.len(),
            endogenous: inside.len(),
        });
    }
    let strength = strength(&within, &inside, &exogenous, &excluded)?;
    let gram = &within.gram;
    let pick = |rows: &[usize], columns: &[usize]| gram.select_rows(rows).select_columns(columns);
    // Columns that stay are told by themselves, the endogenous ones by all exogenous ones.
    let stages = fitting::bread(gram, &outside)? * pick(&outside, &kept.columns);
    let products = pick(&kept.columns, &outside) * &stages;
    let sizes: Vec<f64> = kept.columns.iter().map(|at| gram[(*at, *at)]).collect();
    if absorb::independent(&products, &sizes).len() < kept.columns.len() {
        return Err(RegressionError::NotIdentified {
            instruments: excluded.len(),
            endogenous: inside.len(),
        });
    }
    let bread = dense::inverse(&products).ok_or(RegressionError::NothingLeft)?;
    let right = stages.transpose() * pick(&outside, &[0]).column(0);
    let solution: DVector<f64> = &bread * right;
    replace(&mut within, &kept, &inside, &outside, &stages, &solution);
    let columns = [&[0], kept.columns.as_slice()].concat();
    let stride = within.stride;
    let data = fitting::compact(std::mem::take(&mut within.data), stride, &columns);
    let weights = within.rows.weights.clone();
    let within = Within { data, ..within };
    let mut fit = fitting::gathered(Kind::Instruments, within, kept, bread, solution, weights)?;
    fit.strength = Some(strength);
    fit.left_out_instruments = left_out;
    Ok(fit)
}

/// Outcomes become residuals, with the regressors as they are; the endogenous ones then become what the instruments tell of them.
fn replace(
    within: &mut Within,
    kept: &Kept,
    inside: &[usize],
    outside: &[usize],
    stages: &DMatrix<f64>,
    solution: &DVector<f64>,
) {
    let places: Vec<usize> = inside
        .iter()
        .filter_map(|column| kept.columns.iter().position(|own| own == column))
        .collect();
    let mut told = vec![0.0; inside.len()];
    for values in within.data.chunks_exact_mut(within.stride) {
        let pairs = kept.columns.iter().zip(solution.iter());
        values[0] -= pairs.map(|(at, slope)| values[*at] * slope).sum::<f64>();
        for (told, place) in told.iter_mut().zip(&places) {
            let pairs = outside.iter().enumerate();
            *told = pairs
                .map(|(row, at)| values[*at] * stages[(row, *place)])
                .sum();
        }
        for (told, column) in told.iter().zip(inside) {
            values[*column] = *told;
        }
    }
}

fn strength(
    within: &Within,
    inside: &[usize],
    exogenous: &[usize],
    excluded: &[usize],
) -> Result<Strength, RegressionError> {
    let gram = &within.gram;
    let pick = |rows: &[usize], columns: &[usize]| gram.select_rows(rows).select_columns(columns);
    let inverse = fitting::bread(gram, exogenous)?;
    let partial = |rows: &[usize], columns: &[usize]| {
        pick(rows, columns) - pick(rows, exogenous) * &inverse * pick(exogenous, columns)
    };
    let whole = partial(inside, inside);
    let across = partial(excluded, inside);
    let told =
        dense::inverse(&partial(excluded, excluded)).ok_or(RegressionError::NotIdentified {
            instruments: excluded.len(),
            endogenous: inside.len(),
        })?;
    let explained = across.transpose() * told * &across;
    let groups: usize = within.rows.effects.iter().map(|own| own.count).sum();
    let effects = (groups + 1).saturating_sub(within.rows.effects.len().max(1));
    let effects = if groups == 0 { 0 } else { effects };
    let counted = exogenous.len() + excluded.len() + effects;
    let rows = within.rows.len();
    if rows <= counted {
        return Err(RegressionError::TooFew {
            rows,
            coefficients: counted,
        });
    }
    let (first, second) = (excluded.len() as f64, (rows - counted) as f64);
    let first_stages = inside.iter().enumerate().map(|(at, column)| {
        let (own, part) = (whole[(at, at)], explained[(at, at)]);
        let f = (part / first) / ((own - part) / second);
        FirstStage {
            regressor: column - within.first(),
            f,
            first,
            second,
            p: distribution::fisher_upper(f, first, second),
            partial_r_squared: part / own,
        }
    });
    let first_stages = first_stages.collect();
    // Squared canonical correlations; the Cragg-Donald eigenvalues are those over one less them.
    let correlation = least_eigenvalue(&whole, &explained).clamp(0.0, 1.0);
    let degrees = first - inside.len() as f64 + 1.0;
    let anderson = rows as f64 * correlation;
    Ok(Strength {
        first_stages,
        cragg_donald: correlation / (1.0 - correlation) * second / first,
        anderson,
        anderson_degrees: degrees,
        anderson_p: distribution::chi_squared_upper(anderson, degrees),
    })
}

/// The least `l` with `explained v = l whole v`.
fn least_eigenvalue(whole: &DMatrix<f64>, explained: &DMatrix<f64>) -> f64 {
    let Some(factor) = whole.clone().cholesky() else {
        return 0.0;
    };
    let Some(half) = factor.l().solve_lower_triangular(explained) else {
        return 0.0;
    };
    let Some(both) = factor.l().solve_lower_triangular(&half.transpose()) else {
        return 0.0;
    };
    let symmetric = (&both + both.transpose()) * 0.5;
    symmetric.symmetric_eigenvalues().min()
}
