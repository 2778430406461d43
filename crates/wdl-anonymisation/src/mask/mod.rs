//! Values changed instead of hidden: post-randomisation, microaggregation, rank swapping, and what each costs in use.
//!
//! Whatever is drawn comes from a seeded ChaCha stream: the same seed and order of rows give the same file.
//! Whoever knows the seed can undo the masking: it is kept as a key is kept.

mod microaggregation;
mod pram;
mod swapping;
mod utility;

pub use microaggregation::{Aggregated, aggregate, aggregate_one};
pub use pram::{TransitionMatrix, randomise};
pub use swapping::swap_ranks;
pub use utility::{NumericUtility, categories_moved, numeric_utility};

/// Why values cannot be masked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MaskError {
    /// Chances that are none.
    #[error(
        "row {row} of the matrix has {expected} chances of at least 0 that sum to 1, or it is none"
    )]
    Matrix {
        /// The row, from zero.
        row: usize,
        /// How many chances it needs.
        expected: usize,
    },
    /// A category beyond the matrix.
    #[error("{rows} records have a category the matrix does not know")]
    Category {
        /// How many.
        rows: usize,
    },
    /// A share that is none.
    #[error("{name} must lie between 0 and 1")]
    Share {
        /// Which.
        name: &'static str,
    },
    /// Groups that cannot be made.
    #[error("{rows} records cannot be put in groups of {k}, or a group has none")]
    Groups {
        /// Records.
        rows: usize,
        /// Least size.
        k: usize,
    },
    /// Values that are none.
    #[error("{rows} values are missing or not numbers")]
    Values {
        /// How many.
        rows: usize,
    },
    /// Columns of different lengths, or none.
    #[error("the columns are none or differ in length")]
    Columns,
}

fn finite(columns: &[Vec<f64>]) -> Result<usize, MaskError> {
    let rows = columns.first().ok_or(MaskError::Columns)?.len();
    if columns.iter().any(|column| column.len() != rows) {
        return Err(MaskError::Columns);
    }
    match columns
        .iter()
        .flatten()
        .filter(|value| !value.is_finite())
        .count()
    {
        0 => Ok(rows),
        rows => Err(MaskError::Values { rows }),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of rows is far below 2^52"
)]
fn count(rows: usize) -> f64 {
    rows as f64
}
