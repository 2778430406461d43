//! Measures on a plain CSV or Parquet file, outside any lab: `wdl indicators FILE`.

pub mod areas;
mod difference;
mod estimates;
mod fault;
mod groups;
pub mod housing;
mod margins;
mod options;
mod panel;
mod parts;
mod replicate;
mod rows;
mod words;

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use wdl_plain::PlainTable;
use wdl_stats::Measured;

pub use difference::{Difference, Side};
use estimates::Estimates;
pub use fault::PlainMeasureError;
use margins::Margins;
pub use margins::{Calibration, CalibrationReport, MarginFault};
pub use options::Options;
use panel::Followed;
pub use panel::{ExitOf, MobilityOf, Panel};
pub use parts::{Deprivations, DimensionPart, EntropyParts, SourcePart};
pub use replicate::{Centre, ReplicateKind, ReplicateRule};
use rows::Rows;
pub use wdl_stats::calibration::{Bounds, Distance};
pub use wdl_stats::{Resampling, Undefined};
pub use words::{
    Errors, Measure, RESAMPLING, UnknownWord, bandwidth, centre, distance, quantile_rule,
    replicate_kind,
};

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// The rows of the file.
    pub rows: usize,
    /// Rows left out because they have no income.
    #[serde(skip_serializing_if = "is_zero")]
    pub rows_without_income: usize,
    /// What calibration did to the weights, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationReport>,
    /// By period, the earliest first: everybody, then the groups in the order of their names.
    pub measures: Vec<MeasureOf>,
    /// What was compared: groups in the order asked for, then each period with the one before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// What following persons over the periods shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panel: Option<Panel>,
    /// Inequality inside the groups and between them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entropy_of_groups: Vec<EntropyParts>,
    /// What each source of income adds to the Gini coefficient.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gini_of_sources: Vec<SourcePart>,
    /// What each dimension adds to the adjusted headcount of deprivations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<DimensionPart>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureOf {
    /// The measure: `arpr`, `arpr:0.4`.
    pub id: String,
    /// The period, when the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Column and value of the group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
    /// The estimate; nothing where it is not defined.
    pub value: Option<f64>,
    /// The standard error.
    pub se: Option<f64>,
    /// The rows it rests on.
    pub n: usize,
    /// Rows left out because the measure is defined on positive values only.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// The coefficient of variation: the error over the size of the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<f64>,
    /// What the coefficient of variation allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The design effect: the variance over what it would be if as many rows had been drawn one by one from everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deff: Option<f64>,
    /// What unequal weights alone cost (Kish): the rows over how many they are worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deff_weights: Option<f64>,
    /// Draws of the bootstrap in which the measure is not defined, or the known totals cannot be met.
    #[serde(skip_serializing_if = "is_zero")]
    pub replicates_left_out: usize,
    /// Why there is no value or no error: `nobody_below`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

/// How far an estimate may be used, by its coefficient of variation.
///
/// The limits are those Statistics Canada publishes for household surveys: 16.5 % and 33.3 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Without reserve.
    Good,
    /// With care.
    UseWithCare,
    /// Too uncertain to be used.
    Unreliable,
}

/// The coefficient of variation up to which an estimate is good.
const GOOD: f64 = 0.165;
/// That up to which it may be used with care.
const USABLE: f64 = 0.333;

impl Quality {
    fn of(cv: f64) -> Quality {
        match cv {
            _ if cv <= GOOD => Quality::Good,
            _ if cv <= USABLE => Quality::UseWithCare,
            _ => Quality::Unreliable,
        }
    }
}

impl MeasureOf {
    /// A measure without number.
    fn empty(
        id: impl Into<String>,
        period: Option<String>,
        group: Vec<(String, Option<String>)>,
    ) -> MeasureOf {
        MeasureOf {
            id: id.into(),
            period,
            group,
            value: None,
            se: None,
            n: 0,
            left_out: 0,
            cv: None,
            quality: None,
            deff: None,
            deff_weights: None,
            replicates_left_out: 0,
            why: None,
        }
    }

    fn put_error(&mut self, error: Measured) {
        let Some(value) = self.value else { return };
        let error = error.and_then(in_range);
        match error {
            Ok(error) => {
                self.se = Some(error);
                self.cv = (value != 0.0).then(|| error / value.abs());
                self.quality = self.cv.map(Quality::of);
            }
            Err(why) => self.why = Some(why),
        }
    }

    /// Puts the design effect: the variance over that of rows drawn at random.
    fn put_effect(&mut self, error: f64, at_random: Measured) {
        let at_random = at_random.ok().filter(|variance| *variance > 0.0);
        self.deff = at_random.map(|variance| error * error / variance);
    }
}

/// A number, or that there is none: neither infinity nor what is no number is one.
fn in_range(number: f64) -> Measured {
    match number.is_finite() {
        true => Ok(number),
        false => Err(Undefined::OutOfRange),
    }
}

fn as_name<S: Serializer>(why: &Option<Undefined>, serializer: S) -> Result<S::Ok, S::Error> {
    match why {
        Some(why) => serializer.serialize_str(why.name()),
        None => serializer.serialize_none(),
    }
}

fn as_map<S: Serializer>(
    group: &[(String, Option<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(group.iter().map(|(name, value)| (name, value)))
}

/// Measures a file.
///
/// The poverty threshold is that of all rows of a period, also inside groups; rows without income are left out and counted.
///
/// # Errors
/// [`PlainMeasureError`] when the file lacks a column, a weight, household or stratum is missing or impossible, options do not go together, or known totals cannot be met.
pub fn evaluate(file: &Path, options: &Options) -> Result<Measures, PlainMeasureError> {
    options.check()?;
    let calibration = options.calibration.as_ref();
    let margins = calibration
        .map(|asked| Margins::read(&asked.margins))
        .transpose()?;
    let replicates = match options.replicate_rule {
        Some(_) => replicate::columns(file, &options.replicate_weights)?,
        None => Vec::new(),
    };
    let mut columns = options.columns();
    columns.extend(margins.iter().flat_map(Margins::columns));
    columns.extend(replicates.iter().map(String::as_str));
    columns.sort_unstable();
    columns.dedup();
    let files: Vec<&Path> = options
        .before
        .iter()
        .map(PathBuf::as_path)
        .chain([file])
        .collect();
    let order = options.order();
    let read = |file: &&Path| {
        let table = PlainTable::read(file, &columns)?;
        Ok(match &order {
            Some(order) => table.in_order_of(order),
            None => table,
        })
    };
    let tables: Vec<PlainTable> =
        (files.iter().map(read)).collect::<Result<_, PlainMeasureError>>()?;
    let names = |column: Option<&str>| column.map(|column| rows::numbered(&tables, column));
    // Without errors nobody asks who was drawn with whom.
    let drawn = options.unit_column().filter(|_| options.is_drawn());
    let (units, strata) = (names(drawn), names(options.strata.as_deref()));
    let asked = rows::Asked {
        options,
        margins: margins.as_ref(),
        replicates: &replicates,
    };
    let mut periods: Vec<(Option<String>, Rows)> = Vec::new();
    let mut place_of = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let source = rows::Source {
            file: files[at],
            table,
            units: units.as_ref().map(|names| names[at].as_slice()),
            strata: strata.as_ref().map(|names| names[at].as_slice()),
        };
        for (name, places) in options.periods(files[at], table, at)? {
            periods.push((name, Rows::of(&source, places, &asked)?));
            place_of.push(at);
        }
    }
    let mut answer = estimated(&periods, options)?;
    let kept: usize = periods.iter().map(|(_, rows)| rows.places.len()).sum();
    answer.rows = tables.iter().map(PlainTable::rows).sum();
    answer.rows_without_income = answer.rows - kept;
    for ((name, rows), at) in periods.iter().zip(place_of) {
        let read = (files[at], &tables[at]);
        answer.put_parts(read, (name.as_ref(), rows), options)?;
    }
    if let Some((wave, person)) = options.wave.as_ref().zip(options.person.as_ref()) {
        let names = rows::numbered(&tables, person);
        let followed = Followed::of((file, wave, person), &names[0], &periods)?;
        answer.measures.extend(followed.measures(options));
        answer.panel = Some(followed.panel());
    }
    Ok(answer)
}

/// The measures of each period and what is compared.
fn estimated(
    periods: &[(Option<String>, Rows)],
    options: &Options,
) -> Result<Measures, PlainMeasureError> {
    let estimates: Vec<Estimates<'_>> = (periods.iter())
        .map(|(name, rows)| Estimates::of(rows, options, name.clone()))
        .collect();
    let answers: Vec<Vec<MeasureOf>> = estimates.iter().map(Estimates::answers).collect();
    let mut differences = Vec::new();
    for (own, answers) in estimates.iter().zip(&answers) {
        let pairs = options.pairs(&own.group_names())?;
        differences.extend(own.between_groups(&pairs, answers));
    }
    for at in 1..estimates.len() {
        let both = (answers[at].as_slice(), answers[at - 1].as_slice());
        differences.extend(estimates[at].since(&estimates[at - 1], both));
    }
    let weighted = periods.iter().find_map(|(_, rows)| rows.weighted.as_ref());
    Ok(Measures {
        calibration: weighted.map(|weighted| weighted.report.clone()),
        measures: answers.into_iter().flatten().collect(),
        differences,
        ..Measures::default()
    })
}

impl Measures {
    /// Adds what the inequality and the deprivations of a period are made of, as far as it is asked for.
    fn put_parts(
        &mut self,
        read: (&Path, &PlainTable),
        (period, rows): (Option<&String>, &Rows),
        options: &Options,
    ) -> Result<(), PlainMeasureError> {
        if options.decompose {
            self.entropy_of_groups
                .extend(parts::of_groups(rows, period));
        }
        if !options.sources.is_empty() {
            let own = parts::of_sources(read, rows, period, options)?;
            self.gini_of_sources.extend(own);
        }
        let (measures, dimensions) = parts::of_dimensions(read, rows, period, options)?;
        self.measures.extend(measures);
        self.dimensions.extend(dimensions);
        Ok(())
    }
}

fn complete<T>(
    file: &Path,
    column: &str,
    values: impl IntoIterator<Item = Option<T>>,
) -> Result<Vec<T>, PlainMeasureError> {
    let values = values.into_iter();
    let (mut told, mut missing) = (Vec::with_capacity(values.size_hint().0), 0);
    for value in values {
        match value {
            Some(value) => told.push(value),
            None => missing += 1,
        }
    }
    match missing {
        0 => Ok(told),
        count => Err(PlainMeasureError::Missing {
            path: file.to_owned(),
            column: column.to_owned(),
            count,
        }),
    }
}
