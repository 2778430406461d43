//! Measures on a plain CSV or Parquet file, outside any lab: `wdl indicators FILE`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use wdl_frame::{PlainError, PlainTable};
use wdl_stats::{Design, QuantileRule, Resampling, Sample, SampleError, bootstrap_errors};
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};

use crate::catalog::{Kernel, Population, STATISTICS, Statistic, UnitsKernel};

/// A statistic of the catalog that needs nothing but an income per row.
#[derive(Clone, Copy, Debug, PartialEq)]
// INVARIANT: the statistic's kernel takes unit rows.
pub struct Measure(&'static Statistic);

/// The measures when none are named, in their order.
const USUAL: [&str; 5] = ["arpt", "arpr", "qsr", "rmpg", "gini"];

impl Measure {
    /// Every measure.
    pub fn all() -> impl Iterator<Item = Measure> {
        STATISTICS
            .iter()
            .copied()
            .filter(|statistic| matches!(statistic.kernel, Kernel::Units(_)))
            .map(Measure)
    }

    /// The five when none are named: threshold, rate, quintile share ratio, median gap, Gini.
    pub fn usual() -> Vec<Measure> {
        USUAL
            .iter()
            .filter_map(|id| Measure::all().find(|measure| measure.id() == *id))
            .collect()
    }

    /// Its id: `arpr`.
    pub fn id(self) -> &'static str {
        self.0.name
    }

    fn kernel(self) -> &'static UnitsKernel {
        match &self.0.kernel {
            Kernel::Units(kernel) => kernel,
            Kernel::Sums(_) | Kernel::Given => {
                unreachable!("a measure is a statistic of unit rows")
            }
        }
    }
}

/// How standard errors are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Not at all.
    None,
    /// From influence values.
    Linearised,
    /// From replicates.
    Bootstrap(Resampling),
}

/// The bootstrap when nothing else is said: 1,000 replicates and a fixed seed, so that a second run gives the same.
pub const RESAMPLING: Resampling = Resampling {
    replicates: 1000,
    seed: 20_260_101,
};

/// No measure, or no way to compute errors, has the name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{name}` is not one of {known}")]
pub struct UnknownWord {
    option: &'static str,
    name: String,
    meant: Option<String>,
    known: String,
}

impl UnknownWord {
    fn new(option: &'static str, name: &str, known: &[&str]) -> UnknownWord {
        UnknownWord {
            option,
            name: name.chars().take(60).collect(),
            meant: did_you_mean(name, known.iter().copied()).map(str::to_owned),
            known: known.join(", "),
        }
    }
}

impl Diagnose for UnknownWord {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::UNKNOWN_WORD)
            .with("option", self.option)
            .with("name", &self.name)
            .with("expected", &self.known)
            .suggest(self.meant.as_deref())
    }
}

impl FromStr for Measure {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Measure, UnknownWord> {
        let known: Vec<&str> = Measure::all().map(Measure::id).collect();
        Measure::all()
            .find(|measure| measure.id() == name)
            .ok_or_else(|| UnknownWord::new("--measures", name, &known))
    }
}

impl FromStr for Errors {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Errors, UnknownWord> {
        match name {
            "none" => Ok(Errors::None),
            "linearised" => Ok(Errors::Linearised),
            "bootstrap" => Ok(Errors::Bootstrap(RESAMPLING)),
            _ => {
                let known = ["none", "linearised", "bootstrap"];
                Err(UnknownWord::new("--se", name, &known))
            }
        }
    }
}

/// What is asked of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The column of incomes.
    pub income: String,
    /// The column of weights; each row counts one without it.
    pub weight: Option<String>,
    /// The column that says who lives together: the clusters.
    pub household: Option<String>,
    /// The column of strata.
    pub strata: Option<String>,
    /// The columns that groups are made of.
    pub by: Vec<String>,
    /// What is computed.
    pub measures: Vec<Measure>,
    /// How errors are computed.
    pub errors: Errors,
    /// The rule for quantiles.
    pub rule: QuantileRule,
}

impl Options {
    /// The usual measures of a column of incomes, with linearised errors.
    pub fn new(income: impl Into<String>) -> Options {
        Options {
            income: income.into(),
            weight: None,
            household: None,
            strata: None,
            by: Vec::new(),
            measures: Measure::usual(),
            errors: Errors::Linearised,
            rule: QuantileRule::Eurostat,
        }
    }

    fn columns(&self) -> Vec<&str> {
        let mut columns = vec![self.income.as_str()];
        let others = [&self.weight, &self.household, &self.strata];
        columns.extend(others.into_iter().flatten().map(String::as_str));
        columns.extend(self.by.iter().map(String::as_str));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// The rows of the file.
    pub rows: usize,
    /// Rows left out because they have no income.
    #[serde(skip_serializing_if = "is_zero")]
    pub rows_without_income: usize,
    /// Everybody first, then the groups in the order of their names.
    pub measures: Vec<MeasureOf>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureOf {
    /// The measure.
    pub id: &'static str,
    /// Column and value of the group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
    /// The estimate; nothing where it is not defined.
    pub value: Option<f64>,
    /// The standard error.
    pub se: Option<f64>,
    /// The rows it rests on.
    pub n: usize,
}

fn as_map<S: Serializer>(
    group: &[(String, Option<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(group.iter().map(|(name, value)| (name, value)))
}

/// A file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum PlainMeasureError {
    /// It cannot be read, or lacks a column.
    #[error(transparent)]
    File(#[from] PlainError),
    /// A column must be complete and is not.
    #[error("column `{column}` of `{}` has {count} missing values", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How many.
        count: usize,
    },
    /// A weight or an income is no number that can be taken.
    #[error("`{}`, line {line}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line of a CSV file with a header, or the row of a Parquet file plus one.
        line: usize,
        /// What is wrong.
        source: SampleError,
    },
}

impl Diagnose for PlainMeasureError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            PlainMeasureError::File(fault) => fault.diagnostic(),
            PlainMeasureError::Missing {
                path,
                column,
                count,
            } => Diagnostic::new(codes::PLAIN_MISSING)
                .with("file", path.display())
                .with("column", column)
                .with("count", count),
            PlainMeasureError::Row { path, line, source } => Diagnostic::new(codes::PLAIN_ROW)
                .with("file", path.display())
                .with("detail", source)
                .at(path.display(), *line, 0),
        }
    }
}

/// Measures a file.
///
/// The poverty threshold is that of all rows, also inside groups; rows without income are left out and counted.
///
/// # Errors
/// [`PlainMeasureError`] when the file lacks a column, or a weight, household or stratum is missing or impossible.
pub fn evaluate(file: &Path, options: &Options) -> Result<Measures, PlainMeasureError> {
    let table = PlainTable::read(file, &options.columns())?;
    let rows = Rows::of(file, &table, options)?;
    let groups = Groups::of(&rows, &table, options);
    let parts: Vec<Part<'_>> = std::iter::once(rows.everybody())
        .chain(groups.parts(options))
        .collect();
    let measures = parts
        .par_iter()
        .flat_map_iter(|part| rows.measure(part, options))
        .collect();
    Ok(Measures {
        rows: table.rows(),
        rows_without_income: table.rows() - rows.places.len(),
        measures,
    })
}

/// The rows that have an income.
struct Rows {
    /// Their places in the file.
    places: Vec<usize>,
    population: Population,
    design: Design,
}

/// Everybody or a group.
struct Part<'a> {
    name: Vec<(String, Option<String>)>,
    /// The group of each row, and the one meant.
    group: Option<(&'a [u32], u32)>,
    n: usize,
}

impl Rows {
    fn of(file: &Path, table: &PlainTable, options: &Options) -> Result<Rows, PlainMeasureError> {
        let incomes = table.numbers(&options.income)?;
        let places: Vec<usize> = (0..table.rows())
            .filter(|row| incomes[*row].is_some())
            .collect();
        let values: Vec<f64> = places.iter().filter_map(|row| incomes[*row]).collect();
        let weights = match &options.weight {
            Some(name) => {
                let read = table.numbers(name)?;
                let weights: Vec<Option<f64>> = places.iter().map(|row| read[*row]).collect();
                complete(file, name, weights)?
            }
            None => vec![1.0; places.len()],
        };
        let names = |column: &Option<String>| {
            column
                .as_ref()
                .map(|name| {
                    let read = table.text(name);
                    let kept = places.iter().map(|row| read[*row].clone()).collect();
                    complete(file, name, kept).map(|names| numbered(&names))
                })
                .transpose()
        };
        let (clusters, strata) = (names(&options.household)?, names(&options.strata)?);
        let sample = Sample::new(&values, &weights).map_err(|fault| PlainMeasureError::Row {
            path: file.to_owned(),
            line: row_of(fault).map_or(0, |row| places[row] + 2),
            source: fault,
        })?;
        Ok(Rows {
            design: Design::new(places.len(), clusters.as_deref(), strata.as_deref()),
            places,
            population: Population::new(sample, options.rule),
        })
    }

    fn everybody(&self) -> Part<'static> {
        Part {
            name: Vec::new(),
            group: None,
            n: self.places.len(),
        }
    }

    fn measure(&self, part: &Part<'_>, options: &Options) -> Vec<MeasureOf> {
        let measures: Vec<Measure> = options
            .measures
            .iter()
            .copied()
            .filter(|measure| part.group.is_none() || !measure.0.is_whole_population)
            .collect();
        let sample = part.of(self.population.sample());
        let errors = self.errors(part, &sample, &measures, options);
        let row = |(measure, se): (Measure, Option<f64>)| {
            let value = (measure.kernel().estimate)(&self.population, &sample);
            MeasureOf {
                id: measure.id(),
                group: part.name.clone(),
                value,
                se: se.filter(|_| value.is_some()),
                n: part.n,
            }
        };
        measures.into_iter().zip(errors).map(row).collect()
    }

    fn errors(
        &self,
        part: &Part<'_>,
        sample: &Sample,
        measures: &[Measure],
        options: &Options,
    ) -> Vec<Option<f64>> {
        match options.errors {
            Errors::None => vec![None; measures.len()],
            Errors::Linearised => {
                let error = |measure: &Measure| {
                    let scores = measure.kernel().scores?(&self.population, sample)?;
                    self.design.standard_error(&scores)
                };
                measures.iter().map(error).collect()
            }
            Errors::Bootstrap(resampling) => {
                let replicate = |whole: &Sample| {
                    let sample = part.of(whole);
                    let population = Population::new(whole.clone(), options.rule);
                    let value =
                        |measure: &Measure| (measure.kernel().estimate)(&population, &sample);
                    measures.iter().map(value).collect()
                };
                bootstrap_errors(
                    self.population.sample(),
                    &self.design,
                    resampling,
                    &replicate,
                )
            }
        }
    }
}

impl Part<'_> {
    fn of(&self, sample: &Sample) -> Sample {
        match self.group {
            Some((groups, own)) => sample.restrict(&|row| groups[row] == own),
            None => sample.clone(),
        }
    }
}

/// The values of the grouping columns in one group.
type GroupName = Vec<Option<String>>;

/// The groups that occur.
struct Groups {
    of_row: Vec<u32>,
    sizes: Vec<usize>,
    /// Sorted by name, with the number each has in `of_row`.
    names: BTreeMap<GroupName, u32>,
}

impl Groups {
    fn of(rows: &Rows, table: &PlainTable, options: &Options) -> Groups {
        let mut groups = Groups {
            of_row: Vec::new(),
            sizes: Vec::new(),
            names: BTreeMap::new(),
        };
        if options.by.is_empty() {
            return groups;
        }
        let columns: Vec<Vec<Option<String>>> =
            options.by.iter().map(|name| table.text(name)).collect();
        for row in &rows.places {
            let name: GroupName = columns.iter().map(|column| column[*row].clone()).collect();
            let next =
                u32::try_from(groups.sizes.len()).expect("fewer groups than a sample has rows");
            let group = *groups.names.entry(name).or_insert(next);
            if group == next {
                groups.sizes.push(0);
            }
            groups.sizes[group as usize] += 1;
            groups.of_row.push(group);
        }
        groups
    }

    fn parts<'a>(&'a self, options: &'a Options) -> impl Iterator<Item = Part<'a>> {
        self.names.iter().map(|(name, group)| Part {
            name: options
                .by
                .iter()
                .cloned()
                .zip(name.iter().cloned())
                .collect(),
            group: Some((&self.of_row, *group)),
            n: self.sizes[*group as usize],
        })
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
