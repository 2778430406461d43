//! What stands behind the cells of a table: which units, as power sums, and how much of a sum the largest of them give.
//!
//! It is for disclosure control alone and never part of a table: who two populations do not share, and who dominates a cell of euros.
//! A frame that gives a column `unit` says who a row speaks of; without it every row is a unit of its own, and no set is told.
//! It must not know what is done with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wdl_result::{Dimension, OutputRule, Unit};
use wdl_stats::PowerSums;
use wdl_vocab::Period;

use crate::catalog::{Kernel, column};
use crate::definition::{Indicator, Query};
use crate::evaluate::EvaluateError;
use crate::frame::Run;

/// So many of the largest contributions to a cell are told.
const LARGEST: usize = 5;

/// How sets of units are told.
// INVARIANT: the key never leaves the lab; without it a number of a set says nothing of the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetsOf {
    /// The lab's secret: unit ids go in under it.
    pub key: [u64; 2],
    /// Sets are told apart exactly when they differ by fewer units than this.
    pub capacity: usize,
}

/// What stands behind one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Behind {
    /// The units, where the frame says who they are.
    pub units: Option<PowerSums>,
    /// For sums and means of euros: how many units give anything; without the column `unit` each row is one.
    pub contributors: u64,
    /// The largest contributions by size, the largest first, in euros.
    pub largest: Vec<f64>,
    /// The sum of the sizes of all contributions, in euros.
    pub total: f64,
}

/// What stands behind a cell, with the names of the cell.
#[derive(Clone, Debug, PartialEq)]
pub struct BehindCell {
    /// The period.
    pub period: Period,
    /// Dimension and category, sorted; none for the total.
    pub keys: Vec<(String, String)>,
    /// What stands behind it.
    pub behind: Behind,
}

/// Behind each cell of each breakdown, in the order of the cells; empty where nothing is told.
pub(crate) type BehindCells = Vec<Vec<Behind>>;

/// Whether the numbers are euros of which a few may give most.
pub(crate) fn is_magnitude(indicator: &Indicator) -> bool {
    indicator.unit == Unit::Euro && indicator.output_rule() == OutputRule::AllValues
}

/// The column that a row must have to count; none when every row does, and nothing when rows are no units.
pub(crate) fn counted(indicator: &Indicator) -> Option<Option<&'static str>> {
    match &indicator.statistic.statistic.kernel {
        Kernel::Sums(kernel) => Some(kernel.column),
        Kernel::Units(_) | Kernel::Spells(_) => Some(Some(column::VALUE)),
        Kernel::Given => None,
    }
}

/// What stands behind the cells of a period that was collected.
pub(crate) fn of_period(
    run: &Run<'_>,
    frame: &Query,
    sets: &SetsOf,
) -> Result<BehindCells, EvaluateError> {
    let is_magnitude = is_magnitude(run.indicator);
    let Some(counted) = counted(run.indicator) else {
        return Ok(BehindCells::new());
    };
    if !frame.gives(column::UNIT) && !is_magnitude {
        return Ok(BehindCells::new());
    }
    let rows = run.behind(frame, counted, is_magnitude, sets)?;
    let dimensions = run.indicator.dimensions();
    let breakdowns = run.indicator.breakdowns.iter();
    let cells = |breakdown: &Vec<Dimension>| {
        // Crossed cells are many; who comes and goes shows in what they are parts of.
        let has_units = rows.units.is_some() && breakdown.len() <= 1;
        if !has_units && !is_magnitude {
            return Vec::new();
        }
        let place = |own: &Dimension| dimensions.iter().position(|one| one.id == own.id);
        let axes: Vec<usize> = breakdown.iter().filter_map(place).collect();
        let sizes: Vec<usize> = breakdown
            .iter()
            .map(|one| one.categories.len() + 2)
            .collect();
        let mut cells = Gathered::new(sizes.iter().product(), has_units.then_some(sets.capacity));
        // By unit, so that one who stands in several rows of a cell is put into its set once.
        let mut order: Vec<usize> = (0..rows.count).collect();
        if let Some(units) = &rows.units {
            order.sort_by_key(|row| units[*row]);
        }
        for row in order {
            let value = rows.values.as_ref().map(|values| values[row]);
            cells.take(rows.units.as_ref().map(|units| units[row]), value);
            let codes = axes.iter().map(|axis| rows.keys.code(row, *axis));
            for at in cells_of(&sizes, &codes.collect::<Vec<_>>()) {
                cells.put(at);
            }
        }
        cells.behind()
    };
    Ok(breakdowns.map(cells).collect())
}

/// The cells of a breakdown that a row lies in: per dimension its category and the total, in the order of the cells.
fn cells_of(sizes: &[usize], codes: &[u16]) -> Vec<usize> {
    let own = sizes.iter().zip(codes);
    own.fold(vec![0], |cells, (size, code)| {
        let places = [0, usize::from(*code) + 1];
        cells
            .iter()
            .flat_map(|cell| places.map(|place| cell * size + place))
            .collect()
    })
}

/// The cells of one breakdown while rows come in.
struct Gathered {
    sets: Vec<PowerSums>,
    /// By cell: the unit that was put into its set last.
    last: Vec<Option<u64>>,
    /// By cell: what each unit gives, in cents, so that the order of rows changes nothing.
    given: Vec<BTreeMap<u64, i64>>,
    row: PowerSums,
    unit: Option<u64>,
    cents: Option<i64>,
    rows: u64,
}

impl Gathered {
    fn new(cells: usize, capacity: Option<usize>) -> Gathered {
        let nobody = PowerSums::new(capacity.unwrap_or(1));
        Gathered {
            sets: vec![nobody.clone(); if capacity.is_some() { cells } else { 0 }],
            last: vec![None; cells],
            given: vec![BTreeMap::new(); cells],
            row: nobody,
            unit: None,
            cents: None,
            rows: 0,
        }
    }

    /// The next row.
    fn take(&mut self, unit: Option<u64>, value: Option<f64>) {
        self.rows += 1;
        self.unit = unit;
        self.cents = value.map(|euros| (euros * 100.0).round() as i64);
        if let Some(unit) = unit.filter(|_| !self.sets.is_empty()) {
            self.row.clear();
            self.row.add(unit);
        }
    }

    /// The row lies in a cell.
    fn put(&mut self, cell: usize) {
        if let (Some(set), Some(unit)) = (self.sets.get_mut(cell), self.unit)
            && self.last[cell].replace(unit) != Some(unit)
        {
            set.join(&self.row);
        }
        if let Some(cents) = self.cents {
            let by = self.unit.unwrap_or(self.rows);
            *self.given[cell].entry(by).or_default() += cents;
        }
    }

    fn behind(self) -> Vec<Behind> {
        let mut sets = self.sets.into_iter();
        let given = self.given.into_iter();
        given
            .map(|given| {
                let contributors = given.len() as u64;
                let mut sizes: Vec<u64> = given.into_values().map(i64::unsigned_abs).collect();
                sizes.sort_unstable_by_key(|size| Reverse(*size));
                let euros = |cents: u64| cents as f64 / 100.0;
                let total = euros(sizes.iter().sum());
                sizes.truncate(LARGEST);
                Behind {
                    units: sets.next(),
                    contributors,
                    largest: sizes.into_iter().map(euros).collect(),
                    total,
                }
            })
            .collect()
    }
}

/// What is behind a cell, as the cache holds it.
#[derive(Serialize, Deserialize)]
pub(crate) struct BehindFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<String>,
    #[serde(default)]
    contributors: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    largest: Vec<f64>,
    #[serde(default)]
    total: f64,
}

impl From<&Behind> for BehindFile {
    fn from(behind: &Behind) -> BehindFile {
        BehindFile {
            units: behind.units.as_ref().map(PowerSums::to_string),
            contributors: behind.contributors,
            largest: behind.largest.clone(),
            total: behind.total,
        }
    }
}

impl BehindFile {
    /// `None` when the set is none.
    pub(crate) fn read(self) -> Option<Behind> {
        let units = self.units.map(|text| text.parse()).transpose().ok()?;
        Some(Behind {
            units,
            contributors: self.contributors,
            largest: self.largest,
            total: self.total,
        })
    }
}

/// A number for a unit's id that says nothing of it without the key, spread evenly (the finaliser of SplitMix64, twice under the key).
pub(crate) fn spread(key: [u64; 2], id: u64) -> u64 {
    mixed(mixed(id ^ key[0]).wrapping_add(key[1]) ^ key[0].rotate_left(32))
}

/// The same for an id in letters.
pub(crate) fn spread_text(key: [u64; 2], id: &str) -> u64 {
    let bytes = id.as_bytes().chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    bytes.fold(spread(key, id.len() as u64), |state, word| {
        spread(key, state ^ word)
    })
}

fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
