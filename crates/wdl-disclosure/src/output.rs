//! Numbers that are one person's although their cell holds many: a decile of twelve people, the mean gap of two poor ones.
//!
//! Which rule holds for a statistic, the statistic itself declares ([`OutputRule`]); here it is applied.
//! Such numbers do not add up, so that hiding one gives nothing away: the cell is emptied after its counts were protected.
//!
//! Results that are no table of cells have their rules in [`kinds`].

mod changed;
mod keyed;
pub mod kinds;
mod private;
mod rounded;

pub use changed::ChangeTablesError;
pub use keyed::key_tables;
pub use private::{FinestCells, Noise, ToNoise};
pub use rounded::round_tables;

use std::collections::BTreeSet;

use wdl_result::{Additivity, Draft, OutputRule, Status, Table};

use crate::between::CellName;
use crate::checked::Checked;
use crate::primary::Reason;
use crate::protect::Protected;
use crate::report::Hidden;

/// The cells of an indicator whose number rests on too few units, by the rule of its statistic.
///
/// The counts of units under a line, which such rules need and nobody publishes, are taken out of the drafts.
pub fn too_few_behind(
    drafts: &mut [Draft<Table>],
    rule: OutputRule,
    minimum: u64,
) -> BTreeSet<CellName> {
    let mut found = BTreeSet::new();
    for Draft(table) in drafts {
        if table.header.additivity != Additivity::None {
            continue;
        }
        for at in 0..table.cells.len() {
            let cell = &table.cells[at];
            let is_few = cell.n.is_none_or(|n| n < rule.units_min(minimum));
            let is_few_under = rule.under_line_min(minimum).is_some_and(|least| {
                // Nobody under the line: the number is nought for all of them.
                cell.n_with.is_none_or(|under| 0 < under && under < least)
            });
            if cell.estimate.is_some() && (is_few || is_few_under) {
                found.insert(CellName::of(table, cell));
            }
            table.cells[at].n_with = None;
        }
    }
    found
}

/// The protected tables without the numbers that rest on too few units.
pub fn hold_back(protected: Protected, cells: &BTreeSet<CellName>) -> Protected {
    let Protected { tables, mut report } = protected;
    let mut held: BTreeSet<CellName> = BTreeSet::new();
    let tables = tables.into_iter().map(|checked| {
        let mut table = checked.get().clone();
        for at in 0..table.cells.len() {
            let name = CellName::of(&table, &table.cells[at]);
            let cell = &mut table.cells[at];
            if cell.estimate.is_none() || !cells.contains(&name) {
                continue;
            }
            cell.estimate = None;
            cell.standard_error = None;
            cell.n = None;
            cell.n_with = None;
            cell.coverage = None;
            cell.status = Status::SuppressedPrimary;
            held.insert(name);
        }
        Checked::new(table)
    });
    let tables = tables.collect();
    report.primary += held.len() as u64;
    // The count of units is not what is protected: whoever computes it has what the other tables show.
    report.hidden.extend(held.into_iter().map(|name| Hidden {
        period: name.period,
        keys: name.keys,
        reason: Reason::TooFewBehind,
        intervals: Vec::new(),
    }));
    Protected { tables, report }
}
