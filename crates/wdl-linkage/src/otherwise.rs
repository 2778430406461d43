//! The best level reached by values that are not equal: a year with and without its century, and columns that are exchanged.
//!
//! Such pairs are missing from the frequencies of equal values; when two files write a field differently throughout, they are all there is.

use std::collections::BTreeMap;

use crate::frequencies::Frequencies;
use crate::prepare::{Forms, Records};

/// For each field, the share of pairs of strangers, among those that both have a value, that reach the best level with values that are not equal.
pub(crate) fn otherwise_same(
    records: &Records,
    frequencies: &Frequencies,
    crossed: &[(usize, usize)],
) -> Vec<f64> {
    let mut shares: Vec<f64> = (0..records.fields.len())
        .map(|field| without_century(records, frequencies, field))
        .collect();
    for (one, other) in crossed {
        shares[*one] += exchanged(frequencies, *one, *other);
        shares[*other] += exchanged(frequencies, *other, *one);
    }
    shares
}

/// The share of pairs of one source and a later one, or of one source alone.
fn share_of(
    sources: usize,
    product: impl Fn(usize, usize) -> f64,
    all: impl Fn(usize, usize) -> f64,
) -> f64 {
    let pairs: Vec<(usize, usize)> = match sources {
        1 => vec![(0, 0)],
        _ => (0..sources)
            .flat_map(|last| (0..last).map(move |first| (first, last)))
            .collect(),
    };
    let sum = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
        pairs.iter().map(|(first, last)| of(*first, *last)).sum()
    };
    let all = sum(&all);
    match all > 0.0 {
        true => sum(&product) / all,
        false => 0.0,
    }
}

/// How often the first record has in one field what the last has in the other.
fn exchanged(frequencies: &Frequencies, one: usize, other: usize) -> f64 {
    let product = |first: usize, last: usize| -> f64 {
        let values = frequencies
            .counts(first, one)
            .iter()
            .zip(frequencies.counts(last, other));
        values
            .skip(1)
            .map(|(one, other)| f64::from(*one) * f64::from(*other))
            .sum()
    };
    let all = |first: usize, last: usize| {
        frequencies.present(first, one) * frequencies.present(last, other)
    };
    share_of(frequencies.sources(), product, all)
}

/// How often one day has its century, the other has not, and the rest is the same.
fn without_century(records: &Records, frequencies: &Frequencies, field: usize) -> f64 {
    if !records.may_lack_century(field) {
        return 0.0;
    }
    let Forms::Dates(dates) = &records.dictionary(field).forms else {
        return 0.0;
    };
    let sources = frequencies.sources();
    // For each day of a century and each source, the records with and without the century.
    let mut days: BTreeMap<(u16, u8, u8), Vec<[f64; 2]>> = BTreeMap::new();
    for source in 0..sources {
        for (date, count) in dates.iter().zip(frequencies.counts(source, field)) {
            let Some(date) = date.filter(|date| date.month() != 0 && date.day() != 0) else {
                continue;
            };
            let day = (date.year() % 100, date.month(), date.day());
            let counts = days.entry(day).or_insert_with(|| vec![[0.0; 2]; sources]);
            counts[source][usize::from(date.is_century_known())] += f64::from(*count);
        }
    }
    let product = |first: usize, last: usize| -> f64 {
        let of_day = |counts: &Vec<[f64; 2]>| {
            counts[first][0] * counts[last][1] + counts[first][1] * counts[last][0]
        };
        days.values().map(of_day).sum()
    };
    let all = |first: usize, last: usize| {
        frequencies.present(first, field) * frequencies.present(last, field)
    };
    share_of(sources, product, all)
}
