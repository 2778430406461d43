//! One replicate of the parametric bootstrap: a population drawn from the model, a sample of it, and how far the estimate from that sample misses.
//!
//! González-Manteiga, Lombardía, Molina, Morales and Santamaría, *Journal of Statistical Computation and Simulation* 78 (2008).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::basis::dot;
use super::expectation::{Four, Line};
use super::nested::{Fitted, Nest};
use super::poverty::{Asked, predict, scaled};
use super::units::{Population, Units};

/// What every replicate starts from.
pub(super) struct Model<'a> {
    pub(super) asked: &'a Asked,
    pub(super) nest: &'a Nest,
    pub(super) units: &'a Units,
    pub(super) population: &'a Population,
    pub(super) line: Line,
    pub(super) fitted: &'a Fitted,
}

/// The squared misses of each area; nothing when the model could not be fitted to this replicate.
pub(super) fn replicate(model: &Model<'_>, number: u32) -> Option<Vec<Four>> {
    let mut random = ChaCha8Rng::seed_from_u64(model.asked.resampling.seed);
    random.set_stream(u64::from(number));
    let mut normal = |spread: f64| spread * random.sample::<f64, _>(StandardNormal);
    let (between, within) = (model.fitted.between.sqrt(), model.fitted.within.sqrt());
    let areas = model.population.areas();
    let effects: Vec<f64> = (0..areas).map(|_| normal(between)).collect();
    let line = |row: &[f64]| dot(row, &model.fitted.coefficients);
    let sample: Vec<f64> = (0..model.units.rows())
        .map(|row| {
            let middle = line(model.units.covariates.row(row));
            middle + effects[model.units.areas[row] as usize] + normal(within)
        })
        .collect();
    let truth: Vec<Four> = (0..areas)
        .map(|area| {
            let mut sums = [0.0; 4];
            for kind in model.population.ranges[area].clone() {
                let middle = line(model.population.kinds.row(kind)) + effects[area];
                for _ in 0..model.population.counts[kind] {
                    add(&mut sums, &model.line, middle + normal(within));
                }
            }
            mean_of(sums, model.population.people(area))
        })
        .collect();
    let estimates = estimates(model, &sample)?;
    let miss = |(estimate, truth): (&Four, &Four)| {
        std::array::from_fn(|measure| (estimate[measure] - truth[measure]).powi(2))
    };
    Some(estimates.iter().zip(&truth).map(miss).collect())
}

/// What the sample of the replicate estimates, its scale chosen anew.
fn estimates(model: &Model<'_>, sample: &[f64]) -> Option<Vec<Four>> {
    let areas = model.population.areas();
    if !model.asked.transformation.is_chosen() {
        let fitted = model.nest.fit(sample, areas).ok()?;
        return Some(predict(model.population, &fitted, &model.line));
    }
    let incomes: Vec<f64> = sample
        .iter()
        .map(|place| model.line.scale.inverse(*place))
        .collect();
    let (scale, _, fitted) = scaled(model.asked, model.nest, &incomes, areas).ok()?;
    let line = Line::new(scale, model.line.amount);
    Some(predict(model.population, &fitted, &line))
}

/// Adds one person drawn at a place of the scale.
fn add(sums: &mut Four, line: &Line, place: f64) {
    let own = line.of_income(line.scale.inverse(place));
    for (sum, own) in sums.iter_mut().zip(own) {
        *sum += own;
    }
}

fn mean_of(sums: Four, people: f64) -> Four {
    sums.map(|sum| if people > 0.0 { sum / people } else { 0.0 })
}
