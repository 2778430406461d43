//! The measures of everybody and of groups, with their errors, from the standing of each row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use wdl_stats::scores::{self, Threshold};
use wdl_stats::{Draw, Measured, Sample, Undefined, bootstrap_errors};

use super::facts::{BELOW_ANY_LINE, Facts, Status};
use super::file::{File, GroupName};
use super::measure::HousingMeasure;
use super::{HousingError, HousingMeasureOf, Options, Unit};
use crate::catalog::{Kernel, STATISTICS, UnitsKernel};
use crate::plain::{Errors, Quality, in_range};
use crate::population::{Population, Terms};

/// How a measure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The mean of zeros and ones.
    Share,
    /// The median.
    Median,
    /// The share below the poverty line.
    Below,
    /// The share below the line among those whom nothing else excludes, and all others.
    BelowOrExcluded,
}

impl Kind {
    fn of(measure: HousingMeasure) -> Kind {
        match measure {
            HousingMeasure::MedianBurden
            | HousingMeasure::MedianRentBurden
            | HousingMeasure::MedianResidual => Kind::Median,
            HousingMeasure::ResidualBelow | HousingMeasure::AtRiskOfPoverty => Kind::Below,
            HousingMeasure::PovertyOrExclusion => Kind::BelowOrExcluded,
            HousingMeasure::Overburden(_)
            | HousingMeasure::RentOver(_)
            | HousingMeasure::Overcrowding
            | HousingMeasure::OvercrowdingWithoutSingles
            | HousingMeasure::SevereHousingDeprivation
            | HousingMeasure::MaterialAndSocialDeprivation
            | HousingMeasure::SevereMaterialAndSocialDeprivation
            | HousingMeasure::VeryLowWorkIntensity => Kind::Share,
        }
    }

    /// The statistic of the catalog that counts it.
    fn kernel(self) -> &'static UnitsKernel {
        let name = match self {
            Kind::Share => "mean",
            Kind::Median => "median",
            Kind::Below | Kind::BelowOrExcluded => "arpr",
        };
        let mut entries = STATISTICS.iter();
        match entries
            .find(|entry| entry.name == name)
            .map(|entry| &entry.kernel)
        {
            Some(Kernel::Units(kernel)) => kernel,
            _ => unreachable!("the catalog has `{name}` of unit rows"),
        }
    }

    fn estimate(self, terms: &Terms<'_>, part: &Sample) -> Measured {
        (self.kernel().estimate)(terms, part, None)
    }

    fn standard_error(self, population: &Population, part: &Sample) -> Measured {
        match self {
            Kind::Share | Kind::Median | Kind::Below => {
                self.kernel().standard_error(population, part, None)
            }
            Kind::BelowOrExcluded => error_of_union(population, part),
        }
    }
}

/// The error of a share of those below the line or excluded otherwise: only for the former does the line's own error count.
fn error_of_union(population: &Population, part: &Sample) -> Measured {
    let terms = population.terms();
    let rest = part.above(BELOW_ANY_LINE);
    let all = terms.scored(None, |line| {
        let mut own = scores::arpr(part, line, terms.method)?;
        own.of_threshold = match rest.is_empty() {
            true => 0.0,
            false => density(&rest, line, &terms)? * rest.total_weight() / part.total_weight(),
        };
        Ok(own)
    })?;
    let totals = population.totals(part, &all)?;
    population.design().standard_error(&totals)
}

fn density(sample: &Sample, line: &Threshold, terms: &Terms<'_>) -> Measured {
    Ok(scores::arpr(sample, line, terms.method)?.of_threshold)
}

/// One measure over the rows.
struct Column {
    measure: HousingMeasure,
    statuses: Vec<Status>,
    sample: Sample,
}

/// Everybody or a group.
struct Part {
    name: Vec<(String, Option<String>)>,
    /// Its number among the groups; nothing for everybody.
    group: Option<u32>,
}

/// Everything that is measured of a file.
pub(super) struct Estimates {
    population: Population,
    columns: Vec<Column>,
    group_of_row: Vec<u32>,
    unit_weights: Vec<f64>,
    parts: Vec<Part>,
    couples: Option<usize>,
    /// The rows of each household, where households are counted and not rows.
    households: Option<Vec<Vec<usize>>>,
}

impl Estimates {
    pub(super) fn of(
        file: &File<'_>,
        options: &Options,
        unit: Unit,
        measures: &[HousingMeasure],
    ) -> Result<Estimates, HousingError> {
        let facts = Facts::of(file, options)?;
        let (group_of_row, names) = file.groups(unit)?;
        let unit_weights = file.unit_weights(unit)?;
        let incomes = facts.equivalised_incomes();
        let person_weights = file.person_weights()?;
        let income = |row: usize| incomes[row].ok();
        let population = Population::new(sample(&person_weights, income), file.design()?).under(
            options.line,
            options.method,
            None,
        );
        let line = population.terms().threshold(None).ok();
        let column = |measure: &HousingMeasure| {
            let statuses = facts.statuses(*measure, line);
            let value = |row: usize| match statuses[row] {
                Status::Counts(value) | Status::ByConvention(value) => Some(value),
                Status::Outside(_) | Status::Untold(_) => None,
            };
            let weights = match unit {
                Unit::Persons => Cow::Borrowed(&unit_weights),
                Unit::Households => Cow::Owned(shared_out(&file.members, &unit_weights, &value)),
            };
            Column {
                sample: sample(&weights, value),
                measure: *measure,
                statuses,
            }
        };
        let columns = measures.iter().map(column).collect();
        Ok(Estimates {
            households: (unit == Unit::Households).then(|| file.members.clone()),
            population,
            columns,
            group_of_row,
            unit_weights,
            parts: parts(&options.by, &names),
            couples: facts.couples(),
        })
    }

    /// Everybody first, then the groups in the order of their names; each with all measures in their order.
    pub(super) fn measure(&self, errors: Errors) -> Vec<HousingMeasureOf> {
        let terms = self.population.terms();
        let samples: Vec<Vec<Sample>> = self
            .columns
            .iter()
            .map(|one| self.split(&one.sample))
            .collect();
        let cells = self.cells();
        let estimate = |&(part, column): &(usize, usize)| {
            let kind = Kind::of(self.columns[column].measure);
            let value = kind.estimate(&terms, &samples[column][part]);
            self.cell(part, column, value.and_then(in_range))
        };
        let mut answers: Vec<HousingMeasureOf> = cells.par_iter().map(estimate).collect();
        let errors: Vec<Measured> = match errors {
            Errors::None => return answers,
            Errors::Linearised => {
                let error = |&(part, column): &(usize, usize)| {
                    let kind = Kind::of(self.columns[column].measure);
                    kind.standard_error(&self.population, &samples[column][part])
                };
                cells.par_iter().map(error).collect()
            }
            Errors::Bootstrap(resampling) => {
                let replicate = |draw: &Draw<'_>| self.replicate(draw);
                bootstrap_errors(self.population.design(), resampling, &replicate)
            }
        };
        for ((answer, (part, column)), error) in answers.iter_mut().zip(cells).zip(errors) {
            let Some(value) = answer.value else { continue };
            let sample = &samples[column][part];
            let population = &self.population;
            answer.put_error(error.and_then(|own| population.error_of_units(sample, value, own)));
        }
        answers
    }

    /// The poverty line, in the file's unit and per equivalent adult.
    pub(super) fn line(&self) -> Measured {
        self.population.terms().threshold(None)
    }

    /// The couples of the file, where rooms depend on them.
    pub(super) fn couples(&self) -> Option<usize> {
        self.couples
    }

    /// Each part with each column.
    fn cells(&self) -> Vec<(usize, usize)> {
        let of_part = |part| (0..self.columns.len()).map(move |column| (part, column));
        (0..self.parts.len()).flat_map(of_part).collect()
    }

    /// A sample of everybody, then of each group.
    fn split(&self, whole: &Sample) -> Vec<Sample> {
        let mut samples = vec![whole.clone()];
        if self.parts.len() > 1 {
            samples.extend(whole.parts(&self.group_of_row, self.parts.len() - 1));
        }
        samples
    }

    fn replicate(&self, draw: &Draw<'_>) -> Vec<Measured> {
        let terms = self.population.terms();
        let reference = draw.of(terms.reference);
        let terms = Terms {
            reference: &reference,
            ..terms
        };
        let drawn = self
            .columns
            .iter()
            .map(|one| self.split(&draw.of(&one.sample)));
        let samples: Vec<Vec<Sample>> = drawn.collect();
        let cells = self.cells().into_iter();
        let estimate = |(part, column): (usize, usize)| {
            let kind = Kind::of(self.columns[column].measure);
            kind.estimate(&terms, &samples[column][part])
        };
        cells.map(estimate).collect()
    }

    fn cell(&self, part: usize, column: usize, value: Measured) -> HousingMeasureOf {
        let part = &self.parts[part];
        let column = &self.columns[column];
        let mut answer = HousingMeasureOf {
            id: column.measure.id(),
            group: part.name.clone(),
            value: value.ok(),
            se: None,
            n: 0,
            by_convention: 0,
            outside: BTreeMap::new(),
            untold: BTreeMap::new(),
            cv: None,
            quality: None,
            why: value.err(),
        };
        let mut count = |row: usize, status: Status| {
            let is_in = part
                .group
                .is_none_or(|group| self.group_of_row[row] == group);
            if !is_in || self.unit_weights[row] == 0.0 {
                return;
            }
            match status {
                Status::Counts(_) => answer.n += 1,
                Status::ByConvention(_) => {
                    answer.n += 1;
                    answer.by_convention += 1;
                }
                Status::Outside(why) => *answer.outside.entry(why).or_default() += 1,
                Status::Untold(why) => *answer.untold.entry(why.name()).or_default() += 1,
            }
        };
        match &self.households {
            None => {
                let statuses = column.statuses.iter().enumerate();
                statuses.for_each(|(row, status)| count(row, *status));
            }
            // Weight, group and condition of a household are those of all its members.
            Some(households) => households
                .iter()
                .for_each(|members| count(members[0], of_household(members, &column.statuses))),
        }
        if answer.n == 0 && answer.why == Some(Undefined::NoRows) && !answer.untold.is_empty() {
            answer.why = Some(Undefined::NotTold);
        }
        answer
    }
}

/// What a household is to a measure: it counts when one of its members does; else it cannot be told when one of them cannot.
fn of_household(members: &[usize], statuses: &[Status]) -> Status {
    let order = |status: &Status| match status {
        Status::ByConvention(_) => (0, ""),
        Status::Counts(_) => (1, ""),
        Status::Untold(why) => (2, why.name()),
        Status::Outside(why) => (3, *why),
    };
    let own = members.iter().map(|row| statuses[*row]);
    own.min_by(|one, other| order(one).cmp(&order(other)))
        .expect("a household has a member")
}

/// The weight of each household on its members who count, in equal parts: what some of them answer counts with their share of them, whatever the order of the rows.
///
/// Those of one value are one row, so that a household whose members all say the same is one row with its weight.
fn shared_out(
    households: &[Vec<usize>],
    weights: &[f64],
    value: &dyn Fn(usize) -> Option<f64>,
) -> Vec<f64> {
    let mut shared = vec![0.0; weights.len()];
    for members in households {
        let told = members.iter().filter_map(|row| Some((value(*row)?, *row)));
        let mut told: Vec<(f64, usize)> = told.collect();
        told.sort_by(|one, other| one.0.total_cmp(&other.0));
        for alike in told.chunk_by(|one, other| one.0 == other.0) {
            let (_, row) = alike[0];
            shared[row] = weights[row] * (alike.len() as f64 / told.len() as f64);
        }
    }
    shared
}

impl HousingMeasureOf {
    fn put_error(&mut self, error: Measured) {
        let Some(value) = self.value else { return };
        match error {
            Ok(error) => {
                self.se = Some(error);
                self.cv = (value != 0.0).then(|| error / value.abs());
                self.quality = self.cv.map(Quality::of);
            }
            Err(why) => self.why = Some(why),
        }
    }
}

fn parts(by: &[String], names: &[GroupName]) -> Vec<Part> {
    let mut parts = vec![Part {
        name: Vec::new(),
        group: None,
    }];
    for (group, name) in (0..).zip(names) {
        parts.push(Part {
            name: by.iter().cloned().zip(name.iter().cloned()).collect(),
            group: Some(group),
        });
    }
    parts
}

/// The rows that have a value, by their weights.
fn sample(weights: &[f64], value: impl Fn(usize) -> Option<f64>) -> Sample {
    let values: Vec<Option<f64>> = (0..weights.len()).map(value).collect();
    let filled: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
    let counting = |(value, weight): (&Option<f64>, &f64)| match value {
        Some(_) => *weight,
        None => 0.0,
    };
    let weights: Vec<f64> = values.iter().zip(weights).map(counting).collect();
    Sample::new(&filled, &weights).expect("values and weights were checked when they were read")
}
