//! Counts changed instead of hidden: what every way of it shares.
//!
//! A cell that a table leaves out, because nobody is in it, is written like one of a few that became 0: its absence would say which of the two it is.

use wdl_perturbation::cell_key::PTableError;
use wdl_perturbation::rounding::RoundingError;
use wdl_protocol::Rule;
use wdl_result::{Additivity, Cell, Protection, Status, Table};
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnose, Diagnostic, IndicatorId, Text};

use crate::cells::{Key, Layout, Origin, Slice};
use crate::error::DisclosureError;
use crate::report::Report;

/// Why the counts of an indicator are not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeTablesError {
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
    /// Noise too small for the minimum frequency.
    #[error(
        "noise up to {deviation} is too little for `{indicator}`, whose minimum frequency is {minimum}"
    )]
    Narrow {
        /// The indicator.
        indicator: IndicatorId,
        /// The largest noise.
        deviation: u32,
        /// The minimum frequency.
        minimum: u64,
    },
    /// No noise has the deviation and the variance.
    #[error("`{indicator}` can have no noise up to {deviation} with variance {variance}")]
    Design {
        /// The indicator.
        indicator: IndicatorId,
        /// The largest noise.
        deviation: u32,
        /// The variance.
        variance: f64,
        /// What the kernel says.
        source: PTableError,
    },
    /// Cells whose units nobody says.
    #[error("the units of a cell of `{indicator}` are not known: {cell}")]
    NoUnits {
        /// The indicator.
        indicator: IndicatorId,
        /// The cell.
        cell: String,
    },
    /// No table crosses all breakdowns.
    #[error("no table of `{indicator}` crosses all its breakdowns")]
    NotCrossed {
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

impl Diagnose for ChangeTablesError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ChangeTablesError::Tables(fault) => fault.diagnostic(),
            ChangeTablesError::NoCounts { indicator } => {
                Diagnostic::new(codes::ROUND_NO_COUNTS).with("indicator", indicator)
            }
            ChangeTablesError::BaseBelow {
                indicator,
                base,
                minimum,
            } => Diagnostic::new(codes::ROUND_BELOW)
                .with("indicator", indicator)
                .with("value", base)
                .with("minimum", minimum),
            ChangeTablesError::ShowsZeros { indicator } => {
                Diagnostic::new(codes::ROUND_ZEROS).with("indicator", indicator)
            }
            ChangeTablesError::Narrow {
                indicator,
                deviation,
                minimum,
            } => Diagnostic::new(codes::KEYS_NARROW)
                .with("indicator", indicator)
                .with("value", deviation)
                .with("minimum", minimum),
            ChangeTablesError::Design { source, .. } => {
                let PTableError::Unreachable {
                    count,
                    deviation,
                    variance,
                } = source
                else {
                    return Diagnostic::new(codes::NOISE_DESIGN);
                };
                Diagnostic::new(codes::NOISE_DESIGN)
                    .with("count", count)
                    .with("value", deviation)
                    .with("variance", variance)
            }
            ChangeTablesError::NoUnits { indicator, cell } => Diagnostic::new(codes::KEYS_NO_UNITS)
                .with("indicator", indicator)
                .with("table", cell),
            ChangeTablesError::NotCrossed { indicator } => {
                Diagnostic::new(codes::NOISE_NOT_CROSSED).with("indicator", indicator)
            }
            ChangeTablesError::Rounding { indicator, source } => {
                Diagnostic::new(codes::TABLE_SOLVER)
                    .with("detail", format!("{indicator}: {source}"))
            }
        }
    }
}

/// What stands in a cell in place of the true count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// The count as it is told.
    pub(crate) count: i64,
    /// The standard deviation of what it was changed by, where chance changed it.
    pub(crate) error: Option<f64>,
    /// Whether it may be read as a number of units: noise may bring it below nought.
    pub(crate) is_count: bool,
}

/// Whether a table shows the slot, or would if somebody were in it.
pub(crate) fn is_told(layout: &Layout, slice: &Slice, at: usize) -> bool {
    let slot = &slice.slots[at];
    match slot.origin {
        Origin::Shown | Origin::Absent => true,
        Origin::Latent => {
            (0..layout.tables.len()).any(|table| shows_such(layout, slice, table, &slot.key))
        }
        Origin::Unavailable => false,
    }
}

/// Writes the changed numbers of a period into every table, slot by slot; how many cells there are.
///
/// A slot that is told and has no number is hidden.
pub(crate) fn write(
    tables: &mut [Table],
    layout: &Layout,
    slice: &Slice,
    numbers: &[Option<Number>],
) -> u64 {
    let mut shown = 0;
    for (at, slot) in slice.slots.iter().enumerate() {
        if !matches!(slot.origin, Origin::Shown | Origin::Absent) {
            continue;
        }
        shown += 1;
        for (table, position) in &slot.places {
            let cell = &mut tables[*table].cells[*position];
            if cell.status != Status::NotCollected {
                fill(cell, numbers[at]);
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
                fill(&mut cell, numbers[slot]);
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

fn fill(cell: &mut Cell, number: Option<Number>) {
    cell.estimate = number.map(|number| number.count as f64);
    cell.n = number
        .filter(|number| number.is_count)
        .map(|number| u64::try_from(number.count).unwrap_or(0));
    cell.standard_error = number.and_then(|number| number.error);
    cell.n_with = None;
    // The share that is covered could tell what the count was.
    cell.coverage = None;
    cell.status = match number {
        Some(_) => Status::Value,
        None => Status::SuppressedPrimary,
    };
}

/// The table says what was done, also where only its words are read.
pub(crate) fn tell(table: &mut Table, protection: Protection) {
    let (said, words) = (&table.header.uncertainty, protection.words());
    table.header.uncertainty = Text::new(
        format!("{} {}", said.it, words.it),
        format!("{} {}", said.en, words.en),
    );
    table.header.protection = Some(protection);
}

/// What the lab is told of tables nothing of which is hidden.
pub(crate) fn report(tables: &[Table], rule: Rule, cells: u64) -> Report {
    Report {
        indicator: tables[0].header.indicator.clone(),
        minimum_frequency: rule.minimum_frequency.get(),
        cells,
        primary: 0,
        secondary: 0,
        hidden: Vec::new(),
    }
}

/// Only counts are changed.
pub(crate) fn check_counts(table: &Table) -> Result<(), ChangeTablesError> {
    match table.header.additivity {
        Additivity::Count => Ok(()),
        Additivity::Share | Additivity::Sum | Additivity::None => {
            let indicator = table.header.indicator.clone();
            Err(ChangeTablesError::NoCounts { indicator })
        }
    }
}
