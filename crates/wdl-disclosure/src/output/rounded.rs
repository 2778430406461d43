//! The tables of one count rounded together, where the lab prefers that to hiding small cells.
//!
//! What belongs to no category is rounded too, as a cell that nobody shows: a total is never less than the sum of its parts.
//! A cell that a table leaves out, because nobody is in it, is written as 0 like one of a few that became 0: its absence would say which of the two it is.

use rayon::prelude::*;
use wdl_perturbation::rounding::{
    AdditiveTable, NearlyRounded, Relation, RoundingError, round_nearly,
};
use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::{Additivity, Cell, Draft, Protection, Status, Table};
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{BodyId, DatasetId, Diagnose, Diagnostic, IndicatorId, Text};

use crate::cells::{self, Key, Layout, Origin, Slice};
use crate::checked::Checked;
use crate::error::DisclosureError;
use crate::layers;
use crate::protect::{Protected, check_together, rule_for, tidy};
use crate::report::Report;

/// Why the tables of an indicator are not rounded.
#[derive(Debug, thiserror::Error)]
pub enum RoundTablesError {
    /// They do not belong together, or do not say what they rest on.
    #[error(transparent)]
    Tables(#[from] DisclosureError),
    /// Not counts.
    #[error("`{indicator}` is no count")]
    NoCounts {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// A base below the minimum frequency.
    #[error("`{indicator}` is rounded to {base}, below its minimum frequency of {minimum}")]
    BaseBelow {
        /// The indicator.
        indicator: IndicatorId,
        /// The base.
        base: u32,
        /// The minimum frequency.
        minimum: u64,
    },
    /// Its rule hides noughts, which rounding shows.
    #[error("rounding `{indicator}` would show noughts that its rule hides")]
    ShowsZeros {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// The solver has no answer, or a count is too large for it.
    #[error("the tables of `{indicator}` could not be rounded")]
    Rounding {
        /// The indicator.
        indicator: IndicatorId,
        /// What the kernel says.
        source: RoundingError,
    },
}

impl Diagnose for RoundTablesError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            RoundTablesError::Tables(fault) => fault.diagnostic(),
            RoundTablesError::NoCounts { indicator } => {
                Diagnostic::new(codes::ROUND_NO_COUNTS).with("indicator", indicator)
            }
            RoundTablesError::BaseBelow {
                indicator,
                base,
                minimum,
            } => Diagnostic::new(codes::ROUND_BELOW)
                .with("indicator", indicator)
                .with("value", base)
                .with("minimum", minimum),
            RoundTablesError::ShowsZeros { indicator } => {
                Diagnostic::new(codes::ROUND_ZEROS).with("indicator", indicator)
            }
            RoundTablesError::Rounding { indicator, source } => {
                Diagnostic::new(codes::TABLE_SOLVER)
                    .with("detail", format!("{indicator}: {source}"))
            }
        }
    }
}

/// Rounds all tables of one count together, period by period, to multiples of a base; the same cell is the same number in every table.
///
/// # Errors
/// [`RoundTablesError`] when the tables are no counts, or the lab's rule for them does not allow the base.
///
/// # Panics
/// When `tables` is empty.
pub fn round_tables(
    tables: Vec<Draft<Table>>,
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
    base: u32,
) -> Result<Protected, RoundTablesError> {
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
        shown += write(&mut tables, &layout, slice, rounded);
    }
    let steps = rounded.iter().map(|one| one.steps).max().unwrap_or(0);
    let protection = Protection::ControlledRounding { base, steps };
    for (table, shape) in tables.iter_mut().zip(&layout.tables) {
        tidy(table, shape.axes.len());
        tell(table, protection);
    }
    let report = Report {
        indicator: tables[0].header.indicator.clone(),
        minimum_frequency: rule.minimum_frequency.get(),
        cells: shown,
        primary: 0,
        secondary: 0,
        hidden: Vec::new(),
    };
    Ok(Protected {
        tables: tables.into_iter().map(Checked::new).collect(),
        report,
    })
}

fn check_allowed(table: &Table, rule: Rule, base: u32) -> Result<(), RoundTablesError> {
    let indicator = table.header.indicator.clone();
    if table.header.additivity != Additivity::Count {
        return Err(RoundTablesError::NoCounts { indicator });
    }
    let minimum = rule.minimum_frequency.get();
    if u64::from(base) < minimum {
        return Err(RoundTablesError::BaseBelow {
            indicator,
            base,
            minimum,
        });
    }
    match rule.suppress_zero {
        true => Err(RoundTablesError::ShowsZeros { indicator }),
        false => Ok(()),
    }
}

/// The cells of a period rounded; behind them, what belongs to no category of a sum.
fn round(
    tables: &[Table],
    slice: &Slice,
    rule: Rule,
    base: u32,
) -> Result<NearlyRounded, RoundTablesError> {
    let failed = |source| RoundTablesError::Rounding {
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

/// Writes the rounded numbers of a period into every table; how many cells there are.
fn write(tables: &mut [Table], layout: &Layout, slice: &Slice, rounded: &NearlyRounded) -> u64 {
    let mut shown = 0;
    for (at, slot) in slice.slots.iter().enumerate() {
        if !matches!(slot.origin, Origin::Shown | Origin::Absent) {
            continue;
        }
        shown += 1;
        for (table, position) in &slot.places {
            let cell = &mut tables[*table].cells[*position];
            if cell.status != Status::NotCollected {
                fill(cell, rounded.table.cells[at]);
            }
        }
    }
    for (at, shape) in layout.tables.iter().enumerate() {
        if !slice.covers(at) {
            continue;
        }
        for key in shape.keys(layout.dimensions.len()) {
            let slot = slice.index[&key];
            let is_missing = match slice.slots[slot].origin {
                Origin::Absent => true,
                // A margin that is left out beside others of its kind is one of nobody.
                Origin::Latent => shows_such(layout, slice, at, &key),
                Origin::Shown | Origin::Unavailable => false,
            };
            if is_missing {
                let mut cell = Cell {
                    period: slice.period,
                    keys: shape.cell_keys(layout, &key),
                    estimate: None,
                    standard_error: None,
                    n: None,
                    n_with: None,
                    coverage: None,
                    status: Status::Value,
                };
                fill(&mut cell, rounded.table.cells[slot]);
                tables[at].cells.push(cell);
            }
        }
    }
    shown
}

/// Whether a table shows a margin over the same dimensions as a key's.
fn shows_such(layout: &Layout, slice: &Slice, table: usize, key: &Key) -> bool {
    let is_total = |key: &Key, axis: &usize| key[*axis] == 0;
    slice.slots.iter().any(|slot| {
        slot.origin == Origin::Shown
            && slot.places.iter().any(|(at, _)| *at == table)
            && layout.tables[table]
                .axes
                .iter()
                .all(|axis| is_total(&slot.key, axis) == is_total(key, axis))
    })
}

fn fill(cell: &mut Cell, count: i64) {
    let count = u64::try_from(count).unwrap_or(0);
    cell.estimate = Some(count as f64);
    cell.n = Some(count);
    cell.standard_error = None;
    cell.n_with = None;
    // The share that is covered could tell what the count was.
    cell.coverage = None;
    cell.status = Status::Value;
}

/// The table says what was done, also where only its words are read.
fn tell(table: &mut Table, protection: Protection) {
    let (said, words) = (&table.header.uncertainty, protection.words());
    table.header.uncertainty = Text::new(
        format!("{} {}", said.it, words.it),
        format!("{} {}", said.en, words.en),
    );
    table.header.protection = Some(protection);
}
