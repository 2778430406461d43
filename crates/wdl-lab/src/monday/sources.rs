//! How fresh and how whole each source is, from the record and the contracts.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use wdl_contract::{Contract, Contracts, Shape};
use wdl_ledger::{Act, Entry, Received};
use wdl_protocol::Lab;
use wdl_vocab::{Period, Text};

use super::Day;

/// A source of the lab.
#[derive(Clone, Debug, Serialize)]
pub struct SourceState {
    /// The body.
    pub body: Text,
    /// The dataset.
    pub dataset: Text,
    /// The newest delivery period that came.
    pub period: Option<Period>,
    /// The day the last delivery came, and how many days ago.
    pub came: Option<(Day, i64)>,
    /// Whether the next one is late.
    pub arrival: Arrival,
    /// About how many rows came with the last delivery.
    pub rows: u64,
    /// The part of them that was rejected, of those offered.
    pub rejected: Option<f64>,
    /// The part of them without a usable person, of those taken in.
    pub without_person: Option<f64>,
}

/// Whether a source is late, by the rule of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Arrival {
    /// Everything that was due came.
    UpToDate {
        /// The next is due.
        due: Day,
    },
    /// A delivery is late.
    Late {
        /// It was due.
        due: Day,
        /// So many days ago.
        days: i64,
    },
    /// The contract has no rule.
    NoRule,
}

/// Every source of the contracts, in their order.
pub(super) fn states(
    lab: &Lab,
    contracts: &Contracts,
    entries: &[Entry],
    today: Date,
) -> Vec<SourceState> {
    contracts
        .iter()
        .map(|contract| state(lab, contract, entries, today))
        .collect()
}

fn state(lab: &Lab, contract: &Contract, entries: &[Entry], today: Date) -> SourceState {
    let came: Vec<(&Received, Date)> = entries
        .iter()
        .filter(|entry| entry.outcome.is_done())
        .filter_map(|entry| match &entry.act {
            Act::Received(received)
                if received.body == contract.body && received.dataset == contract.dataset =>
            {
                let day = entry.time.to_zoned(jiff::tz::TimeZone::UTC).date();
                Some((received, day))
            }
            _ => None,
        })
        .collect();
    let named = lab.bodies.iter().find(|body| body.id == contract.body);
    let last = came.last();
    let period = came.iter().map(|(received, _)| received.period).max();
    let rows = last.map_or(0, |(received, _)| received.rows.get());
    let rejected = last.map_or(0, |(received, _)| received.rows_rejected.get());
    let without = last.map_or(0, |(received, _)| received.rows_without_person.get());
    SourceState {
        body: named.map_or_else(
            || Text::new(contract.body.as_str(), contract.body.as_str()),
            |body| body.name.clone(),
        ),
        dataset: contract.title.clone(),
        period,
        came: last.map(|(_, day)| (Day(*day), between(*day, today))),
        arrival: arrival(contract, period, lab.calendar.first_period(), today),
        rows,
        rejected: part(rejected, rows + rejected),
        without_person: part(without, rows),
    }
}

fn part(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// Days from one to another; below zero when the second comes first.
fn between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// The first delivery that is missing, and whether its day has passed.
///
/// What is about a whole year comes once in four quarters; everything else each quarter.
fn arrival(contract: &Contract, newest: Option<Period>, first: Period, today: Date) -> Arrival {
    let Some(rule) = contract.late else {
        return Arrival::NoRule;
    };
    let steps = match contract.shape {
        Shape::Yearly | Shape::Aggregate => 4,
        Shape::Episode | Shape::Event => 1,
    };
    let missing = match newest {
        Some(newest) => (0..steps).fold(newest, |period, _| period.next()),
        None => first,
    };
    let due = missing
        .last_day()
        .checked_add(i64::from(rule.due_days).days());
    let Ok(due) = due else {
        return Arrival::NoRule;
    };
    match between(due, today) {
        days @ 1.. => Arrival::Late {
            due: Day(due),
            days,
        },
        _ => Arrival::UpToDate { due: Day(due) },
    }
}
