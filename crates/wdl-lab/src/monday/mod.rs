//! Monday's list: what a planner of social services looks at when the week begins.
//!
//! Place in the flow: beside the release, inside the lab only; it reads tables that disclosure control has passed over, never rows.
//! What it shows, and the budgets it compares with, is data of the lab folder (`monday.yaml`).
//! It must not know how a page looks, nor any person.

mod budget;
mod file;
mod newest;
mod sources;

use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use wdl_disclosure::Checked;
use wdl_indicators::Indicators;
use wdl_ledger::Act;
use wdl_protocol::Act as Permission;
use wdl_result::{Cell, Status, Table};
use wdl_vocab::Text;

pub use budget::{Basis, Budgeted, BudgetedLine, Outlook};
pub use file::MondayFault;
pub use newest::{Newest, NewestLine};
pub use sources::{Arrival, SourceState};

use crate::build::Progress;
use crate::desk::{Desk, Done};
use crate::results::all_results;
use crate::{Stopped, agreed};
use file::Wanted;

/// A day, written `2026-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// The list, as of a day.
#[derive(Clone, Debug, Serialize)]
pub struct Monday {
    /// The lab.
    pub lab: Text,
    /// Whether its data are invented.
    pub synthetic: bool,
    /// The day it is read.
    pub day: Day,
    /// The day the data were last brought up to date; empty when nothing came.
    pub data_date: String,
    /// The snapshot it was made from.
    pub snapshot: String,
    /// What is shown, in the order of the file.
    pub items: Vec<Item>,
    /// How fresh and how whole each source is.
    pub sources: Vec<SourceState>,
}

/// One thing of the list.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// Spending against its budget.
    Budget(Budgeted),
    /// The newest figures of an indicator.
    Newest(Newest),
    /// What no source of the lab sees.
    NoneHere {
        /// What it would be.
        title: Text,
        /// Why it is not here.
        reason: Text,
    },
}

/// A number of a checked table, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Figure {
    /// A number, in the unit of its indicator.
    Value {
        /// The number.
        value: f64,
        /// The units it rests on.
        n: Option<u64>,
        /// For shares: the units with the property.
        n_with: Option<u64>,
    },
    /// Disclosure control hides it.
    Suppressed,
    /// It is not defined: nobody, or a measure that has no value here.
    NotComputable,
    /// The source did not come for the period, or no table has the period.
    NotCollected,
}

impl Figure {
    /// What a cell says; a cell that is not there was not collected.
    fn of(cell: Option<&Cell>) -> Figure {
        let Some(cell) = cell else {
            return Figure::NotCollected;
        };
        match (cell.status, cell.estimate) {
            (Status::Value, Some(value)) => Figure::Value {
                value,
                n: cell.n,
                n_with: cell.n_with,
            },
            (Status::SuppressedPrimary | Status::SuppressedSecondary, _) => Figure::Suppressed,
            (Status::NotCollected, _) => Figure::NotCollected,
            (Status::Value | Status::NotComputableEmpty | Status::NotComputableUndefined, _) => {
                Figure::NotComputable
            }
        }
    }

    /// The number, when there is one.
    fn value(self) -> Option<f64> {
        match self {
            Figure::Value { value, .. } => Some(value),
            Figure::Suppressed | Figure::NotComputable | Figure::NotCollected => None,
        }
    }
}

/// The checked tables with the definitions they were made from.
struct Ground<'a> {
    indicators: &'a Indicators,
    tables: &'a [Checked<Table>],
}

impl Ground<'_> {
    /// The table of an indicator with one dimension, or with none.
    fn table(&self, indicator: &str, dimension: Option<&str>) -> Option<&Table> {
        let is_it = |table: &&Table| {
            let dimensions = table.dimensions.iter().map(|each| each.id.as_str());
            table.header.indicator.as_str() == indicator && dimensions.eq(dimension)
        };
        self.tables.iter().map(Checked::get).find(is_it)
    }
}

/// Makes the list for the desk's day, for an office that may read drafts; the reading stands in the record.
///
/// # Errors
/// [`Stopped`] when the agreement does not let the office read drafts, nothing is built, or `monday.yaml` is missing or wrong.
pub fn monday(desk: &mut Desk, tell: &mut dyn FnMut(Progress)) -> Result<Monday, Stopped> {
    let tried = Act::DraftsRead { tables: 0 };
    desk.act(Permission::ReadDraft, tried, |desk| {
        let (indicators, tables) = all_results(desk, tell)?;
        let wanted = file::read(&desk.home.lab(), &indicators)?;
        let ground = Ground {
            indicators: &indicators,
            tables: &tables,
        };
        let contracts = agreed::contracts(&desk.home, &desk.lab)?;
        let header = tables.first().map(|table| &table.get().header);
        let today = desk.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let list = Monday {
            lab: desk.lab.name.clone(),
            synthetic: desk.lab.synthetic,
            day: Day(today),
            data_date: header.map_or_else(String::new, |header| header.data_date.clone()),
            snapshot: header.map_or_else(String::new, |header| header.lineage.snapshot.to_string()),
            items: wanted.iter().map(|each| item(&ground, each)).collect(),
            sources: sources::states(&desk.lab, &contracts, desk.ledger.entries(), today),
        };
        let used = wanted.iter().filter(|each| each.indicator().is_some());
        Ok(Done {
            act: Act::DraftsRead {
                tables: used.count() as u64,
            },
            object: None,
            value: list,
        })
    })
}

fn item(ground: &Ground<'_>, wanted: &Wanted) -> Item {
    match wanted {
        Wanted::Budget(wanted) => Item::Budget(budget::of(ground, wanted)),
        Wanted::Newest(wanted) => Item::Newest(newest::of(ground, wanted)),
        Wanted::NoneHere { title, reason } => Item::NoneHere {
            title: title.clone(),
            reason: reason.clone(),
        },
    }
}
