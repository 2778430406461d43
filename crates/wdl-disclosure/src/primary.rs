//! Primary suppression: which cells are hidden for their own sake.

use serde::{Deserialize, Serialize};
use wdl_protocol::Rule;
use wdl_result::{Additivity, Protection, Status, Table};

/// Why a cell is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer units than the minimum.
    TooFew,
    /// Fewer units with the property than the minimum.
    TooFewWith,
    /// Fewer units without the property than the minimum.
    TooFewWithout,
    /// No unit at all.
    Zero,
    /// No unit has the property.
    ZeroPercent,
    /// Every unit has the property.
    HundredPercent,
    /// Few give most of the amount, or too few give anything.
    Dominated,
    /// The number rests on too few of the cell's units: those beyond a quantile, in a part, under a line.
    TooFewBehind,
    /// The budget of noise of its population does not reach for its period.
    NoiseSpent,
    /// It would give another hidden cell away.
    Complementary,
}

/// The counts a cell rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frequencies {
    pub(crate) n: u64,
    /// Units with the property, for shares.
    pub(crate) with: Option<u64>,
}

/// The reason for which a cell is hidden for its own sake, if any.
pub(crate) fn reason(counts: Frequencies, rule: Rule) -> Option<Reason> {
    let minimum = rule.minimum_frequency.get();
    let is_small = |count: u64| 0 < count && count < minimum;
    if counts.n == 0 {
        return rule.suppress_zero.then_some(Reason::Zero);
    }
    if is_small(counts.n) {
        return Some(Reason::TooFew);
    }
    let with = counts.with?;
    let without = counts.n - with;
    if with == 0 {
        return rule.suppress_zero.then_some(Reason::ZeroPercent);
    }
    if without == 0 {
        return rule
            .suppress_hundred_percent
            .then_some(Reason::HundredPercent);
    }
    if is_small(with) {
        return Some(Reason::TooFewWith);
    }
    is_small(without).then_some(Reason::TooFewWithout)
}

/// How many cells of a table show a number that a rule hides for its own sake: none after [`protect`](crate::protect()).
///
/// For whoever receives a table from a file and wants to look again; it cannot see whether hidden cells can be computed.
pub fn breaches(table: &Table, rule: Rule) -> usize {
    let is_share = matches!(table.header.additivity, Additivity::Share);
    // What noise made is no count of units, however small it looks.
    let is_noise = match table.header.protection {
        Some(Protection::DifferentialPrivacy { .. }) => true,
        Some(Protection::ControlledRounding { .. } | Protection::CellKeys { .. }) | None => false,
    };
    table
        .cells
        .iter()
        .filter(|cell| match cell.status {
            Status::SuppressedPrimary | Status::SuppressedSecondary => {
                cell.n.is_some() || cell.estimate.is_some() || cell.n_with.is_some()
            }
            Status::NotCollected => cell.estimate.is_some(),
            Status::Value if is_noise => cell.n.is_some() || cell.n_with.is_some(),
            Status::Value | Status::NotComputableEmpty | Status::NotComputableUndefined => {
                let n = match (cell.n, cell.status) {
                    (Some(n), _) => n,
                    (None, Status::NotComputableEmpty) => 0,
                    (None, _) => return true,
                };
                // A share with its base gives the numerator away.
                let derived = || cell.estimate.map(|share| (share * n as f64).round() as u64);
                let with = cell
                    .n_with
                    .or_else(derived)
                    .filter(|with| is_share && *with <= n);
                reason(Frequencies { n, with }, rule).is_some()
            }
        })
        .count()
}
