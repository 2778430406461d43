//! The record is verified, offline: the chain, the signatures, whose they are, and against the checkpoint that was published.

use serde::Serialize;
use wdl_ledger::{Act, Checkpoint, Entry, verify};
use wdl_protocol::Lab;
use wdl_publication::Site;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::usage as codes;

use crate::decide;
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
    /// Decisions on doubts of the linkage, each with the file that the record names.
    pub decisions: usize,
    /// Whether a site stands that is, byte for byte, the one the record says was published.
    pub site: bool,
}

/// Verifies the record of a lab, and the site that stands against it.
///
/// # Errors
/// [`Stopped`] naming the first bad entry, the checkpoint that the record does not reach, or the site that was changed.
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
    let decisions = decide::read_all(home, &lab, &keys, verified.entries())?.len();
    let is_published = check_site(home, verified.entries())?;
    Ok(Audited {
        site: is_published,
        entries: verified.entries().len(),
        decisions,
        head: verified.head().to_string(),
        checkpoint: checkpoint.map(|checkpoint| checkpoint.entries),
    })
}

/// Whether a site was published; it must then be the one that stands.
fn check_site(home: &Home, entries: &[Entry]) -> Result<bool, Stopped> {
    let published = entries.iter().rev().find_map(|entry| match &entry.act {
        Act::Published { site, .. } if entry.outcome.is_done() => *site,
        _ => None,
    });
    let Some(published) = published else {
        return Ok(false);
    };
    match Site::read(&home.site())?.digest() == published {
        true => Ok(true),
        false => Err(Stopped::new(
            Diagnostic::new(codes::SITE_CHANGED).with("directory", home.site().display()),
        )),
    }
}
