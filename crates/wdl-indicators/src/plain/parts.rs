//! What inequality and deprivation are made of: groups, sources of income, dimensions.

use std::path::Path;

use serde::Serialize;
use wdl_plain::PlainTable;
use wdl_stats::measures::{OfGroups, OfSource, entropy_of_groups, gini_of_sources};
use wdl_stats::multidimensional::{Counting, count};
use wdl_stats::{Sample, Undefined, measures, scores};
use wdl_vocab::Text;

use super::rows::Rows;
use super::{Errors, MeasureOf, Options, PlainMeasureError, as_map, as_name, complete};

/// Generalised entropy inside the groups and between them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntropyParts {
    /// The period, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The power: 0 mean logarithmic deviation, 1 Theil, 2 half the squared coefficient of variation.
    pub power: f64,
    /// What there would be if all groups had one mean.
    pub within: Option<f64>,
    /// What there would be if everybody had the mean of the group.
    pub between: Option<f64>,
    /// The part of the whole that lies between the groups.
    pub share_between: Option<f64>,
    /// Rows left out because their income is not positive.
    pub left_out: usize,
    /// Why there is no number.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

/// What a source adds to the Gini coefficient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourcePart {
    /// The period, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The column; `rest` for what the sources named do not explain of the income.
    pub source: String,
    /// Its share of the total income.
    pub share: Option<f64>,
    /// Its own Gini coefficient; nothing when its total is not positive.
    pub gini: Option<f64>,
    /// Its part of the Gini coefficient; all parts add up to it.
    pub part: Option<f64>,
    /// That part as a share of the coefficient.
    pub share_of_gini: Option<f64>,
    /// Why there is no number.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

/// Several deprivations counted together.
#[derive(Clone, Debug, PartialEq)]
pub struct Deprivations {
    /// The columns: 1 where somebody is deprived, 0 where not.
    pub columns: Vec<String>,
    /// Their weights; all one when there are none.
    pub weights: Vec<f64>,
    /// The part of all dimensions from which somebody is poor.
    pub cut: f64,
}

impl Deprivations {
    /// Whether weights or cut have no meaning.
    pub(super) fn is_wrong(&self) -> bool {
        let is_weight = |weight: &f64| weight.is_finite() && *weight > 0.0;
        let is_one_each = self.weights.is_empty() || self.weights.len() == self.columns.len();
        let is_part = self.cut > 0.0 && self.cut <= 1.0;
        !(is_one_each && is_part && self.weights.iter().all(is_weight))
    }
}

/// The part of a dimension in the adjusted headcount.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DimensionPart {
    /// The period, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
    /// The column.
    pub dimension: String,
    /// Its part of the adjusted headcount; all parts add up to it.
    pub part: f64,
    /// That part as a share; nothing when nobody is poor.
    pub share: Option<f64>,
}

/// The powers a decomposition by groups is given for.
const POWERS: [f64; 3] = [0.0, 1.0, 2.0];
/// What the sources leave unexplained counts as nothing below this part of the income: rounding.
const NOTHING: f64 = 1e-9;

/// Decomposes the generalised entropy by the groups of `--by`.
pub(super) fn of_groups(rows: &Rows, period: Option<&String>) -> Vec<EntropyParts> {
    let whole = rows.population.sample();
    let positive = whole.above(0.0);
    let groups = rows.groups.samples(&positive);
    let of_power = |power: f64| {
        let parts = entropy_of_groups(&groups, power);
        let numbers = parts.ok();
        let share = |parts: OfGroups| {
            let all = parts.within + parts.between;
            (all > 0.0).then_some(parts.between / all)
        };
        EntropyParts {
            period: period.cloned(),
            power,
            within: numbers.map(|parts| parts.within),
            between: numbers.map(|parts| parts.between),
            share_between: numbers.and_then(share),
            left_out: whole.len() - positive.len(),
            why: parts.err(),
        }
    };
    POWERS.map(of_power).into()
}

/// Decomposes the Gini coefficient by sources of income; what they leave is a source of its own.
pub(super) fn of_sources(
    (file, table): (&Path, &PlainTable),
    rows: &Rows,
    period: Option<&String>,
    options: &Options,
) -> Result<Vec<SourcePart>, PlainMeasureError> {
    let at_places = |column: &String| {
        let numbers = table.numbers(column)?;
        complete(
            file,
            column,
            rows.places.iter().map(|place| numbers[*place]),
        )
    };
    let mut sources: Vec<Vec<f64>> = (options.sources.iter())
        .map(at_places)
        .collect::<Result<_, _>>()?;
    let mut names = options.sources.clone();
    let incomes = at_places(&options.income)?;
    let rest = |(row, income): (usize, &f64)| {
        let explained = wdl_stats::sum(sources.iter().map(|source| source[row]));
        let rest = income - explained;
        if rest.abs() <= NOTHING * income.abs() {
            0.0
        } else {
            rest
        }
    };
    let rest: Vec<f64> = incomes.iter().enumerate().map(rest).collect();
    if rest.iter().any(|amount| *amount != 0.0) {
        names.push("rest".to_owned());
        sources.push(rest);
    }
    let amounts: Vec<&[f64]> = sources.iter().map(Vec::as_slice).collect();
    let sample = rows.population.sample();
    let gini = measures::gini(sample);
    let parts = gini_of_sources(sample, &amounts);
    let part = |(at, source): (usize, String)| {
        let own: Option<OfSource> = parts.as_ref().ok().map(|parts| parts[at]);
        let share = |own: OfSource| {
            gini.ok()
                .filter(|gini| *gini > 0.0)
                .map(|gini| own.part / gini)
        };
        SourcePart {
            period: period.cloned(),
            source,
            share: own.map(|own| own.share),
            gini: own.and_then(|own| own.gini),
            part: own.map(|own| own.part),
            share_of_gini: own.and_then(share),
            why: parts.as_ref().err().copied(),
        }
    };
    Ok(names.into_iter().enumerate().map(part).collect())
}

/// Headcount, intensity and adjusted headcount of everybody and of each group, and the dimensions' parts.
pub(super) fn of_dimensions(
    (file, table): (&Path, &PlainTable),
    rows: &Rows,
    period: Option<&String>,
    options: &Options,
) -> Result<(Vec<MeasureOf>, Vec<DimensionPart>), PlainMeasureError> {
    let Some(asked) = &options.deprivations else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut answers: Vec<Vec<Option<bool>>> = Vec::new();
    for column in &asked.columns {
        let own = answers_of(file, table, column)?;
        answers.push(rows.places.iter().map(|place| own[*place]).collect());
    }
    // Whoever lacks an answer is left out: a missing item is not a thing one has.
    let is_whole = |row: usize| answers.iter().all(|own| own[row].is_some());
    let sample = rows.population.sample();
    let kept = sample.restrict(&is_whole);
    let weights = match asked.weights.is_empty() {
        true => vec![1.0; asked.columns.len()],
        false => asked.weights.clone(),
    };
    let counting = Counting {
        dimensions: &weights,
        cut: asked.cut,
    };
    let mut parts = vec![(Vec::new(), kept.clone())];
    let groups = rows
        .groups
        .samples(&kept)
        .into_iter()
        .zip(&rows.groups.names);
    parts.extend(groups.map(|(sample, name)| {
        (
            options
                .by
                .iter()
                .cloned()
                .zip(name.iter().cloned())
                .collect(),
            sample,
        )
    }));
    let (mut measured, mut dimensions) = (Vec::new(), Vec::new());
    for (group, part) in parts {
        let deprived: Vec<Vec<bool>> = (answers.iter())
            .map(|own| part.rows().map(|row| own[row] == Some(true)).collect())
            .collect();
        let own: Vec<&[bool]> = deprived.iter().map(Vec::as_slice).collect();
        let counted = count(&own, part.weights(), &counting);
        if let Ok(counted) = &counted {
            for (dimension, part) in asked.columns.iter().zip(&counted.of_dimension) {
                dimensions.push(DimensionPart {
                    period: period.cloned(),
                    group: group.clone(),
                    dimension: dimension.clone(),
                    part: *part,
                    share: (counted.adjusted > 0.0).then(|| part / counted.adjusted),
                });
            }
        }
        let scored = Scored {
            rows,
            part: &part,
            counted: counted_of(&own, &counting),
            has_errors: options.errors != Errors::None,
        };
        let of = |id: &str, value: Result<f64, Undefined>, score: &dyn Fn(f64) -> f64| {
            let mut answer = MeasureOf::empty(id, period.cloned(), group.clone());
            answer.n = part.len();
            answer.left_out = if group.is_empty() {
                sample.len() - kept.len()
            } else {
                0
            };
            (answer.value, answer.why) = (value.ok(), value.err());
            scored.put(&mut answer, score);
            answer
        };
        let number =
            |read: &dyn Fn(&wdl_stats::multidimensional::Counted) -> Option<f64>| match &counted {
                Ok(counted) => read(counted).ok_or(Undefined::NobodyBelow),
                Err(why) => Err(*why),
            };
        measured.push(of(
            "mpi_headcount",
            number(&|c| Some(c.headcount)),
            &|score| f64::from(score > 0.0),
        ));
        measured.push(of(
            "mpi_adjusted",
            number(&|c| Some(c.adjusted)),
            &|score| score,
        ));
        let intensity = number(&|c| c.intensity);
        let mean = intensity.unwrap_or(0.0);
        let headcount = number(&|c| Some(c.headcount)).unwrap_or(1.0);
        measured.push(of("mpi_intensity", intensity, &|score| {
            f64::from(score > 0.0) * (score - mean) / headcount
        }));
    }
    Ok((measured, dimensions))
}

/// The part of the dimensions each row lacks, zero for whoever is not poor, in the order of the rows.
fn counted_of(deprived: &[&[bool]], counting: &Counting<'_>) -> Vec<f64> {
    let rows = deprived.first().map_or(0, |own| own.len());
    let of_row = |row: usize| {
        let own: Vec<&[bool]> = deprived.iter().map(|own| &own[row..=row]).collect();
        count(&own, &[1.0], counting).map_or(0.0, |counted| counted.adjusted)
    };
    (0..rows).map(of_row).collect()
}

/// What the errors of counted deprivations rest on.
struct Scored<'a> {
    rows: &'a Rows,
    part: &'a Sample,
    counted: Vec<f64>,
    has_errors: bool,
}

impl Scored<'_> {
    /// The error of a mean over the part of a function of what each row lacks.
    fn put(&self, answer: &mut MeasureOf, of: &dyn Fn(f64) -> f64) {
        if !self.has_errors || answer.value.is_none() {
            return;
        }
        let weight = self.part.total_weight();
        let values: Vec<f64> = self.counted.iter().map(|own| of(*own)).collect();
        let pairs = values.iter().zip(self.part.weights());
        let mean = wdl_stats::sum(pairs.clone().map(|(own, weight)| own * weight)) / weight;
        let scores = scores::Scores {
            own: pairs
                .map(|(own, each)| each * (own - mean) / weight)
                .collect(),
            of_threshold: 0.0,
        };
        let population = &self.rows.population;
        let totals = population.totals(self.part, &scores);
        let error = totals.and_then(|totals| population.design().standard_error(&totals));
        answer.put_error(error);
    }
}

/// A column of ones and zeros.
fn answers_of(
    file: &Path,
    table: &PlainTable,
    column: &str,
) -> Result<Vec<Option<bool>>, PlainMeasureError> {
    let mut wrong = 0;
    let mut read = |text: Option<String>| match text.as_deref() {
        None => None,
        Some("0" | "false" | "FALSE") => Some(false),
        Some("1" | "true" | "TRUE") => Some(true),
        Some(_) => {
            wrong += 1;
            None
        }
    };
    let answers = table.text(column).into_iter().map(&mut read).collect();
    match wrong {
        0 => Ok(answers),
        count => Err(PlainMeasureError::Column {
            path: file.to_owned(),
            column: column.to_owned(),
            detail: Text::new(
                format!("{count} valori non sono né 0 né 1"),
                format!("{count} values are neither 0 nor 1"),
            ),
        }),
    }
}
