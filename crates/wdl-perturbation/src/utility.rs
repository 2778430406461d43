//! What noise or rounding costs in use: how far the cells moved, and which sums no longer hold.
//!
//! The distances are those that Statistics Austria's `cellKey` tells of a perturbed table (Meindl and Enderle 2019): absolute, relative, and of square roots.
//! All say something about the true table: they are for those who choose a method, and are published only rounded.

use crate::rounding::Relation;

/// A changed table beside the true one.
#[derive(Debug, Clone, PartialEq)]
pub struct TableUtility {
    /// Cells that are not what they were.
    pub changed: usize,
    /// Mean of |x′ − x|.
    pub mean_absolute: f64,
    /// √ of the mean of (x′ − x)².
    pub root_mean_square: f64,
    /// Largest |x′ − x|.
    pub largest: i64,
    /// Mean of |x′ − x| / |x| over the cells that were not 0; `None` where all were.
    pub mean_relative: Option<f64>,
    /// Mean of |√x′ − √x| over the cells that are negative neither before nor after; `None` where there is none.
    pub mean_of_roots: Option<f64>,
    /// Totals that are not the sum of their parts any more, ascending.
    pub broken: Vec<usize>,
}

/// Compares a changed with the true table; `None` for no cell or tables of different lengths.
///
/// # Panics
/// When a relation names a cell that is not there.
pub fn table_utility(
    truth: &[i64],
    changed: &[i64],
    relations: &[Relation],
) -> Option<TableUtility> {
    if truth.is_empty() || truth.len() != changed.len() {
        return None;
    }
    let pairs = || truth.iter().copied().zip(changed.iter().copied());
    let away = || pairs().map(|(x, y)| (y - x).abs());
    let cells = float(i64::try_from(truth.len()).unwrap_or(i64::MAX));
    let relative = pairs()
        .filter(|(x, _)| *x != 0)
        .map(|(x, y)| float((y - x).abs()) / float(x.abs()));
    let roots = pairs()
        .filter(|(x, y)| *x >= 0 && *y >= 0)
        .map(|(x, y)| (float(y).sqrt() - float(x).sqrt()).abs());
    let is_broken = |relation: &&Relation| {
        relation
            .parts
            .iter()
            .map(|part| i128::from(changed[*part]))
            .sum::<i128>()
            != i128::from(changed[relation.total])
    };
    let mut broken: Vec<usize> = relations
        .iter()
        .filter(is_broken)
        .map(|relation| relation.total)
        .collect();
    broken.sort_unstable();
    broken.dedup();
    Some(TableUtility {
        changed: away().filter(|away| *away > 0).count(),
        mean_absolute: away().map(float).sum::<f64>() / cells,
        root_mean_square: (away().map(|away| float(away).powi(2)).sum::<f64>() / cells).sqrt(),
        largest: away().max().unwrap_or(0),
        mean_relative: mean(relative),
        mean_of_roots: mean(roots),
        broken,
    })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    (n > 0.0).then(|| sum / n)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a distance beyond 2^52 loses its last digits only"
)]
fn float(value: i64) -> f64 {
    value as f64
}
