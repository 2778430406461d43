//! Measures of housing, deprivation and exclusion on a plain CSV or Parquet file: `wdl housing FILE`.
//!
//! Place in the flow: reads a file of one row per person, or per household, asks `wdl-household` what follows for each, and counts it with the statistics of the catalog.
//! A row is counted, by a convention or not, or it is outside of what a measure describes, or it cannot be told; the four are told apart in every answer.
//! It must not know a lab.

mod column;
mod estimate;
mod facts;
mod file;
mod measure;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use wdl_household::{AtBound, IseeScale, IseeScales, Scale, ScaleFault, WithoutIncome, WorkRule};
use wdl_plain::PlainError;
use wdl_stats::Undefined;
use wdl_stats::scores::Method;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};
use wdl_yaml::{Fault, Source};

pub use column::{Column, Columns};
pub use measure::{HousingMeasure, Limit, UnknownChoice, choice, item_column};

use super::{Errors, Quality};
use crate::population::Line;
use estimate::Estimates;
use file::File;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// People.
    Persons,
    /// Households.
    Households,
}

impl Unit {
    /// Both with their names.
    pub const NAMES: [(&'static str, Unit); 2] =
        [("persons", Unit::Persons), ("households", Unit::Households)];
}

/// What is asked of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The columns by their meaning.
    pub columns: Columns,
    /// The columns that together say who lives together; without one each row is a household.
    pub household: Vec<String>,
    /// The columns that together say who a person is; the first is what a partner's link names.
    pub person: Vec<String>,
    /// The column of weights; each row counts one without it.
    pub weight: Option<String>,
    /// The column of what was drawn; households without it.
    pub cluster: Option<String>,
    /// The column of strata.
    pub strata: Option<String>,
    /// The columns that groups are made of.
    pub by: Vec<String>,
    /// Rows must have these values to be counted; the poverty line stays that of everybody.
    pub only: Vec<(String, String)>,
    /// What is counted; persons where the file tells them.
    pub unit: Option<Unit>,
    /// What is measured; all that the columns allow when nothing is named.
    pub measures: Vec<HousingMeasure>,
    /// How errors are computed.
    pub errors: Errors,
    /// The poverty line.
    pub line: Line,
    /// The conventions of quantiles and densities.
    pub method: Method,
    /// The equivalence scale, where equivalent adults are not a column.
    pub scale: Scale,
    /// The scale of the ISEE in its place, as the law has it on a day.
    pub isee: Option<IseeScale>,
    /// What households without income count as.
    pub without_income: WithoutIncome,
    /// The rule of low work intensity.
    pub work_rule: WorkRule,
    /// What a household exactly at the limit of work intensity counts as; the rule's own without it.
    pub at_bound: Option<AtBound>,
}

impl Options {
    /// All measures that some columns allow, with linearised errors.
    pub fn new(columns: Columns) -> Options {
        Options {
            columns,
            household: Vec::new(),
            person: Vec::new(),
            weight: None,
            cluster: None,
            strata: None,
            by: Vec::new(),
            only: Vec::new(),
            unit: None,
            measures: Vec::new(),
            errors: Errors::Linearised,
            line: Line::default(),
            method: Method::default(),
            scale: Scale::OecdModified,
            isee: None,
            without_income: WithoutIncome::default(),
            work_rule: WorkRule::default(),
            at_bound: None,
        }
    }

    /// The columns to read.
    fn read(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.columns.values().map(String::as_str).collect();
        let lists = [&self.household, &self.person, &self.by];
        columns.extend(lists.into_iter().flatten().map(String::as_str));
        let others = [&self.weight, &self.cluster, &self.strata];
        columns.extend(others.into_iter().flatten().map(String::as_str));
        columns.extend(self.only.iter().map(|(column, _)| column.as_str()));
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The columns by which rows are put in order before households are drawn, so that the draws are those of the same people in any order of the file: what makes the units, then what is measured.
    fn order(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        let drawn = [&self.strata, &self.cluster];
        columns.extend(drawn.into_iter().flatten().map(String::as_str));
        let people = [&self.household, &self.person];
        columns.extend(people.into_iter().flatten().map(String::as_str));
        columns.extend(self.columns.values().map(String::as_str));
        columns.extend(self.weight.as_deref());
        columns
    }

    /// What the equivalence scale needs beside the income.
    fn needs_of_scale(&self) -> Vec<Vec<Column>> {
        let is_given = self.columns.contains_key(&Column::EquivalentAdults);
        if self.isee.is_some() && !is_given {
            // The members, their ages and the standing of the parents; a row of a household tells none of them.
            return match self.household.is_empty() {
                true => vec![vec![Column::EquivalentAdults]],
                false => vec![vec![Column::Age], vec![Column::ParentsWork]],
            };
        }
        match (self.scale.needs_ages(), self.household.is_empty()) {
            (false, false) => Vec::new(),
            (false, true) => vec![vec![Column::Size, Column::EquivalentAdults]],
            (true, false) => vec![vec![Column::Age, Column::EquivalentAdults]],
            (true, true) => vec![vec![Column::EquivalentAdults]],
        }
    }

    /// True when the file tells what the equivalence scale needs: without it a line would be that of no scale.
    fn knows_scale(&self) -> bool {
        let is_there = |column: &Column| self.columns.contains_key(column);
        let needs = self.needs_of_scale();
        needs.iter().all(|any| any.iter().any(is_there))
    }

    fn counted(&self) -> Unit {
        let tells_persons = !self.household.is_empty() || self.columns.contains_key(&Column::Size);
        match (self.unit, tells_persons) {
            (Some(unit), _) => unit,
            (None, true) => Unit::Persons,
            (None, false) => Unit::Households,
        }
    }

    /// What is measured: what was named, or all that the columns allow.
    fn measured(&self) -> Result<Vec<HousingMeasure>, HousingError> {
        if self.measures.is_empty() {
            let mut all = HousingMeasure::all();
            all.retain(|measure| measure.lacks(self).is_none());
            return match all.is_empty() {
                false => Ok(all),
                true => Err(needs(HousingMeasure::Overburden(Limit::OVERBURDEN), self)),
            };
        }
        let lacking = self
            .measures
            .iter()
            .find(|measure| measure.lacks(self).is_some());
        match lacking {
            Some(measure) => Err(needs(*measure, self)),
            None => Ok(self.measures.clone()),
        }
    }
}

fn needs(measure: HousingMeasure, options: &Options) -> HousingError {
    HousingError::Needs {
        measure: measure.id(),
        option: measure.lacks(options).unwrap_or_default(),
    }
}

/// The answer, with the conventions that are part of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HousingMeasures {
    /// The rows of the file.
    pub rows: usize,
    /// The households they make.
    pub households: usize,
    /// The couples that links make; nothing where rooms do not depend on them. Without any, every adult is counted as single.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub couples: Option<usize>,
    /// What the numbers count.
    pub unit: Unit,
    /// By which conventions.
    pub conventions: Conventions,
    /// Everybody first, then the groups in the order of their names.
    pub measures: Vec<HousingMeasureOf>,
}

/// What is part of the identity of every number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conventions {
    /// The equivalence scale; `given` where equivalent adults are a column.
    pub scale: &'static str,
    /// The poverty line, per equivalent adult and year; nothing without an income, or without what the scale needs.
    pub line: Option<f64>,
    /// What part of the median the line is; nothing when it was given.
    pub line_part: Option<f64>,
    /// What is taken off for the residual income: `costs` or `rent`.
    pub residual_after: &'static str,
    /// What households without income count as.
    pub without_income: &'static str,
    /// The rule of low work intensity.
    pub work_rule: &'static str,
    /// What a household at the limit of work intensity counts as: `at-most` or `below`.
    pub at_bound: &'static str,
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HousingMeasureOf {
    /// The measure: `overburden:0.4`.
    pub id: String,
    /// Column and value of the group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
    /// The estimate, shares as parts of one; nothing where it is not defined.
    pub value: Option<f64>,
    /// The standard error.
    pub se: Option<f64>,
    /// The persons that count, or the households of which a member does.
    pub n: usize,
    /// Of those, the ones whose answer a convention gives: no income to divide by.
    pub by_convention: usize,
    /// Rows that the measure does not describe, by reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outside: BTreeMap<&'static str, usize>,
    /// Rows of which it cannot be told, by reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub untold: BTreeMap<&'static str, usize>,
    /// The coefficient of variation: the error over the size of the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<f64>,
    /// What the coefficient of variation allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Why there is no value or no error.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

fn as_name<S: Serializer>(why: &Option<Undefined>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(why.map_or("", Undefined::name))
}

fn as_map<S: Serializer>(
    group: &[(String, Option<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(group.iter().map(|(name, value)| (name, value)))
}

/// A file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum HousingError {
    /// It cannot be read, or lacks a column.
    #[error(transparent)]
    File(#[from] PlainError),
    /// A poverty line that is none.
    #[error("`{option}`: {}", Line::MUST_BE.en)]
    Line {
        /// The option.
        option: &'static str,
    },
    /// A measure needs an option that was not given.
    #[error("the measure `{measure}` needs {option}")]
    Needs {
        /// The measure.
        measure: String,
        /// The options of which one is needed.
        option: String,
    },
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
    /// The members of households have different values where the household has one.
    #[error("column `{column}` of `{}` differs inside {count} households", path.display())]
    Differs {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How many households.
        count: usize,
    },
    /// A value that its meaning does not allow.
    #[error("column `{column}` of `{}`, line {line}: allowed are {allowed}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The line of a CSV file with a header, or the row of a Parquet file plus one.
        line: usize,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Somebody stands in the file more than once.
    #[error("{count} persons of `{}` stand there more than once", path.display())]
    PersonTwice {
        /// The file.
        path: PathBuf,
        /// How many rows too many.
        count: usize,
    },
    /// A file of the scales of the ISEE is not written as it must be.
    #[error(transparent)]
    Scales(#[from] Fault<ScaleFault>),
    /// No scale of the ISEE is in force on a day.
    #[error("`{}` has no scale of the regime on {day}", path.display())]
    NoScale {
        /// The file of scales.
        path: PathBuf,
        /// The day.
        day: String,
    },
    /// No row meets a condition.
    #[error("no row of `{}` meets the condition on `{column}`", path.display())]
    Nobody {
        /// The file.
        path: PathBuf,
        /// The column of the condition.
        column: String,
    },
}

/// The scales of the ISEE in a file of the lab: `parameters/isee_scale.yaml`.
///
/// # Errors
/// [`HousingError::Scales`] when it cannot be read or is not written as it must be.
pub fn isee_scales(path: &Path) -> Result<IseeScales, HousingError> {
    Ok(IseeScales::read(&Source::read::<ScaleFault>(path)?)?)
}

/// The name of the scale of the ISEE.
pub const ISEE: &str = "isee";

impl Diagnose for HousingError {
    fn diagnostic(&self) -> Diagnostic {
        let of = |code, path: &Path| Diagnostic::new(code).with("file", path.display());
        match self {
            HousingError::File(fault) => fault.diagnostic(),
            HousingError::Scales(fault) => fault.diagnostic(),
            HousingError::NoScale { path, day } => {
                let file = path.display();
                let words = Text::new(
                    format!("in `{file}` nessuna scala di quel regime vale il {day}"),
                    format!("in `{file}` no scale of that regime holds on {day}"),
                );
                Diagnostic::new(codes::SCALE_FILE).with_words("detail", &words)
            }
            HousingError::Line { option } => Diagnostic::new(codes::PLAIN_OPTIONS)
                .with("option", option)
                .with_words("detail", &Line::MUST_BE),
            HousingError::Needs { measure, option } => Diagnostic::new(codes::HOUSING_NEEDS)
                .with("name", measure)
                .with("option", option),
            HousingError::Missing {
                path,
                column,
                count,
            } => of(codes::PLAIN_MISSING, path)
                .with("column", column)
                .with("count", count),
            HousingError::Differs {
                path,
                column,
                count,
            } => of(codes::HOUSEHOLD_DIFFERS, path)
                .with("column", column)
                .with("count", count),
            HousingError::Value {
                path,
                column,
                line,
                allowed,
            } => of(codes::HOUSEHOLD_VALUE, path)
                .with("column", column)
                .with("detail", allowed)
                .at(path.display(), *line, 0),
            HousingError::PersonTwice { path, count } => {
                of(codes::PERSON_TWICE, path).with("count", count)
            }
            HousingError::Nobody { path, column } => {
                of(codes::HOUSING_NOBODY, path).with("column", column)
            }
        }
    }
}

/// Measures a file.
///
/// The poverty line is that of all persons, also inside groups and under conditions.
///
/// # Errors
/// [`HousingError`] when the file lacks a column, or a value is missing, impossible or not one for the household.
pub fn evaluate(path: &Path, options: &Options) -> Result<HousingMeasures, HousingError> {
    if let Some(option) = options.line.wrong_option() {
        return Err(HousingError::Line { option });
    }
    let measures = options.measured()?;
    let file = File::read(path, options)?;
    let unit = options.counted();
    let estimates = Estimates::of(&file, options, unit, &measures)?;
    let has_costs = options.columns.contains_key(&Column::Costs);
    Ok(HousingMeasures {
        rows: file.rows(),
        households: file.members.len(),
        couples: estimates.couples(),
        unit,
        conventions: Conventions {
            scale: match options.columns.contains_key(&Column::EquivalentAdults) {
                true => "given",
                false if options.isee.is_some() => ISEE,
                false => options.scale.name(),
            },
            line: estimates.line().ok().filter(|_| options.knows_scale()),
            line_part: match options.line {
                Line::OfMedian(part) => Some(part),
                Line::Fixed(_) => None,
            },
            residual_after: if has_costs { "costs" } else { "rent" },
            without_income: options.without_income.name(),
            work_rule: options.work_rule.name(),
            at_bound: options.at_bound.unwrap_or(options.work_rule.bound()).name(),
        },
        measures: estimates.measure(options.errors),
    })
}
