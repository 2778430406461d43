//! The sealed delivery: what leaves a body and what the lab opens.
//!
//! Place in the flow: the holder's tool makes a `Delivery<Sealed>`, the register verifies it and turns it into a `Delivery<Opened>`.
//! It knows nothing of contracts, of the register or of who is a person: a delivery is a header, a signature and a sealed table.
//!
//! The file, byte by byte, and what a reader must refuse: `docs/reference/delivery-format.md`; good and hostile files of it: `vectors/`.
//! The header declares length and digest of the ciphertext and the digest of what is under the seal, so the one signature covers all.
//!
//! **Invariant:** a table with tokens exists in memory or under a seal, never in a file in the clear.

mod error;
mod file;
mod header;
mod kind;
mod payload;
mod receipt;
mod seal;
mod state;

pub use error::{DeliveryFileError, OpenError, ReceiptError, SealError, VerifyError};
pub use header::{Declaration, FORMAT, FindingCounts, Header, Justification};
pub use kind::{DeliveryKind, Dispatched, Scope, Standing, standing};
pub use receipt::{Receipt, Reception, RejectReason, RejectedRow};
pub use seal::Sealer;
pub use state::{Delivery, Opened, Rows, Sealed};
pub use wdl_crypto::Realm;
