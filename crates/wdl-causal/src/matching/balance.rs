//! Balance of the covariates before and after matching or weighting: standardised differences, variance ratios, distribution functions.

use super::{Estimand, MatchError, check};

/// How treated and others compare on one covariate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The weighted mean of the treated.
    pub mean_treated: f64,
    /// The weighted mean of the others.
    pub mean_others: f64,
    /// The difference of means over the standard deviation before weighting; nothing without variation.
    pub standardised_difference: Option<f64>,
    /// The variance of the treated over that of the others; nothing for a covariate of zeros and ones.
    pub variance_ratio: Option<f64>,
    /// The mean distance of the distribution functions.
    pub distribution_mean: f64,
    /// The largest distance of the distribution functions.
    pub distribution_largest: f64,
}

/// A covariate before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// Before.
    pub before: Moments,
    /// After.
    pub after: Moments,
}

/// The balance of each covariate; the love plot draws `standardised_difference` of both.
///
/// The standard deviation is that of the treated for the effect on them, that of the others for theirs, and the root mean of both variances else (MatchIt, `summary.matchit`; Austin 2009).
///
/// # Errors
/// [`MatchError`] for values that are no numbers, or a group without any weight.
pub fn balance(
    covariates: &[&[f64]],
    is_treated: &[bool],
    weights: &[f64],
    estimand: Estimand,
) -> Result<Vec<Balance>, MatchError> {
    check(is_treated, covariates)?;
    check(is_treated, &[weights])?;
    for group in [true, false] {
        let mut rows = is_treated.iter().zip(weights);
        if !rows.any(|(is_treated, weight)| *is_treated == group && *weight > 0.0) {
            return Err(MatchError::NobodyMatched);
        }
    }
    let equal = vec![1.0; weights.len()];
    let rows = covariates.iter().map(|column| {
        let deviation = deviation(column, is_treated, estimand);
        Balance {
            before: moments(column, is_treated, &equal, deviation),
            after: moments(column, is_treated, weights, deviation),
        }
    });
    Ok(rows.collect())
}

/// `(Σw)² / Σw²`, Kish's effective number of people.
pub fn effective_sample_size(weights: impl Iterator<Item = f64>) -> f64 {
    let (total, squares) = weights.fold((0.0, 0.0), |(total, squares), own| {
        (total + own, squares + own * own)
    });
    match squares > 0.0 {
        true => total * total / squares,
        false => 0.0,
    }
}

fn is_binary(column: &[f64]) -> bool {
    column.iter().all(|own| *own == 0.0 || *own == 1.0)
}

fn group<'a>(
    column: &'a [f64],
    is_treated: &'a [bool],
    weights: &'a [f64],
    wanted: bool,
) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
    let rows = column.iter().zip(weights).zip(is_treated);
    rows.filter(move |(_, is_treated)| **is_treated == wanted)
        .map(|((value, weight), _)| (*value, *weight))
}

fn mean_variance(rows: impl Iterator<Item = (f64, f64)> + Clone, is_binary: bool) -> (f64, f64) {
    let total: f64 = rows.clone().map(|(_, weight)| weight).sum();
    let mean = rows
        .clone()
        .map(|(value, weight)| value * weight)
        .sum::<f64>()
        / total;
    if is_binary {
        return (mean, mean * (1.0 - mean));
    }
    let squares = rows
        .clone()
        .map(|(_, weight)| (weight / total).powi(2))
        .sum::<f64>();
    let spread: f64 = rows
        .map(|(value, weight)| weight / total * (value - mean) * (value - mean))
        .sum();
    (mean, spread / (1.0 - squares))
}

fn deviation(column: &[f64], is_treated: &[bool], estimand: Estimand) -> Option<f64> {
    let equal = vec![1.0; column.len()];
    let is_binary = is_binary(column);
    let variance = |wanted| mean_variance(group(column, is_treated, &equal, wanted), is_binary).1;
    let pooled = 0.5 * (variance(true) + variance(false));
    let own = match estimand {
        Estimand::Att => variance(true),
        Estimand::Atc => variance(false),
        Estimand::Ate | Estimand::Overlap => pooled,
    };
    // A group without variation leaves the measure to both.
    let chosen = if own.is_finite() && own.sqrt() > 1.5e-8 {
        own
    } else {
        pooled
    };
    (chosen.is_finite() && chosen > 0.0).then(|| chosen.sqrt())
}

fn moments(
    column: &[f64],
    is_treated: &[bool],
    weights: &[f64],
    deviation: Option<f64>,
) -> Moments {
    let is_binary = is_binary(column);
    let (mean_treated, of_treated) =
        mean_variance(group(column, is_treated, weights, true), is_binary);
    let (mean_others, of_others) =
        mean_variance(group(column, is_treated, weights, false), is_binary);
    let difference = mean_treated - mean_others;
    let (distribution_mean, distribution_largest) = match is_binary {
        true => (difference.abs(), difference.abs()),
        false => kolmogorov_distance(column, is_treated, weights),
    };
    let ratio = of_treated / of_others;
    Moments {
        mean_treated,
        mean_others,
        standardised_difference: deviation.map(|deviation| difference / deviation),
        variance_ratio: (!is_binary && ratio.is_finite()).then_some(ratio),
        distribution_mean,
        distribution_largest,
    }
}

/// The mean over the values met, and the largest, of the distance between the weighted distribution functions of the two groups.
pub fn kolmogorov_distance(column: &[f64], is_treated: &[bool], weights: &[f64]) -> (f64, f64) {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_by(|one, other| column[*one].total_cmp(&column[*other]));
    let total = |wanted| {
        group(column, is_treated, weights, wanted)
            .map(|(_, weight)| weight)
            .sum::<f64>()
    };
    let (treated, others) = (total(true), total(false));
    let (mut gap, mut sum, mut largest, mut values) = (0.0_f64, 0.0, 0.0_f64, 0.0);
    for (at, row) in order.iter().enumerate() {
        gap += match is_treated[*row] {
            true => weights[*row] / treated,
            false => -weights[*row] / others,
        };
        let is_last = order
            .get(at + 1)
            .is_none_or(|next| column[*next] != column[*row]);
        if is_last {
            sum += gap.abs();
            largest = largest.max(gap.abs());
            values += 1.0;
        }
    }
    (sum / values, largest)
}
