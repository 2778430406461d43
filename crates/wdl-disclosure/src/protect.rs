//! The one door: drafts of an indicator in, checked tables and a report out.

use rayon::prelude::*;
use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::{Cell, Draft, Status, Table};
use wdl_vocab::{BodyId, DatasetId};

use crate::cells::{self, Key, Layout, Origin, Slice};
use crate::checked::Checked;
use crate::cover::Cover;
use crate::dominance::Dominated;
use crate::error::DisclosureError;
use crate::family::Forced;
use crate::layers::{self, Hiding};
use crate::primary::Reason;
use crate::problem::Problem;
use crate::report::{Hidden, Interval, Report};

/// The checked tables of an indicator, in the order of the drafts, and what was done to them.
#[derive(Debug)]
pub struct Protected {
    /// The tables.
    pub tables: Vec<Checked<Table>>,
    /// What was hidden, for the lab alone.
    pub report: Report,
}

/// Protects all tables of one indicator together.
///
/// The rule is the strictest that the lab has for the datasets they were made from, their dimensions and the indicator itself.
///
/// # Errors
/// [`DisclosureError`] when the tables do not belong together or do not say what they rest on.
///
/// # Panics
/// When `tables` is empty.
pub fn protect(
    tables: Vec<Draft<Table>>,
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
) -> Result<Protected, DisclosureError> {
    let tables: Vec<Table> = tables.into_iter().map(|Draft(table)| table).collect();
    check_together(&tables)?;
    let rule = rule_for(&tables, rules, sources);
    protect_beyond(tables, rule, &Forced::new(), &Dominated::new())
}

/// Protects the tables of one indicator, some of whose cells must be hidden for the sake of other indicators.
pub(crate) fn protect_beyond(
    mut tables: Vec<Table>,
    rule: Rule,
    forced: &Forced,
    dominated: &Dominated,
) -> Result<Protected, DisclosureError> {
    let layout = Layout::new(&tables);
    let slices = cells::slices(&tables, &layout)?;
    let settled: Vec<Settled> = slices
        .par_iter()
        .map(|slice| {
            let beyond = Beyond { forced, dominated };
            settle(&tables, &layout, slice, rule, beyond)
        })
        .collect::<Result<_, _>>()?;
    let report = report(&tables[0], rule, &settled);
    for (slice, settled) in slices.iter().zip(&settled) {
        hide(&mut tables, &layout, slice, &settled.cells);
    }
    for (table, shape) in tables.iter_mut().zip(&layout.tables) {
        tidy(table, shape.axes.len());
    }
    Ok(Protected {
        tables: tables.into_iter().map(Checked::new).collect(),
        report,
    })
}

pub(crate) fn check_together(tables: &[Table]) -> Result<(), DisclosureError> {
    let first = &tables.first().expect("an indicator has a table").header;
    for other in tables.iter().map(|table| &table.header) {
        if other.indicator != first.indicator || other.additivity != first.additivity {
            return Err(DisclosureError::Mixed {
                first: first.indicator.clone(),
                second: other.indicator.clone(),
            });
        }
    }
    Ok(())
}

pub(crate) fn rule_for(
    tables: &[Table],
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
) -> Rule {
    let mut variables: Vec<&str> = tables
        .iter()
        .flat_map(|table| &table.dimensions)
        .map(|dimension| dimension.id.as_str())
        .collect();
    variables.push(tables[0].header.indicator.as_str());
    rules.for_table(sources, &variables)
}

/// What is hidden for reasons that the counts do not show.
#[derive(Clone, Copy)]
struct Beyond<'b> {
    forced: &'b Forced,
    dominated: &'b Dominated,
}

/// What was settled for one period.
struct Settled {
    /// Which slots are hidden.
    cells: Vec<bool>,
    /// The same for the report.
    hidden: Vec<Hidden>,
    numbers: u64,
}

fn settle(
    tables: &[Table],
    layout: &Layout,
    slice: &Slice,
    rule: Rule,
    beyond: Beyond<'_>,
) -> Result<Settled, DisclosureError> {
    let Beyond { forced, dominated } = beyond;
    let hidden = |key: &Key| {
        if forced.is_empty() && dominated.is_empty() {
            return None;
        }
        let mut name = (slice.period, layout.names(key));
        if forced.contains(&name) {
            return Some(Hiding::Forced);
        }
        name.1.sort();
        dominated.get(&name).map(|by| Hiding::Dominated(*by))
    };
    let layers = layers::read(tables, slice, rule, &hidden)?;
    let mut problem = Problem::new(slice, &layers);
    let sizes: Vec<u16> = layout
        .dimensions
        .iter()
        .map(|axis| axis.categories.len() as u16)
        .collect();
    Cover::new(&mut problem, &sizes)
        .run()
        .map_err(|_| DisclosureError::CannotProtect {
            indicator: tables[0].header.indicator.clone(),
            period: slice.period,
        })?;
    let hidden = (0..slice.slots.len())
        .filter(|cell| problem.hidden[*cell])
        .map(|cell| Hidden {
            period: slice.period,
            keys: layout.names(&slice.slots[cell].key),
            reason: layers.reasons[cell].unwrap_or(Reason::Complementary),
            intervals: intervals(&problem, cell),
        })
        .collect();
    let is_number = |slot: &&cells::Slot| match slot.origin {
        Origin::Shown | Origin::Absent => true,
        Origin::Latent | Origin::Unavailable => false,
    };
    Ok(Settled {
        numbers: slice.slots.iter().filter(is_number).count() as u64,
        hidden,
        cells: problem.hidden,
    })
}

fn intervals(problem: &Problem<'_>, cell: usize) -> Vec<Interval> {
    (0..problem.layer_count())
        .map(|at| {
            let layer = problem.layer(at);
            let (low, high) = problem.reach(at, cell);
            Interval {
                quantity: layer.quantity,
                low: layer.values[cell] + low as f64 * layer.step,
                high: layer.values[cell] + high as f64 * layer.step,
                required: layer.needed[cell] as f64 * layer.step,
            }
        })
        .collect()
}

fn report(first: &Table, rule: Rule, settled: &[Settled]) -> Report {
    let hidden: Vec<Hidden> = settled
        .iter()
        .flat_map(|settled| settled.hidden.iter().cloned())
        .collect();
    let secondary = hidden
        .iter()
        .filter(|hidden| hidden.reason == Reason::Complementary)
        .count() as u64;
    Report {
        indicator: first.header.indicator.clone(),
        minimum_frequency: rule.minimum_frequency.get(),
        cells: settled.iter().map(|settled| settled.numbers).sum(),
        primary: hidden.len() as u64 - secondary,
        secondary,
        hidden,
    }
}

/// Empties the hidden cells of a period in every table; a hidden cell that a table leaves out is put into it, so that its absence says nothing.
fn hide(tables: &mut [Table], layout: &Layout, slice: &Slice, hidden: &[bool]) {
    for (slot, _) in slice
        .slots
        .iter()
        .zip(hidden)
        .filter(|(_, hidden)| **hidden)
    {
        for (table, position) in &slot.places {
            empty(
                &mut tables[*table].cells[*position],
                Status::SuppressedPrimary,
            );
        }
    }
    for (at, shape) in layout.tables.iter().enumerate() {
        if !slice.covers(at) {
            continue;
        }
        for key in shape.keys(layout.dimensions.len()) {
            let cell = slice.index[&key];
            let slot = &slice.slots[cell];
            if hidden[cell] && slot.places.iter().all(|(table, _)| *table != at) {
                tables[at].cells.push(Cell {
                    period: slice.period,
                    keys: shape.cell_keys(layout, &key),
                    estimate: None,
                    standard_error: None,
                    n: None,
                    n_with: None,
                    coverage: None,
                    status: Status::SuppressedPrimary,
                });
            }
        }
    }
}

fn empty(cell: &mut Cell, status: Status) {
    cell.estimate = None;
    cell.standard_error = None;
    cell.n = None;
    cell.n_with = None;
    cell.coverage = None;
    cell.status = status;
}

/// Empties what was not collected, and puts the cells in the order every table has.
pub(crate) fn tidy(table: &mut Table, width: usize) {
    for cell in &mut table.cells {
        if cell.status == Status::NotCollected {
            empty(cell, Status::NotCollected);
        }
    }
    let dimensions = &table.dimensions;
    let place = |cell: &Cell| -> Vec<usize> {
        let of = |at: usize| match &cell.keys[at] {
            None => 0,
            Some(name) => {
                let categories = &dimensions[at].categories;
                1 + categories
                    .iter()
                    .position(|category| category.id == *name)
                    .expect("the layout found every key in its dimension")
            }
        };
        (0..width).map(of).collect()
    };
    table
        .cells
        .sort_by_cached_key(|cell| (cell.period, place(cell)));
}
