//! The evaluation of one indicator over every period of a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use wdl_frame::{Scope, SqlError};
use wdl_result::{Additivity, Cell, Dimension, Draft, Header, Input, Lineage, Table, Unit};
use wdl_stats::SampleError;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, IndicatorId, Period};

use crate::base::{Base, BaseFault};
use crate::behind::{self, BehindCell, BehindCells, SetsOf};
use crate::cache::Entry;
use crate::catalog::Kernel;
use crate::cells::{self, UNKNOWN, unknown_category};
use crate::definition::{Indicator, Query, Span};
use crate::frame::Run;
use crate::plausibility::{self, Limit};

/// What the tables say of their making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// True when the data are invented.
    pub synthetic: bool,
    /// The day the data were last brought up to date, `2026-11-05`.
    pub data_date: String,
    /// The version of the program.
    pub code_version: String,
}

/// An indicator could not be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The base did not give a table.
    #[error(transparent)]
    Base(#[from] BaseFault),
    /// The frame does not run.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The frame does not give a column, or gives another kind.
    #[error("the frame of `{indicator}`: {detail}")]
    Column {
        /// The indicator.
        indicator: IndicatorId,
        /// What is wrong.
        detail: String,
    },
    /// A breakdown column holds something that is no category of its dimension.
    #[error("the frame of `{indicator}` gives in `{dimension}` what is no category of it")]
    UnknownCategory {
        /// The indicator.
        indicator: IndicatorId,
        /// The dimension.
        dimension: String,
    },
    /// A dated amount has no value in force in a period.
    #[error("`{parameter}` of `{indicator}` has no value in {period}")]
    NoParameter {
        /// The indicator.
        indicator: IndicatorId,
        /// The amount.
        parameter: String,
        /// The period.
        period: Period,
    },
    /// A weight or a value is no number the statistic can take.
    #[error("the frame of `{indicator}` for {period}")]
    Rows {
        /// The indicator.
        indicator: IndicatorId,
        /// The period.
        period: Period,
        /// What is wrong.
        source: SampleError,
    },
    /// Figures fail a test that the definition declares.
    #[error("the figures of `{indicator}` fail `{test}` in {}", listed(periods))]
    Implausible {
        /// The indicator.
        indicator: IndicatorId,
        /// The test.
        test: Limit,
        /// The periods.
        periods: Vec<Period>,
    },
    /// The disk refuses the cells.
    #[error("`{}` cannot be written", path.display())]
    Cache {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Diagnose for EvaluateError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            EvaluateError::Base(fault) => fault.0.diagnostic(),
            EvaluateError::Sql(fault) => fault.diagnostic(),
            EvaluateError::Column { indicator, detail } => Diagnostic::new(codes::FRAME_COLUMN)
                .with("indicator", indicator)
                .with("detail", detail),
            EvaluateError::UnknownCategory {
                indicator,
                dimension,
            } => Diagnostic::new(codes::UNKNOWN_CATEGORY)
                .with("indicator", indicator)
                .with("column", dimension),
            EvaluateError::NoParameter {
                indicator,
                parameter,
                period,
            } => Diagnostic::new(codes::NO_PARAMETER)
                .with("indicator", indicator)
                .with("name", parameter)
                .with("period", period),
            EvaluateError::Rows {
                indicator,
                period,
                source,
            } => Diagnostic::new(codes::FRAME_ROWS)
                .with("indicator", indicator)
                .with("period", period)
                .with("detail", source),
            EvaluateError::Implausible {
                indicator,
                test,
                periods,
            } => Diagnostic::new(codes::IMPLAUSIBLE)
                .with("indicator", indicator)
                .with("expected", test)
                .with("period", listed(periods)),
            EvaluateError::Cache { path, source } => Diagnostic::new(codes::CACHE)
                .with("file", path.display())
                .with("detail", source),
        }
    }
}

fn listed(periods: &[Period]) -> String {
    let names: Vec<String> = periods.iter().map(Period::to_string).collect();
    names.join(", ")
}

/// Every table of an indicator, one per breakdown, with all its periods.
///
/// A period whose inputs did not change is taken from `cache`; an indicator that cannot be observed here has no table.
///
/// # Errors
/// [`EvaluateError`] when the frame does not run or does not give what the statistic reads, or when figures fail a test of the definition.
pub fn evaluate(
    indicator: &Indicator,
    base: &dyn Base,
    context: &Context,
    cache: &Path,
) -> Result<Vec<Draft<Table>>, EvaluateError> {
    Ok(evaluated(indicator, base, context, cache, None)?.tables)
}

/// The tables of an indicator, and what stands behind their cells.
#[derive(Clone, Debug, Default)]
pub struct Evaluated {
    /// The tables, one per breakdown, with all their periods.
    pub tables: Vec<Draft<Table>>,
    /// What stands behind their cells, where it is told; for disclosure control alone.
    pub behind: Vec<BehindCell>,
}

/// The same with what stands behind the cells, for disclosure control.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_behind(
    indicator: &Indicator,
    base: &dyn Base,
    context: &Context,
    cache: &Path,
    sets: &SetsOf,
) -> Result<Evaluated, EvaluateError> {
    evaluated(indicator, base, context, cache, Some(sets))
}

fn evaluated(
    indicator: &Indicator,
    base: &dyn Base,
    context: &Context,
    cache: &Path,
    sets: Option<&SetsOf>,
) -> Result<Evaluated, EvaluateError> {
    let Some(frame) = &indicator.frame else {
        return Ok(Evaluated::default());
    };
    let job = Job {
        indicator,
        frame,
        base,
        context,
        cache,
        sets,
    };
    let periods: Vec<PeriodCells> = periods(indicator, base)
        .into_par_iter()
        .map(|period| job.period(period))
        .collect::<Result<_, _>>()?;
    let inputs: BTreeSet<Input> = periods
        .iter()
        .flat_map(|period| period.inputs.iter().cloned())
        .collect();
    let inputs: Vec<Input> = inputs.into_iter().collect();
    let table = |(place, breakdown): (usize, &Vec<Dimension>)| {
        let cells = periods
            .iter()
            .flat_map(|period| period.cells[place].clone());
        let (dimensions, cells) = shown(breakdown, cells.collect());
        Draft(Table {
            header: header(indicator, base, context, &inputs),
            dimensions,
            cells,
        })
    };
    let drafts: Vec<Draft<Table>> = indicator.breakdowns.iter().enumerate().map(table).collect();
    plausibility::hold(indicator, &drafts)?;
    Ok(Evaluated {
        tables: drafts,
        behind: periods.iter().flat_map(named).collect(),
    })
}

/// What stands behind the cells of a period, by the names of the cells; a cell that several tables show is told once.
fn named(period: &PeriodCells) -> Vec<BehindCell> {
    let mut found: BTreeMap<Vec<(String, String)>, BehindCell> = BTreeMap::new();
    for ((cells, behind), breakdown) in period.cells.iter().zip(&period.behind).zip(&period.axes) {
        for (cell, behind) in cells.iter().zip(behind) {
            let names = breakdown.iter().zip(&cell.keys);
            let mut keys: Vec<(String, String)> = names
                .filter_map(|(id, key)| Some((id.clone(), key.clone()?)))
                .collect();
            keys.sort();
            found.entry(keys.clone()).or_insert_with(|| BehindCell {
                period: cell.period,
                keys,
                behind: behind.clone(),
            });
        }
    }
    found.into_values().collect()
}

/// Whether the queries of an indicator fit the tables of a scope, which may be empty: names, kinds, columns.
///
/// # Errors
/// [`EvaluateError`] as [`evaluate`] would give it.
///
/// # Panics
/// When the scope was made without a period.
pub fn check(indicator: &Indicator, scope: &Scope) -> Result<(), EvaluateError> {
    let Some(frame) = &indicator.frame else {
        return Ok(());
    };
    let run = Run {
        indicator,
        scope,
        period: scope.period().expect("a frame is checked as of a period"),
    };
    run.is_collected()?;
    cells::measured(&run, frame).map(drop)
}

/// The periods of the indicator's kind, from its first one; a year counts when its last quarter is there.
fn periods(indicator: &Indicator, base: &dyn Base) -> Vec<Period> {
    let quarters = base.periods(Span::Quarter);
    let is_whole = |period: &Period| match period {
        Period::Quarter { .. } => true,
        Period::Year(year) => quarters.contains(&Period::quarter(*year, 4)),
    };
    base.periods(indicator.span)
        .into_iter()
        .filter(|period| indicator.from.is_none_or(|from| *period >= from))
        .filter(is_whole)
        .collect()
}

struct PeriodCells {
    cells: Vec<Vec<Cell>>,
    /// Behind each cell; empty where nothing is told.
    behind: BehindCells,
    /// The dimensions of each table.
    axes: Vec<Vec<String>>,
    inputs: Vec<Input>,
}

struct Job<'a> {
    indicator: &'a Indicator,
    frame: &'a Query,
    base: &'a dyn Base,
    context: &'a Context,
    cache: &'a Path,
    sets: Option<&'a SetsOf>,
}

impl Job<'_> {
    fn period(&self, period: Period) -> Result<PeriodCells, EvaluateError> {
        let tables = self.indicator.tables();
        let inputs = self.base.inputs(&tables, period);
        let entry = Entry::new(self.cache, self.indicator, self.context, period, &inputs);
        let axes = self.indicator.breakdowns.iter();
        let axes = axes.map(|breakdown| breakdown.iter().map(|one| one.id.clone()).collect());
        let axes: Vec<Vec<String>> = axes.collect();
        let known_behind = match self.sets {
            Some(sets) => entry.read_behind(sets),
            None => Some(BehindCells::new()),
        };
        if let (Some(cells), Some(behind)) = (entry.read(), known_behind) {
            return Ok(PeriodCells {
                cells,
                behind,
                axes,
                inputs,
            });
        }
        let scope = match self.indicator.words() {
            Some(words) => self.base.scope_of_columns(&tables, &words, period)?,
            None => self.base.scope(&tables, period)?,
        };
        let run = Run {
            indicator: self.indicator,
            scope: &scope,
            period,
        };
        let cells = cells::of_period(&run, self.frame)?;
        entry.write(&cells)?;
        let behind = match self.sets {
            Some(sets) => {
                let behind = match run.is_collected()? {
                    true => behind::of_period(&run, self.frame, sets)?,
                    false => BehindCells::new(),
                };
                entry.write_behind(sets, &behind)?;
                behind
            }
            None => BehindCells::new(),
        };
        Ok(PeriodCells {
            cells,
            behind,
            axes,
            inputs,
        })
    }
}

/// The table's dimensions and cells, without the category of unknown keys where nothing lies in it.
fn shown(breakdown: &[Dimension], cells: Vec<Cell>) -> (Vec<Dimension>, Vec<Cell>) {
    let mut dimensions = breakdown.to_vec();
    let mut cells = cells;
    for (place, dimension) in dimensions.iter_mut().enumerate() {
        let is_unknown = |cell: &Cell| cell.keys[place].as_deref() == Some(UNKNOWN);
        let is_used = cells
            .iter()
            .any(|cell| is_unknown(cell) && cell.n.is_some_and(|n| n > 0));
        match is_used {
            true => dimension.categories.push(unknown_category()),
            false => cells.retain(|cell| !is_unknown(cell)),
        }
    }
    (dimensions, cells)
}

/// How cells add up. A proportion that a source gives tells, with its base, how many units have the property: it is protected as a share.
fn additivity(indicator: &Indicator) -> Additivity {
    match (&indicator.statistic.statistic.kernel, indicator.unit) {
        (Kernel::Given, Unit::Share) => Additivity::Share,
        _ => indicator.statistic.statistic.additivity,
    }
}

fn header(indicator: &Indicator, base: &dyn Base, context: &Context, inputs: &[Input]) -> Header {
    let words = &indicator.words;
    Header {
        indicator: indicator.id.clone(),
        theme: indicator.theme.clone(),
        title: words.title.clone(),
        definition: words.definition.clone(),
        source: words.source.clone(),
        unit: indicator.unit,
        decimals: indicator.decimals,
        interval: indicator.interval,
        additivity: additivity(indicator),
        population: words.population.clone(),
        n_label: words.n_label.clone(),
        statistic: indicator.statistic.id(),
        observable_from: indicator.observable_from,
        uncertainty: words.uncertainty.clone(),
        coverage: words.coverage.clone(),
        synthetic: context.synthetic,
        data_date: context.data_date.clone(),
        lineage: Lineage {
            snapshot: base.id(),
            definition: indicator.digest,
            code_version: context.code_version.clone(),
            inputs: inputs.to_vec(),
        },
        protection: None,
        study: None,
    }
}
