//! Durations until an event: survival curves, comparison of groups, proportional hazards, competing risks, hazards in discrete time.
//!
//! Place in the flow: [`Spells`] are checked once; every method takes them.
//! It must not know what the event is, nor calendars: time is a number, from the start of risk.

mod competing;
mod cox;
mod curves;
mod discrete;
mod fine_gray;

pub use competing::{Incidence, cumulative_incidence};
pub use cox::{Cox, CoxRequest, NoCox, ProportionalHazards, Ties, TimeScale, cox};
pub use curves::{Curve, LogRank, NoComparison, Point, Restricted, kaplan_meier, log_rank};
pub use discrete::{Discrete, Link, NoHazard, discrete_hazard};
pub use fine_gray::{FineGray, NoFineGray, fine_gray};

/// Why durations cannot be analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpellsError {
    /// There are none.
    #[error("no duration")]
    Empty,
    /// Columns of unlike length.
    #[error("the columns have unlike lengths")]
    Ragged,
    /// A time that is infinite or not a number.
    #[error("the time of row {0} is not a finite number")]
    NotFinite(usize),
    /// A duration of zero or less.
    #[error("the duration of row {0} is not positive")]
    NotPositive(usize),
    /// An entry before zero.
    #[error("row {0} enters before time zero")]
    EntryNegative(usize),
    /// An entry at or after the exit.
    #[error("row {0} enters when it leaves or later")]
    EntryAfterExit(usize),
    /// Nobody has the event.
    #[error("nobody has the event")]
    NoEvent,
}

/// Times under risk: from entry (zero unless told) to exit, and whether the event ended it.
// INVARIANT: columns of one length, `0 <= entry < exit`, all finite, at least one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Spells {
    entry: Vec<f64>,
    exit: Vec<f64>,
    event: Vec<bool>,
}

impl Spells {
    /// Spells; without entries, everybody is under risk from zero.
    ///
    /// # Errors
    /// [`SpellsError`], with the row.
    pub fn new(entry: Option<&[f64]>, exit: &[f64], event: &[bool]) -> Result<Spells, SpellsError> {
        let entry = entry.map_or_else(|| vec![0.0; exit.len()], <[f64]>::to_vec);
        if exit.is_empty() {
            return Err(SpellsError::Empty);
        }
        if event.len() != exit.len() || entry.len() != exit.len() {
            return Err(SpellsError::Ragged);
        }
        for row in 0..exit.len() {
            if !exit[row].is_finite() || !entry[row].is_finite() {
                return Err(SpellsError::NotFinite(row));
            }
            if exit[row] <= 0.0 {
                return Err(SpellsError::NotPositive(row));
            }
            if entry[row] < 0.0 {
                return Err(SpellsError::EntryNegative(row));
            }
            if entry[row] >= exit[row] {
                return Err(SpellsError::EntryAfterExit(row));
            }
        }
        if !event.contains(&true) {
            return Err(SpellsError::NoEvent);
        }
        Ok(Spells {
            entry,
            exit: exit.to_vec(),
            event: event.to_vec(),
        })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.exit.len()
    }

    /// The number of events.
    pub fn events(&self) -> usize {
        self.event.iter().filter(|own| **own).count()
    }

    /// The times at which some of the rows leave, rising, each once.
    fn times(&self, rows: &[usize]) -> Vec<f64> {
        let mut times: Vec<f64> = rows.iter().map(|row| self.exit[*row]).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
    }

    /// At each of some rising times, how many rows are under risk: in before it, and not out before it.
    fn at_risk(&self, rows: &[usize], times: &[f64]) -> Vec<usize> {
        let mut entries: Vec<f64> = rows.iter().map(|row| self.entry[*row]).collect();
        let mut exits: Vec<f64> = rows.iter().map(|row| self.exit[*row]).collect();
        entries.sort_by(f64::total_cmp);
        exits.sort_by(f64::total_cmp);
        let count = |time: &f64| {
            let entered = entries.partition_point(|own| own < time);
            entered - exits.partition_point(|own| own < time)
        };
        times.iter().map(count).collect()
    }
}
