//! What one delivery carried for linkage, and what of it is said for the first time.

use std::collections::BTreeSet;

use wdl_register::LinkRows;
use wdl_vocab::{DeliveryId, Period};

/// What one delivery carried for a dataset.
pub(super) struct Carried {
    pub(super) delivery: DeliveryId,
    pub(super) period: Period,
    pub(super) rows: LinkRows,
}

/// What a row says of its person: its code, its tokens and its encoding.
type Said<'a> = (Option<i64>, Vec<Option<i64>>, Option<&'a [u8; 128]>);

impl Carried {
    fn said(&self, record: i64) -> Option<Said<'_>> {
        let at = self.rows.records.binary_search(&record).ok()?;
        let tokens = self.rows.tokens.iter().map(|tokens| tokens[at]).collect();
        let encodings = &self.rows.encodings;
        let encoding = encodings.binary_search_by_key(&at, |(row, _)| *row as usize);
        let encoding = encoding.ok().map(|at| &encodings[at].1);
        Some((self.rows.persons[at], tokens, encoding))
    }
}

/// The records of a dataset that say another code or other tokens than the deliveries of earlier quarters did, or were not there.
pub(super) fn said_anew(carried: &[Carried], newest: Period) -> BTreeSet<i64> {
    let is_newest = |one: &&Carried| one.period == newest;
    let records = carried.iter().filter(is_newest);
    let records: BTreeSet<i64> = records
        .flat_map(|one| one.rows.records.iter().copied())
        .collect();
    let is_new = |record: &i64| {
        let mut all = carried.iter().rev();
        let mut before = carried.iter().rev().filter(|one| !is_newest(one));
        let now = all.find_map(|one| one.said(*record));
        now != before.find_map(|one| one.said(*record))
    };
    records.into_iter().filter(is_new).collect()
}
