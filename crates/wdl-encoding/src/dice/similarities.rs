//! How similar pairs are: counts of Dice in narrow bins.

use super::Draw;
use super::best::{Best, NOBODY};
use super::filters::Filters;

/// Bins of Dice: bin `n` counts `n/256 ≤ Dice < (n+1)/256`, the last Dice 1.
pub const BINS: usize = 257;

/// How many pairs are in each bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similarities {
    /// The counts.
    pub bins: [u64; BINS],
}

impl Similarities {
    /// So many pairs drawn at random, with replacement, from all pairs; a filter is not paired with the one in the same place when `skip_same_index`.
    pub fn sampled(
        a: &Filters,
        b: &Filters,
        skip_same_index: bool,
        (pairs, seed): (usize, u64),
    ) -> Similarities {
        let mut similarities = Similarities { bins: [0; BINS] };
        let mut draw = Draw(seed);
        let nothing = a.is_empty() || b.is_empty();
        for _ in 0..if nothing { 0 } else { pairs } {
            let (left, right) = (draw.below(a.len()), draw.below(b.len()));
            if skip_same_index && left == right {
                continue;
            }
            let (left, right) = (left as u32, right as u32);
            let common = a.common(left, b, right);
            similarities.add(common, a.count(left) + b.count(right));
        }
        similarities
    }

    /// The nearest of each filter of `a`.
    pub fn of_best(a: &Filters, b: &Filters, best: &[Best]) -> Similarities {
        let mut similarities = Similarities { bins: [0; BINS] };
        for (place, best) in best.iter().enumerate() {
            if best.other != NOBODY {
                let sum = a.count(place as u32) + b.count(best.other);
                similarities.add(best.common, sum);
            }
        }
        similarities
    }

    fn add(&mut self, common: u16, sum: u16) {
        // Two empty filters: Dice 0.
        let bin = usize::from(common) * 512 / usize::from(sum).max(1);
        self.bins[bin] += 1;
    }
}
