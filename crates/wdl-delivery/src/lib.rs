//! The sealed delivery: what leaves a body and what the lab opens.
//!
//! Place in the flow: the holder's tool makes a `Delivery<Sealed>`, the register verifies it and turns it into a `Delivery<Opened>`.
//! It knows nothing of contracts, of the register or of who is a person: a delivery is a header, a signature and a sealed table.
//!
//! File: `WDLDLV1\n`, length of the header (4 bytes, big-endian), header as canonical JSON (RFC 8785), its SHA-256 (32), the body's signature over the header (64), ciphertext.
//! The header declares length and digest of the ciphertext and the digest of what is under the seal, so the one signature covers all.
//!
//! **Invariant:** a table with tokens exists in memory or under a seal, never in a file in the clear.

mod error;
mod file;
mod header;
mod payload;
mod receipt;
mod state;

pub use error::{DeliveryFileError, OpenError, ReceiptError, SealError, VerifyError};
pub use header::{Declaration, FindingCounts, Header};
pub use receipt::{Receipt, Reception};
pub use state::{Delivery, Opened, Sealed};
pub use wdl_crypto::Realm;
