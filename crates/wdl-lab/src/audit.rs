//! The record is verified, offline: the chain, the signatures, whose they are, and against the checkpoint that was published.

use serde::Serialize;
use wdl_ledger::{Checkpoint, verify};
use wdl_protocol::Lab;

use crate::desk::known_keys;
use crate::home::Part;
use crate::{Home, Stopped, read};

/// What was verified.
#[derive(Clone, Debug, Serialize)]
pub struct Audited {
    /// Entries of the record.
    pub entries: usize,
    /// The hash of the last one.
    pub head: String,
    /// Entries that the published checkpoint covers; none when nothing was published.
    pub checkpoint: Option<u64>,
}

/// Verifies the record of a lab.
///
/// # Errors
/// [`Stopped`] naming the first bad entry, or the checkpoint that the record does not reach.
pub fn audit(home: &Home) -> Result<Audited, Stopped> {
    let lab = Lab::read(&home.lab())?;
    let keys = known_keys(home, &lab)?;
    let verified = verify(&home.of(Part::Ledger), &keys)?;
    let published = home.site().join(&lab.publication.checkpoint.file);
    let checkpoint = match published.is_file() {
        true => Some(Checkpoint::from_bytes(&read(&published)?)?),
        false => None,
    };
    if let Some(checkpoint) = &checkpoint {
        verified.against(checkpoint, &keys)?;
    }
    Ok(Audited {
        entries: verified.entries().len(),
        head: verified.head().to_string(),
        checkpoint: checkpoint.map(|checkpoint| checkpoint.entries),
    })
}
