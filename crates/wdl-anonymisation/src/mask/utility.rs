//! What masking costs in use: how far values moved and what became of means, spreads and correlations.

use super::{MaskError, count, finite};

/// Masked columns beside the true ones.
#[derive(Debug, Clone, PartialEq)]
pub struct NumericUtility {
    /// IL1s (Yancey and others 2002): mean of |x − x′| / (√2 s) over all values; columns without spread are left out. `None` when all are.
    pub moved: Option<f64>,
    /// Masked less true mean of each column.
    pub mean_change: Vec<f64>,
    /// Masked over true standard deviation of each column; `None` where the true one is 0.
    pub deviation_ratio: Vec<Option<f64>>,
    /// Largest change of a correlation; `None` where there is no pair of columns with spread.
    pub correlation_change: Option<f64>,
}

/// Compares masked with true columns.
///
/// # Errors
/// Columns that do not fit each other, values that are not numbers, no record.
pub fn numeric_utility(
    truth: &[Vec<f64>],
    masked: &[Vec<f64>],
) -> Result<NumericUtility, MaskError> {
    let rows = finite(truth)?;
    if rows == 0 || truth.len() != masked.len() || finite(masked)? != rows {
        return Err(MaskError::Columns);
    }
    let before: Vec<(f64, f64)> = truth
        .iter()
        .map(|column| mean_and_deviation(column))
        .collect();
    let after: Vec<(f64, f64)> = masked
        .iter()
        .map(|column| mean_and_deviation(column))
        .collect();
    let spread: Vec<usize> = (0..truth.len()).filter(|c| before[*c].1 > 0.0).collect();
    let shift = |c: &usize| {
        truth[*c]
            .iter()
            .zip(&masked[*c])
            .map(|(x, y)| (x - y).abs())
            .sum::<f64>()
            / (std::f64::consts::SQRT_2 * before[*c].1)
    };
    let moved = (!spread.is_empty())
        .then(|| spread.iter().map(shift).sum::<f64>() / count(rows * spread.len()));
    let pairs = spread
        .iter()
        .flat_map(|a| spread.iter().filter(move |b| *b > a).map(move |b| (*a, *b)));
    let changes = pairs.map(|(a, b)| {
        (correlation(&truth[a], &truth[b]) - correlation(&masked[a], &masked[b])).abs()
    });
    Ok(NumericUtility {
        moved,
        mean_change: before
            .iter()
            .zip(&after)
            .map(|(before, after)| after.0 - before.0)
            .collect(),
        deviation_ratio: before
            .iter()
            .zip(&after)
            .map(|(before, after)| (before.1 > 0.0).then(|| after.1 / before.1))
            .collect(),
        correlation_change: changes.reduce(f64::max),
    })
}

/// Share of the records whose category changed; `None` without records or where the columns do not fit.
pub fn categories_moved(truth: &[Option<u32>], masked: &[Option<u32>]) -> Option<f64> {
    let fit = !truth.is_empty() && truth.len() == masked.len();
    fit.then(|| {
        count(
            truth
                .iter()
                .zip(masked)
                .filter(|(truth, masked)| truth != masked)
                .count(),
        ) / count(truth.len())
    })
}

/// Mean and standard deviation (n − 1), 0 for a single value.
pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = count(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (
        mean,
        if n > 1.0 {
            (squares / (n - 1.0)).sqrt()
        } else {
            0.0
        },
    )
}

/// 0 where one of the two has no spread: masking has taken all of the relation.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, s_a), (mean_b, s_b)) = (mean_and_deviation(a), mean_and_deviation(b));
    if s_a == 0.0 || s_b == 0.0 {
        return 0.0;
    }
    let products: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a - mean_a) * (b - mean_b))
        .sum();
    products / (count(a.len()) - 1.0) / (s_a * s_b)
}
