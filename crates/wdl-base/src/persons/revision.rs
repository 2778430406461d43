//! Which history a link that was found late may change.
//!
//! A figure that was published should not move each quarter because somebody was found: what a delivery makes known changes the last year at once, and older history with the delivery of the next fourth quarter.
//! What the first deliveries make known is known from the beginning.

use std::collections::BTreeMap;

use wdl_linkage::staged::State;
use wdl_vocab::Period;

use super::Held;
use super::gather::Gathered;

/// How many quarters a late link may change, that of its delivery included.
const OPEN_QUARTERS: usize = 4;

pub(super) fn held(gathered: &Gathered, state: &State) -> Held {
    let (Some(first), Some(newest)) = (gathered.periods.values().min(), gathered.newest) else {
        return Held::default();
    };
    let revised = last_revision(newest).max(*first);
    let mut begun: BTreeMap<(&str, i64), i32> = BTreeMap::new();
    let mut begun_of: BTreeMap<i64, i32> = BTreeMap::new();
    for source in &gathered.input.sources {
        for (row, record) in source.records.iter().enumerate() {
            let Some(from) = source.facts[row].from else {
                continue;
            };
            match source.persons[row] {
                None => drop(begun.insert((&source.dataset, *record), from)),
                Some(person) => earliest(&mut begun_of, person, from),
            }
        }
        for old in &source.superseded {
            if let Some(from) = source.facts[old.row as usize].from {
                earliest(&mut begun_of, old.person, from);
            }
        }
    }
    let is_late = |delivery: u32, begun: Option<&i32>| {
        let period = gathered.periods.get(&delivery).copied().unwrap_or(newest);
        period > revised && begun.is_some_and(|begun| *begun < first_open_day(period))
    };
    let links = state.links.iter().filter(|link| {
        let row = (link.dataset.as_str(), link.record);
        is_late(link.delivery, begun.get(&row))
    });
    let codes = state.replaced.iter();
    let codes = codes.filter(|one| is_late(one.delivery, begun_of.get(&one.old)));
    Held {
        rows: links
            .map(|link| (link.dataset.clone(), link.record))
            .collect(),
        codes: codes.map(|one| one.old).collect(),
    }
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
