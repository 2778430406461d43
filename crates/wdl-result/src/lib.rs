//! The second waist of the house: aggregate tables with unit, population, period, uncertainty, vintage and lineage.
//!
//! Every analysis ends in a [`Table`]; disclosure control, release and publication know nothing else.
//! It must not know microdata: no type here can hold a person.

mod kinds;
mod output_rule;
mod protection;
pub mod study;

pub use kinds::{
    Areas, ClassBound, EventEffect, EventStudy, Leaf, Mark, Model, Output, Picture, Piece,
    PositionOf, Positions, Regression, SurvivalCurve, SurvivalStep, Term, Transcript,
};
pub use output_rule::OutputRule;
pub use protection::Protection;
pub use study::{Part, StudyFace, StudyPart};

use serde::{Deserialize, Serialize};
use wdl_vocab::{Digest, IndicatorId, Period, SnapshotId, Text};

/// What a number counts or measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of persons.
    Persons,
    /// A number of registry households (*famiglie anagrafiche*).
    Households,
    /// A number of dwellings.
    Dwellings,
    /// A number of acts: applications, notices, accidents.
    Acts,
    /// A fraction of one, shown in percent.
    Share,
    /// An amount of euro.
    Euro,
    /// A duration in days.
    Days,
    /// A duration in months.
    Months,
    /// A duration in years.
    Years,
    /// A ratio without unit.
    Ratio,
}

/// Where a number can be observed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservableFrom {
    /// Administrative registers.
    Register,
    /// A sample survey.
    Survey,
    /// A simulation of rules.
    Simulation,
    /// Not observable in this lab; says so and computes nothing.
    NoneHere,
}

/// On which scale an estimate and its standard error make an interval, and two estimates are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Estimate and error as they are: the interval is symmetric.
    #[default]
    Plain,
    /// Their logarithm: for a ratio of two groups, where twice and half are equally far from one.
    Logarithm,
}

impl Interval {
    /// True for the scale of nearly every table.
    pub fn is_plain(&self) -> bool {
        *self == Interval::Plain
    }
}

/// How the cells of a table hang together, which decides how they are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Additivity {
    /// Counts: a total is the sum of its parts, and the estimate is the count `n` itself.
    Count,
    /// A share `n_with / n`: both counts add up, the share does not.
    Share,
    /// A sum of amounts over `n` contributors: it adds up.
    Sum,
    /// Nothing adds up (median, Gini, threshold): only `n` protects.
    None,
}

/// One category of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The code, unique in its dimension.
    pub id: String,
    /// The words for people.
    pub label: Text,
}

/// One breakdown: quartiere, citizenship, family type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    /// The code, unique in the lab: `quartiere`.
    pub id: String,
    /// The words for people.
    pub label: Text,
    /// The categories in their order; the total is not among them.
    pub categories: Vec<Category>,
}

/// What a result was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The snapshot of the linked base.
    pub snapshot: SnapshotId,
    /// The digest of the indicator's definition.
    pub definition: Digest,
    /// The version of the program's methods.
    pub code_version: String,
    /// Base tables read, with the digest of the partition, sorted.
    pub inputs: Vec<Input>,
}

/// One input of a result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// The table of the base, or `delivery` ids for a register table.
    pub table: String,
    /// The digest of its content.
    pub digest: Digest,
    /// The deliveries it rests on, sorted.
    pub deliveries: Vec<String>,
}

/// What must be known to read a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The theme it is shown under: `popolazione`, `poverta`, `casa`, `aiuti`.
    pub theme: String,
    /// Its name.
    pub title: Text,
    /// What it measures, in one or two sentences.
    pub definition: Text,
    /// The source of the definition.
    pub source: Text,
    /// The unit.
    pub unit: Unit,
    /// Decimals to show (of the percent, for shares).
    pub decimals: u8,
    /// The scale of its intervals.
    #[serde(default, skip_serializing_if = "Interval::is_plain")]
    pub interval: Interval,
    /// How cells add up.
    pub additivity: Additivity,
    /// The population described.
    pub population: Text,
    /// What `n` counts.
    pub n_label: Text,
    /// The name and version of the statistic: `arpr/1`.
    pub statistic: String,
    /// Where it can be observed.
    pub observable_from: ObservableFrom,
    /// What the standard error means, or why there is none.
    pub uncertainty: Text,
    /// What part of the population is seen and what is not.
    pub coverage: Text,
    /// True when the data are invented.
    pub synthetic: bool,
    /// The day the data were last brought up to date (the latest delivery), `2026-11-05`.
    pub data_date: String,
    /// What it was made from.
    pub lineage: Lineage,
    /// How its numbers were changed so that small ones need not be hidden; absent where they are the true ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protection: Option<Protection>,
    /// Which part of an evaluation study it is; absent for an indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyPart>,
}

/// Why a cell holds a number or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A number.
    Value,
    /// Hidden because it rests on too few units (or on all of them), or because no budget of noise reaches for it.
    SuppressedPrimary,
    /// Hidden because it would give another hidden cell away.
    SuppressedSecondary,
    /// Not computable: nobody in the cell.
    NotComputableEmpty,
    /// Not computable: the statistic is not defined here.
    NotComputableUndefined,
    /// The source was not delivered for this period.
    NotCollected,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The reference period: what the number describes.
    pub period: Period,
    /// One category id per dimension of the table; `None` is the total.
    pub keys: Vec<Option<String>>,
    /// The estimate; `None` unless `status` is [`Status::Value`].
    pub estimate: Option<f64>,
    /// The standard error, where one makes sense.
    pub standard_error: Option<f64>,
    /// Units the number rests on; `None` once suppressed.
    pub n: Option<u64>,
    /// For shares: units with the property; `None` otherwise or once suppressed.
    pub n_with: Option<u64>,
    /// The share of the population that the sources cover in this cell, where it is known.
    pub coverage: Option<f64>,
    /// Why there is a number or none.
    pub status: Status,
}

/// A table: one indicator, all its reference periods, one set of crossed dimensions with their margins.
///
/// Cells are sorted by period, then by keys in the order of the categories, the total first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// How to read it.
    pub header: Header,
    /// The crossed dimensions; none for a single series.
    pub dimensions: Vec<Dimension>,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A result as an analysis leaves it: seen by nobody outside the lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft<T>(pub T);

impl Table {
    /// The digest of the whole table in its canonical JSON form.
    ///
    /// # Panics
    /// Never: a table holds finite numbers and text.
    pub fn digest(&self) -> Digest {
        let bytes = serde_json::to_vec(self).expect("a table is finite numbers and text");
        Digest::of(&bytes)
    }

    /// The periods, sorted.
    pub fn periods(&self) -> Vec<Period> {
        let mut periods: Vec<Period> = self.cells.iter().map(|cell| cell.period).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }

    /// The cell of a period and keys.
    pub fn cell(&self, period: Period, keys: &[Option<&str>]) -> Option<&Cell> {
        self.cells.iter().find(|cell| {
            cell.period == period
                && cell
                    .keys
                    .iter()
                    .map(Option::as_deref)
                    .eq(keys.iter().copied())
        })
    }

    /// The dimension ids joined with `-`, or `total` when there are none: the table's name inside its indicator.
    pub fn breakdown(&self) -> String {
        if self.dimensions.is_empty() {
            return "total".to_owned();
        }
        let ids: Vec<&str> = self
            .dimensions
            .iter()
            .map(|dimension| dimension.id.as_str())
            .collect();
        ids.join("-")
    }
}
