//! How much each bit says: once sure links are known, a bit that they share more often than strangers counts more.
//!
//! Weights of Fellegi and Sunter (1969) for each bit as a field of its own; bits of one gram agree together, so the sums are no probabilities, and only their order is used.

use super::candidates::{Pair, Side};
use super::file::Vector;
use wdl_encoding::CLK_BYTES;

pub(super) const BITS: usize = CLK_BYTES * 8;
/// Sure links from which weights can be learnt.
pub(super) const SURE_MIN: usize = 200;
/// What is believed of a bit before it is seen counts as so many links.
const BELIEF: f64 = 20.0;
/// Bits whose shares stray less than this are even.
const EVEN: f64 = 0.08;
/// Parts of a unit of weight: sums of whole numbers do not depend on their order.
pub(super) const PARTS: f64 = 4096.0;

/// The weights of one vector's bits.
pub(super) struct Weights {
    /// What a bit adds that both have.
    both: Vec<i64>,
    /// What a bit adds that one has.
    one: Vec<i64>,
    neither: i64,
}

impl Weights {
    /// The score of two vectors.
    pub(super) fn score(&self, a: &Vector, b: &Vector) -> f64 {
        let mut sum = self.neither;
        for (nth, (a, b)) in a
            .as_chunks::<8>()
            .0
            .iter()
            .zip(b.as_chunks::<8>().0)
            .enumerate()
        {
            let (a, b) = (u64::from_le_bytes(*a), u64::from_le_bytes(*b));
            sum += of(&self.both, nth, a & b) + of(&self.one, nth, a ^ b);
        }
        sum as f64 / PARTS
    }
}

/// What the bits add that two vectors both have, and how many they are.
pub(super) fn both_counted(both: &[i64], a: &Vector, b: &Vector) -> (i64, u32) {
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let (mut sum, mut common) = (0, 0);
    for (nth, (a, b)) in words.enumerate() {
        let bits = u64::from_le_bytes(*a) & u64::from_le_bytes(*b);
        sum += of(both, nth, bits);
        common += bits.count_ones();
    }
    (sum, common)
}

fn of(weights: &[i64], word: usize, mut bits: u64) -> i64 {
    let mut sum = 0;
    while bits != 0 {
        sum += weights[word * 64 + bits.trailing_zeros() as usize];
        bits &= bits - 1;
    }
    sum
}

/// The weights of each vector's bits, from links that are sure; nothing when they are few.
pub(super) fn weights(a: &Side<'_>, b: &Side<'_>, sure: &[Pair]) -> Option<Vec<Weights>> {
    let filters = 0..a.filters.len();
    filters.map(|nth| of_vector(a, b, (sure, nth))).collect()
}

fn of_vector(a: &Side<'_>, b: &Side<'_>, (sure, nth): (&[Pair], usize)) -> Option<Weights> {
    let (left, right) = (&a.encoded.vectors[nth], &b.encoded.vectors[nth]);
    let has = |vector: &Vector| vector.iter().any(|byte| *byte != 0);
    let links: Vec<(&Vector, &Vector)> = sure
        .iter()
        .map(|pair| (&left[pair.a as usize], &right[pair.b as usize]))
        .filter(|(a, b)| has(a) && has(b))
        .collect();
    if links.len() < SURE_MIN {
        return None;
    }
    let share = shares(left.iter().chain(right).filter(|vector| has(vector)));
    if is_even(&share) {
        return None;
    }
    let mut both = vec![0_u32; BITS];
    let mut neither = vec![0_u32; BITS];
    for (a, b) in &links {
        for bit in 0..BITS {
            let (byte, at) = (bit / 8, bit % 8);
            both[bit] += u32::from(a[byte] & b[byte]) >> at & 1;
            neither[bit] += u32::from(!(a[byte] | b[byte])) >> at & 1;
        }
    }
    let count = links.len() as f64;
    // Before a bit is seen, links share it as often as they share all bits.
    let shared: u64 = both.iter().map(|count| u64::from(*count)).sum();
    let ones: f64 = share.iter().sum();
    let kept = (shared as f64 / count / ones).min(1.0);
    let mut weights = Weights {
        both: Vec::with_capacity(BITS),
        one: Vec::with_capacity(BITS),
        neither: 0,
    };
    for bit in 0..BITS {
        let f = share[bit];
        let of = |seen: u32, believed: f64| {
            ((f64::from(seen) + BELIEF * believed) / (count + BELIEF)).max(1e-5)
        };
        let m_both = of(both[bit], kept * f);
        let m_neither = of(neither[bit], (1.0 - (2.0 - kept) * f).max(1e-5));
        let m_one = ((1.0 - m_both - m_neither) / 2.0).max(1e-4);
        let parts = |m: f64, u: f64| ((m / u).log2() * PARTS).round() as i64;
        let none = parts(m_neither, (1.0 - f) * (1.0 - f));
        weights.neither += none;
        weights.both.push(parts(m_both, f * f) - none);
        weights.one.push(parts(m_one, f * (1.0 - f)) - none);
    }
    Some(weights)
}

/// Whether all bits are set about equally often, as after a diffusion: then none says more than another, and weights would learn chance.
pub(super) fn is_even(share: &[f64]) -> bool {
    let mean = share.iter().sum::<f64>() / share.len() as f64;
    let squares = share.iter().map(|share| (share - mean).powi(2));
    (squares.sum::<f64>() / share.len() as f64).sqrt() < EVEN
}

/// The share of vectors that have each bit, away from nought and one.
pub(super) fn shares<'v>(vectors: impl Iterator<Item = &'v Vector>) -> Vec<f64> {
    let mut ones = vec![0_u32; BITS];
    let mut count = 0_u32;
    for vector in vectors {
        count += 1;
        for (bit, ones) in ones.iter_mut().enumerate() {
            *ones += u32::from(vector[bit / 8]) >> (bit % 8) & 1;
        }
    }
    let share = |ones: u32| f64::from(ones) / f64::from(count.max(1));
    ones.into_iter()
        .map(|ones| share(ones).clamp(1e-3, 1.0 - 1e-3))
        .collect()
}
