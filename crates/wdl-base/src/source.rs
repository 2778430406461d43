//! Where the base reads the register from: the effective rows of each dataset and the deliveries that stand behind them.

use serde::{Deserialize, Serialize};
use wdl_frame::{RecordBatch, TableName};
use wdl_vocab::diagnostics::codes::build as codes;
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Diagnose, Diagnostic, Digest, Period};

/// One accepted delivery, as far as the base depends on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Effective {
    /// The body.
    pub body: BodyId,
    /// The dataset.
    pub dataset: DatasetId,
    /// When it came.
    pub period: Period,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The digest of its content.
    pub content: Digest,
}

impl Effective {
    /// The dataset's table in the lab's SQL.
    pub fn table(&self) -> TableName {
        TableName::new("register", format!("{}_{}", self.body, self.dataset))
    }
}

/// The register, as the build reads it.
pub trait Source: Sync {
    /// Every delivery that counts, sorted.
    fn effective(&self) -> Vec<Effective>;

    /// The rows of a dataset after all its deliveries, one per key, with a text column `delivery`.
    ///
    /// # Errors
    /// [`SourceFault`] when a file of the register is missing or damaged.
    fn rows(&self, table: &TableName) -> Result<RecordBatch, SourceFault>;

    /// The digest of everything that links persons; nothing when nothing does.
    fn linkage(&self) -> Option<Digest> {
        None
    }

    /// The digest of what links the persons of one dataset; nothing when nothing does.
    fn linkage_of(&self, _table: &TableName) -> Option<Digest> {
        None
    }

    /// The linkage, by the hash of what it was made from.
    fn linkage_input(&self) -> Option<Digest> {
        None
    }
}

/// The register could not give a dataset.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// It says why itself.
    #[error("`{table}` of the register: {fault}")]
    Told {
        /// The dataset's table.
        table: String,
        /// Why.
        fault: Box<dyn Diagnose + Send + Sync>,
    },
    /// Nobody knows the table.
    #[error("the register has no `{table}`")]
    NoTable {
        /// The dataset's table.
        table: String,
    },
}

impl Diagnose for SourceFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            SourceFault::Told { fault, .. } => fault.diagnostic(),
            SourceFault::NoTable { table } => Diagnostic::new(codes::SOURCE)
                .with("table", table)
                .with("detail", self),
        }
    }
}
