//! Entropy balancing: the weights nearest to equal ones that bring the means of covariates to their targets exactly (Hainmueller, Political Analysis 2012).

use nalgebra::{DMatrix, DVector};

use super::{WeightError, Weighted, row_weights, standard_error};
use crate::dense;
use crate::matching::{Estimand, MatchError, check};

/// An effect by entropy balancing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entropy {
    /// The effect.
    pub effect: Weighted,
    /// The largest distance of a balanced mean from its target, in standard deviations.
    pub largest_gap: f64,
    /// Newton's steps of the group that took more.
    pub steps: usize,
}

/// The weights of one group.
struct Group {
    weights: Vec<f64>,
    steps: usize,
    gap: f64,
}

/// The effect with the group or groups not focal weighted so that the means of the covariates are those of the focal people.
///
/// The dual is minimised by Newton's method until the means stand at their targets to 1e-10 of a standard deviation.
/// The influence counts that weights and targets are estimated (the residual of a weighted regression on the covariates; Zhao and Percival 2017).
///
/// # Errors
/// [`WeightError::Infeasible`] when no weights reach the target, with the covariate farthest from it.
pub fn entropy_balance(
    outcome: &[f64],
    is_treated: &[bool],
    covariates: &[&[f64]],
    rows: Option<&[f64]>,
    estimand: Estimand,
) -> Result<Entropy, WeightError> {
    check(is_treated, covariates)?;
    check(is_treated, &[outcome])?;
    if covariates.is_empty() {
        return Err(MatchError::TooSmall("covariates").into());
    }
    let own = row_weights(is_treated, rows)?;
    let n = is_treated.len();
    let counts = |row: usize| match estimand {
        Estimand::Att => own[row] * f64::from(u8::from(is_treated[row])),
        Estimand::Atc => own[row] * f64::from(u8::from(!is_treated[row])),
        Estimand::Ate | Estimand::Overlap => own[row],
    };
    if estimand == Estimand::Overlap {
        return Err(MatchError::Estimand(estimand.name()).into());
    }
    let total: f64 = (0..n).map(counts).sum();
    let z = standardised(covariates, n, &own, |column, row| {
        counts(row) * covariates[column][row] / total
    });
    let mut influence = vec![0.0; n];
    let mut weights = vec![0.0; n];
    let (mut means, mut gap, mut steps) = ([0.0; 2], 0.0_f64, 0);
    for (at, group) in [(0, false), (1, true)] {
        let is_focal = matches!(
            (estimand, group),
            (Estimand::Att, true) | (Estimand::Atc, false)
        );
        let sign = if group { 1.0 } else { -1.0 };
        let members: Vec<usize> = (0..n)
            .filter(|row| is_treated[*row] == group && own[*row] > 0.0)
            .collect();
        let found = match is_focal {
            true => Group {
                weights: members.iter().map(|row| own[*row]).collect(),
                steps: 0,
                gap: 0.0,
            },
            false => solved(&z, &members, &own)?,
        };
        (gap, steps) = (gap.max(found.gap), steps.max(found.steps));
        let sum: f64 = found.weights.iter().sum();
        let pairs = members.iter().zip(&found.weights);
        means[at] = pairs
            .map(|(row, weight)| weight * outcome[*row])
            .sum::<f64>()
            / sum;
        let slope = match is_focal {
            true => DVector::zeros(z.ncols()),
            false => slope(&z, &members, &found.weights, |row| outcome[row] - means[at])?,
        };
        for (row, weight) in members.iter().zip(&found.weights) {
            let along: f64 = (0..z.ncols())
                .map(|column| z[(*row, column)] * slope[column])
                .sum();
            weights[*row] = weight * members.len() as f64 / sum;
            influence[*row] += sign * n as f64 * weight / sum * (outcome[*row] - means[at] - along);
        }
        // The target moves with those it is taken from.
        for (row, influence) in influence.iter_mut().enumerate() {
            let along: f64 = (0..z.ncols())
                .map(|column| z[(row, column)] * slope[column])
                .sum();
            *influence += sign * n as f64 * counts(row) / total * along;
        }
    }
    Ok(Entropy {
        effect: Weighted {
            estimate: means[1] - means[0],
            standard_error: standard_error(&influence),
            mean_treated: means[1],
            mean_others: means[0],
            influence,
            weights,
        },
        largest_gap: gap,
        steps,
    })
}

/// The covariates less their targets, in standard deviations over all rows.
fn standardised(
    covariates: &[&[f64]],
    n: usize,
    own: &[f64],
    part: impl Fn(usize, usize) -> f64,
) -> DMatrix<f64> {
    let mut z = DMatrix::zeros(n, covariates.len());
    for (column, values) in covariates.iter().enumerate() {
        let target: f64 = (0..n).map(|row| part(column, row)).sum();
        let squares: f64 = (0..n)
            .map(|row| own[row] * (values[row] - target).powi(2))
            .sum();
        let deviation = (squares / n as f64).sqrt();
        let deviation = if deviation > 0.0 { deviation } else { 1.0 };
        for row in 0..n {
            z[(row, column)] = (values[row] - target) / deviation;
        }
    }
    z
}

/// Minimises `ln Σ q exp(z'λ)`, whose slope is the weighted mean of `z`.
fn solved(z: &DMatrix<f64>, members: &[usize], own: &[f64]) -> Result<Group, WeightError> {
    let width = z.ncols();
    if members.len() <= width {
        return Err(WeightError::TooFew {
            have: members.len(),
            need: width + 1,
        });
    }
    let ones = vec![1.0; members.len()];
    let columns: Vec<Vec<f64>> = (0..width)
        .map(|column| members.iter().map(|row| z[(*row, column)]).collect())
        .collect();
    let mut slices: Vec<&[f64]> = vec![&ones];
    slices.extend(columns.iter().map(Vec::as_slice));
    let kept = dense::independent(&slices, dense::COLLINEAR);
    if let Some(column) = (1..=width).find(|column| !kept.contains(column)) {
        return Err(WeightError::Collinear(column - 1));
    }
    let state = |lambda: &DVector<f64>| {
        let index: Vec<f64> = members
            .iter()
            .map(|row| {
                (0..width)
                    .map(|column| z[(*row, column)] * lambda[column])
                    .sum()
            })
            .collect();
        let top = index.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = index
            .iter()
            .zip(members)
            .map(|(index, row)| own[*row] * (index - top).exp())
            .collect();
        let sum: f64 = weights.iter().sum();
        (weights, sum, top + sum.ln())
    };
    let mean = |weights: &[f64], sum: f64| {
        DVector::from_fn(width, |column, _| {
            columns[column]
                .iter()
                .zip(weights)
                .map(|(value, weight)| value * weight)
                .sum::<f64>()
                / sum
        })
    };
    let mut lambda = DVector::zeros(width);
    let (mut weights, mut sum, mut value) = state(&lambda);
    for steps in 0..200 {
        let gap = mean(&weights, sum);
        if gap.amax() <= 1e-10 {
            return Ok(Group {
                gap: gap.amax(),
                weights,
                steps,
            });
        }
        let spread = DMatrix::from_fn(width, width, |one, other| {
            let products = columns[one].iter().zip(&columns[other]).zip(&weights);
            products
                .map(|((one, other), weight)| one * other * weight)
                .sum::<f64>()
                / sum
                - gap[one] * gap[other]
        });
        // Weights that gather on the edge of the group have no spread left: the target lies on it or beyond.
        let Some(inverse) = dense::inverse(&spread) else {
            break;
        };
        let step = -(inverse * &gap);
        let decrease = gap.dot(&step);
        let mut part = 1.0;
        let next = loop {
            let next = &lambda + part * &step;
            let reached = state(&next);
            // Near the end the decrease is below the noise of the sum.
            let noise = 1e-13 * (1.0 + value.abs());
            if reached.2 <= value + 1e-4 * part * decrease + noise || part < 1e-10 {
                break (next, reached);
            }
            part *= 0.5;
        };
        lambda = next.0;
        (weights, sum, value) = next.1;
        if !value.is_finite() || lambda.amax() > 1e6 {
            break;
        }
    }
    Err(WeightError::Infeasible {
        covariate: mean(&weights, sum).iamax(),
    })
}

/// The slopes of a weighted regression of values on the centred covariates.
fn slope(
    z: &DMatrix<f64>,
    members: &[usize],
    weights: &[f64],
    value: impl Fn(usize) -> f64,
) -> Result<DVector<f64>, WeightError> {
    let x = DMatrix::from_fn(members.len(), z.ncols() + 1, |row, column| match column {
        0 => 1.0,
        column => z[(members[row], column - 1)],
    });
    let y = DVector::from_fn(members.len(), |row, _| value(members[row]));
    let fit = dense::least_squares(&x, &y, Some(weights)).ok_or(WeightError::TooFew {
        have: members.len(),
        need: x.ncols(),
    })?;
    Ok(fit.coefficients.rows(1, z.ncols()).into_owned())
}
