//! What was hidden, why, and how wide the doubt about it is: for the lab, never for the public.

use serde::{Deserialize, Serialize};
use wdl_vocab::{IndicatorId, Period};

use crate::primary::Reason;

/// The report of [`protect`](crate::protect()) on one indicator.
///
/// It is not for the public: a reason tells how small a hidden number is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The minimum frequency that was applied.
    pub minimum_frequency: u64,
    /// Cells of all tables that held a number or could have.
    pub cells: u64,
    /// Cells hidden for their own sake.
    pub primary: u64,
    /// Cells hidden to protect others.
    pub secondary: u64,
    /// Every hidden cell once, also when several tables show it, by period and then by order in the tables.
    pub hidden: Vec<Hidden>,
}

/// One hidden cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// The period.
    pub period: Period,
    /// The dimensions it is broken down by, with its category; none for the total.
    pub keys: Vec<(String, String)>,
    /// Why.
    pub reason: Reason,
    /// How wide the doubt is, for each quantity that adds up.
    pub intervals: Vec<Interval>,
}

/// What adds up in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// The units.
    Units,
    /// The units with the property.
    With,
    /// The units without the property.
    Without,
    /// The amount.
    Amount,
}

/// Values that a hidden number takes in tables that agree with everything published.
///
/// Both ends are reached by a table that was constructed; those who attack can hold the number to no narrower interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Of what.
    pub quantity: Quantity,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The width that was asked for.
    pub required: f64,
}
