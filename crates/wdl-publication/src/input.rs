//! What a site is made from: the lab's agreement, released tables, the ledger, the lab folder's publications and areas.

use wdl_ledger::{Checkpoint, Entry};
use wdl_protocol::Lab;
use wdl_release::{Released, Withdrawal};
use wdl_result::Table;
use wdl_vocab::{BodyId, DatasetId, IndicatorId, Text};

/// Everything a site says comes from here.
#[derive(Clone, Debug)]
pub struct SiteInput<'a> {
    /// Who speaks, under which agreement.
    pub lab: &'a Lab,
    /// The released tables; an indicator's pages follow the order of its first table.
    pub tables: Vec<&'a Released<Table>>,
    /// The releases that were taken back: the page of an indicator of which nothing is out any more says so.
    pub withdrawn: Vec<Withdrawal>,
    /// Every indicator the lab defines, released or not.
    pub defined: Vec<IndicatorId>,
    /// The datasets that the contracts agree, in their order.
    pub sources: Vec<SourceFace>,
    /// The ledger's entries, in order.
    pub acts: &'a [Entry],
    /// The checkpoint to publish with them.
    pub checkpoint: Option<&'a Checkpoint>,
    /// The lab folder's `publications/*.md`.
    pub publications: Vec<PublicationFile>,
    /// The lab folder's `geo/*.geojson`; a breakdown is mapped on the first that has its areas.
    pub areas: Vec<PublicationFile>,
}

/// A dataset as its contract names it.
#[derive(Clone, Debug)]
pub struct SourceFace {
    /// The body that delivers it.
    pub body: BodyId,
    /// The dataset.
    pub dataset: DatasetId,
    /// What it is called.
    pub title: Text,
}

/// A text file of the lab folder, from `publications` or `geo`.
#[derive(Clone, Debug)]
pub struct PublicationFile {
    /// Its name: `casa.it.md`.
    pub name: String,
    /// Its text.
    pub text: String,
}
