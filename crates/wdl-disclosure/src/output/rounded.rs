//! The tables of one count rounded together, where the lab prefers that to hiding small cells.
//!
//! What belongs to no category is rounded too, as a cell that nobody shows: a total is never less than the sum of its parts.

use rayon::prelude::*;
use wdl_perturbation::rounding::{
    AdditiveTable, NearlyRounded, Relation, RoundingError, round_nearly,
};
use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::{Draft, Protection, Table};
use wdl_vocab::{BodyId, DatasetId};

use super::changed::{ChangeTablesError, Number, check_counts, report, tell, write};
use crate::cells::{self, Layout, Slice};
use crate::checked::Checked;
use crate::layers;
use crate::protect::{Protected, check_together, rule_for, tidy};

/// Rounds all tables of one count together, period by period, to multiples of a base; the same cell is the same number in every table.
///
/// # Errors
/// [`ChangeTablesError`] when the tables are no counts, or the lab's rule for them does not allow the base.
///
/// # Panics
/// When `tables` is empty.
pub fn round_tables(
    tables: Vec<Draft<Table>>,
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
    base: u32,
) -> Result<Protected, ChangeTablesError> {
    let mut tables: Vec<Table> = tables.into_iter().map(|Draft(table)| table).collect();
    check_together(&tables)?;
    let rule = rule_for(&tables, rules, sources);
    check_allowed(&tables[0], rule, base)?;
    let layout = Layout::new(&tables);
    let slices = cells::slices(&tables, &layout)?;
    let rounded: Vec<NearlyRounded> = slices
        .par_iter()
        .map(|slice| round(&tables, slice, rule, base))
        .collect::<Result<_, _>>()?;
    let mut shown = 0;
    for (slice, rounded) in slices.iter().zip(&rounded) {
        let number = |count: &i64| {
            Some(Number {
                count: *count,
                error: None,
                is_count: true,
            })
        };
        let numbers: Vec<Option<Number>> = rounded.table.cells.iter().map(number).collect();
        shown += write(&mut tables, &layout, slice, &numbers);
    }
    let steps = rounded.iter().map(|one| one.steps).max().unwrap_or(0);
    let protection = Protection::ControlledRounding { base, steps };
    for (table, shape) in tables.iter_mut().zip(&layout.tables) {
        tidy(table, shape.axes.len());
        tell(table, protection);
    }
    let report = report(&tables, rule, shown);
    Ok(Protected {
        tables: tables.into_iter().map(Checked::new).collect(),
        report,
    })
}

fn check_allowed(table: &Table, rule: Rule, base: u32) -> Result<(), ChangeTablesError> {
    let indicator = table.header.indicator.clone();
    check_counts(table)?;
    let minimum = rule.minimum_frequency.get();
    if u64::from(base) < minimum {
        return Err(ChangeTablesError::BaseBelow {
            indicator,
            base,
            minimum,
        });
    }
    match rule.suppress_zero {
        true => Err(ChangeTablesError::ShowsZeros { indicator }),
        false => Ok(()),
    }
}

/// The cells of a period rounded; behind them, what belongs to no category of a sum.
fn round(
    tables: &[Table],
    slice: &Slice,
    rule: Rule,
    base: u32,
) -> Result<NearlyRounded, ChangeTablesError> {
    let failed = |source| ChangeTablesError::Rounding {
        indicator: tables[0].header.indicator.clone(),
        source,
    };
    let counts = layers::frequencies(tables, slice, rule)?;
    let mut values: Vec<i64> = counts
        .iter()
        .map(|one| i64::try_from(one.n).map_err(|_| failed(RoundingError::Base)))
        .collect::<Result<_, _>>()?;
    let mut relations = Vec::new();
    for sum in &slice.sums {
        let of_parts: i64 = sum.parts.iter().map(|part| values[*part]).sum();
        let rest = values[sum.total] - of_parts;
        let mut parts = sum.parts.clone();
        if rest != 0 {
            parts.push(values.len());
            values.push(rest);
        }
        relations.push(Relation {
            total: sum.total,
            parts,
        });
    }
    AdditiveTable::new(values, relations)
        .and_then(|table| round_nearly(&table, base))
        .map_err(failed)
}
