//! The catalog of statistics, one file per entry: its name, version, words, the columns it reads, its kernel.
//!
//! An entry is added as a file, its `mod` line and its place in [`STATISTICS`]; definitions, plain-file measures and documentation are derived from the list.

mod arpr;
mod arpt;
mod atkinson;
mod count;
mod entropy;
mod fgt;
mod gini;
mod given;
mod incidence;
mod mean;
mod median;
mod palma;
mod pareto;
mod part_of_total;
mod qsr;
mod quantile;
mod rmpg;
mod sen;
mod share;
mod share_of_total;
mod sst;
mod sum;
mod top_share;
mod total;
mod watts;

use std::borrow::Cow;

use wdl_result::{Additivity, OutputRule};
use wdl_stats::scores::Scores;
use wdl_stats::{Measured, Sample, Spells, Undefined};
use wdl_vocab::Text;

use crate::population::{Population, Terms};

pub use crate::asked::{Asked, AskedError};

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
    /// What its numbers rest on, given the number after its name: when they may be shown.
    pub rule: fn(Option<f64>) -> OutputRule,
    /// Whether it describes the whole population only, so that a breakdown has no meaning.
    pub is_whole_population: bool,
    /// The number that may follow its name, `arpr:0.4`; none when none may.
    pub argument: Option<Argument>,
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
    &total::ENTRY,
    &quantile::ENTRY,
    &arpt::ENTRY,
    &arpr::ENTRY,
    &rmpg::ENTRY,
    &fgt::ENTRY,
    &watts::ENTRY,
    &sen::ENTRY,
    &sst::ENTRY,
    &gini::ENTRY,
    &qsr::ENTRY,
    &palma::ENTRY,
    &share_of_total::ENTRY,
    &top_share::ENTRY,
    &part_of_total::ENTRY,
    &atkinson::ENTRY,
    &entropy::ENTRY,
    &pareto::ENTRY,
    &incidence::ENTRY,
    &given::ENTRY,
];

/// What the number after a statistic's name says.
#[derive(Debug)]
pub struct Argument {
    /// The words for people.
    pub label: Text,
    /// Taken when the number is left out; without one the population's own conventions hold.
    pub usual: Option<f64>,
    /// From this number.
    pub from: f64,
    /// To this one.
    pub to: f64,
}

/// The columns of a frame that have a meaning to statistics; every other column must be a dimension.
pub mod column {
    /// The number a statistic reads; missing where the sources do not cover the unit.
    pub const VALUE: &str = "value";
    /// Whether the unit has the property of a share; missing where the sources do not tell.
    /// For an incidence, whether the spell ended in the way that is measured; missing while it lasts.
    pub const HAS_PROPERTY: &str = "has_property";
    /// For an incidence, how long the spell had lasted when its observation began; missing when it is observed from its beginning.
    pub const ENTRY: &str = "entry";
    /// The weight of the unit; without the column each counts one.
    pub const WEIGHT: &str = "weight";
    /// What was drawn or lives together: the household.
    pub const CLUSTER: &str = "cluster";
    /// Who the row speaks of, by the id of the base: for disclosure control, and never in a table.
    pub const UNIT: &str = "unit";
    /// The stratum.
    pub const STRATUM: &str = "stratum";
    /// A poverty threshold that is given: the same amount in every row.
    pub const THRESHOLD: &str = "threshold";
    /// The number whose median the poverty threshold is a part of, where it is not the value.
    pub const REFERENCE: &str = "reference";
    /// For numbers taken from a source: the units they rest on.
    pub const N: &str = "n";
    /// For numbers taken from a source: their standard error.
    pub const STANDARD_ERROR: &str = "standard_error";
    /// All of them.
    pub const ALL: [&str; 11] = [
        VALUE,
        HAS_PROPERTY,
        ENTRY,
        WEIGHT,
        CLUSTER,
        UNIT,
        STRATUM,
        THRESHOLD,
        REFERENCE,
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
    /// From spells: how long each lasted, and how it ended.
    Spells(SpellsKernel),
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

/// Takes what the population shares, the rows of one cell, and the number after the name.
type Measure<T> = fn(&Terms<'_>, &Sample, Option<f64>) -> Result<T, Undefined>;

#[derive(Debug)]
pub(crate) struct UnitsKernel {
    /// Whether the estimate gives away the value of one unit, being it, a fixed part of it, or a sum that ends at it: a table gives it rounded as it is shown, so that nobody's exact amount is published.
    pub(crate) is_rounded: bool,
    /// Whether it is defined on positive values only; others are left out and counted.
    pub(crate) needs_positive: bool,
    pub(crate) estimate: Measure<f64>,
    /// None where no standard error is given.
    pub(crate) scores: Option<Measure<Scores>>,
    /// For shares: the rows with the property. For numbers over those under a line: how many they are, which disclosure control asks and nobody publishes.
    pub(crate) n_with: Option<Measure<u64>>,
}

/// Each takes the durations, the spells by their original rows, and the horizon.
#[derive(Debug)]
pub(crate) struct SpellsKernel {
    pub(crate) estimate: fn(&Sample, &Spells, f64) -> Measured,
    pub(crate) scores: fn(&Sample, &Spells, f64) -> Result<Scores, Undefined>,
    /// The spells that are observed, and those that end by the horizon.
    pub(crate) observed: fn(&Sample, &Spells, f64) -> (u64, u64),
}

impl UnitsKernel {
    /// The rows of a part that it takes, and how many it leaves out.
    pub(crate) fn taken<'a>(&self, part: Cow<'a, Sample>) -> (Cow<'a, Sample>, usize) {
        if !self.needs_positive || part.values().first().is_none_or(|first| *first > 0.0) {
            return (part, 0);
        }
        let positive = part.above(0.0);
        let left_out = part.len() - positive.len();
        (Cow::Owned(positive), left_out)
    }

    /// The standard error of a part's measure, from the scores of its rows.
    pub(crate) fn standard_error(
        &self,
        population: &Population,
        part: &Sample,
        argument: Option<f64>,
    ) -> Measured {
        let scores = self.scored(population, part, argument)?;
        let totals = population.totals(part, &scores)?;
        population.design().standard_error(&totals)
    }

    /// The scores of a part's rows.
    pub(crate) fn scored(
        &self,
        population: &Population,
        part: &Sample,
        argument: Option<f64>,
    ) -> Result<Scores, Undefined> {
        let scores = self.scores.ok_or(Undefined::NoStandardError)?;
        scores(&population.terms(), part, argument)
    }
}

impl Statistic {
    /// The names, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        STATISTICS.iter().map(|statistic| statistic.name)
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
            Kernel::Spells(_) => vec![column::VALUE, column::HAS_PROPERTY],
            Kernel::Given => vec![column::VALUE, column::N],
        }
    }
}

impl PartialEq for Statistic {
    fn eq(&self, other: &Statistic) -> bool {
        self.name == other.name
    }
}
