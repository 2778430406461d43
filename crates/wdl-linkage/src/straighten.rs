//! A file whose columns stand under one another's headers throughout: surnames under "given name" and the reverse.
//!
//! Taken crosswise pair by pair such a file could be linked, but pairs inside a file never are crosswise, and what they teach would be lost.
//! So its columns are put back before anything is counted.

use crate::frequencies::Frequencies;

/// For each source, the pairs of fields that it holds exchanged, compared with the first source.
pub(crate) fn exchanged_in(
    frequencies: &Frequencies,
    crossed: &[(usize, usize)],
) -> Vec<Vec<(usize, usize)>> {
    let of_source = |source: usize| {
        let is_exchanged = |pair: &&(usize, usize)| stands_crosswise(frequencies, source, **pair);
        crossed.iter().filter(is_exchanged).copied().collect()
    };
    (0..frequencies.sources()).map(of_source).collect()
}

/// Columns that have less in common than this, of 2, are of people who have hardly a name in common: they tell nothing.
const TELLING: f64 = 0.4;

/// Whether two columns of a source have most in common with those of the first source when they change places: twice as much as where they stand.
fn stands_crosswise(
    frequencies: &Frequencies,
    source: usize,
    (one, other): (usize, usize),
) -> bool {
    let likeness = |first: usize, last: usize| {
        likeness(
            frequencies.counts(0, first),
            frequencies.counts(source, last),
        )
    };
    let straight = likeness(one, one) + likeness(other, other);
    let crosswise = likeness(one, other) + likeness(other, one);
    source > 0 && crosswise > TELLING && crosswise > 2.0 * straight
}

/// The cosine of two counts of the same values; the first value is the missing one.
fn likeness(one: &[u32], other: &[u32]) -> f64 {
    let product = |one: &[u32], other: &[u32]| -> f64 {
        let values = one.iter().zip(other).skip(1);
        values
            .map(|(one, other)| f64::from(*one) * f64::from(*other))
            .sum()
    };
    let length = (product(one, one) * product(other, other)).sqrt();
    match length > 0.0 {
        true => product(one, other) / length,
        false => 0.0,
    }
}
