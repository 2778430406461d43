//! The signed record of the rules that were applied to a released table: published beside it.

use jiff::Timestamp;
use wdl_protocol::{Lab, Rule};
use wdl_result::{Status, Table};
use wdl_vocab::{Digest, Lang, SYNTHETIC_NOTICE};

use crate::desk::Signer;
use crate::letters::{self, RulesLetter};
use crate::states::{Request, Review};

/// What is said of all tables of a release alike.
pub(crate) struct Applied<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) request: &'a Request,
    pub(crate) reviews: &'a [&'a Review],
    pub(crate) needed: usize,
    pub(crate) earlier: usize,
    pub(crate) by: Signer<'a>,
    pub(crate) on: Timestamp,
}

impl Applied<'_> {
    /// The bytes of the record of one table.
    pub(crate) fn seal(&self, digest: Digest, table: &Table) -> Vec<u8> {
        let rule = self.rule(table);
        let is_hidden = |status| {
            matches!(
                status,
                Status::SuppressedPrimary | Status::SuppressedSecondary
            )
        };
        let hidden = table.cells.iter().filter(|cell| is_hidden(cell.status));
        let notice = || SYNTHETIC_NOTICE.get(Lang::It).to_owned();
        let letter = RulesLetter {
            notice: table.header.synthetic.then(notice),
            release: self.request.id().clone(),
            request: self.request.digest(),
            table: digest,
            indicator: table.header.indicator.clone(),
            breakdown: table.breakdown(),
            statistic: table.header.statistic.clone(),
            agreement: self.lab.digest,
            minimum_frequency: self
                .request
                .facts
                .minimum(&table.header.indicator)
                .unwrap_or(0)
                .max(rule.minimum_frequency.get()),
            suppress_zero: rule.suppress_zero,
            suppress_hundred_percent: rule.suppress_hundred_percent,
            protection: table.header.protection,
            cells: table.cells.len() as u64,
            cells_hidden: hidden.count() as u64,
            earlier_releases: self.earlier as u64,
            populations_not_bounded: self.request.unproved.len() as u64,
            reviewers_required: self.needed as u64,
            reviewers: self.reviews.iter().map(|one| one.by().clone()).collect(),
            conditions: conditions(self.reviews),
            by: self.by.actor.clone(),
            on: self.on,
        };
        letters::seal(&letter, self.by.key)
    }

    fn rule(&self, table: &Table) -> Rule {
        let dimensions = table.dimensions.iter().map(|one| one.id.as_str());
        let variables: Vec<&str> = dimensions
            .chain([table.header.indicator.as_str()])
            .collect();
        self.lab.disclosure.for_table(&[], &variables)
    }
}

/// The conditions that reviewers set, in the order of the votes.
pub(crate) fn conditions(reviews: &[&Review]) -> Vec<String> {
    let set = reviews
        .iter()
        .filter(|review| review.vote() == letters::Vote::ApproveIf);
    set.filter_map(|review| review.words().map(str::to_owned))
        .collect()
}
