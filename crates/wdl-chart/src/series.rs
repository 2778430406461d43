//! Series cut from a table, with the reason of every missing value.

use std::collections::BTreeMap;

use wdl_result::{Additivity, Cell, Header, Status, Table};
use wdl_vocab::{Lang, Period};

use crate::ChartError;
use crate::words::TEXTS;

/// One category id per dimension; `None` is the total.
pub type Keys = Vec<Option<String>>;

/// Why a value is missing, as the public may know it: which rule hid a cell would help to undo it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Hidden to protect people.
    Suppressed,
    /// Nobody in the cell, or the statistic is not defined there.
    NotComputable,
    /// The source did not arrive for this period.
    NotCollected,
    /// The table has no such cell.
    Absent,
}

/// How many values are missing, by reason.
pub type Gaps = BTreeMap<Gap, usize>;

/// One point of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Point {
    Value {
        estimate: f64,
        standard_error: Option<f64>,
    },
    Missing(Gap),
}

impl Point {
    pub(crate) fn of(cell: Option<&Cell>) -> Point {
        let Some(cell) = cell else {
            return Point::Missing(Gap::Absent);
        };
        match (gap_of(cell.status), cell.estimate) {
            (None, Some(estimate)) if estimate.is_finite() => Point::Value {
                estimate,
                standard_error: cell
                    .standard_error
                    .filter(|error| error.is_finite() && *error > 0.0),
            },
            (None, _) => Point::Missing(Gap::NotComputable),
            (Some(gap), _) => Point::Missing(gap),
        }
    }

    pub(crate) fn error(self) -> Option<f64> {
        match self {
            Point::Value { standard_error, .. } => standard_error,
            Point::Missing(_) => None,
        }
    }

    pub(crate) fn has_error(self) -> bool {
        self.error().is_some()
    }

    pub(crate) fn estimate(self) -> Option<f64> {
        match self {
            Point::Value { estimate, .. } => Some(estimate),
            Point::Missing(_) => None,
        }
    }
}

pub(crate) fn gap_of(status: Status) -> Option<Gap> {
    match status {
        Status::Value => None,
        Status::SuppressedPrimary | Status::SuppressedSecondary => Some(Gap::Suppressed),
        Status::NotComputableEmpty | Status::NotComputableUndefined => Some(Gap::NotComputable),
        Status::NotCollected => Some(Gap::NotCollected),
    }
}

/// The missing values of a whole table, by reason.
pub fn gaps_of(table: &Table) -> Gaps {
    let mut gaps = Gaps::new();
    for cell in &table.cells {
        if let Point::Missing(gap) = Point::of(Some(cell)) {
            *gaps.entry(gap).or_default() += 1;
        }
    }
    gaps
}

/// True for numbers and amounts, whose total is their sum: larger than every part, and a place with many people has many.
pub(crate) fn adds_up(header: &Header) -> bool {
    matches!(header.additivity, Additivity::Count | Additivity::Sum)
}

/// The missing ones of some points, by reason.
pub(crate) fn gaps_among(points: impl Iterator<Item = Point>) -> Gaps {
    let mut gaps = Gaps::new();
    for point in points {
        if let Point::Missing(gap) = point {
            *gaps.entry(gap).or_default() += 1;
        }
    }
    gaps
}

/// A table with its cells at hand.
pub(crate) struct View<'a> {
    pub(crate) table: &'a Table,
    cells: BTreeMap<(Period, Vec<Option<&'a str>>), &'a Cell>,
}

impl<'a> View<'a> {
    pub(crate) fn new(table: &'a Table) -> View<'a> {
        let place = |cell: &'a Cell| {
            let keys = cell.keys.iter().map(Option::as_deref).collect();
            ((cell.period, keys), cell)
        };
        View {
            table,
            cells: table.cells.iter().map(place).collect(),
        }
    }

    pub(crate) fn cell(&self, period: Period, keys: &[Option<String>]) -> Option<&'a Cell> {
        let keys: Vec<Option<&str>> = keys.iter().map(Option::as_deref).collect();
        self.cells.get(&(period, keys)).copied()
    }

    /// True when any period has a cell with these keys.
    pub(crate) fn has(&self, keys: &[Option<String>]) -> bool {
        let keys: Vec<Option<&str>> = keys.iter().map(Option::as_deref).collect();
        self.cells.keys().any(|(_, have)| *have == keys)
    }

    /// Every period from the first to the last, also those without a cell.
    pub(crate) fn periods(&self) -> Result<Vec<Period>, ChartError> {
        let table = self.table.breakdown();
        let have = self.table.periods();
        let (Some(first), Some(last)) = (have.first(), have.last()) else {
            return Err(ChartError::Empty { table });
        };
        let is_year = |period: &Period| matches!(period, Period::Year(_));
        if have
            .iter()
            .any(|period| is_year(period) != is_year(&have[0]))
        {
            return Err(ChartError::MixedPeriods { table });
        }
        let after = |period: &Period| Some(period.next()).filter(|next| next <= last);
        Ok(std::iter::successors(Some(*first), after).collect())
    }

    pub(crate) fn check(&self, keys: &Keys) -> Result<(), ChartError> {
        let dimensions = &self.table.dimensions;
        if keys.len() != dimensions.len() {
            return Err(ChartError::WrongKeys {
                table: self.table.breakdown(),
                expected: dimensions.len(),
                actual: keys.len(),
            });
        }
        for (dimension, key) in dimensions.iter().zip(keys) {
            let Some(key) = key else { continue };
            if !dimension
                .categories
                .iter()
                .any(|category| category.id == *key)
            {
                return Err(ChartError::UnknownCategory {
                    table: self.table.breakdown(),
                    category: key.clone(),
                });
            }
        }
        Ok(())
    }

    /// The name of a selection: its categories, or `Totale`.
    pub(crate) fn label(&self, keys: &Keys, lang: Lang) -> String {
        let named: Vec<&str> = self
            .table
            .dimensions
            .iter()
            .zip(keys)
            .filter_map(|(dimension, key)| {
                let key = key.as_ref()?;
                let is_it = |category: &&wdl_result::Category| category.id == *key;
                Some(dimension.categories.iter().find(is_it)?.label.get(lang))
            })
            .collect();
        if named.is_empty() {
            return TEXTS.get(lang, "total", &[]);
        }
        named.join(", ")
    }
}

/// The keys of a one-dimension table: the total when it is there, then the categories.
pub(crate) fn rows_of(view: &View<'_>) -> Vec<Keys> {
    let Some(dimension) = view.table.dimensions.first() else {
        return vec![Vec::new()];
    };
    let total: Keys = vec![None];
    let categories = dimension
        .categories
        .iter()
        .map(|category| vec![Some(category.id.clone())]);
    view.has(&total)
        .then_some(total)
        .into_iter()
        .chain(categories)
        .collect()
}
