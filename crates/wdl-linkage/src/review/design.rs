//! Which pairs are asked: strata by weight on each side of the decision, an allocation, and a draw by the hash of the ids.

use rayon::prelude::*;

use crate::Data;

/// A pair that may be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// A record.
    pub a: u32,
    /// The other record.
    pub b: u32,
    /// The logarithm, to the base 2, of the odds that they match.
    pub weight: f64,
    /// How probable it is that they match.
    pub probability: f64,
    /// Whether they were linked.
    pub is_link: bool,
}

/// How many pairs of each stratum are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// In proportion to its pairs and to how uncertain they are, which gives the smallest error of precision (Neyman, *Journal of the Royal Statistical Society* 97, 1934).
    Neyman,
    /// As many of each.
    Equal,
}

/// How a sample is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// How many pairs are asked in all; fewer when there are not so many.
    pub size: usize,
    /// Into how many strata the links are cut, and the other pairs.
    pub strata: usize,
    /// How the pairs asked are shared out.
    pub allocation: Allocation,
    /// What the draw and the numbers follow from.
    pub seed: u64,
}

/// Pairs of like weight, linked or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratum {
    /// Whether its pairs are linked.
    pub is_link: bool,
    /// The smallest weight among them.
    pub weight_from: f64,
    /// The greatest weight among them.
    pub weight_to: f64,
    /// How many pairs it has.
    pub pairs: u64,
    /// How many of them are asked; all of them in a stratum of certainty.
    pub asked: u64,
    /// How many of its pairs are expected to match.
    pub expected: f64,
}

/// A pair that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// A record.
    pub a: u32,
    /// The other record.
    pub b: u32,
    /// Its place among the candidates.
    pub candidate: usize,
    /// The place of its stratum.
    pub stratum: usize,
    /// Its number for each reviewer, from 1.
    pub numbers: [u32; 2],
}

/// The pairs that are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The strata: of the pairs not linked from the smallest weight upwards, then of the links.
    pub strata: Vec<Stratum>,
    /// The pairs, in the order of (a, b).
    pub asked: Vec<Asked>,
}

impl Sample {
    /// The standard error that precision is expected to have, if the probabilities are right.
    pub fn planned_error(&self) -> Option<f64> {
        let links = || self.strata.iter().filter(|stratum| stratum.is_link);
        let total: u64 = links().map(|stratum| stratum.pairs).sum();
        let variance: f64 = links()
            .filter(|stratum| stratum.asked > 0)
            .map(|stratum| {
                let (pairs, asked) = (stratum.pairs as f64, stratum.asked as f64);
                (pairs / total as f64 * spread(stratum)).powi(2) * (1.0 / asked - 1.0 / pairs)
            })
            .sum();
        (total > 0).then(|| variance.sqrt())
    }
}

/// Draws a sample of pairs; which ones depends on their ids and the seed alone.
pub fn draw(data: &Data, candidates: &[Candidate], design: &Design) -> Sample {
    let mut strata = Vec::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
    for is_link in [false, true] {
        for places in cut(candidates, is_link, design.strata) {
            strata.push(stratum(candidates, &places, is_link));
            members.push(places);
        }
    }
    allocate(&mut strata, design);
    let key = |candidate: &Candidate, purpose: u64| key(data, candidate, design.seed, purpose);
    let mut asked = Vec::new();
    for (place, (stratum, pairs)) in strata.iter().zip(members).enumerate() {
        let first = first_by(&pairs, stratum.asked as usize, |pair| {
            key(&candidates[*pair], 0)
        });
        asked.extend(first.into_iter().map(|candidate| Asked {
            a: candidates[candidate].a,
            b: candidates[candidate].b,
            candidate,
            stratum: place,
            numbers: [0; 2],
        }));
    }
    for reviewer in 0..2 {
        asked.sort_by_cached_key(|pair| key(&candidates[pair.candidate], 1 + reviewer as u64));
        for (number, pair) in (1..).zip(&mut asked) {
            pair.numbers[reviewer] = number;
        }
    }
    asked.sort_by_key(|pair| (pair.a, pair.b));
    Sample { strata, asked }
}

/// So many pairs with the smallest keys.
fn first_by<K: Ord + Send>(
    pairs: &[usize],
    count: usize,
    key: impl Fn(&usize) -> K + Sync,
) -> Vec<usize> {
    let mut keyed: Vec<(K, usize)> = pairs.par_iter().map(|pair| (key(pair), *pair)).collect();
    if count < keyed.len() {
        keyed.select_nth_unstable(count);
        keyed.truncate(count);
    }
    keyed.into_iter().map(|(_, pair)| pair).collect()
}

/// Cuts one side of the decision into strata of equal spread, from the smallest weight upwards: each holds the same share of `Σ √(p(1−p))`, so that each weighs the same in the error.
///
/// Pairs of one weight stay together, so there may be fewer.
fn cut(candidates: &[Candidate], is_link: bool, count: usize) -> Vec<Vec<usize>> {
    // By weight, then by records, so that sums do not depend on the order of the candidates.
    let mut sorted: Vec<(i64, u32, u32, usize)> = candidates
        .par_iter()
        .enumerate()
        .filter(|(_, pair)| pair.is_link == is_link)
        .map(|(place, pair)| (ascending(pair.weight), pair.a, pair.b, place))
        .collect();
    sorted.par_sort_unstable();
    let places: Vec<usize> = sorted.into_iter().map(|(.., place)| place).collect();
    // Where all is certain the number of pairs decides: a pair never counts less than this.
    let own_spread = |place: &usize| {
        let probability = candidates[*place].probability.clamp(0.0, 1.0);
        (probability * (1.0 - probability)).sqrt() + 1e-6
    };
    let total: f64 = places.iter().map(own_spread).sum();
    let mut strata: Vec<Vec<usize>> = Vec::new();
    let mut sum = 0.0;
    for same in places.chunk_by(|x, y| candidates[*x].weight == candidates[*y].weight) {
        let is_full = sum >= total * strata.len() as f64 / count.max(1) as f64;
        sum += same.iter().map(own_spread).sum::<f64>();
        match strata.last_mut() {
            Some(last) if !is_full => last.extend(same),
            _ => strata.push(same.to_vec()),
        }
    }
    strata
}

/// A number in the order of weights.
fn ascending(weight: f64) -> i64 {
    let bits = weight.to_bits() as i64;
    // As `f64::total_cmp` has it: below zero the other bits are turned round.
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn stratum(candidates: &[Candidate], places: &[usize], is_link: bool) -> Stratum {
    let weight = |place: Option<&usize>| candidates[*place.expect("a stratum has pairs")].weight;
    Stratum {
        is_link,
        weight_from: weight(places.first()),
        weight_to: weight(places.last()),
        pairs: places.len() as u64,
        asked: 0,
        expected: places
            .iter()
            .map(|place| candidates[*place].probability)
            .sum(),
    }
}

/// The standard deviation of the answers in a stratum, as far as probabilities tell; never zero, since they may be wrong.
fn spread(stratum: &Stratum) -> f64 {
    let share = (stratum.expected + 1.0) / (stratum.pairs as f64 + 2.0);
    (share * (1.0 - share)).sqrt()
}

/// Shares the pairs asked out: at least two of a stratum, or its only one, and never more than it has.
fn allocate(strata: &mut [Stratum], design: &Design) {
    let mut left = design.size as u64;
    for stratum in strata.iter_mut() {
        stratum.asked = stratum.pairs.min(2).min(left);
        left -= stratum.asked;
    }
    let mut open: Vec<usize> = (0..strata.len()).collect();
    loop {
        open.retain(|place| strata[*place].asked < strata[*place].pairs);
        let want = |place: usize| match design.allocation {
            Allocation::Neyman => strata[place].pairs as f64 * spread(&strata[place]),
            Allocation::Equal => 1.0,
        };
        let all: f64 = open.iter().map(|place| want(*place)).sum();
        // What each would have of all that open strata share, those already given included.
        let given: u64 = open.iter().map(|place| strata[*place].asked).sum();
        let ideal = |place: usize| (given + left) as f64 * want(place) / all;
        // Strata that want all their pairs, or fewer than they have, are settled before the others share.
        let full = open
            .iter()
            .copied()
            .find(|place| ideal(*place) >= strata[*place].pairs as f64);
        if let Some(place) = full {
            let more = (strata[place].pairs - strata[place].asked).min(left);
            strata[place].asked += more;
            left -= more;
            if more == 0 {
                return;
            }
            continue;
        }
        let sated = open
            .iter()
            .position(|place| ideal(*place) <= strata[*place].asked as f64);
        if let Some(sated) = sated {
            open.remove(sated);
            continue;
        }
        let shares: Vec<(usize, f64)> = open
            .iter()
            .map(|place| (*place, ideal(*place) - strata[*place].asked as f64))
            .collect();
        share_out(strata, &shares, left);
        return;
    }
}

/// Whole parts first, then one each to the largest remainders.
fn share_out(strata: &mut [Stratum], shares: &[(usize, f64)], mut left: u64) {
    for (place, share) in shares {
        let whole = (share.floor() as u64).min(left);
        strata[*place].asked += whole;
        left -= whole;
    }
    let mut rest: Vec<(usize, f64)> = shares
        .iter()
        .map(|(place, share)| (*place, share.fract()))
        .collect();
    rest.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    for (place, _) in rest.into_iter().take(left as usize) {
        let stratum = &mut strata[place];
        stratum.asked = (stratum.asked + 1).min(stratum.pairs);
    }
}

/// Where a pair stands in the order of one purpose: a hash of its ids and the seed, then the records, so that no two are equal.
fn key(data: &Data, candidate: &Candidate, seed: u64, purpose: u64) -> (u64, u32, u32) {
    let mut hash = mix(seed, purpose);
    for record in [candidate.a, candidate.b] {
        let id = data.ids.get(record).as_bytes();
        hash = mix(hash, data.source_of(record) as u64);
        hash = mix(hash, id.len() as u64);
        for part in id.chunks(8) {
            let mut bytes = [0; 8];
            bytes[..part.len()].copy_from_slice(part);
            hash = mix(hash, u64::from_le_bytes(bytes));
        }
    }
    (hash, candidate.a, candidate.b)
}

/// One step of the hash: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) over the state and the next part.
fn mix(state: u64, part: u64) -> u64 {
    let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
