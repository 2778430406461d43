//! How two records of different people agree by chance.

use rayon::prelude::*;

use crate::block::mix;
use crate::compare::{Comparer, level};
use crate::data::Data;
use crate::estimate::{Levels, Place, levels_of};
use crate::frequencies::Frequencies;
use crate::implied::{self, Columns, Implied};
use crate::model::Part;
use crate::otherwise::otherwise_same;

/// Random pairs from which the levels below the same value are counted.
const PAIRS: u64 = 100_000;

/// The share of each level of each place, and what names tell of sexes: how often two have the same value, however written, from the frequencies of the values, the rest from random pairs.
pub(crate) fn strangers(
    data: &Data,
    comparer: &Comparer<'_>,
    frequencies: &Frequencies,
    places: &[(Place, usize)],
    seed: u64,
) -> (Vec<Levels>, Implied) {
    let columns = Columns::of(comparer.records);
    let (counts, of_names) = counts(data, comparer, (places.len(), columns), seed);
    let implied = Implied::of(comparer.records, columns.map(|columns| (columns, of_names)));
    let otherwise = otherwise_same(comparer.records, frequencies, comparer.crossed);
    let levels = places
        .iter()
        .enumerate()
        .map(|(place, (what, count))| {
            let counts = &counts[place][..*count];
            let total: u64 = counts.iter().sum();
            // A level that no random pair showed is as likely as half a pair.
            let mut shares: Vec<f64> = counts
                .iter()
                .map(|seen| (*seen as f64 + 0.5) / (total as f64 + 0.5 * *count as f64))
                .collect();
            if let Place::Field(_) = what {
                let common = frequencies.common(comparer.records, place, Part::Whole);
                let otherwise = otherwise[place] * common.present;
                let same = same_of(common.same + otherwise, common.present);
                let rest: f64 = shares[1..].iter().sum();
                shares[0] = same;
                for share in &mut shares[1..] {
                    *share *= (1.0 - same) / rest;
                }
            }
            levels_of(&shares)
        })
        .collect();
    (levels, implied)
}

/// The share of pairs with the same value among those that both have one; never none and never all.
fn same_of(same: f64, present: f64) -> f64 {
    const LEAST: f64 = 1e-12;
    match present > 0.0 {
        true => (same / present).clamp(LEAST, 1.0 - 1e-9),
        false => LEAST,
    }
}

/// How many random pairs show each level of each place, and how names and sexes go together in them.
fn counts(
    data: &Data,
    comparer: &Comparer<'_>,
    (places, columns): (usize, Option<Columns>),
    seed: u64,
) -> (Vec<[u64; 16]>, implied::Counts) {
    let none = || (vec![[0_u64; 16]; places], implied::Counts::default());
    let records = data.len() as u64;
    // With several sources every second draw or fewer is of one source: those are passed over.
    let several = data.sources.len() > 1;
    let draws = match records {
        0 | 1 => 0,
        _ => PAIRS.min(records * (records - 1) / 2),
    };
    const PART: u64 = 8192;
    (0..draws.div_ceil(PART))
        .into_par_iter()
        .map(|part| {
            let (mut counts, mut of_names) = none();
            for nth in part * PART..((part + 1) * PART).min(draws) {
                let (a, b) = draw(data, nth, seed, several);
                if a == b {
                    continue;
                }
                let (row_a, row_b) = (comparer.records.row(a), comparer.records.row(b));
                let pattern = comparer.pattern(row_a, row_b);
                for (place, counts) in counts.iter_mut().enumerate() {
                    counts[usize::from(level(pattern, place))] += 1;
                }
                if let Some(columns) = columns {
                    columns.count(pattern, &mut of_names);
                }
            }
            (counts, of_names)
        })
        .reduce(none, |mut a, b| {
            for (a, b) in a.0.iter_mut().zip(&b.0) {
                for (a, b) in a.iter_mut().zip(b) {
                    *a += b;
                }
            }
            for (a, b) in a.1.iter_mut().flatten().zip(b.1.iter().flatten()) {
                *a += b;
            }
            a
        })
}

/// A random pair, of different sources where there are several.
fn draw(data: &Data, nth: u64, seed: u64, several: bool) -> (u32, u32) {
    let records = data.len() as u64;
    let a = (mix(nth * 2, seed) % records) as u32;
    let drawn = mix(nth * 2 + 1, seed);
    if !several {
        return (a, (drawn % records) as u32);
    }
    let mine = &data.sources[data.source_of(a)].records;
    let others = records - mine.len() as u64;
    if others == 0 {
        return (a, a);
    }
    let b = (drawn % others) as u32;
    match b < mine.start {
        true => (a, b),
        false => (a, b + mine.len() as u32),
    }
}
