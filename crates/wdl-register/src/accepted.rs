//! Deliveries that came in, and which of them are in force.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use wdl_delivery::{DeliveryKind, Dispatched, RejectedRow, standing};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Diagnostic, Digest, Period};

/// A delivery that came in: what the ledger records, and what the base is built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The delivery.
    pub delivery: DeliveryId,
    /// From whom.
    pub body: BodyId,
    /// Which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// What it does to those before it.
    pub kind: DeliveryKind,
    /// Under which version of the contract.
    pub contract_version: String,
    /// How many rows were accepted.
    pub rows: u64,
    /// How many rows were rejected.
    pub rows_rejected: u64,
    /// How many of those accepted have no pseudonym of a person.
    pub rows_without_person: u64,
    /// The digest of what was under the seal, as the body declared it, keyed with the lab's secret: it is public, and a small table without persons could be searched for by a plain one.
    pub sealed_content: Digest,
    /// The digest of the register's file.
    pub content: Digest,
    /// The register's file, under the folder of state.
    pub file: PathBuf,
}

/// What the door answers to a delivery that comes in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// What the ledger is to record.
    pub accepted: Accepted,
    /// The rows that were rejected, in their order, with the reasons.
    pub rejected_rows: Vec<RejectedRow>,
    /// What the body should know.
    pub notes: Vec<Diagnostic>,
}

impl Dispatched for Accepted {
    fn delivery(&self) -> &DeliveryId {
        &self.delivery
    }

    fn kind(&self) -> &DeliveryKind {
        &self.kind
    }
}

/// The deliveries in force among those that came in, in the order they came.
pub fn in_force(accepted: &[Accepted]) -> Vec<Accepted> {
    standing(accepted)
        .into_iter()
        .map(|one| one.delivery.clone())
        .collect()
}
