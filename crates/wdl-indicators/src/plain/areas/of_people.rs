//! The model of people on two files: a sample with incomes, and a register as population.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;
use wdl_plain::PlainTable;
use wdl_stats::areas::{
    self, Asked, Covariates, NoEstimate, Population, Poverty, Transformation, Transformed, Units,
};
use wdl_stats::{Measured, QuantileRule, Resampling, Sample, measures, quantile};

use super::covariates::{CovariateColumns, Terms, finite, from_zero};
use crate::population::Line;

use super::{Coefficient, Flag, SmallAreaError, Uncertainty, Warning, coefficients, collinear};

/// What is asked of a sample and a register.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLevel {
    /// The file with one row for each person of the population.
    pub population: PathBuf,
    /// The column of the areas' names, in both files.
    pub area: String,
    /// The column of incomes in the sample.
    pub income: String,
    /// The column of weights in the sample.
    pub weight: Option<String>,
    /// The covariates, in both files.
    pub covariates: CovariateColumns,
    /// The poverty threshold.
    pub line: LineOfSample,
    /// The scale of the incomes.
    pub transformation: Transformation,
    /// The bootstrap of the mean squared errors; none with zero replicates.
    pub resampling: Resampling,
}

impl LineOfSample {
    /// The option that is no line.
    fn wrong_option(self) -> Option<&'static str> {
        let line = match self {
            LineOfSample::Fixed(amount) => Line::Fixed(amount),
            LineOfSample::OfMedian(part) => Line::OfMedian(part),
        };
        line.wrong_option()
    }
}

/// Where the poverty threshold comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LineOfSample {
    /// An amount.
    Fixed(f64),
    /// A part of the sample's weighted median.
    OfMedian(f64),
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeopleAnswer {
    /// The poverty threshold.
    pub threshold: f64,
    /// The rows of the sample that were used.
    pub sample_rows: usize,
    /// Rows of the sample left out of the model: without income, area or a covariate, of weight zero, or of an area that the register does not have; those with an income count in the median that the threshold is a part of.
    pub sample_rows_left_out: usize,
    /// The rows of the register that were used.
    pub population_rows: usize,
    /// Rows of the register left out, without area or a covariate.
    pub population_rows_left_out: usize,
    /// The scale of the incomes: `log`, `log(income + shift)`, `box-cox`.
    pub scale: &'static str,
    /// What the likelihood chose of it: the shift or the power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_parameter: Option<f64>,
    /// The variance between areas, on the scale.
    pub variance_between: f64,
    /// The variance within areas, on the scale.
    pub variance_within: f64,
    /// The coefficients, on the scale.
    pub coefficients: Vec<Coefficient>,
    /// What its reader must know.
    pub warnings: Vec<Warning>,
    /// In the order of their names.
    pub areas: Vec<PeopleRow>,
}

/// One area.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeopleRow {
    /// Its name.
    pub area: String,
    /// Its people in the sample with an income, also those whom the model cannot use.
    pub n: usize,
    /// Its people in the register that were estimated.
    pub people: u64,
    /// Its people in the register that were left out, because the sample says nothing about people like them.
    #[serde(skip_serializing_if = "is_zero")]
    pub people_left_out: u64,
    /// The share of the sample's people below the threshold, weighted.
    pub direct_rate: Option<f64>,
    /// The share of people below the threshold.
    pub rate: Option<Predicted>,
    /// Their mean gap, in parts of the threshold, nobody's gap being zero.
    pub gap: Option<Predicted>,
    /// The mean squared gap.
    pub severity: Option<Predicted>,
    /// The mean income.
    pub mean: Option<Predicted>,
    /// How much of the area's effect its own people tell, from zero to one.
    pub weight_of_own: Option<f64>,
    /// What is special about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Why there is no estimate: `not_in_population`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// An estimate with its error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Predicted {
    /// The estimate.
    pub estimate: f64,
    /// Its error.
    #[serde(flatten)]
    pub uncertainty: Uncertainty,
}

/// Estimates the poverty of areas from a sample and a register.
///
/// # Errors
/// [`SmallAreaError`] when a file cannot be read or has impossible values, or the model cannot be fitted.
pub fn of_people(file: &Path, asked: &UnitLevel) -> Result<PeopleAnswer, SmallAreaError> {
    if let Some(option) = asked.line.wrong_option() {
        return Err(SmallAreaError::Line { option });
    }
    // In the order of what they hold, so that the draws of the bootstrap are those of the same people in any order of the file.
    let read = |path: &Path, is_sample| {
        let table = PlainTable::read(path, &columns(asked, is_sample))?;
        Ok::<_, SmallAreaError>(table.in_order_of(&[asked.area.as_str()]))
    };
    let (sample, register) = (read(file, true)?, read(&asked.population, false)?);
    let incomes = finite(file, &asked.income, &sample)?;
    let weights = weights(file, &sample, incomes, asked)?;
    let earning: Vec<usize> = (0..sample.rows())
        .filter(|row| incomes[*row].is_some() && weights[*row] > 0.0)
        .collect();
    let terms = Terms::of(&[&sample, &register], &earning, &asked.covariates)?;
    let names = terms.names();
    let known = People::of(
        register.text(&asked.area),
        terms.rows(&asked.population, &register)?,
    );
    let own = People::of(sample.text(&asked.area), terms.rows(file, &sample)?);
    let all = Areas::of(&known, &own);
    let is_used = |row: &&usize| own.is_complete(**row) && all.is_in_register(&own, **row);
    let used: Vec<usize> = earning.iter().filter(is_used).copied().collect();
    if used.is_empty() {
        return Err(SmallAreaError::Apart {
            sample: file.to_owned(),
            population: asked.population.clone(),
        });
    }
    let pick = |rows: &[usize]| {
        let income = |row: &usize| incomes[*row].expect("only rows with an income are used");
        Picked {
            of: all.numbers(&own, rows),
            incomes: rows.iter().map(income).collect(),
            weights: rows.iter().map(|row| weights[*row]).collect(),
        }
    };
    let picked = pick(&used);
    // The median and the direct rates are of everybody with an income, whatever the model can use of them.
    let placed = |row: &usize| own.areas[*row].is_some();
    let told = pick(
        &earning
            .iter()
            .copied()
            .filter(placed)
            .collect::<Vec<usize>>(),
    );
    let fail = |source| SmallAreaError::Model {
        path: file.to_owned(),
        source,
    };
    let whole = pick_all(&earning, incomes, &weights);
    let threshold = match asked.line {
        LineOfSample::Fixed(amount) => amount,
        LineOfSample::OfMedian(part) => {
            let median = quantile(&whole, 0.5, QuantileRule::Eurostat);
            part * median.map_err(|_| fail(areas::AreaError::ThresholdNotPositive))?
        }
    };
    let asked_of_model = Asked {
        threshold,
        transformation: asked.transformation,
        resampling: asked.resampling,
    };
    let units = Units::new(
        &picked.of,
        &own.covariates(names.len(), &used),
        &picked.incomes,
        &picked.weights,
    );
    let registered: Vec<usize> = (0..register.rows())
        .filter(|row| known.is_complete(*row))
        .collect();
    let population = Population::new(
        all.0.len(),
        &all.numbers(&known, &registered),
        &known.covariates(names.len(), &registered),
    );
    let got = areas::poverty(&units, &population, &asked_of_model).map_err(fail)?;
    let in_model: BTreeSet<usize> = picked.of.iter().map(|area| *area as usize).collect();
    let row = |(number, (name, _)): (usize, (&String, &bool))| {
        let is_used = in_model.contains(&number);
        told.row((name, number), is_used, &got, threshold)
    };
    Ok(PeopleAnswer {
        threshold,
        sample_rows: used.len(),
        sample_rows_left_out: sample.rows() - used.len(),
        population_rows: registered.len(),
        population_rows_left_out: register.rows() - registered.len(),
        areas: all.0.iter().enumerate().map(row).collect(),
        ..answer(&got, &names)
    })
}

/// The incomes of some rows with their weights.
fn pick_all(rows: &[usize], incomes: &[Option<f64>], weights: &[f64]) -> Sample {
    let (incomes, weights): (Vec<f64>, Vec<f64>) = rows
        .iter()
        .filter_map(|row| Some((incomes[*row]?, weights[*row])))
        .unzip();
    Sample::new(&incomes, &weights).expect("incomes are finite and weights positive")
}

fn columns(asked: &UnitLevel, is_sample: bool) -> Vec<&str> {
    let mut columns = vec![&*asked.area];
    columns.extend(asked.covariates.names());
    if is_sample {
        columns.push(&asked.income);
        columns.extend(asked.weight.as_deref());
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// One weight per row; a row with an income must have one.
fn weights(
    file: &Path,
    sample: &PlainTable,
    incomes: &[Option<f64>],
    asked: &UnitLevel,
) -> Result<Vec<f64>, SmallAreaError> {
    let Some(column) = &asked.weight else {
        return Ok(vec![1.0; sample.rows()]);
    };
    let weights = from_zero(file, column, sample)?;
    let is_missing = |row: &usize| incomes[*row].is_some() && weights[*row].is_none();
    match (0..sample.rows()).find(is_missing) {
        None => Ok(weights.iter().map(|weight| weight.unwrap_or(0.0)).collect()),
        Some(row) => Err(SmallAreaError::Value {
            path: file.to_owned(),
            column: column.clone(),
            line: sample.line(row),
        }),
    }
}

/// The area and the covariates of each row of a file.
struct People {
    areas: Vec<Option<String>>,
    covariates: Vec<Option<Vec<f64>>>,
}

impl People {
    fn of(areas: Vec<Option<String>>, covariates: Vec<Option<Vec<f64>>>) -> People {
        People { areas, covariates }
    }

    fn is_complete(&self, row: usize) -> bool {
        self.areas[row].is_some() && self.covariates[row].is_some()
    }

    fn covariates(&self, columns: usize, rows: &[usize]) -> Covariates {
        let values = rows
            .iter()
            .filter_map(|row| self.covariates[*row].as_ref())
            .flatten();
        Covariates::new(columns, values.copied().collect())
    }
}

/// The areas of both files in the order of their names, and whether the register has people in them.
struct Areas(BTreeMap<String, bool>);

impl Areas {
    fn of(register: &People, sample: &People) -> Areas {
        let mut areas: BTreeMap<String, bool> = BTreeMap::new();
        for name in sample.areas.iter().flatten() {
            if !areas.contains_key(name) {
                areas.insert(name.clone(), false);
            }
        }
        let complete = register.areas.iter().zip(&register.covariates);
        for (name, covariates) in complete {
            let Some(name) = name else { continue };
            match areas.get_mut(name) {
                Some(is_registered) => *is_registered |= covariates.is_some(),
                None => {
                    areas.insert(name.clone(), covariates.is_some());
                }
            }
        }
        Areas(areas)
    }

    fn is_in_register(&self, people: &People, row: usize) -> bool {
        let name = people.areas[row].as_ref();
        name.is_some_and(|name| self.0.get(name).copied().unwrap_or(false))
    }

    fn numbers(&self, people: &People, rows: &[usize]) -> Vec<u32> {
        let numbers: BTreeMap<&str, u32> = self.0.keys().map(String::as_str).zip(0..).collect();
        let name = |row: &usize| people.areas[*row].as_deref();
        rows.iter()
            .filter_map(name)
            .map(|name| numbers[name])
            .collect()
    }
}

/// The model, without areas.
fn answer(got: &Poverty, names: &[String]) -> PeopleAnswer {
    let model = &got.model;
    let coefficients = coefficients(names, &model.coefficients, &model.coefficient_errors);
    let (scale, scale_parameter) = match model.scale {
        Transformed::Plain => ("none", None),
        Transformed::Log { shift: 0.0 } => ("log", None),
        Transformed::Log { shift } => ("log-shift", Some(shift)),
        Transformed::Power { power } => ("box-cox", Some(power)),
    };
    let lost = got.replicates_lost;
    let warnings = [
        (model.between == 0.0).then_some(Warning::AreaVarianceZero),
        collinear(&coefficients),
        model.is_at_end.then_some(Warning::ScaleAtEnd),
        (lost > 0).then_some(Warning::ReplicatesLost { count: lost }),
    ];
    PeopleAnswer {
        threshold: 0.0,
        sample_rows: 0,
        sample_rows_left_out: 0,
        population_rows: 0,
        population_rows_left_out: 0,
        scale,
        scale_parameter,
        variance_between: model.between,
        variance_within: model.within,
        warnings: warnings.into_iter().flatten().collect(),
        coefficients,
        areas: Vec::new(),
    }
}

/// The people of the sample that are used.
struct Picked {
    of: Vec<u32>,
    incomes: Vec<f64>,
    weights: Vec<f64>,
}

impl Picked {
    fn sample(&self, is_in: impl Fn(u32) -> bool) -> Sample {
        let rows = (0..self.of.len()).filter(|row| is_in(self.of[*row]));
        let (incomes, weights): (Vec<f64>, Vec<f64>) = rows
            .map(|row| (self.incomes[row], self.weights[row]))
            .unzip();
        Sample::new(&incomes, &weights).expect("incomes are finite and weights positive")
    }

    /// An area by name and number; `is_used` says whether the model has people of it.
    fn row(
        &self,
        (name, number): (&str, usize),
        is_used: bool,
        got: &Poverty,
        threshold: f64,
    ) -> PeopleRow {
        let own = self.sample(|area| area as usize == number);
        let direct: Measured = measures::arpr(&own, threshold);
        let answer = got.areas[number];
        let mut flags = Vec::new();
        let is_registered = answer != Err(NoEstimate::NotInPopulation);
        if own.is_empty() && is_registered {
            flags.push(Flag::NotInSample);
        }
        if !is_used && is_registered {
            flags.push(Flag::Synthetic);
        }
        let left_out = answer.map_or(0, |own| own.left_out);
        if left_out > 0 {
            flags.push(Flag::PeopleLeftOut);
        }
        let predicted = |measure: usize| {
            answer.ok().map(|own| Predicted {
                estimate: own.estimates[measure],
                uncertainty: Uncertainty::of(
                    own.estimates[measure],
                    own.mse.map(|mse| mse[measure]),
                ),
            })
        };
        PeopleRow {
            area: name.to_owned(),
            n: own.len(),
            people: answer.map_or(0, |own| own.people),
            people_left_out: left_out,
            direct_rate: direct.ok(),
            rate: predicted(0),
            gap: predicted(1),
            severity: predicted(2),
            mean: predicted(3),
            weight_of_own: answer.ok().map(|own| own.weight_of_own),
            flags,
            why: answer.err().map(NoEstimate::name),
        }
    }
}
