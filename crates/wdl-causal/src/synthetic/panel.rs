//! A complete panel: one value for each unit and period, or the reason why there is none.

use nalgebra::DMatrix;
use rustc_hash::FxHashMap;

/// A value for each unit in each period.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    // INVARIANT: rising, without repeats, one for each row of `values`, which are all finite.
    periods: Vec<i64>,
    values: DMatrix<f64>,
}

/// Why rows make no panel; rows, units and periods are those handed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPanel {
    /// The columns have different lengths.
    #[error("the columns of units, periods and values have different lengths")]
    Lengths,
    /// There is nothing.
    #[error("there are no rows")]
    Empty,
    /// Values that are no finite numbers.
    #[error("{} values are no finite numbers, the first in row {}", .0.len(), .0[0])]
    NotFinite(Vec<usize>),
    /// A unit has two values in a period.
    #[error("unit {unit} has more than one value in period {period}: rows {first} and {second}")]
    Duplicate {
        /// The unit.
        unit: usize,
        /// The period.
        period: i64,
        /// Its first row.
        first: usize,
        /// Its second row.
        second: usize,
    },
    /// Units without a value in a period that others have.
    #[error("{} pairs of unit and period have no value, the first unit {} in period {}", .0.len(), .0[0].0, .0[0].1)]
    Missing(Vec<(usize, i64)>),
}

impl Panel {
    /// The panel of rows in any order; units are counted from zero, and all of them need each period that occurs.
    ///
    /// # Errors
    /// [`NoPanel`] when a cell is missing, double or no number.
    pub fn from_rows(units: &[usize], periods: &[i64], values: &[f64]) -> Result<Panel, NoPanel> {
        if units.len() != periods.len() || units.len() != values.len() {
            return Err(NoPanel::Lengths);
        }
        let Some(last) = units.iter().max() else {
            return Err(NoPanel::Empty);
        };
        let broken: Vec<usize> = (0..values.len())
            .filter(|row| !values[*row].is_finite())
            .collect();
        if !broken.is_empty() {
            return Err(NoPanel::NotFinite(broken));
        }
        let mut known = periods.to_vec();
        known.sort_unstable();
        known.dedup();
        let place: FxHashMap<i64, usize> = known.iter().copied().zip(0..).collect();
        // A unit number far above the count of rows cannot have a row for each unit below it.
        let count = (last + 1).min(units.len() + 1);
        let mut row_of: Vec<Option<usize>> = vec![None; count * known.len()];
        for (row, (unit, period)) in units.iter().zip(periods).enumerate() {
            let Some(cell) = row_of.get_mut(unit * known.len() + place[period]) else {
                continue;
            };
            if let Some(first) = *cell {
                return Err(NoPanel::Duplicate {
                    unit: *unit,
                    period: *period,
                    first,
                    second: row,
                });
            }
            *cell = Some(row);
        }
        let missing: Vec<(usize, i64)> = (0..row_of.len())
            .filter(|cell| row_of[*cell].is_none())
            .map(|cell| (cell / known.len(), known[cell % known.len()]))
            .collect();
        if !missing.is_empty() {
            return Err(NoPanel::Missing(missing));
        }
        let cells = row_of.iter().flatten().map(|row| values[*row]);
        Ok(Panel {
            values: DMatrix::from_iterator(known.len(), count, cells),
            periods: known,
        })
    }

    /// The periods, rising.
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// A row for each period, a column for each unit.
    pub fn values(&self) -> &DMatrix<f64> {
        &self.values
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.values.ncols()
    }

    /// The positions of the periods before one.
    pub fn before(&self, period: i64) -> Vec<usize> {
        (0..self.periods.partition_point(|own| *own < period)).collect()
    }

    /// The positions of the periods from one on.
    pub fn since(&self, period: i64) -> Vec<usize> {
        (self.periods.partition_point(|own| *own < period)..self.periods.len()).collect()
    }

    /// The positions of the periods between two, both counted.
    pub fn between(&self, first: i64, last: i64) -> Vec<usize> {
        let start = self.periods.partition_point(|own| *own < first);
        let end = self.periods.partition_point(|own| *own <= last);
        (start..end.max(start)).collect()
    }
}
