//! Errors from weights that a survey's producer has replicated: balanced half samples, the jackknife, a bootstrap.

use std::collections::BTreeMap;
use std::path::Path;

use wdl_plain::PlainTable;
use wdl_stats::{Measured, Undefined, sum};
use wdl_vocab::Text;

use super::{PlainMeasureError, complete};

/// How replicates of a number become its variance: a factor times the sum of the squares around a centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplicateRule {
    /// The kind of the replicates.
    pub kind: ReplicateKind,
    /// What the squares are taken around.
    pub centre: Centre,
}

/// The kind of replicate weights (Wolter, *Introduction to Variance Estimation*, 2007).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReplicateKind {
    /// Balanced half samples: 1 / R.
    Brr,
    /// Fay's, of a coefficient from 0 to less than 1: 1 / (R (1 − k)²).
    Fay(f64),
    /// The jackknife of one unit left out at a time, without strata: (R − 1) / R.
    Jackknife,
    /// The jackknife of one unit left out at a time within strata (JKn): (n − 1) / n of the stratum's n units, for each replicate.
    Stratified,
    /// A bootstrap: 1 / (R − 1).
    Bootstrap,
}

/// What the squares of replicates are taken around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// The estimate under the full weights.
    Estimate,
    /// The mean of the replicates.
    Mean,
}

impl ReplicateRule {
    /// The standard error of an estimate from its replicates; `factors` has one number for each where the kind asks for it ([`factors`]).
    ///
    /// # Errors
    /// [`Undefined::TooFewRows`] for fewer than two replicates, [`Undefined::NotInEveryReplicate`] when one has no number: the factor holds for all of them.
    ///
    /// # Panics
    /// When the kind is [`ReplicateKind::Stratified`] and there is not one factor per replicate.
    pub(super) fn standard_error(
        self,
        estimate: f64,
        replicates: &[Measured],
        factors: &[f64],
    ) -> Measured {
        if replicates.len() < 2 {
            return Err(Undefined::TooFewRows);
        }
        let numbers: Vec<f64> = (replicates.iter().copied())
            .collect::<Result<_, _>>()
            .map_err(|_| Undefined::NotInEveryReplicate)?;
        let count = numbers.len() as f64;
        let centre = match self.centre {
            Centre::Estimate => estimate,
            Centre::Mean => sum(numbers.iter().copied()) / count,
        };
        let factor = match self.kind {
            ReplicateKind::Brr => 1.0 / count,
            ReplicateKind::Fay(coefficient) => 1.0 / (count * (1.0 - coefficient).powi(2)),
            ReplicateKind::Jackknife => (count - 1.0) / count,
            ReplicateKind::Bootstrap => 1.0 / (count - 1.0),
            ReplicateKind::Stratified => {
                assert_eq!(factors.len(), numbers.len(), "one factor per replicate");
                let own = numbers.iter().zip(factors);
                let squares = own.map(|(number, factor)| factor * (number - centre).powi(2));
                return Ok(sum(squares).sqrt());
            }
        };
        let squares = numbers.iter().map(|number| (number - centre).powi(2));
        Ok((factor * sum(squares)).sqrt())
    }
}

/// The columns that names and patterns (`rep*`) stand for, in the order of the file.
///
/// # Errors
/// [`PlainMeasureError`] when the file cannot be read or no column is named so.
pub(super) fn columns(file: &Path, patterns: &[String]) -> Result<Vec<String>, PlainMeasureError> {
    let names = PlainTable::names(file)?;
    let is_like = |name: &str, pattern: &str| match pattern.split_once('*') {
        Some((begin, end)) => {
            name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
        }
        None => name == pattern,
    };
    for pattern in patterns {
        if !names.iter().any(|name| is_like(name, pattern)) {
            return Err(PlainMeasureError::NoColumns {
                path: file.to_owned(),
                pattern: pattern.clone(),
            });
        }
    }
    let is_asked = |name: &String| patterns.iter().any(|pattern| is_like(name, pattern));
    Ok(names.into_iter().filter(is_asked).collect())
}

/// The factor of each replicate of a stratified jackknife.
///
/// A replicate leaves out one unit: its rows have weight zero there and not in the full weights, and their stratum is the replicate's.
/// Each unit is left out once, so a stratum has as many units as replicates.
///
/// # Errors
/// [`PlainMeasureError::Column`] for a replicate that leaves out nobody, or rows of several strata, and for a stratum of one replicate.
pub(super) fn factors(
    file: &Path,
    columns: &[String],
    strata: &[u64],
    base: &[f64],
    replicates: &[Vec<f64>],
) -> Result<Vec<f64>, PlainMeasureError> {
    let fault = |at: usize, it: &'static str, en: &'static str| PlainMeasureError::Column {
        path: file.to_owned(),
        column: columns[at].clone(),
        detail: Text::fixed(it, en),
    };
    let mut stratum_of = Vec::with_capacity(replicates.len());
    for (at, weights) in replicates.iter().enumerate() {
        let rows = weights.iter().zip(base).zip(strata);
        let mut left_out = rows
            .filter(|((own, base), _)| **own == 0.0 && **base > 0.0)
            .map(|(_, stratum)| *stratum);
        let Some(first) = left_out.next() else {
            return Err(fault(
                at,
                "la replica non esclude nessuno",
                "the replicate leaves out nobody",
            ));
        };
        if left_out.any(|other| other != first) {
            return Err(fault(
                at,
                "la replica esclude righe di più strati",
                "the replicate leaves out rows of several strata",
            ));
        }
        stratum_of.push(first);
    }
    let mut units: BTreeMap<u64, f64> = BTreeMap::new();
    for stratum in &stratum_of {
        *units.entry(*stratum).or_insert(0.0) += 1.0;
    }
    if let Some(at) = stratum_of.iter().position(|stratum| units[stratum] < 2.0) {
        return Err(fault(
            at,
            "il suo strato ha una replica sola",
            "its stratum has one replicate only",
        ));
    }
    let factor = |stratum: &u64| (units[stratum] - 1.0) / units[stratum];
    Ok(stratum_of.iter().map(factor).collect())
}

/// The weights of each replicate, one per row at `places`.
pub(super) fn weights(
    file: &Path,
    table: &PlainTable,
    places: &[usize],
    columns: &[String],
) -> Result<Vec<Vec<f64>>, PlainMeasureError> {
    let read = |column: &String| {
        let numbers = table.numbers(column)?;
        let own = complete(file, column, places.iter().map(|place| numbers[*place]))?;
        let is_weight = |weight: &&f64| weight.is_finite() && **weight >= 0.0;
        match own.iter().filter(|weight| !is_weight(weight)).count() {
            0 => Ok(own),
            count => Err(PlainMeasureError::Column {
                path: file.to_owned(),
                column: column.clone(),
                detail: Text::new(
                    format!("{count} valori non sono pesi"),
                    format!("{count} values are no weight"),
                ),
            }),
        }
    };
    columns.iter().map(read).collect()
}
