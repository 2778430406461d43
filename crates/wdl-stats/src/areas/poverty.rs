//! Poverty of areas from the people of a sample and those of a register: the empirical best predictor.
//!
//! Molina and Rao, *Canadian Journal of Statistics* 38 (2010), over all the people of the register; with sampling weights, the pseudo-predictor of Guadarrama, Molina and Rao, *Computational Statistics and Data Analysis* 121 (2018).
//! The expectation is computed, not drawn.

use rayon::prelude::*;

use super::expectation::{Four, Line};
use super::nested::{Fitted, Nest};
use super::replicate;
use super::transformation::{Transformation, Transformed};
use super::units::{Population, Units};
use super::{AreaError, NoEstimate};
use crate::bootstrap::Resampling;
use crate::sum::sum;

/// A measure of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The share of people below the threshold.
    Rate,
    /// The mean gap to the threshold, in parts of it.
    Gap,
    /// The mean squared gap.
    Severity,
    /// The mean income.
    Mean,
}

/// All of them, in the order of the numbers of an area.
pub const MEASURES: [Measure; 4] = [
    Measure::Rate,
    Measure::Gap,
    Measure::Severity,
    Measure::Mean,
];

/// What is asked of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// The poverty threshold.
    pub threshold: f64,
    /// The scale of the incomes.
    pub transformation: Transformation,
    /// The bootstrap of the mean squared errors; none with zero replicates.
    pub resampling: Resampling,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Poverty {
    /// The model.
    pub model: Model,
    /// One per area of the population.
    pub areas: Vec<Result<AreaPoverty, NoEstimate>>,
    /// Replicates to which the model could not be fitted: they do not count.
    pub replicates_lost: u32,
}

/// The fitted model of people.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The scale.
    pub scale: Transformed,
    /// Whether the scale lies at the end of what was searched.
    pub is_at_end: bool,
    /// The variance between areas.
    pub between: f64,
    /// The variance within.
    pub within: f64,
    /// One coefficient per column of covariates; zero for one that repeats others.
    pub coefficients: Vec<f64>,
    /// Their standard errors under the model; nothing for a column that repeats others.
    pub coefficient_errors: Vec<Option<f64>>,
    /// The people of the sample.
    pub rows: usize,
}

/// The estimates of one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaPoverty {
    /// One per measure, as [`MEASURES`].
    pub estimates: [f64; 4],
    /// Their mean squared errors; nothing without a bootstrap.
    pub mse: Option<[f64; 4]>,
    /// How much of the area's effect its own people tell; zero where the sample has none of them.
    pub weight_of_own: f64,
    /// The people of the population that were estimated.
    pub people: u64,
    /// Those left out, because the sample says nothing about people with their covariates.
    pub left_out: u64,
}

/// Estimates the poverty of every area of the population.
///
/// # Errors
/// [`AreaError`] when the model cannot be fitted, or the threshold is not positive.
///
/// # Panics
/// When sample and population have another number of covariates, or the sample an area that the population does not number.
pub fn poverty(
    units: &Units,
    population: &Population,
    asked: &Asked,
) -> Result<Poverty, AreaError> {
    let columns = [units.covariates.columns(), population.kinds.columns()];
    assert_eq!(columns[0], columns[1], "the same covariates");
    if asked.threshold <= 0.0 || asked.threshold.is_nan() {
        return Err(AreaError::ThresholdNotPositive);
    }
    let areas = population.areas();
    let nest = Nest::of(units, areas)?;
    let (known, left_out) = population.known(nest.basis());
    let (scale, is_at_end, fitted) = scaled(asked, &nest, &units.incomes, areas)?;
    let line = Line::new(scale, asked.threshold);
    let model = replicate::Model {
        asked,
        nest: &nest,
        units,
        population: &known,
        line,
        fitted: &fitted,
    };
    let misses: Vec<Option<Vec<Four>>> = (0..asked.resampling.replicates)
        .into_par_iter()
        .map(|number| replicate::replicate(&model, number))
        .collect();
    let lost = misses.iter().filter(|miss| miss.is_none()).count();
    let misses: Vec<Vec<Four>> = misses.into_iter().flatten().collect();
    let estimates = predict(&known, &fitted, &line);
    let answer = |area: usize| {
        let people = known.people(area);
        if people == 0.0 {
            return Err(match left_out[area] {
                0 => NoEstimate::NotInPopulation,
                _ => NoEstimate::NotIdentified,
            });
        }
        Ok(AreaPoverty {
            estimates: estimates[area],
            mse: (misses.len() > 1).then(|| mean_miss(&misses, area)),
            weight_of_own: fitted.effects[area].1,
            people: people as u64,
            left_out: left_out[area],
        })
    };
    Ok(Poverty {
        areas: (0..areas).map(answer).collect(),
        replicates_lost: lost as u32,
        model: Model {
            scale,
            is_at_end,
            between: fitted.between,
            within: fitted.within,
            coefficients: fitted.coefficients.clone(),
            coefficient_errors: fitted.errors.clone(),
            rows: units.rows(),
        },
    })
}

fn mean_miss(misses: &[Vec<Four>], area: usize) -> Four {
    let mean =
        |measure: usize| sum(misses.iter().map(|miss| miss[area][measure])) / misses.len() as f64;
    std::array::from_fn(mean)
}

/// The scale of the incomes, and the model on it.
pub(super) fn scaled(
    asked: &Asked,
    nest: &Nest,
    incomes: &[f64],
    areas: usize,
) -> Result<(Transformed, bool, Fitted), AreaError> {
    let likelihood = |on_scale: &[f64]| nest.likelihood(on_scale);
    let (scale, is_at_end) = asked
        .transformation
        .chosen(incomes, nest.free(), &likelihood)?;
    let on_scale: Vec<f64> = incomes
        .iter()
        .map(|income| scale.forward(*income))
        .collect();
    Ok((scale, is_at_end, nest.fit(&on_scale, areas)?))
}

/// The expected measures of each area; zeros where it has nobody.
pub(super) fn predict(population: &Population, fitted: &Fitted, line: &Line) -> Vec<Four> {
    let of_area = |area: usize| {
        let (effect, share) = fitted.effects[area];
        let spread = (fitted.between * (1.0 - share) + fitted.within).sqrt();
        let kinds = population.ranges[area].clone();
        let middles: Vec<(f64, f64)> = kinds
            .map(|kind| {
                let own = population.kinds.row(kind).iter().zip(&fitted.coefficients);
                let told: f64 = own.map(|(value, coefficient)| value * coefficient).sum();
                (told + effect, f64::from(population.counts[kind]))
            })
            .collect();
        let people = population.people(area);
        let sums = line.expected_sum(&middles, spread);
        sums.map(|sum| if people > 0.0 { sum / people } else { 0.0 })
    };
    (0..population.areas()).map(of_area).collect()
}
