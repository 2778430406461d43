//! The catalog of statistics, one file per entry: its name, version, words, the columns it reads, its kernel.
//!
//! An entry is added as a file, its `mod` line and its place in [`STATISTICS`]; definitions, plain-file measures and documentation are derived from the list.

mod arpr;
mod arpt;
mod count;
mod gini;
mod given;
mod mean;
mod median;
mod qsr;
mod rmpg;
mod share;
mod sum;

use wdl_result::Additivity;
use wdl_stats::Sample;
use wdl_vocab::Text;

pub use crate::population::Population;

/// A named function of the numeric kernel, as definitions name it.
#[derive(Debug)]
pub struct Statistic {
    /// The name: `arpr`.
    pub name: &'static str,
    /// Raised when the same rows give another number.
    pub version: u16,
    /// The words for people.
    pub label: Text,
    /// How cells add up.
    pub additivity: Additivity,
    /// Whether it describes the whole population only, so that a breakdown has no meaning.
    pub is_whole_population: bool,
    /// How it is computed.
    pub(crate) kernel: Kernel,
}

/// The statistics, in the order of documentation.
pub const STATISTICS: &[&Statistic] = &[
    &count::ENTRY,
    &share::ENTRY,
    &sum::ENTRY,
    &mean::ENTRY,
    &median::ENTRY,
    &arpt::ENTRY,
    &arpr::ENTRY,
    &qsr::ENTRY,
    &rmpg::ENTRY,
    &gini::ENTRY,
    &given::ENTRY,
];

/// The columns of a frame that have a meaning to statistics; every other column must be a dimension.
pub mod column {
    /// The number a statistic reads; missing where the sources do not cover the unit.
    pub const VALUE: &str = "value";
    /// Whether the unit has the property of a share; missing where the sources do not tell.
    pub const HAS_PROPERTY: &str = "has_property";
    /// The weight of the unit; without the column each counts one.
    pub const WEIGHT: &str = "weight";
    /// What was drawn or lives together: the household.
    pub const CLUSTER: &str = "cluster";
    /// The stratum.
    pub const STRATUM: &str = "stratum";
    /// For numbers taken from a source: the units they rest on.
    pub const N: &str = "n";
    /// For numbers taken from a source: their standard error.
    pub const STANDARD_ERROR: &str = "standard_error";
    /// All of them.
    pub const ALL: [&str; 7] = [
        VALUE,
        HAS_PROPERTY,
        WEIGHT,
        CLUSTER,
        STRATUM,
        N,
        STANDARD_ERROR,
    ];
}

/// How a statistic is computed.
#[derive(Debug)]
pub(crate) enum Kernel {
    /// From counts and exact sums that the engine gathers per group, and that add up to the margins.
    Sums(SumsKernel),
    /// From the unit rows.
    Units(UnitsKernel),
    /// Not computed: one row per cell, as the source gives it.
    Given,
}

#[derive(Debug)]
pub(crate) struct SumsKernel {
    /// The column read; a row where it is missing does not count. `None` counts every row.
    pub(crate) column: Option<&'static str>,
    /// The estimate.
    pub(crate) estimate: fn(&Sums) -> Option<f64>,
}

/// What a group of rows adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// All rows.
    pub(crate) rows: u64,
    /// Rows whose column is there.
    pub(crate) n: u64,
    /// Rows that have the property.
    pub(crate) n_with: u64,
    /// The sum of the values in cents.
    pub(crate) cents: i128,
}

/// Takes the whole population (for thresholds) and the rows of one cell.
type Measure<T> = fn(&Population, &Sample) -> Option<T>;

#[derive(Debug)]
pub(crate) struct UnitsKernel {
    /// Whether the estimate is the value of one unit, or a fixed part of it: a table gives it rounded as it is shown, so that nobody's exact amount is published.
    pub(crate) is_one_units_value: bool,
    pub(crate) estimate: Measure<f64>,
    /// Per row of the population; none where no standard error is given.
    pub(crate) scores: Option<Measure<Vec<f64>>>,
    /// For shares: the rows with the property.
    pub(crate) n_with: Option<fn(&Population, &Sample) -> Option<u64>>,
}

impl Statistic {
    /// The statistic of a name.
    pub fn find(name: &str) -> Option<&'static Statistic> {
        STATISTICS
            .iter()
            .copied()
            .find(|statistic| statistic.name == name)
    }

    /// The names, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        STATISTICS.iter().map(|statistic| statistic.name)
    }

    /// Name and version, as results carry it: `arpr/1`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// Whether its numbers are taken from a source and not computed.
    pub(crate) fn is_taken_over(&self) -> bool {
        matches!(self.kernel, Kernel::Given)
    }

    /// The columns a frame must have for it.
    pub fn columns(&self) -> Vec<&'static str> {
        match &self.kernel {
            Kernel::Sums(kernel) => kernel.column.into_iter().collect(),
            Kernel::Units(_) => vec![column::VALUE],
            Kernel::Given => vec![column::VALUE, column::N],
        }
    }
}

impl PartialEq for Statistic {
    fn eq(&self, other: &Statistic) -> bool {
        self.name == other.name
    }
}
