//! What a site is made from: the lab's face, released tables, public acts, the lab folder's publications.

use wdl_result::Table;
use wdl_vocab::{BodyId, DatasetId, Digest, IndicatorId, Period, ReleaseId, SnapshotId, Text};

/// Everything a site says comes from here.
#[derive(Clone, Debug)]
pub struct SiteInput<'a> {
    /// Who speaks.
    pub lab: LabFace,
    /// The themes, in the order of the menu.
    pub themes: Vec<Theme>,
    /// The released tables; an indicator's pages follow the order of its first table.
    pub tables: Vec<ReleasedTable<'a>>,
    /// Every indicator the lab defines, released or not.
    pub defined: Vec<IndicatorId>,
    /// The ledger's entries, in order.
    pub acts: Vec<Act>,
    /// The last published checkpoint of the ledger.
    pub checkpoint: Option<Checkpoint>,
    /// The lab folder's `publications/*.md`.
    pub publications: Vec<PublicationFile>,
}

/// The lab as the public sees it.
#[derive(Clone, Debug)]
pub struct LabFace {
    /// Its name.
    pub name: Text,
    /// One sentence on what it is.
    pub about: Text,
    /// The bodies of the agreement.
    pub bodies: Vec<BodyFace>,
    /// Who answers for the site.
    pub publisher: Text,
    /// Where to write: an address of e-mail.
    pub contact: String,
    /// The name of the licence of the data.
    pub licence: Text,
    /// The address of the licence.
    pub licence_url: String,
    /// True when the data are invented.
    pub synthetic: bool,
}

/// A body of the agreement.
#[derive(Clone, Debug)]
pub struct BodyFace {
    /// Its id in the lab.
    pub id: BodyId,
    /// Its name.
    pub name: Text,
}

/// A theme of the site.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The id that headers name: `casa`.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it is about, in a sentence.
    pub about: Text,
}

/// A table that two people who did not make it have released.
#[derive(Clone, Debug)]
pub struct ReleasedTable<'a> {
    /// The table as it was released.
    pub released: &'a Table,
    /// The release it left with.
    pub release: ReleaseFace,
}

impl<'a> ReleasedTable<'a> {
    /// The table itself.
    pub fn table(&self) -> &'a Table {
        self.released
    }
}

/// What the public may know of a release.
#[derive(Clone, Debug)]
pub struct ReleaseFace {
    /// Its id.
    pub id: ReleaseId,
    /// Who asked, as role and body.
    pub requested_by: Text,
    /// The day it was asked, `2026-11-06`.
    pub requested_on: String,
    /// The reviews that allowed it.
    pub reviews: Vec<Review>,
    /// The day it was released.
    pub released_on: String,
    /// The sequence of its entry in the ledger.
    pub entry: u64,
}

/// One review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Who reviewed, as role and body.
    pub by: Text,
    /// The day.
    pub on: String,
}

/// One entry of the ledger, as the public may read it: it holds no person's value.
#[derive(Clone, Debug)]
pub struct Act {
    /// The sequence.
    pub sequence: u64,
    /// The time, RFC 3339.
    pub time: String,
    /// Who acted, as role and body.
    pub actor: Text,
    /// What was done.
    pub deed: Deed,
    /// The code of the refusal; `None` when it was done.
    pub refused: Option<String>,
    /// The digest of the object of the act.
    pub object: Option<Digest>,
    /// The digest of the entry itself.
    pub entry: Digest,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A delivery came.
    Delivery {
        /// The body.
        body: BodyId,
        /// The dataset.
        dataset: DatasetId,
        /// The period.
        period: Period,
        /// The rows, once it was read.
        rows: Option<u64>,
    },
    /// A version of the linked base was built.
    Build {
        /// The snapshot.
        snapshot: Option<SnapshotId>,
    },
    /// A release was asked for.
    Request {
        /// The release.
        release: ReleaseId,
    },
    /// A release was reviewed.
    Review {
        /// The release.
        release: ReleaseId,
        /// True when the reviewer agreed.
        is_approved: bool,
    },
    /// A release was made.
    Release {
        /// The release.
        release: ReleaseId,
    },
    /// The site was published.
    Publication,
    /// Any other act.
    Other {
        /// Its name.
        name: Text,
    },
}

/// A signed statement of how long the ledger was and what it held.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The entries it covers.
    pub entries: u64,
    /// The time, RFC 3339.
    pub time: String,
    /// The hash of the last entry, or the root of the tree.
    pub root: String,
    /// The signature.
    pub signature: String,
    /// The key it verifies with.
    pub key: String,
}

/// A file of the lab folder's `publications`.
#[derive(Clone, Debug)]
pub struct PublicationFile {
    /// Its name: `casa.it.md`.
    pub name: String,
    /// Its text.
    pub text: String,
}
