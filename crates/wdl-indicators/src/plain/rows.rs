//! The rows of a file that have an income, and the groups they fall into.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use wdl_frame::PlainTable;
use wdl_stats::{Design, Draw, Measured, Sample, SampleError, bootstrap_errors};

use super::{Errors, Measure, MeasureOf, Options, PlainMeasureError};
use crate::population::{Population, Terms};

/// The rows that have an income.
pub(super) struct Rows {
    /// Their places in the file.
    pub(super) places: Vec<usize>,
    population: Population,
    groups: Groups,
}

/// Everybody or a group, with what is measured of it.
struct Part<'a> {
    name: Vec<(String, Option<String>)>,
    sample: Cow<'a, Sample>,
    measures: &'a [Measure],
}

impl Rows {
    pub(super) fn of(
        file: &Path,
        table: &PlainTable,
        options: &Options,
    ) -> Result<Rows, PlainMeasureError> {
        let incomes = table.numbers(&options.income)?;
        let places: Vec<usize> = (0..table.rows())
            .filter(|row| incomes[*row].is_some())
            .collect();
        let number_of = |name: &str| {
            let read = table.numbers(name)?;
            let kept = places.iter().map(|row| read[*row]).collect();
            complete(file, name, kept)
        };
        let name_of = |name: &str| {
            let read = table.text(name);
            let kept = places.iter().map(|row| read[*row].clone()).collect();
            complete(file, name, kept).map(|names| numbered(&names))
        };
        let values: Vec<f64> = places.iter().filter_map(|row| incomes[*row]).collect();
        let weights = match &options.weight {
            Some(name) => number_of(name)?,
            None => vec![1.0; places.len()],
        };
        let sample_of = |values: &[f64]| {
            Sample::new(values, &weights).map_err(|fault| PlainMeasureError::Row {
                path: file.to_owned(),
                line: row_of(fault).map_or(0, |row| places[row] + 2),
                source: fault,
            })
        };
        let reference = match &options.reference {
            Some(name) => Some(sample_of(&number_of(name)?)?),
            None => None,
        };
        let clusters = options.household.as_deref().map(name_of).transpose()?;
        let strata = options.strata.as_deref().map(name_of).transpose()?;
        let design = Design::new(places.len(), clusters.as_deref(), strata.as_deref());
        Ok(Rows {
            population: Population::new(sample_of(&values)?, design).under(
                options.line,
                options.method,
                reference,
            ),
            groups: Groups::of(&places, table, options),
            places,
        })
    }

    /// Everybody first, then the groups in the order of their names.
    pub(super) fn measure(&self, options: &Options) -> Vec<MeasureOf> {
        let of_groups: Vec<Measure> = options
            .measures
            .iter()
            .copied()
            .filter(|measure| !measure.is_whole_population())
            .collect();
        let samples = self.groups.samples(self.population.sample());
        let mut parts = vec![Part {
            name: Vec::new(),
            sample: Cow::Borrowed(self.population.sample()),
            measures: &options.measures,
        }];
        parts.extend(
            samples
                .into_iter()
                .zip(&self.groups.names)
                .map(|(sample, name)| Part {
                    name: options
                        .by
                        .iter()
                        .cloned()
                        .zip(name.iter().cloned())
                        .collect(),
                    sample: Cow::Owned(sample),
                    measures: &of_groups,
                }),
        );
        let terms = self.population.terms();
        let mut answers: Vec<MeasureOf> = parts
            .par_iter()
            .flat_map_iter(|part| {
                let estimate = |measure: &Measure| of_part(&terms, part, *measure);
                part.measures.iter().map(estimate)
            })
            .collect();
        let errors = self.errors(&parts, options);
        for (answer, error) in answers.iter_mut().zip(errors) {
            answer.put_error(error);
        }
        answers
    }

    /// One error, or why there is none, per measure of each part; nothing when none are asked for.
    fn errors(&self, parts: &[Part<'_>], options: &Options) -> Vec<Measured> {
        match options.errors {
            Errors::None => Vec::new(),
            Errors::Linearised => {
                let error = |part: &Part<'_>, measure: Measure| {
                    let kernel = measure.kernel();
                    let (taken, _) = kernel.taken(Cow::Borrowed(&*part.sample));
                    kernel.standard_error(&self.population, &taken, measure.argument())
                };
                let of_part = |part: &Part<'_>| -> Vec<Measured> {
                    let measures = part.measures.iter();
                    measures.map(|measure| error(part, *measure)).collect()
                };
                parts.par_iter().flat_map_iter(of_part).collect()
            }
            Errors::Bootstrap(resampling) => {
                let replicate = |draw: &Draw<'_>| self.replicate(draw, parts);
                bootstrap_errors(self.population.design(), resampling, &replicate)
            }
        }
    }

    fn replicate(&self, draw: &Draw<'_>, parts: &[Part<'_>]) -> Vec<Measured> {
        let terms = self.population.terms();
        let whole = draw.of(self.population.sample());
        let other = match std::ptr::eq(terms.reference, self.population.sample()) {
            true => None,
            false => Some(draw.of(terms.reference)),
        };
        let terms = Terms {
            reference: other.as_ref().unwrap_or(&whole),
            ..terms
        };
        let groups = self.groups.samples(&whole);
        let samples = std::iter::once(&whole).chain(&groups);
        let mut numbers = Vec::new();
        for (part, sample) in parts.iter().zip(samples) {
            for measure in part.measures {
                let kernel = measure.kernel();
                let (taken, _) = kernel.taken(Cow::Borrowed(sample));
                numbers.push((kernel.estimate)(&terms, &taken, measure.argument()));
            }
        }
        numbers
    }
}

fn of_part(terms: &Terms<'_>, part: &Part<'_>, measure: Measure) -> MeasureOf {
    let kernel = measure.kernel();
    let (taken, left_out) = kernel.taken(Cow::Borrowed(&*part.sample));
    let value = (kernel.estimate)(terms, &taken, measure.argument());
    MeasureOf {
        id: measure.id(),
        group: part.name.clone(),
        value: value.ok(),
        se: None,
        n: taken.len(),
        left_out,
        cv: None,
        quality: None,
        why: value.err(),
    }
}

/// The values of the grouping columns in one group.
type GroupName = Vec<Option<String>>;

/// The groups that occur, numbered in the order of their names.
struct Groups {
    of_row: Vec<u32>,
    names: Vec<GroupName>,
}

impl Groups {
    fn of(places: &[usize], table: &PlainTable, options: &Options) -> Groups {
        if options.by.is_empty() {
            return Groups {
                of_row: Vec::new(),
                names: Vec::new(),
            };
        }
        let columns: Vec<Vec<Option<String>>> =
            options.by.iter().map(|name| table.text(name)).collect();
        let mut known: BTreeMap<Vec<Option<&str>>, u32> = BTreeMap::new();
        let name_of = |row: &usize| -> Vec<Option<&str>> {
            columns
                .iter()
                .map(|column| column[*row].as_deref())
                .collect()
        };
        for row in places {
            known.entry(name_of(row)).or_insert(0);
        }
        for (place, number) in known.values_mut().enumerate() {
            *number = u32::try_from(place).expect("fewer groups than a sample has rows");
        }
        let owned =
            |name: &Vec<Option<&str>>| name.iter().map(|value| value.map(str::to_owned)).collect();
        Groups {
            of_row: places.iter().map(|row| known[&name_of(row)]).collect(),
            names: known.keys().map(owned).collect(),
        }
    }

    fn samples(&self, whole: &Sample) -> Vec<Sample> {
        match self.names.is_empty() {
            true => Vec::new(),
            false => whole.parts(&self.of_row, self.names.len()),
        }
    }
}

fn complete<T>(
    file: &Path,
    column: &str,
    values: Vec<Option<T>>,
) -> Result<Vec<T>, PlainMeasureError> {
    match values.iter().filter(|value| value.is_none()).count() {
        0 => Ok(values.into_iter().flatten().collect()),
        count => Err(PlainMeasureError::Missing {
            path: file.to_owned(),
            column: column.to_owned(),
            count,
        }),
    }
}

/// Each distinct name as a number.
fn numbered(names: &[String]) -> Vec<u64> {
    let mut known: BTreeMap<&str, u64> = BTreeMap::new();
    for name in names {
        let next = known.len() as u64;
        known.entry(name).or_insert(next);
    }
    names.iter().map(|name| known[name.as_str()]).collect()
}

fn row_of(fault: SampleError) -> Option<usize> {
    match fault {
        SampleError::Value { row } | SampleError::Weight { row } => Some(row),
        SampleError::Length { .. } | SampleError::TooLong => None,
    }
}
