//! Known totals in a file, and the weights of another that are calibrated to them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_plain::PlainTable;
use wdl_stats::calibration::{
    Auxiliaries, Calibrated, CalibrationError, Distance, Residuals, calibrate, calibrate_from,
};
use wdl_stats::{Design, Draw};

use super::{PlainMeasureError, complete};

/// Calibration as it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The file of known totals: `column`, `category`, `total`.
    pub margins: PathBuf,
    /// How weights may move.
    pub distance: Distance,
    /// Whether the members of a household keep one weight.
    pub of_households: bool,
}

/// What calibration did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalibrationReport {
    /// The number of known totals.
    pub margins: usize,
    /// The steps it took to meet them.
    pub steps: u32,
    /// The smallest of what a weight was multiplied with.
    pub factor_min: f64,
    /// The largest.
    pub factor_max: f64,
}

/// A known total.
#[derive(Clone, Debug, PartialEq)]
struct Margin {
    /// The column; nothing for the number of all rows.
    column: Option<String>,
    /// The category whose rows are counted; nothing for the sum of a column of numbers.
    category: Option<String>,
    total: f64,
}

impl Margin {
    fn name(&self) -> String {
        match (&self.column, &self.category) {
            (None, _) => "*".to_owned(),
            (Some(column), None) => column.clone(),
            (Some(column), Some(category)) => format!("{column}={category}"),
        }
    }
}

/// The known totals of a file.
pub(super) struct Margins {
    path: PathBuf,
    margins: Vec<Margin>,
}

const COLUMN: &str = "column";
const CATEGORY: &str = "category";
const TOTAL: &str = "total";

impl Margins {
    pub(super) fn read(path: &Path) -> Result<Margins, PlainMeasureError> {
        let table = PlainTable::read(path, &[COLUMN, CATEGORY, TOTAL])?;
        let (columns, categories) = (table.text(COLUMN), table.text(CATEGORY));
        let totals = complete(path, TOTAL, table.numbers(TOTAL)?.to_vec())?;
        let mut margins = Margins {
            path: path.to_owned(),
            margins: Vec::new(),
        };
        for (row, total) in totals.into_iter().enumerate() {
            let margin = Margin {
                column: columns[row].clone(),
                category: categories[row].clone(),
                total,
            };
            let is_known = margins
                .margins
                .iter()
                .any(|known| known.name() == margin.name());
            if is_known || !total.is_finite() || total < 0.0 {
                let wrong = if is_known {
                    "stands twice"
                } else {
                    "is no total"
                };
                return Err(margins.fault(&format!(
                    "line {}: `{}` {wrong}",
                    table.line(row),
                    margin.name()
                )));
            }
            margins.margins.push(margin);
        }
        match margins.margins.is_empty() {
            true => Err(margins.fault("there is no total")),
            false => Ok(margins),
        }
    }

    /// The columns of the other file that the totals speak of.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.margins
            .iter()
            .filter_map(|margin| margin.column.as_deref())
    }

    fn fault(&self, detail: &str) -> PlainMeasureError {
        PlainMeasureError::Margins {
            path: self.path.clone(),
            detail: detail.to_owned(),
        }
    }

    fn totals(&self) -> Vec<f64> {
        self.margins.iter().map(|margin| margin.total).collect()
    }

    /// What each of the rows adds to each total.
    fn auxiliaries(
        &self,
        file: &Path,
        table: &PlainTable,
        places: &[usize],
    ) -> Result<Auxiliaries, PlainMeasureError> {
        let mut columns: Vec<&str> = self.columns().collect();
        columns.sort_unstable();
        columns.dedup();
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); places.len()];
        for (at, _) in self.of_column(None) {
            rows.iter_mut().for_each(|row| row.push((at, 1.0)));
        }
        for column in columns {
            let categories = self.of_column(Some(column));
            let sum = categories.iter().find(|(_, category)| category.is_none());
            if let Some((at, _)) = sum {
                let numbers = table.numbers(column)?;
                let numbers = places.iter().map(|place| numbers[*place]);
                for (row, number) in complete(file, column, numbers)?.into_iter().enumerate() {
                    rows[row].push((*at, number));
                }
            }
            let known: HashMap<&str, usize> = (categories.iter())
                .filter_map(|(at, category)| Some((category.as_deref()?, *at)))
                .collect();
            if known.is_empty() {
                continue;
            }
            let text = table.text(column);
            let mut outside = 0;
            for (row, place) in places.iter().enumerate() {
                match text[*place].as_deref().and_then(|name| known.get(name)) {
                    Some(at) => rows[row].push((*at, 1.0)),
                    None => outside += 1,
                }
            }
            if outside > 0 {
                let detail = format!("{outside} rows have a `{column}` without a total");
                return Err(self.fault(&detail));
            }
        }
        let mut auxiliaries = Auxiliaries::new(self.margins.len());
        rows.into_iter().for_each(|row| auxiliaries.push(row));
        Ok(auxiliaries)
    }

    fn of_column(&self, column: Option<&str>) -> Vec<(usize, Option<String>)> {
        let own = self.margins.iter().enumerate();
        own.filter(|(_, margin)| margin.column.as_deref() == column)
            .map(|(at, margin)| (at, margin.category.clone()))
            .collect()
    }

    fn not_met(&self, fault: CalibrationError) -> PlainMeasureError {
        let detail = match fault {
            CalibrationError::Empty { margin } => {
                format!("no row counts in `{}`", self.margins[margin].name())
            }
            CalibrationError::NotConverged { margin, gap, steps } => format!(
                "`{}` stays {:.3}% of its total away after {steps} steps{}",
                self.margins[margin].name(),
                100.0 * gap,
                self.contradiction()
            ),
            CalibrationError::Negative { rows } => {
                format!("{rows} rows would get a negative weight")
            }
        };
        PlainMeasureError::NotCalibrated {
            path: self.path.clone(),
            detail,
        }
    }

    /// Two columns whose categories add up to different totals, in words.
    fn contradiction(&self) -> String {
        let mut sums: Vec<(&str, f64)> = Vec::new();
        for margin in self
            .margins
            .iter()
            .filter(|margin| margin.category.is_some())
        {
            let Some(column) = margin.column.as_deref() else {
                continue;
            };
            match sums.iter_mut().find(|(known, _)| *known == column) {
                Some((_, sum)) => *sum += margin.total,
                None => sums.push((column, margin.total)),
            }
        }
        let Some((first, sum)) = sums.first() else {
            return String::new();
        };
        let other = sums
            .iter()
            .find(|(_, other)| (other - sum).abs() > 1e-9 * sum.abs());
        other.map_or(String::new(), |(name, other)| {
            format!("; the totals of `{first}` add up to {sum}, those of `{name}` to {other}")
        })
    }
}

/// Rows whose weights meet the totals.
pub(super) struct Weighted {
    pub(super) report: CalibrationReport,
    auxiliaries: Auxiliaries,
    base: Vec<f64>,
    totals: Vec<f64>,
    distance: Distance,
    found: Calibrated,
}

impl Weighted {
    /// Calibrates the weights of the rows at `places`; the units of `households` keep one weight.
    pub(super) fn of(
        (file, table, places): (&Path, &PlainTable, &[usize]),
        base: Vec<f64>,
        margins: &Margins,
        distance: Distance,
        households: Option<&Design>,
    ) -> Result<Weighted, PlainMeasureError> {
        let mut auxiliaries = margins.auxiliaries(file, table, places)?;
        if let Some(households) = households {
            let units: Vec<usize> = households.unit_of_row().collect();
            one_weight(&units, &base).map_err(|count| PlainMeasureError::Households {
                path: file.to_owned(),
                count,
            })?;
            auxiliaries = auxiliaries.means(&units, households.units());
        }
        let totals = margins.totals();
        let found = calibrate(&base, &auxiliaries, &totals, distance)
            .map_err(|fault| margins.not_met(fault))?;
        Ok(Weighted {
            report: CalibrationReport {
                margins: totals.len(),
                steps: found.steps,
                factor_min: found.factors.0,
                factor_max: found.factors.1,
            },
            auxiliaries,
            base,
            totals,
            distance,
            found,
        })
    }

    pub(super) fn weights(&self) -> &[f64] {
        &self.found.weights
    }

    pub(super) fn residuals(&self) -> Residuals {
        Residuals::new(
            self.auxiliaries.clone(),
            self.base.clone(),
            self.found.weights.clone(),
        )
    }

    /// The weights of a draw, calibrated as those of all rows were; nothing when the draw cannot meet the totals.
    pub(super) fn drawn(&self, draw: &Draw<'_>) -> Option<Vec<f64>> {
        let base = self.base.iter().enumerate();
        let base: Vec<f64> = base.map(|(row, own)| own * draw.times(row)).collect();
        let start = &self.found.multipliers;
        let found = calibrate_from(&base, &self.auxiliaries, &self.totals, self.distance, start);
        found.ok().map(|found| found.weights)
    }
}

/// How many households have members of different weights, when some do.
fn one_weight(units: &[usize], base: &[f64]) -> Result<(), usize> {
    let mut first: HashMap<usize, f64> = HashMap::new();
    let mut differing = std::collections::BTreeSet::new();
    for (unit, own) in units.iter().zip(base) {
        if first.entry(*unit).or_insert(*own) != own {
            differing.insert(*unit);
        }
    }
    match differing.len() {
        0 => Ok(()),
        count => Err(count),
    }
}
