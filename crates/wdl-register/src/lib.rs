//! The register: what the bodies delivered, checked at the door, re-keyed and kept.
//!
//! Place in the flow: between the sealed delivery and the linked base.
//! It knows contracts and deliveries; it must not know persons, indicators, the query engine or the ledger: it returns [`Accepted`], and only when the ledger names it does a file count.
//!
//! **Invariants:** tokens of a delivery never stand in a file in the clear: the vault keeps the sealed file, the register keeps numbers made with a secret of the lab.
//! The same rows give the same bytes, whatever order they came in.
//! A file is written whole under another name first, and its digest is checked each time it is read.

mod accepted;
mod columns;
mod door;
mod effective;
mod error;
mod header;
mod linkage;
mod rekey;
mod rows;
mod store;

pub use accepted::{Accepted, Admitted, in_force};
pub use door::Door;
pub use error::{ReceiveError, RegisterError};
pub use linkage::{LinkColumn, LinkColumns, LinkRows, LinkSecrets, linkage_folder, person_column};
pub use store::Register;

/// The column that says in which delivery period a row came.
pub const DELIVERY_PERIOD: &str = "delivery_period";
/// The column that says in which delivery a row came.
pub const DELIVERY: &str = "delivery";
