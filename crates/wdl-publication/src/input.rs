//! What a site is made from: the lab's face, released tables, public acts, the lab folder's publications.

use wdl_ledger::{Checkpoint, Entry};
use wdl_protocol::ActorId;
use wdl_result::Table;
use wdl_vocab::{BodyId, IndicatorId, ReleaseId, Text};

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
    pub acts: &'a [Entry],
    /// The checkpoint to publish with them.
    pub checkpoint: Option<&'a Checkpoint>,
    /// Who the actors of the entries are; one that is not named is shown by its id.
    pub actors: Vec<ActorFace>,
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

/// Somebody who acts in the lab, as the public may know them: a role and a body, never a name.
#[derive(Clone, Debug)]
pub struct ActorFace {
    /// The id that entries carry.
    pub id: ActorId,
    /// The role and the body.
    pub name: Text,
}

/// A file of the lab folder's `publications`.
#[derive(Clone, Debug)]
pub struct PublicationFile {
    /// Its name: `casa.it.md`.
    pub name: String,
    /// Its text.
    pub text: String,
}
