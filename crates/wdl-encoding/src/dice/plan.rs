//! The threshold as limits of distance, and how many words of a pair are looked at before most pairs are given up.

use super::filters::{Filters, Order};
use super::{BITS, Draw, WORDS};

/// An exact threshold `p/q`, above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    // INVARIANT: 0 < p <= q.
    p: u32,
    q: u32,
}

impl Ratio {
    /// `p/q`; nothing unless 0 < p ≤ q.
    pub fn new(p: u32, q: u32) -> Option<Ratio> {
        (0 < p && p <= q).then_some(Ratio { p, q })
    }

    /// The ratio in 1/65,536 that is nearest to a number from above 0 to 1.
    pub fn nearest(value: f64) -> Option<Ratio> {
        const PARTS: u32 = 1 << 16;
        (0.0 < value && value <= 1.0)
            .then(|| Ratio::new(((value * f64::from(PARTS)).round() as u32).max(1), PARTS))
            .flatten()
    }

    /// The ratio as a number.
    pub fn value(self) -> f64 {
        f64::from(self.p) / f64::from(self.q)
    }
}

/// The largest distance at which a pair is still at or above the threshold, for each sum of two counts.
pub(super) struct Limits {
    by_sum: Vec<u16>,
    threshold: Ratio,
}

impl Limits {
    pub(super) fn of(threshold: Ratio) -> Limits {
        let (p, q) = (u64::from(threshold.p), u64::from(threshold.q));
        // The largest h with q·h ≤ (q-p)·sum.
        let limit = |sum: usize| ((q - p) * sum as u64 / q) as u16;
        Limits {
            by_sum: (0..=2 * BITS).map(limit).collect(),
            threshold,
        }
    }

    /// The limit of two counts.
    pub(super) fn limit(&self, a: u16, b: u16) -> u16 {
        self.by_sum[usize::from(a + b)]
    }

    /// The counts, end excluded, that can reach the threshold with a count between two: p·larger ≤ (2q-p)·smaller.
    pub(super) fn partners(&self, smallest: u16, largest: u16) -> std::ops::Range<u16> {
        let p = u64::from(self.threshold.p);
        let rest = 2 * u64::from(self.threshold.q) - p;
        let from = (p * u64::from(smallest)).div_ceil(rest);
        let to = (rest * u64::from(largest) / p).min(BITS as u64);
        from as u16..to as u16 + 1
    }
}

/// For each limit the number of words after which giving up is cheapest.
pub(super) struct Stages {
    by_limit: Vec<u8>,
}

/// Pairs looked at to learn how distances grow word by word.
const SAMPLE: usize = 16_384;

impl Stages {
    /// Learns from a fixed sample of pairs; `together` pairs are given up only all at once.
    pub(super) fn of(a: (&Filters, &Order), b: (&Filters, &Order), together: usize) -> Stages {
        // How many pairs of the sample are within each distance after each number of words.
        let mut within = vec![[0u32; BITS + 1]; WORDS];
        let mut draw = Draw(0);
        let sample = SAMPLE.min(a.1.len() * b.1.len());
        for _ in 0..sample {
            let left = a.0.bits(a.1.places[draw.below(a.1.len())]);
            let right = b.0.bits(b.1.places[draw.below(b.1.len())]);
            let mut distance = 0;
            for ((left, right), within) in left.iter().zip(right).zip(&mut within) {
                distance += (left ^ right).count_ones() as usize;
                within[distance] += 1;
            }
        }
        for within in &mut within {
            for distance in 1..=BITS {
                within[distance] += within[distance - 1];
            }
        }
        let cheapest = |limit: usize| {
            let cost = |words: &usize| {
                let share = f64::from(within[words - 1][limit]) / sample.max(1) as f64;
                cost(*words, share, together)
            };
            let words = (1..=WORDS).min_by(|one, other| cost(one).total_cmp(&cost(other)));
            words.expect("there are words") as u8
        };
        Stages {
            by_limit: (0..=BITS).map(cheapest).collect(),
        }
    }

    /// The words to look at first when pairs farther apart than the limit are of no use.
    pub(super) fn words(&self, limit: i16) -> usize {
        let limit = usize::try_from(limit).unwrap_or(0);
        usize::from(self.by_limit[limit.min(BITS)])
    }
}

/// The time of a batch in steps of one word: its first words, then, when a pair stayed, a mispredicted branch and the words that were left.
/// The two constants are the rough price of a branch gone wrong and of a pair that stays; they move the time by a few in a hundred.
fn cost(words: usize, share: f64, together: usize) -> f64 {
    let some_stays = 1.0 - (1.0 - share).powi(together as i32);
    words as f64 + some_stays * (4.0 + (WORDS - words) as f64 / 2.0)
}
