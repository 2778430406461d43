//! What a body remembers of a delivery: counts only, never a value of a row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wdl_vocab::Euro;

/// The counts of a delivery, by which the next one is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Rows accepted.
    pub rows: u64,
    /// The columns that travel, by their name in the lab.
    pub columns: BTreeMap<String, ColumnSummary>,
}

/// The counts of one column, over the accepted rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// Rows with a value.
    pub filled: u64,
    /// For a column of codes: how many rows of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, u64>,
    /// For a column of money: the sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Euro>,
}

impl Summary {
    /// The share of rows without a value, nothing when there are no rows.
    pub fn share_missing(&self, column: &str) -> Option<f64> {
        let filled = self.columns.get(column)?.filled;
        (self.rows > 0).then(|| 1.0 - filled as f64 / self.rows as f64)
    }
}
