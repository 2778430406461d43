//! Amounts of euros of which a few give most, or that rest on too few: hidden for their own sake.
//!
//! The clauses are those of the agreement ([`wdl_protocol::Dominance`]); how far a cell falls short of them is computed by `wdl-suppression`.
//! It must not know who contributes: it is given the largest amounts, largest first.

use std::collections::BTreeMap;

use wdl_protocol::{DominanceClause, Rule};
use wdl_suppression::primary::{Dominance, Ranked};
use wdl_vocab::Period;

/// What stands behind an amount.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributions {
    /// How many units contribute.
    pub contributors: u64,
    /// The largest contributions by size, the largest first, in euros: as many as the clauses look at, or all.
    pub largest: Vec<f64>,
    /// The sum of the sizes of all contributions, in euros.
    pub total: f64,
}

/// A cell by its period and the names of its key: dimension and category.
pub type CellKey = (Period, Vec<(String, String)>);

/// The cells that must be hidden, each with how far above and below the amount must stay possible, in euros.
pub type Dominated = BTreeMap<CellKey, f64>;

/// The amounts that the rule hides: too few contribute, or a few give too much.
pub fn dominated<'c>(
    cells: impl IntoIterator<Item = (CellKey, &'c Contributions)>,
    rule: Rule,
) -> Dominated {
    let judged = cells.into_iter().filter_map(|((period, mut names), one)| {
        names.sort();
        Some(((period, names), shortfall(one, rule)?))
    });
    judged.collect()
}

/// How far a cell falls short of the rule, in euros; `None` when it does not.
fn shortfall(cell: &Contributions, rule: Rule) -> Option<f64> {
    if cell.contributors == 0 {
        return None;
    }
    let ranked = Ranked::of_largest(&cell.largest, cell.total);
    let clauses = rule.dominance.clauses();
    let short = clauses.into_iter().map(|clause| {
        ranked.shortfall(match clause {
            DominanceClause::Nk { n, k } => Dominance::Nk { n, k },
            DominanceClause::Pq { p, q } => Dominance::Pq { p, q },
        })
    });
    let most = short.filter(|by| *by > 0.0).reduce(f64::max);
    let is_few = cell.contributors < rule.minimum_frequency.get();
    most.or(is_few.then_some(0.0))
}
