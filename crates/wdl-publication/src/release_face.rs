//! A released table with what the public may know of its release.

use wdl_ledger::{Act, Entry};
use wdl_release::Released;
use wdl_result::Table;
use wdl_vocab::{ReleaseId, Text};

use crate::input::SiteInput;

/// A released table and the words of its release.
pub(crate) struct ReleasedTable<'a> {
    released: &'a Released<Table>,
    pub(crate) release: ReleaseFace,
}

/// Who asked, who agreed, when.
pub(crate) struct ReleaseFace {
    pub(crate) id: ReleaseId,
    /// Who asked, as role and body.
    pub(crate) requested_by: Text,
    /// The time it was asked, RFC 3339.
    pub(crate) requested_on: String,
    pub(crate) reviews: Vec<Review>,
    pub(crate) released_on: String,
    /// The sequence of its entry in the ledger, when the ledger has it.
    pub(crate) entry: Option<u64>,
}

/// One review.
pub(crate) struct Review {
    pub(crate) by: Text,
    pub(crate) on: String,
}

impl<'a> ReleasedTable<'a> {
    pub(crate) fn new(released: &'a Released<Table>, input: &SiteInput<'a>) -> ReleasedTable<'a> {
        let facts = released.facts();
        let office = |id: &wdl_protocol::ActorId| match input.lab.actor(id) {
            Some(actor) => actor.name.clone(),
            None => Text::new(id.as_str(), id.as_str()),
        };
        let reviews = facts.reviews.iter().map(|review| Review {
            by: office(&review.by),
            on: review.on.to_string(),
        });
        let is_it = |entry: &&Entry| {
            let is_release =
                matches!(&entry.act, Act::Released { release } if *release == facts.id);
            is_release && entry.outcome.is_done()
        };
        ReleasedTable {
            released,
            release: ReleaseFace {
                id: facts.id.clone(),
                requested_by: office(&facts.requested_by),
                requested_on: facts.requested_on.to_string(),
                reviews: reviews.collect(),
                released_on: facts.released_on.to_string(),
                entry: input.acts.iter().find(is_it).map(|entry| entry.sequence),
            },
        }
    }

    /// The signed record of the rules that were applied to it.
    pub(crate) fn rules(&self) -> Option<&'a [u8]> {
        self.released.rules()
    }

    /// The table itself.
    pub(crate) fn table(&self) -> &'a Table {
        self.released.get()
    }
}
