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

/// A delivery as far as it matters for what is in force.
pub trait Dispatched {
    /// Its name.
    fn delivery(&self) -> &DeliveryId;
    /// What it does to those before it.
    fn kind(&self) -> &DeliveryKind;
}

/// A delivery in force.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a, T> {
    /// The delivery.
    pub delivery: &'a T,
    /// The one it completes.
    pub completes: Option<&'a DeliveryId>,
}

/// The deliveries in force among those received, in the order they came.
///
/// A whole substitutive one takes the place of the one it names, with all that completed that one; a cancelling one takes both back.
pub fn standing<'a, T: Dispatched>(
    received: impl IntoIterator<Item = &'a T>,
) -> Vec<Standing<'a, T>> {
    let mut standing: Vec<Standing<'a, T>> = Vec::new();
    for delivery in received {
        let completes = match delivery.kind() {
            DeliveryKind::Ordinary {} => None,
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Rejected,
            } => Some(of),
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Whole,
            } => remove(&mut standing, of),
            DeliveryKind::Cancelling { of } => {
                remove(&mut standing, of);
                continue;
            }
        };
        standing.push(Standing {
            delivery,
            completes,
        });
    }
    standing
}

/// Takes a delivery away with all that completes it; gives back which one it completed itself.
fn remove<'a, T: Dispatched>(
    standing: &mut Vec<Standing<'a, T>>,
    named: &DeliveryId,
) -> Option<&'a DeliveryId> {
    let completed = standing
        .iter()
        .find(|one| one.delivery.delivery() == named)
        .and_then(|one| one.completes);
    let mut gone = vec![named.clone()];
    // What completes another came after it: one pass in order finds all.
    for one in standing.iter() {
        if one.completes.is_some_and(|of| gone.contains(of)) {
            gone.push(one.delivery.delivery().clone());
        }
    }
    standing.retain(|one| !gone.contains(one.delivery.delivery()));
    completed
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
