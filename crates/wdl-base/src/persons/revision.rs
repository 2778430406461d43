//! Which history a finding of the lab that comes late may change.
//!
//! A figure that was published should not move each quarter because somebody was found, or because a link had to be taken back: what a delivery makes known changes the last year at once, and older history with the delivery of the next fourth quarter.
//! Until then the models see what they saw with the deliveries of the quarters before.
//! What the first deliveries make known is known from the beginning, and what a body itself corrects is its word and not a finding.

use std::collections::BTreeMap;

use wdl_linkage::staged::State;
use wdl_vocab::Period;

use super::carried::said_anew;
use super::gather::Gathered;
use super::{Held, HeldCode, HeldRow, Linkage};

/// How many quarters a late finding may change, that of its delivery included.
const OPEN_QUARTERS: usize = 4;

/// Whose the rows without a code are and which codes are replaced, as the models see it.
#[derive(Default)]
pub(super) struct Sight<'a> {
    pub(super) links: BTreeMap<(&'a str, i64), i64>,
    pub(super) replaced: BTreeMap<i64, i64>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(state: &'a State, held: &'a Held) -> Sight<'a> {
        let links = state.links.iter();
        let replaced = state.replaced.iter();
        let mut sight = Sight {
            links: links
                .map(|link| ((link.dataset.as_str(), link.record), link.person))
                .collect(),
            replaced: replaced.map(|one| (one.old, one.new)).collect(),
        };
        for row in &held.rows {
            set(&mut sight.links, (&row.dataset, row.record), row.person);
        }
        for code in &held.codes {
            set(&mut sight.replaced, code.old, code.new);
        }
        sight
    }
}

fn set<K: Ord>(map: &mut BTreeMap<K, i64>, key: K, person: Option<i64>) {
    match person {
        Some(person) => map.insert(key, person),
        None => map.remove(&key),
    };
}

/// Whether the deliveries of a quarter revise all history.
pub(super) fn revises(newest: Period) -> bool {
    last_revision(newest) == newest
}

/// What is held back of what was decided with the newest deliveries, given how it was with those of the quarters before.
pub(super) fn held(
    gathered: &Gathered,
    state: &State,
    before: &Linkage,
    newest_before: Period,
) -> Held {
    let Some(newest) = gathered.newest.filter(|newest| !revises(*newest)) else {
        return Held::default();
    };
    if before.deliveries.is_empty() {
        return Held::default();
    }
    let nothing = Held::default();
    // A fourth quarter in which nobody delivered is revised too.
    let held_before = match newest_before < last_revision(newest) {
        true => &nothing,
        false => &before.held,
    };
    let (was, is) = (
        Sight::of(&before.state, held_before),
        Sight::of(state, &nothing),
    );
    let open = first_open_day(newest);
    let mut held = Held::default();
    let mut begun: BTreeMap<i64, i32> = BTreeMap::new();
    for (source, carried) in gathered.input.sources.iter().zip(&gathered.carried) {
        let anew = said_anew(carried, newest);
        for (row, record) in source.records.iter().enumerate() {
            let Some(from) = source.facts[row].from else {
                continue;
            };
            if let Some(person) = source.persons[row] {
                earliest(&mut begun, person, from);
                continue;
            }
            let key = (source.dataset.as_str(), *record);
            let seen = was.links.get(&key).filter(|_| !anew.contains(record));
            if from < open && seen != is.links.get(&key) {
                held.rows.push(HeldRow {
                    dataset: source.dataset.clone(),
                    record: *record,
                    person: seen.copied(),
                });
            }
        }
        for old in &source.superseded {
            if let Some(from) = source.facts[old.row as usize].from {
                earliest(&mut begun, old.person, from);
            }
        }
    }
    let is_old = |code: &i64| begun.get(code).is_some_and(|from| *from < open);
    let changed = |code: &&i64| was.replaced.get(code) != is.replaced.get(code);
    let codes = was.replaced.keys().chain(is.replaced.keys());
    let codes = codes.filter(changed).filter(|code| is_old(code));
    held.codes.extend(codes.map(|code| HeldCode {
        old: *code,
        new: was.replaced.get(code).copied(),
    }));
    held.rows.sort();
    held.codes.sort();
    held.codes.dedup();
    held
}

fn earliest(begun: &mut BTreeMap<i64, i32>, person: i64, from: i32) {
    let known = begun.entry(person).or_insert(from);
    *known = from.min(*known);
}

/// The last fourth quarter up to a quarter, itself included.
fn last_revision(newest: Period) -> Period {
    match newest {
        Period::Quarter { quarter: 4, .. } => newest,
        other => Period::quarter(other.year() - 1, 4),
    }
}

/// The first day of the quarters that are open to a delivery, counted from 1970.
fn first_open_day(period: Period) -> i32 {
    let first = match period {
        Period::Quarter { year, quarter } => {
            let place = usize::from(quarter.unsigned_abs()) - 1;
            let back = OPEN_QUARTERS - 1;
            let years = back.saturating_sub(place).div_ceil(4) as i16;
            let place = place + 4 * years as usize - back;
            Period::quarter(year - years, place as i8 + 1)
        }
        year => year,
    };
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = first.first_day().duration_since(epoch).as_hours() / 24;
    days as i32
}

#[cfg(test)]
mod tests {
    use wdl_vocab::Period;

    use super::{first_open_day, last_revision};

    #[test]
    fn a_year_back_and_the_fourth_quarter() {
        let day = |period: Period| {
            let epoch = jiff::civil::date(1970, 1, 1);
            (period.first_day().duration_since(epoch).as_hours() / 24) as i32
        };
        let quarter = Period::quarter;
        assert_eq!(first_open_day(quarter(2026, 4)), day(quarter(2026, 1)));
        assert_eq!(first_open_day(quarter(2026, 3)), day(quarter(2025, 4)));
        assert_eq!(first_open_day(quarter(2026, 1)), day(quarter(2025, 2)));
        assert_eq!(last_revision(quarter(2026, 4)), quarter(2026, 4));
        assert_eq!(last_revision(quarter(2026, 3)), quarter(2025, 4));
    }
}
