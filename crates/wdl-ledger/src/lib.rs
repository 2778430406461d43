//! The record of every act of the lab: canonical JSON lines, chained by hash, signed by whoever acted.
//!
//! Place in the flow: beside the street; each station leaves one entry, and the entry that has reached the disk is the commit.
//! It must not know data: an [`Act`] holds ids, counts and digests, and no type here can hold a person's value.
//!
//! The file `ledger.jsonl` holds one [`Entry`] a line in the form of RFC 8785.
//! Entry `n` names the SHA-256 of line `n - 1`, so that a changed line is seen; what was cut off at the end is seen only against a [`Checkpoint`].

mod act;
mod checkpoint;
mod entry;
mod error;
mod known_keys;
mod ledger;
mod verify;
mod word;

pub use act::{Act, Effect, Outcome, Received, RefusalCode, Rows};
pub use checkpoint::Checkpoint;
pub use entry::Entry;
pub use error::{BadEntry, CheckpointError, Fault, LedgerError};
pub use known_keys::KnownKeys;
pub use ledger::{Ledger, TornLine};
pub use verify::{Verified, verify};
pub use word::{Word, WordError};

/// The name of the file inside the ledger's folder.
pub const FILE: &str = "ledger.jsonl";
