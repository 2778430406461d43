//! From the rows of a period to the cells of each table, margins included.

use std::borrow::Cow;

use wdl_result::{Category, Cell, Dimension, Status, Unit};
use wdl_vocab::{Period, Text};

use crate::catalog::{Kernel, SpellsKernel, Sums, SumsKernel, UnitsKernel};
use crate::definition::{Indicator, Query};
use crate::evaluate::EvaluateError;
use crate::frame::{GivenRows, GroupedRows, Run, SpellRows, UnitRows};

/// The category of rows whose breakdown column is missing; a table shows it only when it has such rows.
pub(crate) const UNKNOWN: &str = "unknown";
/// Its words.
const UNKNOWN_LABEL: Text = Text::fixed("non noto", "not known");

/// The category of rows whose breakdown column is missing.
pub fn unknown_category() -> Category {
    Category {
        id: UNKNOWN.to_owned(),
        label: UNKNOWN_LABEL,
    }
}

/// What one cell holds.
struct CellNumbers {
    rows: u64,
    n: u64,
    n_with: Option<u64>,
    estimate: Option<f64>,
    standard_error: Option<f64>,
}

/// Measures a cell given by one category, or any, per dimension of the indicator.
type Measure<'a> = dyn Fn(&[Option<u16>]) -> CellNumbers + 'a;

/// The cells of one period, per breakdown of the indicator.
pub(crate) fn of_period(run: &Run<'_>, frame: &Query) -> Result<Vec<Vec<Cell>>, EvaluateError> {
    match run.is_collected()? {
        true => measured(run, frame),
        false => Ok(not_collected(run.indicator, run.period)),
    }
}

/// The cells of a period that was collected.
pub(crate) fn measured(run: &Run<'_>, frame: &Query) -> Result<Vec<Vec<Cell>>, EvaluateError> {
    match &run.indicator.statistic.statistic.kernel {
        Kernel::Sums(kernel) => {
            let rows = run.grouped(frame, kernel)?;
            Ok(tables(run, &|cell| add_up(&rows, kernel, cell)))
        }
        Kernel::Units(kernel) => {
            let rows = run.units(frame)?;
            let decimals = kernel.is_rounded.then(|| shown_decimals(run.indicator));
            Ok(tables(run, &|cell| {
                let mut measured = measure(&rows, kernel, run.indicator.statistic.argument(), cell);
                measured.estimate = measured.estimate.map(|value| rounded(value, decimals));
                measured
            }))
        }
        Kernel::Spells(kernel) => {
            let rows = run.spells(frame)?;
            let horizon = run.indicator.statistic.argument();
            let horizon = horizon.expect("a statistic of spells has a usual horizon");
            Ok(tables(run, &|cell| follow(&rows, kernel, horizon, cell)))
        }
        Kernel::Given => {
            let rows = run.given(frame)?;
            Ok(tables(run, &|cell| take_over(&rows, cell)))
        }
    }
}

/// The cells of a period whose source was not delivered.
fn not_collected(indicator: &Indicator, period: Period) -> Vec<Vec<Cell>> {
    let cells = |breakdown: &Vec<Dimension>| {
        let cell = |place: Vec<Option<u16>>| Cell {
            period,
            keys: keys(breakdown, &place),
            estimate: None,
            standard_error: None,
            n: None,
            n_with: None,
            coverage: None,
            status: Status::NotCollected,
        };
        places(breakdown).into_iter().map(cell).collect()
    };
    indicator.breakdowns.iter().map(cells).collect()
}

fn tables(run: &Run<'_>, measure: &Measure<'_>) -> Vec<Vec<Cell>> {
    let dimensions = run.indicator.dimensions();
    let cells = |breakdown: &Vec<Dimension>| {
        let cell = |place: Vec<Option<u16>>| {
            let spread: Vec<Option<u16>> = dimensions
                .iter()
                .map(|dimension| {
                    let here = breakdown.iter().position(|own| own.id == dimension.id);
                    here.and_then(|here| place[here])
                })
                .collect();
            let keys = keys(breakdown, &place);
            let measured = measure(&spread);
            let coverage = run.indicator.is_coverage_measured;
            cell_of(run.period, keys, measured, coverage)
        };
        places(breakdown).into_iter().map(cell).collect()
    };
    run.indicator.breakdowns.iter().map(cells).collect()
}

fn cell_of(
    period: Period,
    keys: Vec<Option<String>>,
    measured: CellNumbers,
    is_coverage_measured: bool,
) -> Cell {
    let status = match (measured.estimate, measured.n) {
        (Some(_), _) => Status::Value,
        (None, 0) => Status::NotComputableEmpty,
        (None, _) => Status::NotComputableUndefined,
    };
    let is_covered = is_coverage_measured && measured.rows > 0;
    Cell {
        period,
        keys,
        estimate: measured.estimate.map(written),
        standard_error: measured.standard_error.map(written),
        n: Some(measured.n),
        n_with: measured.n_with,
        coverage: is_covered.then(|| hundredths(measured.n as f64 / measured.rows as f64)),
        status,
    }
}

/// The decimals of a number as it is shown; of the percent, for shares.
fn shown_decimals(indicator: &Indicator) -> u8 {
    match indicator.unit {
        Unit::Share => indicator.decimals + 2,
        Unit::Persons
        | Unit::Households
        | Unit::Dwellings
        | Unit::Acts
        | Unit::Euro
        | Unit::Days
        | Unit::Months
        | Unit::Years
        | Unit::Ratio => indicator.decimals,
    }
}

/// A number with so many decimals, halves away from zero; as it is when nothing is said.
fn rounded(value: f64, decimals: Option<u8>) -> f64 {
    decimals.map_or(value, |decimals| {
        let unit = 10_f64.powi(i32::from(decimals));
        (value * unit).round() / unit
    })
}

/// Fifteen significant digits: every reader of the JSON, whatever its method, gets the same number back.
fn written(number: f64) -> f64 {
    format!("{number:.14e}")
        .parse()
        .expect("a number that was just written reads again")
}

/// A share in whole percent: the few who are not covered cannot be counted from it.
fn hundredths(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}

/// Every combination of a category or the total per dimension, the total first, in the order of the categories.
fn places(breakdown: &[Dimension]) -> Vec<Vec<Option<u16>>> {
    breakdown
        .iter()
        .fold(vec![Vec::new()], |places, dimension| {
            let last = u16::try_from(dimension.categories.len()).expect("a dimension fits a page");
            let choices: Vec<Option<u16>> =
                std::iter::once(None).chain((0..=last).map(Some)).collect();
            places
                .iter()
                .flat_map(|place| {
                    choices
                        .iter()
                        .map(|choice| place.iter().copied().chain([*choice]).collect())
                })
                .collect()
        })
}

fn keys(breakdown: &[Dimension], place: &[Option<u16>]) -> Vec<Option<String>> {
    let key = |(dimension, place): (&Dimension, &Option<u16>)| {
        place.map(|place| match dimension.categories.get(usize::from(place)) {
            Some(category) => category.id.clone(),
            None => UNKNOWN.to_owned(),
        })
    };
    breakdown.iter().zip(place).map(key).collect()
}

fn add_up(rows: &GroupedRows, kernel: &SumsKernel, cell: &[Option<u16>]) -> CellNumbers {
    let mut sums = Sums::default();
    for (row, group) in rows.groups.iter().enumerate() {
        if rows.keys.is_in(row, cell) {
            sums.rows += group.rows;
            sums.n += group.n;
            sums.n_with += group.n_with;
            sums.cents += group.cents;
        }
    }
    let is_share = kernel.column == Some(crate::catalog::column::HAS_PROPERTY);
    CellNumbers {
        rows: sums.rows,
        n: sums.n,
        n_with: is_share.then_some(sums.n_with),
        estimate: (kernel.estimate)(&sums),
        standard_error: None,
    }
}

fn measure(
    rows: &UnitRows,
    kernel: &UnitsKernel,
    argument: Option<f64>,
    cell: &[Option<u16>],
) -> CellNumbers {
    let population = &rows.population;
    let terms = population.terms();
    let whole = population.sample();
    let part = match cell.iter().all(Option::is_none) {
        true => Cow::Borrowed(whole),
        false => Cow::Owned(whole.restrict(&|row| rows.keys.is_in(row, cell))),
    };
    let (part, _) = kernel.taken(part);
    let here = (0..rows.is_covered.len()).filter(|row| rows.keys.is_in(*row, cell));
    let estimate = (kernel.estimate)(&terms, &part, argument).ok();
    let standard_error = estimate.and_then(|_| {
        let error = kernel.standard_error(population, &part, argument);
        error.ok()
    });
    CellNumbers {
        rows: here.count() as u64,
        n: part.len() as u64,
        n_with: kernel
            .n_with
            .and_then(|count| count(&terms, &part, argument).ok()),
        estimate,
        standard_error,
    }
}

/// The incidence among the spells of a cell; the design is that of all.
fn follow(
    rows: &SpellRows,
    kernel: &SpellsKernel,
    horizon: f64,
    cell: &[Option<u16>],
) -> CellNumbers {
    let UnitRows {
        keys, population, ..
    } = &rows.units;
    let part = population.sample().restrict(&|row| keys.is_in(row, cell));
    let (n, n_with) = (kernel.observed)(&part, &rows.spells, horizon);
    let estimate = (kernel.estimate)(&part, &rows.spells, horizon).ok();
    let standard_error = estimate.and_then(|_| {
        let scores = (kernel.scores)(&part, &rows.spells, horizon).ok()?;
        let design = population.design();
        let totals = design.totals(&part, &scores.own);
        design.standard_error(&totals).ok()
    });
    let here = (0..rows.units.is_covered.len()).filter(|row| keys.is_in(*row, cell));
    CellNumbers {
        rows: here.count() as u64,
        n,
        n_with: Some(n_with),
        estimate,
        standard_error,
    }
}

/// A margin counts its units and has no number: it is not derived from the source's cells.
fn take_over(rows: &GivenRows, cell: &[Option<u16>]) -> CellNumbers {
    let here: Vec<usize> = (0..rows.values.len())
        .filter(|row| rows.keys.is_in(*row, cell))
        .collect();
    let n = here.iter().filter_map(|row| rows.n[*row]);
    let n: u64 = n.map(i64::unsigned_abs).sum();
    let own = here.first().filter(|_| cell.iter().all(Option::is_some));
    CellNumbers {
        rows: n,
        n,
        n_with: None,
        estimate: own.and_then(|row| rows.values[*row]),
        standard_error: own.and_then(|row| rows.standard_errors[*row]),
    }
}
