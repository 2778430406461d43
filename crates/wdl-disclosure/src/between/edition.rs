//! What goes in: releases as they were made, what the lab alone knows of them, and how indicators and breakdowns hang together.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wdl_protocol::{Counted, DisclosureRules, Rule};
use wdl_result::{Cell, Table};
use wdl_vocab::{IndicatorId, Period};

use crate::between::sets::UnitSet;
use crate::primary::Reason;
use crate::report::{Hidden, Quantity, Report};

/// A cell whatever table shows it: indicator, period, and the categories it is broken down by, sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellName {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The period.
    pub period: Period,
    /// Dimension and category; none for the total.
    pub keys: Vec<(String, String)>,
}

impl CellName {
    /// The name of a cell of a table.
    pub fn of(table: &Table, cell: &Cell) -> CellName {
        let broken_down = table.dimensions.iter().zip(&cell.keys);
        let mut keys: Vec<(String, String)> = broken_down
            .filter_map(|(dimension, key)| Some((dimension.id.clone(), key.clone()?)))
            .collect();
        keys.sort();
        CellName {
            indicator: table.header.indicator.clone(),
            period: cell.period,
            keys,
        }
    }
}

/// One release: its name and its tables, as they were or will be published.
#[derive(Clone, Debug)]
pub struct Edition<'a> {
    /// Its name, for people.
    pub name: String,
    /// Its tables.
    pub tables: Vec<&'a Table>,
    /// What the lab alone knows of them.
    pub facts: &'a Facts,
}

/// What the analysis and disclosure control pass along about the tables of a release; it stays in the lab.
///
/// Without any of it the check goes by the published numbers alone, and takes every hidden cell for a small one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "FactsFile", into = "FactsFile")]
pub struct Facts {
    minimum: BTreeMap<IndicatorId, u64>,
    required: BTreeMap<CellName, Vec<(Quantity, f64)>>,
    units: BTreeMap<CellName, UnitSet>,
}

impl Facts {
    /// What disclosure control reported of the tables.
    pub fn of_reports(reports: &[Report]) -> Facts {
        let mut facts = Facts::default();
        for report in reports {
            facts
                .minimum
                .insert(report.indicator.clone(), report.minimum_frequency);
            for hidden in &report.hidden {
                facts
                    .required
                    .insert(name_of(report, hidden), required(hidden));
            }
        }
        facts
    }

    /// The same, with the exact sets of units that some cells count.
    pub fn with_units(self, units: BTreeMap<CellName, UnitSet>) -> Facts {
        Facts { units, ..self }
    }

    /// The minimum frequency that was applied to an indicator, when disclosure control said.
    pub fn minimum(&self, indicator: &IndicatorId) -> Option<u64> {
        self.minimum.get(indicator).copied()
    }

    /// How wide the doubt about a hidden count must be; `None` when nobody said.
    pub(crate) fn required(&self, cell: &CellName, quantity: Quantity) -> Option<u64> {
        let all = self.required.get(cell)?;
        let wanted = all.iter().find(|(of, _)| *of == quantity);
        let units_of_a_share = || match quantity {
            // Either doubt of a share is a doubt about its units.
            Quantity::Units => all.iter().map(|(_, width)| *width).reduce(f64::max),
            _ => None,
        };
        let width = wanted.map(|(_, width)| *width).or_else(units_of_a_share)?;
        Some(width.max(0.0) as u64)
    }

    /// The doubt about every count of a cell must be so wide.
    pub(crate) fn widen(&mut self, cell: &CellName, width: u64) {
        let all = [Quantity::Units, Quantity::With].map(|quantity| (quantity, width as f64));
        self.required.insert(cell.clone(), all.to_vec());
    }

    pub(crate) fn units(&self, cell: &CellName) -> Option<&UnitSet> {
        self.units.get(cell)
    }

    pub(crate) fn sets(&self) -> impl Iterator<Item = (&CellName, &UnitSet)> {
        self.units.iter()
    }
}

/// Facts as their file holds them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    minimum: Vec<(IndicatorId, u64)>,
    required: Vec<(CellName, Vec<(Quantity, f64)>)>,
    /// Which of the sets each cell counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    units: Vec<(CellName, usize)>,
    /// Each set once: many indicators count the same people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sets: Vec<UnitSet>,
}

impl From<Facts> for FactsFile {
    fn from(facts: Facts) -> FactsFile {
        let sets: BTreeSet<&UnitSet> = facts.units.values().collect();
        let places: BTreeMap<&UnitSet, usize> = sets.iter().copied().zip(0..).collect();
        let units = facts.units.iter();
        FactsFile {
            units: units
                .map(|(cell, set)| (cell.clone(), places[set]))
                .collect(),
            sets: sets.into_iter().cloned().collect(),
            minimum: facts.minimum.into_iter().collect(),
            required: facts.required.into_iter().collect(),
        }
    }
}

/// A cell names a set that the file does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cell names a set of units that is not there")]
struct MissingSet;

impl TryFrom<FactsFile> for Facts {
    type Error = MissingSet;

    fn try_from(file: FactsFile) -> Result<Facts, MissingSet> {
        let units = file.units.into_iter().map(|(cell, at)| {
            let set = file.sets.get(at).ok_or(MissingSet)?;
            Ok((cell, set.clone()))
        });
        Ok(Facts {
            units: units.collect::<Result<_, MissingSet>>()?,
            minimum: file.minimum.into_iter().collect(),
            required: file.required.into_iter().collect(),
        })
    }
}

fn name_of(report: &Report, hidden: &Hidden) -> CellName {
    let mut keys = hidden.keys.clone();
    keys.sort();
    CellName {
        indicator: report.indicator.clone(),
        period: hidden.period,
        keys,
    }
}

fn required(hidden: &Hidden) -> Vec<(Quantity, f64)> {
    // The number alone is hidden: no doubt about the count is needed.
    if hidden.reason == Reason::TooFewBehind {
        return vec![(Quantity::Units, 0.0)];
    }
    let each = hidden.intervals.iter();
    each.map(|interval| (interval.quantity, interval.required))
        .collect()
}

/// Two breakdowns of which everybody knows how they lie in each other: quarters in districts, postcodes across districts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nesting {
    /// The first dimension.
    pub first: String,
    /// The second.
    pub second: String,
    /// The pairs of categories that have units in common; no other pair has.
    pub pairs: BTreeSet<(String, String)>,
}

/// How the indicators and the breakdowns of a lab hang together, and how small a cell may be.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    rules: DisclosureRules,
    nestings: Vec<Nesting>,
    is_one_space: bool,
}

impl Ground {
    /// Under the rules of a lab: indicators that it says count the same units are stacked together.
    pub fn new(rules: DisclosureRules) -> Ground {
        Ground {
            rules,
            ..Ground::default()
        }
    }

    /// The same, with breakdowns that lie in each other.
    pub fn with_nestings(self, nestings: Vec<Nesting>) -> Ground {
        Ground { nestings, ..self }
    }

    /// The same, all indicators counting the same units: for tables handed over together, outside a lab.
    pub fn as_one_space(self) -> Ground {
        Ground {
            is_one_space: true,
            ..self
        }
    }

    pub(crate) fn is_one_space(&self) -> bool {
        self.is_one_space
    }

    pub(crate) fn nestings(&self) -> &[Nesting] {
        &self.nestings
    }

    /// The indicators an indicator is stacked with, by a name of their own, and what it counts of their units.
    pub(crate) fn space(&self, indicator: &IndicatorId) -> (String, Counted) {
        let sets = self.rules.same_units().iter().enumerate();
        let found = sets
            .flat_map(|(at, set)| set.iter().map(move |one| (at, one)))
            .find(|(_, (id, _))| id == indicator);
        match found {
            Some((_, (_, counted))) if self.is_one_space => (String::new(), counted.clone()),
            Some((at, (_, counted))) => (format!("={at}"), counted.clone()),
            None if self.is_one_space => (String::new(), Counted::default()),
            None => (indicator.to_string(), Counted::default()),
        }
    }

    /// The rule of a table, without what its sources add.
    pub(crate) fn rule(&self, table: &Table) -> Rule {
        let mut variables: Vec<&str> = table.dimensions.iter().map(|one| one.id.as_str()).collect();
        variables.push(table.header.indicator.as_str());
        self.rules.for_table(&[], &variables)
    }
}
