//! Disclosure control of tables: what may be shown of an indicator without giving anybody away.
//!
//! Place in the flow: between the indicators and the release; `Draft<Table>` goes in, [`Checked`]`<Table>` comes out, and only [`protect`] and [`protect_family`] make one.
//! It must not know microdata: it sees results, the rules of the lab, and nothing else.
//!
//! **Who attacks.** Somebody who reads every table of the indicator, knows that counts are whole and not negative, and knows for every margin how far it is from the sum of its parts (what belongs to no category).
//! Where empty cells are shown he also knows that what is hidden is not empty.
//! He is told that a cell is hidden, never why: [`Status::SuppressedPrimary`](wdl_result::Status) stands on every hidden cell, and the reasons are in the [`Report`], which stays in the lab.
//!
//! **What is promised.** For every hidden cell there are at least two whole-numbered tables that agree with everything published and differ in that cell; for a cell hidden because it is small they are at least the minimum frequency apart.
//! Both are constructed, and checked in whole-number arithmetic: [`Interval`] holds what they reach.
//!
//! **Between indicators.** [`protect_family`] protects the counts of indicators that the lab declares to count the same units as if they were one.
//!
//! **Between releases.** [`between::check`] holds a new release against all earlier ones.
//!
//! **What is not covered here.** The hidden cells of one indicator against the tables of another that no family ties to it, against hierarchies (rione in quartiere), and the bounds that three crossed tables of three dimensions set on each other.

mod attack;
pub mod between;
mod cells;
mod checked;
mod cover;
mod dominance;
mod error;
mod family;
mod layers;
mod moves;
mod output;
mod primary;
mod problem;
mod protect;
mod report;

pub use checked::Checked;
pub use dominance::{CellKey, Contributions, Dominated, dominated};
pub use error::DisclosureError;
pub use family::{Member, protect_family};
pub use output::kinds;
pub use output::{
    ChangeTablesError, FinestCells, Noise, ToNoise, hold_back, key_tables, round_tables,
    too_few_behind,
};
pub use primary::{Reason, breaches};
pub use protect::{Protected, protect};
pub use report::{Hidden, Interval, Quantity, Report};
