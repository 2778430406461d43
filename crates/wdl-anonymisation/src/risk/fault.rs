//! What makes a risk impossible to compute, in the user's words and without a single value.

/// Why no risk can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RiskError {
    /// No column identifies anybody.
    #[error("no quasi-identifier was named")]
    NoColumns,
    /// Nobody to speak of.
    #[error("there is no record")]
    NoRows,
    /// More columns than a set of columns can hold.
    #[error("{columns} quasi-identifiers: at most {most} can be searched together")]
    TooManyColumns {
        /// How many were given.
        columns: usize,
        /// How many are possible.
        most: usize,
    },
    /// Columns of different lengths.
    #[error("column {column} has {actual} rows where the first has {expected}")]
    Lengths {
        /// Position of the column, from one.
        column: usize,
        /// Its rows.
        actual: usize,
        /// Rows of the first.
        expected: usize,
    },
    /// Weights that cannot stand for people.
    #[error("{rows} weights are missing, not numbers, zero or negative")]
    Weights {
        /// How many rows.
        rows: usize,
    },
    /// A share that is none.
    #[error("{name} must lie above 0 and not above 1")]
    Share {
        /// Which share.
        name: &'static str,
    },
    /// More different values than a column can have.
    #[error("column {column} has more different values than can be numbered")]
    TooManyValues {
        /// Position of the column, from one.
        column: usize,
    },
}
