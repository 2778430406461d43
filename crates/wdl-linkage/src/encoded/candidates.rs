//! The pairs worth weighing: the two nearest of each record, found by the Dice kernel.

use rayon::prelude::*;
use wdl_encoding::dice::{Filters, NOBODY, best_of};

use super::evidence::Evidence;
use super::file::{Encoded, Vector};
use super::learn::Weights;

/// Up to so many pairs of records everything is looked at from both sides.
const ALL_MAX: usize = 1_000_000_000;
/// A file so many times smaller than the other says little of how alike the other's records are.
const UNEVEN: usize = 4;
/// Random pairs of one file that show how alike strangers are.
const RANDOM: usize = 300_000;
const BITS: i64 = 1024;

/// A file ready to be compared.
pub(super) struct Side<'e> {
    pub(super) encoded: &'e Encoded,
    pub(super) filters: Vec<Filters>,
}

/// A pair and how far it is alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) score: f64,
}

impl<'e> Side<'e> {
    pub(super) fn of(encoded: &'e Encoded) -> Side<'e> {
        let filters = encoded.vectors.iter();
        Side {
            encoded,
            filters: filters.map(collected).collect(),
        }
    }

    fn len(&self) -> usize {
        self.encoded.len()
    }

    /// How far a vector of a record agrees with that of another file's record; not at all when one has none.
    pub(super) fn agreement(&self, (nth, one): (usize, u32), b: &Side<'_>, other: u32) -> f64 {
        let (left, right) = (self.filters[nth].count(one), b.filters[nth].count(other));
        let common = self.filters[nth].common(one, &b.filters[nth], other);
        agreement(left, right, common)
    }

    /// Each record with its two nearest of the same file.
    fn nearest_within(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for filters in &self.filters {
            let best = best_of(filters, filters, true);
            for (place, best) in best.iter().enumerate() {
                for other in [best.other, best.second] {
                    if other != NOBODY {
                        let place = place as u32;
                        pairs.push((place.min(other), place.max(other)));
                    }
                }
            }
        }
        union(pairs)
    }

    /// Random pairs, or all when they are few; the same for the same records.
    fn random(&self) -> Vec<(u32, u32)> {
        let count = self.len();
        if count * count.saturating_sub(1) / 2 <= RANDOM {
            let others = |one: u32| (one + 1..count as u32).map(move |other| (one, other));
            return (0..count as u32).flat_map(others).collect();
        }
        // Each record with others at distances that differ from record to record.
        let each = RANDOM.div_ceil(count);
        let pairs = (0..count).flat_map(|one| {
            (1..=each).map(move |nth| {
                // Multiples of a large odd number go round every part of the file (Fibonacci hashing).
                let step = (one * each + nth).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as usize);
                let other = (one + 1 + (step >> 16) % (count - 1)) % count;
                (one as u32, other as u32)
            })
        });
        pairs.collect()
    }

    /// Some records, spread evenly, each with its two nearest of the same file.
    fn nearest_of_some(&self, count: usize) -> Vec<(u32, u32)> {
        let all = self.len();
        let places: Vec<u32> = (0..count).map(|nth| (nth * all / count) as u32).collect();
        let mut is_probe = vec![false; all];
        for place in &places {
            is_probe[*place as usize] = true;
        }
        let rest: Vec<u32> = (0..all as u32)
            .filter(|place| !is_probe[*place as usize])
            .collect();
        // A record is not in the rest, so that it does not find itself.
        union(Part::of(self, places).nearest(&Part::of(self, rest), false))
    }
}

fn collected<'v>(vectors: impl IntoIterator<Item = &'v Vector>) -> Filters {
    Filters::collect(vectors).expect("a file has fewer records than numbers")
}

/// What was found: the pairs between two files, those within each, and how many pairs were looked at within each.
pub(super) struct Candidates {
    pub(super) across: Vec<(u32, u32)>,
    /// For each file: pairs of its records.
    pub(super) within: [Vec<(u32, u32)>; 2],
    pub(super) looked_within: [f64; 2],
}

/// The pairs between two files, and within each as far as that costs no more than the pairs between.
pub(super) fn between(a: &Side<'_>, b: &Side<'_>) -> Candidates {
    let most = a.len().max(b.len());
    match most * most <= ALL_MAX {
        true => from_both_sides(a, b),
        false => from_the_smaller(a, b),
    }
}

fn from_both_sides(a: &Side<'_>, b: &Side<'_>) -> Candidates {
    let mut across = nearest(a, b);
    across.extend(nearest(b, a).into_iter().map(|(b, a)| (a, b)));
    let looked = |side: &Side<'_>| side.len() as f64 * (side.len() as f64 - 1.0).max(0.0) / 2.0;
    Candidates {
        across: union(across),
        within: [a.nearest_within(), b.nearest_within()],
        looked_within: [looked(a), looked(b)],
    }
}

/// The two nearest of each record of the smaller file; within the files as many records as the smaller one has.
fn from_the_smaller(a: &Side<'_>, b: &Side<'_>) -> Candidates {
    let is_a_smaller = a.len() <= b.len();
    let (few, many) = if is_a_smaller { (a, b) } else { (b, a) };
    let across = nearest(few, many).into_iter();
    let across = across.map(|(few, many)| {
        if is_a_smaller {
            (few, many)
        } else {
            (many, few)
        }
    });
    let shares = match few.len() * UNEVEN >= many.len() {
        true => [few.len() / 2, few.len() / 2],
        false => [0, few.len().min(many.len() / 2)],
    };
    let looked = |side: &Side<'_>, probes: usize| probes as f64 * (side.len() - probes) as f64;
    let [of_few, of_many] = shares;
    let (from_few, from_many) = (few.nearest_of_some(of_few), many.nearest_of_some(of_many));
    let (looked_few, looked_many) = (looked(few, of_few), looked(many, of_many));
    let (within, looked_within) = match is_a_smaller {
        true => ([from_few, from_many], [looked_few, looked_many]),
        false => ([from_many, from_few], [looked_many, looked_few]),
    };
    Candidates {
        across: union(across),
        within,
        looked_within,
    }
}

/// The pairs within one file; random ones show what strangers are like.
pub(super) fn inside(a: &Side<'_>) -> Candidates {
    Candidates {
        across: a.nearest_within(),
        within: [a.random(), Vec::new()],
        looked_within: [0.0; 2],
    }
}

/// A share of a file's records, known by their places in it.
struct Part {
    places: Vec<u32>,
    filters: Vec<Filters>,
}

impl Part {
    fn of(side: &Side<'_>, places: Vec<u32>) -> Part {
        let vectors = side.encoded.vectors.iter();
        let filters = vectors.map(|of| collected(places.iter().map(|place| &of[*place as usize])));
        Part {
            filters: filters.collect(),
            places,
        }
    }

    /// Each of these records with its two nearest of others; a part is not held against itself in the same place.
    fn nearest(&self, others: &Part, is_same: bool) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (left, right) in self.filters.iter().zip(&others.filters) {
            for (place, best) in self.places.iter().zip(best_of(left, right, is_same)) {
                let near = [best.other, best.second].into_iter();
                let near = near.filter(|other| *other != NOBODY);
                pairs.extend(near.map(|other| (*place, others.places[other as usize])));
            }
        }
        pairs
    }
}

impl Candidates {
    /// Adds the nearest among the records that are in none of these pairs: theirs were taken by others.
    ///
    /// Not when that would cost as much again as all before; whether it was done.
    pub(super) fn among_the_rest(
        &mut self,
        (a, b): (&Side<'_>, &Side<'_>),
        taken: &[Pair],
    ) -> bool {
        let rest = |side: &Side<'_>, record: fn(&Pair) -> u32| {
            let mut is_taken = vec![false; side.len()];
            for pair in taken {
                is_taken[record(pair) as usize] = true;
            }
            let places = 0..side.len() as u32;
            let free: Vec<u32> = places.filter(|place| !is_taken[*place as usize]).collect();
            Part::of(side, free)
        };
        let (left, right) = (rest(a, |pair| pair.a), rest(b, |pair| pair.b));
        let cost = left.places.len().max(right.places.len()).pow(2);
        if cost > ALL_MAX.max(a.len() * b.len() / 4) {
            return false;
        }
        let mut across = std::mem::take(&mut self.across);
        across.extend(left.nearest(&right, false));
        across.extend(right.nearest(&left, false).into_iter().map(|(b, a)| (a, b)));
        self.across = union(across);
        for (within, part) in self.within.iter_mut().zip([&left, &right]) {
            let mut pairs = std::mem::take(within);
            let near = part.nearest(part, true).into_iter();
            pairs.extend(near.map(|(one, other)| (one.min(other), one.max(other))));
            *within = union(pairs);
        }
        true
    }
}

/// Each record of one file with its two nearest of another.
fn nearest(a: &Side<'_>, b: &Side<'_>) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for (left, right) in a.filters.iter().zip(&b.filters) {
        for (place, best) in best_of(left, right, false).iter().enumerate() {
            let others = [best.other, best.second].into_iter();
            let others = others.filter(|other| *other != NOBODY);
            pairs.extend(others.map(|other| (place as u32, other)));
        }
    }
    pairs
}

fn union(pairs: impl IntoIterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// How pairs are scored.
#[derive(Clone, Copy)]
pub(super) enum Measure<'m> {
    /// By the agreement of their vectors together.
    Agreement,
    /// By what each bit says, as sure links taught.
    Learnt(&'m [Weights]),
    /// By the ones they share and how many they could.
    Evidence(&'m [Evidence]),
}

/// The pairs with their scores, the most alike first: the greatest of all vectors that both records have.
pub(super) fn scored(
    (a, b): (&Side<'_>, &Side<'_>),
    pairs: &[(u32, u32)],
    measure: Measure<'_>,
) -> Vec<Pair> {
    let count = a.filters.len();
    let choices = choices(count);
    let score = |one: u32, other: u32| {
        let both = (0..count)
            .filter(|nth| a.filters[*nth].count(one) > 0 && b.filters[*nth].count(other) > 0);
        let of = |nth: usize| {
            let vectors = (&a.encoded.vectors[nth], &b.encoded.vectors[nth]);
            (&vectors.0[one as usize], &vectors.1[other as usize])
        };
        match measure {
            Measure::Agreement => {
                let mut each: Vec<f64> =
                    both.map(|nth| a.agreement((nth, one), b, other)).collect();
                together(&mut each, &choices)
            }
            Measure::Learnt(weights) => {
                let each = both.map(|nth| (nth, of(nth)));
                let each = each.map(|(nth, (one, other))| weights[nth].score(one, other));
                each.fold(f64::MIN, f64::max)
            }
            Measure::Evidence(evidence) => {
                let each = both.map(|nth| (nth, of(nth)));
                let each = each.map(|(nth, (one, other))| evidence[nth].score(one, other));
                each.fold(f64::MIN, f64::max)
            }
        }
    };
    let mut scored: Vec<Pair> = pairs
        .par_iter()
        .map(|(a, b)| Pair {
            a: *a,
            b: *b,
            score: score(*a, *b),
        })
        .collect();
    scored.par_sort_unstable_by(|x, y| {
        y.score
            .total_cmp(&x.score)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    scored
}

/// The logarithms of how many ways there are to choose none, one, two … of so many.
fn choices(count: usize) -> Vec<f64> {
    let mut ways = vec![0.0_f64];
    for nth in 0..count {
        let before = ways[nth];
        ways.push(before + ((count - nth) as f64 / (nth + 1) as f64).ln());
    }
    ways
}

/// How far several vectors agree together: the evidence of the m that agree most, for the best m.
///
/// Vectors under salts that the two do not share agree by chance, each with a standard deviation of 1/√1024; m that agree have evidence (Σz)²/2m in natural logarithms, less what choosing them adds (Bonferroni).
/// Brought back to the scale of one vector: 1 when all are the same.
fn together(each: &mut [f64], choices: &[f64]) -> f64 {
    if each.is_empty() {
        return f64::MIN;
    }
    each.sort_unstable_by(|a, b| b.total_cmp(a));
    let bits = BITS as f64;
    let (mut sum, mut best) = (0.0, f64::MIN);
    for (nth, one) in each.iter().enumerate() {
        sum += one;
        if sum <= 0.0 {
            break;
        }
        let m = nth + 1;
        let evidence = bits * sum * sum / (2.0 * m as f64) - choices[m];
        best = best.max(evidence);
    }
    if best <= 0.0 {
        return each[0].min(0.0);
    }
    (2.0 * best / bits / (choices.len() - 1) as f64).sqrt()
}

/// The correlation of two vectors: 1 when they are the same, about 0 when they agree no more than their counts of ones make them.
///
/// Unlike Dice it does not fall when one record has fewer fields, and so fewer ones, than the other.
fn agreement(left: u16, right: u16, common: u16) -> f64 {
    let (left, right, common) = (i64::from(left), i64::from(right), i64::from(common));
    let beyond_chance = BITS * common - left * right;
    let spread = (left * right) as f64 * ((BITS - left) * (BITS - right)) as f64;
    beyond_chance as f64 / spread.sqrt().max(1.0)
}
