//! What a delivery does to those before it: comes first, takes the place of one, adds what was rejected of one, cancels one.

use serde::{Deserialize, Serialize};
use wdl_vocab::DeliveryId;

/// What a delivery is, as the flows of the Revenue Agency have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeliveryKind {
    /// The delivery of a dataset for a period.
    Ordinary {},
    /// It corrects one that was received before.
    Substitutive {
        /// The delivery it corrects.
        of: DeliveryId,
        /// How much of it.
        scope: Scope,
    },
    /// It takes back one that was received before; it has no rows.
    Cancelling {
        /// The delivery it takes back.
        of: DeliveryId,
    },
}

/// How much of a delivery a substitutive one corrects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of it: the rows of the named delivery count no longer.
    Whole,
    /// The rows the lab rejected: they are added to those that were accepted.
    Rejected,
}

impl DeliveryKind {
    /// The delivery of a dataset for a period.
    pub const ORDINARY: DeliveryKind = DeliveryKind::Ordinary {};

    /// The delivery it is about, when it is about one.
    pub fn of(&self) -> Option<&DeliveryId> {
        match self {
            DeliveryKind::Ordinary {} => None,
            DeliveryKind::Substitutive { of, .. } | DeliveryKind::Cancelling { of } => Some(of),
        }
    }

    /// Whether a reason must be given.
    pub fn needs_reason(&self) -> bool {
        self.of().is_some()
    }
}
