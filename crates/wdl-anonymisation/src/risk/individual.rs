//! The risk of one record of a sample, and of its household (Benedetti and Franconi 1998).
//!
//! The companions in the population, F, given the f in the sample, follow a negative binomial with p = f / F̂, where F̂ is the sum of the weights of the companions.
//! The risk is the posterior mean of 1/F, r = (pᶠ/f) ₂F₁(f, f; f+1; 1−p).
//! sdcMicro replaces it for f ≥ 3 by p / (f − (1−p)), which lies a little above; both are here.

use std::collections::BTreeMap;

use super::Frequencies;

/// Which formula tells the risk of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndividualFormula {
    /// The posterior mean itself.
    #[default]
    Exact,
    /// What sdcMicro computes: the same for one and two companions, p / (f − (1−p)) from three on.
    SdcMicro,
}

/// From this many companions on the series converges faster than the recurrence runs.
const SERIES_FROM: u32 = 40;

/// The risk of a record with `sample` companions in the file (itself included) and `population` estimated in the population.
///
/// A population smaller than the sample cannot be: it counts as the sample.
/// Without any companion (`sample` 0) there is nobody to name and the risk is 0.
pub fn individual_risk(sample: u32, population: f64, formula: IndividualFormula) -> f64 {
    if sample == 0 {
        return 0.0;
    }
    let f = f64::from(sample);
    let p = (f / population).min(1.0);
    if formula == IndividualFormula::SdcMicro && sample >= 3 {
        return p / (f - (1.0 - p));
    }
    posterior(sample, p)
}

/// The risk of every record.
pub fn individual_risks(frequencies: &Frequencies, formula: IndividualFormula) -> Vec<f64> {
    frequencies
        .sample
        .iter()
        .zip(&frequencies.population)
        .map(|(f, population)| individual_risk(*f, *population, formula))
        .collect()
}

/// The risk that at least one member of the household is named, told for every record: 1 − ∏ (1 − rᵢ).
///
/// `household` holds a number for each record; a record without one is a household of its own.
pub fn household_risk(risks: &[f64], household: &[Option<u64>]) -> Vec<f64> {
    let mut members: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (risk, household) in risks.iter().zip(household) {
        if let Some(household) = household {
            members.entry(*household).or_default().push(*risk);
        }
    }
    let together: BTreeMap<u64, f64> = members
        .into_iter()
        .map(|(household, risks)| (household, at_least_one(risks)))
        .collect();
    risks
        .iter()
        .zip(household)
        .map(|(risk, household)| household.map_or(*risk, |household| together[&household]))
        .collect()
}

/// By logarithms, because the product of many factors near one would lose the digits that matter.
fn at_least_one(mut risks: Vec<f64>) -> f64 {
    risks.sort_unstable_by(f64::total_cmp);
    -risks
        .iter()
        .map(|risk| (-risk).ln_1p())
        .sum::<f64>()
        .exp_m1()
}

/// (p/f) ₂F₁(1, 1; f+1; 1−p), which Euler's transformation makes of the posterior mean.
fn posterior(sample: u32, p: f64) -> f64 {
    let f = f64::from(sample);
    let q = 1.0 - p;
    if q == 0.0 {
        return 1.0 / f;
    }
    if q < 0.5 || sample >= SERIES_FROM {
        p / f * series(f, q)
    } else {
        p * recurrence(sample, p, q)
    }
}

/// ₂F₁(1, 1; f+1; q) by its series; all terms are positive.
fn series(f: f64, q: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while term > sum * f64::EPSILON / 4.0 {
        term *= (n + 1.0) * q / (f + 1.0 + n);
        sum += term;
        n += 1.0;
    }
    sum
}

/// ∫₀¹ sᶠ⁻¹ / (p + q s) ds by q J(i+1) + p J(i) = 1/i from J(1) = ln(1/p)/q: stable, since p ≤ q.
fn recurrence(sample: u32, p: f64, q: f64) -> f64 {
    (1..sample).fold(-p.ln() / q, |integral, i| {
        (1.0 / f64::from(i) - p * integral) / q
    })
}
