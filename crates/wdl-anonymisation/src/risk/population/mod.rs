//! How many records that are alone in the file are alone in the population too.
//!
//! Three models of the sizes of classes in the population are fitted to those in the file.
//! A model that has no solution says so: no answer is ever given as 0.

mod pitman;
mod snb;
mod zayatz;

use std::collections::BTreeMap;

use super::RiskError;
use super::attackers::count;

/// How many classes of each size a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSizes {
    // INVARIANT: sizes and counts above zero.
    classes: BTreeMap<u32, u64>,
}

impl ClassSizes {
    /// From the number of companions of every record, itself included, each record in one class ([`super::MissingReading::OwnCategory`]).
    pub fn of_frequencies(sample: &[u32]) -> Self {
        let mut records: BTreeMap<u32, u64> = BTreeMap::new();
        sample
            .iter()
            .filter(|f| **f > 0)
            .for_each(|f| *records.entry(*f).or_default() += 1);
        ClassSizes {
            classes: records
                .into_iter()
                .map(|(size, rows)| (size, rows / u64::from(size)))
                .filter(|(_, n)| *n > 0)
                .collect(),
        }
    }

    fn of_size(&self, size: u32) -> f64 {
        float(self.classes.get(&size).copied().unwrap_or(0))
    }

    fn number(&self) -> f64 {
        float(self.classes.values().sum())
    }

    fn records(&self) -> f64 {
        self.sizes().map(|(size, classes)| size * classes).sum()
    }

    /// Sizes with their number of classes, ascending.
    fn sizes(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.classes
            .iter()
            .map(|(size, classes)| (f64::from(*size), float(*classes)))
    }
}

/// Why a model has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The equations of the model have no solution on these data.
    #[error("the model has no solution for these class sizes")]
    NoSolution,
    /// The model ends in more unique people than there are people.
    #[error("the model ends in more unique people than there are people")]
    OutOfRange,
    /// The model needs classes of two records, and there is none.
    #[error("the model needs groups of two records, and there is none")]
    NoPairs,
}

/// Which model an estimate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Ewens–Pitman sampling formula (Hoshino 2001).
    Pitman,
    /// Inversion of the hypergeometric sampling of classes (Zayatz 1991).
    Zayatz,
    /// Shifted negative binomial (Chen and Keller-McNulty 1998).
    Snb,
}

/// What Dankar's rule takes: the share and the model it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dankar {
    /// Share of the population that is unique.
    pub share: f64,
    /// The model chosen.
    pub model: Model,
}

/// Share of the population estimated to be unique, by each model, between 0 and 1.
///
/// A file without a record that is alone has 0 by every model: that is a figure, not an absence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PopulationUniqueness {
    /// Pitman's model.
    pub pitman: Result<f64, Unavailable>,
    /// Zayatz's.
    pub zayatz: Result<f64, Unavailable>,
    /// The shifted negative binomial.
    pub snb: Result<f64, Unavailable>,
    /// The rule of Dankar and others (2012): Pitman up to a sampling fraction of 0.1 (Zayatz without it), beyond it the smaller of Zayatz and SNB.
    pub dankar: Result<Dankar, Unavailable>,
}

/// Share of the records up to which Dankar's rule takes Pitman's model.
const DANKAR_FRACTION: f64 = 0.1;

/// Fits the three models; `sampling_fraction` is the share of the population that is in the file.
///
/// # Errors
/// A sampling fraction outside (0, 1]; no record.
pub fn population_uniqueness(
    classes: &ClassSizes,
    sampling_fraction: f64,
) -> Result<PopulationUniqueness, RiskError> {
    if !(sampling_fraction > 0.0 && sampling_fraction <= 1.0) {
        return Err(RiskError::Share {
            name: "the sampling fraction",
        });
    }
    if classes.classes.is_empty() {
        return Err(RiskError::NoRows);
    }
    let population = classes.records() / sampling_fraction;
    let share = |uniques: Result<f64, Unavailable>| {
        let uniques = uniques?;
        // A sum of a million terms leaves the last digits uncertain.
        let excess = population * (1.0 + 1e-9);
        if uniques.is_finite() && (0.0..=excess).contains(&uniques) {
            Ok((uniques / population).min(1.0))
        } else {
            Err(Unavailable::OutOfRange)
        }
    };
    let alone = classes.of_size(1) > 0.0;
    let (pitman, zayatz, snb) = if alone {
        (
            share(pitman::uniques(classes, population)),
            share(Ok(zayatz::uniques(classes, population))),
            share(snb::uniques(classes, sampling_fraction)),
        )
    } else {
        (Ok(0.0), Ok(0.0), Ok(0.0))
    };
    Ok(PopulationUniqueness {
        pitman,
        zayatz,
        snb,
        dankar: dankar(pitman, zayatz, snb, sampling_fraction),
    })
}

fn dankar(
    pitman: Result<f64, Unavailable>,
    zayatz: Result<f64, Unavailable>,
    snb: Result<f64, Unavailable>,
    fraction: f64,
) -> Result<Dankar, Unavailable> {
    let by_zayatz = zayatz.map(|share| Dankar {
        share,
        model: Model::Zayatz,
    });
    if fraction <= DANKAR_FRACTION {
        return pitman
            .map(|share| Dankar {
                share,
                model: Model::Pitman,
            })
            .or(by_zayatz);
    }
    match (by_zayatz, snb) {
        (Ok(zayatz), Ok(snb)) if zayatz.share < snb => Ok(zayatz),
        (_, Ok(share)) => Ok(Dankar {
            share,
            model: Model::Snb,
        }),
        (by_zayatz, Err(_)) => by_zayatz,
    }
}

fn float(classes: u64) -> f64 {
    count(usize::try_from(classes).unwrap_or(usize::MAX))
}
