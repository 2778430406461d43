//! The counts of one indicator with the noise of their units: the same units have the same number in every table, every release and every indicator.
//!
//! The key of a cell is the sum of the numbers that a keyed hash gives its units (Fraser and Wooton 2005), which the sets of units carry already.
//! Counts from 1 to below the minimum frequency are never shown: noise takes them to 0 or beyond.
//!
//! **Between releases.** What a number leaves open is wider than the minimum frequency, and so is what two of them leave open of their difference: it is never certain that few lie between, and few but not nobody.
//! Two sets that differ by few have unrelated noise, and many such pairs would average it out: where the sets are known, the check between releases finds them.

use std::collections::BTreeMap;

use wdl_perturbation::cell_key::{NoiseDesign, PTable};
use wdl_protocol::{DisclosureRules, Rule, Thousandths};
use wdl_result::{Draft, Protection, Table};
use wdl_vocab::{BodyId, DatasetId};

use super::changed::{ChangeTablesError, Number, check_counts, is_told, report, tell, write};
use crate::between::{CellName, UnitSet};
use crate::cells::{self, Layout, Slice};
use crate::checked::Checked;
use crate::layers;
use crate::protect::{Protected, check_together, rule_for, tidy};

/// Gives all tables of one count the noise of the units of each cell.
///
/// # Errors
/// [`ChangeTablesError`] when the tables are no counts, the noise is too small for the lab's rule or cannot be, or the units of a cell are not known.
///
/// # Panics
/// When `tables` is empty.
pub fn key_tables(
    tables: Vec<Draft<Table>>,
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
    units: &BTreeMap<CellName, UnitSet>,
    (deviation, variance): (u32, Thousandths),
) -> Result<Protected, ChangeTablesError> {
    let mut tables: Vec<Table> = tables.into_iter().map(|Draft(table)| table).collect();
    check_together(&tables)?;
    let rule = rule_for(&tables, rules, sources);
    let noise = noise(&tables[0], rule, deviation, variance)?;
    let layout = Layout::new(&tables);
    let slices = cells::slices(&tables, &layout)?;
    let error = variance.value().sqrt();
    let mut shown = 0;
    for slice in &slices {
        let counts = counts(&tables, &layout, slice, rule, units, &noise)?;
        let number = |count: Option<i64>| {
            count.map(|count| Number {
                count,
                error: Some(error),
                is_count: true,
            })
        };
        let numbers: Vec<Option<Number>> = counts.into_iter().map(number).collect();
        shown += write(&mut tables, &layout, slice, &numbers);
    }
    let protection = Protection::CellKeys {
        deviation,
        variance_thousandths: variance.get(),
    };
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

/// The chances of the noise, when the rule allows it.
fn noise(
    table: &Table,
    rule: Rule,
    deviation: u32,
    variance: Thousandths,
) -> Result<PTable, ChangeTablesError> {
    check_counts(table)?;
    let indicator = table.header.indicator.clone();
    let minimum = rule.minimum_frequency.get();
    if rule.suppress_zero {
        return Err(ChangeTablesError::ShowsZeros { indicator });
    }
    // So many counts are possible behind one number.
    if 2 * u64::from(deviation) + 1 < minimum {
        return Err(ChangeTablesError::Narrow {
            indicator,
            deviation,
            minimum,
        });
    }
    let design = NoiseDesign {
        deviation,
        variance: variance.value(),
        hidden_up_to: u32::try_from(minimum - 1).unwrap_or(u32::MAX),
    };
    PTable::of_most_entropy(design).map_err(|source| ChangeTablesError::Design {
        indicator,
        deviation,
        variance: variance.value(),
        source,
    })
}

/// The counts of a period with their noise, slot by slot; none where no table tells the slot.
fn counts(
    tables: &[Table],
    layout: &Layout,
    slice: &Slice,
    rule: Rule,
    units: &BTreeMap<CellName, UnitSet>,
    noise: &PTable,
) -> Result<Vec<Option<i64>>, ChangeTablesError> {
    let true_counts = layers::frequencies(tables, slice, rule)?;
    let mut counts = vec![None; slice.slots.len()];
    for (at, slot) in slice.slots.iter().enumerate() {
        if !is_told(layout, slice, at) {
            continue;
        }
        let n = true_counts[at].n;
        if n == 0 {
            counts[at] = Some(0);
            continue;
        }
        let mut keys = layout.names(&slot.key);
        keys.sort();
        let name = CellName {
            indicator: tables[0].header.indicator.clone(),
            period: slice.period,
            keys,
        };
        let key = units.get(&name).and_then(UnitSet::key);
        let key = key.ok_or_else(|| ChangeTablesError::NoUnits {
            indicator: name.indicator.clone(),
            cell: told(&name),
        })?;
        counts[at] = Some(noise.perturb(n, key));
    }
    Ok(counts)
}

/// A cell by its names, without its number.
fn told(name: &CellName) -> String {
    let keys: Vec<String> = name
        .keys
        .iter()
        .map(|(dimension, key)| format!("{dimension}={key}"))
        .collect();
    format!("{} [{}]", name.period, keys.join(", "))
}
