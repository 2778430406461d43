//! Known totals in a file, and the weights of another that are calibrated to them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_plain::PlainTable;
use wdl_stats::calibration::{
    Auxiliaries, Calibrated, CalibrationError, Distance, Residuals, calibrate, calibrate_from,
};
use wdl_stats::{Design, Draw};
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Lang, Text};
use wdl_yaml::{Fault, Placed, Source};

use super::{PlainMeasureError, complete};

/// Calibration as it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The file of known totals: `column`, `category`, `total`, or the same in YAML.
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
    /// From a YAML file, or else from a CSV or Parquet file.
    pub(super) fn read(path: &Path) -> Result<Margins, PlainMeasureError> {
        let is_yaml = |end: &std::ffi::OsStr| {
            end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml")
        };
        let listed = match path.extension().is_some_and(is_yaml) {
            true => of_yaml(&Source::read::<MarginFault>(path)?)?,
            false => of_table(path)?,
        };
        let mut margins = Margins {
            path: path.to_owned(),
            margins: Vec::new(),
        };
        for (margin, line) in listed {
            let name = margin.name();
            let is_known = margins.margins.iter().any(|known| known.name() == name);
            if is_known {
                return Err(margins.fault(
                    format!("riga {line}: `{name}` sta due volte"),
                    format!("line {line}: `{name}` stands twice"),
                ));
            }
            if !margin.total.is_finite() || margin.total < 0.0 {
                return Err(margins.fault(
                    format!("riga {line}: `{name}` non è un totale"),
                    format!("line {line}: `{name}` is no total"),
                ));
            }
            margins.margins.push(margin);
        }
        match margins.margins.is_empty() {
            true => Err(margins.fault("non c'è nessun totale", "there is no total")),
            false => Ok(margins),
        }
    }

    /// The columns of the other file that the totals speak of.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.margins
            .iter()
            .filter_map(|margin| margin.column.as_deref())
    }

    fn fault(&self, it: impl Into<String>, en: impl Into<String>) -> PlainMeasureError {
        PlainMeasureError::Margins {
            path: self.path.clone(),
            detail: Text::new(it, en),
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
                return Err(self.fault(
                    format!("{outside} righe hanno un valore di `{column}` senza totale"),
                    format!("{outside} rows have a `{column}` without a total"),
                ));
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
                let name = self.margins[margin].name();
                Text::new(
                    format!("nessuna riga conta in `{name}`"),
                    format!("no row counts in `{name}`"),
                )
            }
            CalibrationError::Zero { margin } => {
                let name = self.margins[margin].name();
                Text::new(
                    format!(
                        "il totale di `{name}` è zero, ma vi contano delle righe: il loro peso sparirebbe"
                    ),
                    format!(
                        "the total of `{name}` is zero, but rows count in it: their weight would vanish"
                    ),
                )
            }
            CalibrationError::NotConverged { margin, gap, steps } => {
                let (name, gap) = (self.margins[margin].name(), 100.0 * gap);
                let why = self.contradiction();
                Text::new(
                    format!(
                        "`{name}` resta a {}% del suo totale dopo {steps} passi{}",
                        Lang::It.number(gap, 3),
                        why.it
                    ),
                    format!(
                        "`{name}` stays {gap:.3}% of its total away after {steps} steps{}",
                        why.en
                    ),
                )
            }
            CalibrationError::Negative { rows } => Text::new(
                format!("{rows} righe avrebbero un peso negativo"),
                format!("{rows} rows would get a negative weight"),
            ),
        };
        PlainMeasureError::NotCalibrated {
            path: self.path.clone(),
            detail,
        }
    }

    /// Two columns whose categories add up to different totals, in words.
    fn contradiction(&self) -> Text {
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
            return Text::fixed("", "");
        };
        let other = sums
            .iter()
            .find(|(_, other)| (other - sum).abs() > 1e-9 * sum.abs());
        other.map_or(Text::fixed("", ""), |(name, other)| {
            Text::new(
                format!("; i totali di `{first}` danno insieme {sum}, quelli di `{name}` {other}"),
                format!("; the totals of `{first}` add up to {sum}, those of `{name}` to {other}"),
            )
        })
    }
}

/// The totals of a table with the columns `column`, `category`, `total`, and their lines.
fn of_table(path: &Path) -> Result<Vec<(Margin, usize)>, PlainMeasureError> {
    let table = PlainTable::read(path, &[COLUMN, CATEGORY, TOTAL])?;
    let (columns, categories) = (table.text(COLUMN), table.text(CATEGORY));
    let totals = complete(path, TOTAL, table.numbers(TOTAL)?.to_vec())?;
    let names = columns.into_iter().zip(categories).zip(totals);
    let margin = |(row, ((column, category), total))| {
        let margin = Margin {
            column,
            category,
            total,
        };
        (margin, table.line(row))
    };
    Ok(names.enumerate().map(margin).collect())
}

/// What only the reader of a YAML file of totals can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarginFault {
    /// An entry with neither or both, or categories of no column.
    #[error("either `total`, or `column` and `categories`")]
    Kind,
}

impl Diagnose for MarginFault {
    fn diagnostic(&self) -> Diagnostic {
        let words = Text::fixed(
            "serve `total`, oppure `column` e `categories`",
            "either `total`, or `column` and `categories`",
        );
        Diagnostic::new(codes::PLAIN_MARGINS)
            .with("file", "margins")
            .with_words("detail", &words)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarginsFile {
    margins: Vec<Placed<MarginFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarginFile {
    column: Option<String>,
    total: Option<f64>,
    categories: Option<BTreeMap<String, f64>>,
}

/// The totals of a YAML file: a list of `column` with `categories` or a `total`, or a `total` of all rows.
fn of_yaml(source: &Source) -> Result<Vec<(Margin, usize)>, PlainMeasureError> {
    let file: MarginsFile = source.parse::<_, MarginFault>()?;
    let mut listed = Vec::new();
    for entry in file.margins {
        let line = usize::try_from(entry.referenced.line()).unwrap_or(usize::MAX);
        let kind: Fault<MarginFault> = source.fault_at(&entry, MarginFault::Kind);
        let mut put = |column: &Option<String>, category, total| {
            let margin = Margin {
                column: column.clone(),
                category,
                total,
            };
            listed.push((margin, line));
        };
        match entry.value {
            MarginFile {
                column,
                total: Some(total),
                categories: None,
            } => put(&column, None, total),
            MarginFile {
                column: column @ Some(_),
                total: None,
                categories: Some(categories),
            } => {
                for (category, total) in categories {
                    put(&column, Some(category), total);
                }
            }
            _ => return Err(kind.into()),
        }
    }
    Ok(listed)
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
