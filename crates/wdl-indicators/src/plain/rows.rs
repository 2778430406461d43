//! The rows of a file that have an income, with their weights, their design and the groups they fall into.

use std::path::Path;

use rustc_hash::FxHashMap;
use wdl_plain::PlainTable;
use wdl_stats::{Design, Sample, SampleError};

use super::groups::Groups;
use super::margins::{Margins, Weighted};
use super::{Options, PlainMeasureError, ReplicateKind, complete, replicate};
use crate::population::Population;

/// The rows of a period that have an income.
pub(super) struct Rows {
    /// Their places in the file.
    pub(super) places: Vec<usize>,
    pub(super) population: Population,
    pub(super) groups: Groups,
    /// What calibration did, when it was asked for.
    pub(super) weighted: Option<Weighted>,
    /// The weights of each replicate, by row.
    pub(super) replicates: Vec<Vec<f64>>,
    /// Of each replicate, where their kind asks for it.
    pub(super) replicate_factors: Vec<f64>,
}

/// A file that was read, with the names of its units and strata as numbers.
pub(super) struct Source<'a> {
    pub(super) file: &'a Path,
    pub(super) table: &'a PlainTable,
    pub(super) units: Option<&'a [Option<u64>]>,
    pub(super) strata: Option<&'a [Option<u64>]>,
}

/// What all files are asked, read once.
pub(super) struct Asked<'a> {
    pub(super) options: &'a Options,
    pub(super) margins: Option<&'a Margins>,
    pub(super) replicates: &'a [String],
}

impl Rows {
    /// The rows among `places` that have an income.
    pub(super) fn of(
        source: &Source<'_>,
        places: Vec<usize>,
        asked: &Asked<'_>,
    ) -> Result<Rows, PlainMeasureError> {
        let (file, table, options) = (source.file, source.table, asked.options);
        let incomes = table.numbers(&options.income)?;
        let mut places = places;
        places.retain(|row| incomes[*row].is_some());
        let number_of = |name: &str| {
            let read = table.numbers(name)?;
            complete(file, name, places.iter().map(|row| read[*row]))
        };
        let name_of = |names: Option<&[Option<u64>]>, column: Option<&str>| {
            let Some((names, column)) = names.zip(column) else {
                return Ok(None);
            };
            complete(file, column, places.iter().map(|row| names[*row])).map(Some)
        };
        let units = name_of(source.units, options.unit_column())?;
        let strata = name_of(source.strata, options.strata.as_deref())?;
        let design = Design::new(places.len(), units.as_deref(), strata.as_deref());
        let base = match &options.weight {
            Some(name) => number_of(name)?,
            None => vec![1.0; places.len()],
        };
        let sample_of = |values: &[f64], weights: &[f64]| {
            Sample::new(values, weights).map_err(|fault| PlainMeasureError::Row {
                path: file.to_owned(),
                line: row_of(fault).map_or(0, |row| table.line(places[row])),
                source: fault,
            })
        };
        let values = complete(
            file,
            &options.income,
            places.iter().map(|row| incomes[*row]),
        )?;
        let weighted = match (asked.margins, &options.calibration) {
            (Some(margins), Some(calibration)) => {
                sample_of(&values, &base)?;
                let households = calibration.of_households.then_some(&design);
                let read = (file, table, places.as_slice());
                let distance = calibration.distance;
                Some(Weighted::of(
                    read,
                    base.clone(),
                    margins,
                    distance,
                    households,
                )?)
            }
            _ => None,
        };
        let weights = weighted.as_ref().map_or(base.as_slice(), Weighted::weights);
        let reference = match &options.reference {
            Some(name) => Some(sample_of(&number_of(name)?, weights)?),
            None => None,
        };
        let sample = sample_of(&values, weights)?;
        let replicates = replicate::weights(file, table, &places, asked.replicates)?;
        let is_stratified =
            (options.replicate_rule).is_some_and(|rule| rule.kind == ReplicateKind::Stratified);
        let replicate_factors = match strata.as_deref().filter(|_| is_stratified) {
            Some(strata) => replicate::factors(file, asked.replicates, strata, &base, &replicates)?,
            None => Vec::new(),
        };
        let mut population =
            Population::new(sample, design).under(options.line, options.method, reference);
        if let Some(weighted) = &weighted {
            population = population.calibrated(weighted.residuals());
        }
        Ok(Rows {
            population,
            groups: Groups::of(&places, table, options),
            weighted,
            replicates,
            replicate_factors,
            places,
        })
    }
}

/// A column's names as numbers that mean the same in all tables; two names are one when they are written alike.
pub(super) fn numbered(tables: &[PlainTable], column: &str) -> Vec<Vec<Option<u64>>> {
    let mut known: FxHashMap<&str, u64> = FxHashMap::default();
    let mut number = |name| {
        let next = known.len() as u64;
        *known.entry(name).or_insert(next)
    };
    let own = tables.iter().map(|table| table.cells(column));
    own.map(|own| own.map(|name| name.map(&mut number)).collect())
        .collect()
}

fn row_of(fault: SampleError) -> Option<usize> {
    match fault {
        SampleError::Value { row } | SampleError::Weight { row } => Some(row),
        SampleError::Length { .. } | SampleError::TooLong => None,
    }
}
