//! What inequality is made of: parts of the population, parts of the income.

use super::{amount, entropy, gini, mean};
use crate::sample::Sample;
use crate::sum::{Sum, sum};
use crate::undefined::Undefined;

/// Generalised entropy inside groups and between them; the two add up to that of everybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfGroups {
    /// What there would be if all groups had one mean.
    pub within: f64,
    /// What there would be if everybody had the mean of their group.
    pub between: f64,
}

/// Decomposes the generalised entropy of a power by groups (Shorrocks, *Econometrica* 48, 1980); empty groups do not count.
///
/// # Errors
/// [`Undefined`] when there is no row, or a value is not positive.
pub fn entropy_of_groups(groups: &[Sample], power: f64) -> Result<OfGroups, Undefined> {
    let groups: Vec<&Sample> = groups.iter().filter(|group| !group.is_empty()).collect();
    let means: Vec<f64> = groups
        .iter()
        .map(|group| mean(group))
        .collect::<Result<_, _>>()?;
    let weights: Vec<f64> = groups.iter().map(|group| group.total_weight()).collect();
    let own: Vec<f64> = groups
        .iter()
        .map(|group| entropy(group, power))
        .collect::<Result<_, _>>()?;
    let between = entropy(
        &Sample::new(&means, &weights).map_err(|_| Undefined::ValueNotPositive)?,
        power,
    )?;
    let whole = sum(weights.iter().copied());
    let overall = sum(means
        .iter()
        .zip(&weights)
        .map(|(mean, weight)| mean * weight))
        / whole;
    let part = |((own, mean), weight): ((&f64, &f64), &f64)| {
        weight / whole * (mean / overall).powf(power) * own
    };
    Ok(OfGroups {
        within: sum(own.iter().zip(&means).zip(&weights).map(part)),
        between,
    })
}

/// What a source of income adds to the Gini coefficient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfSource {
    /// Its share of the total.
    pub share: f64,
    /// Its own Gini coefficient; nothing when its total is not positive.
    pub gini: Option<f64>,
    /// Its part of the Gini of the whole; the parts of all sources add up to it.
    pub part: f64,
}

/// Decomposes the Gini coefficient by sources that add up to the values (Lerman and Yitzhaki, *Review of Economics and Statistics* 67, 1985); each source has one amount per original row.
///
/// # Errors
/// As [`gini`].
///
/// # Panics
/// When a source has not one amount per original row.
pub fn gini_of_sources(sample: &Sample, sources: &[&[f64]]) -> Result<Vec<OfSource>, Undefined> {
    gini(sample)?;
    let whole = amount(sample);
    let weight = sample.total_weight();
    let ranks = ranks(sample);
    let of_source = |amounts: &&[f64]| {
        assert_eq!(amounts.len(), sample.length(), "one amount per row");
        let (mut own, mut ranked) = (Sum::ZERO, Sum::ZERO);
        for ((row, weight), rank) in sample.rows().zip(sample.weights()).zip(&ranks) {
            own.add(weight * amounts[row]);
            ranked.add(weight * amounts[row] * rank);
        }
        let weights = weights_by_row(sample);
        let alone = Sample::new(amounts, &weights).ok();
        OfSource {
            share: own.value() / whole,
            gini: alone.and_then(|alone| gini(&alone).ok()),
            part: (2.0 * ranked.value() / weight - own.value()) / whole,
        }
    };
    Ok(sources.iter().map(of_source).collect())
}

/// The weight before each row and half its own, equal values sharing theirs.
fn ranks(sample: &Sample) -> Vec<f64> {
    let mut ranks = Vec::with_capacity(sample.len());
    let mut place = 0;
    let mut before = 0.0;
    for run in sample.values().chunk_by(|a, b| a == b) {
        let end = place + run.len();
        let here = sample.cumulated()[end - 1];
        ranks.extend(std::iter::repeat_n(f64::midpoint(before, here), run.len()));
        (place, before) = (end, here);
    }
    ranks
}

fn weights_by_row(sample: &Sample) -> Vec<f64> {
    let mut weights = vec![0.0; sample.length()];
    for (row, weight) in sample.rows().zip(sample.weights()) {
        weights[row] = *weight;
    }
    weights
}
