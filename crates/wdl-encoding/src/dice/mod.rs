//! Dice coefficients of 1024-bit filters: every pair at or above a threshold, or the nearest of each record.
//!
//! Dice is `2|a∧b| / (|a|+|b|)`.
//! With the distance `h = |a⊕b| = |a|+|b| - 2|a∧b|` a pair is at or above `p/q` exactly when `q·h ≤ (q-p)·(|a|+|b|)`: whole numbers, no rounding.
//! A distance only grows with the bits looked at, so a pair is given up as soon as the first words are too far apart; how many words to look at first is chosen from the data at hand and changes the time alone, never the result.
//!
//! Place in the flow: encodings in (see the crate's `clk`), candidate pairs out, sorted; who is whom is decided elsewhere.
//! It must not know what the bits stand for.
//!
//! **Invariants:** every kernel finds the same pairs; the result depends neither on the machine nor on the number of threads; two empty filters (0/0) are no match; what is kept in memory has a bound that the caller sets.

mod best;
mod filters;
mod kernel;
mod plan;
mod search;
mod similarities;

pub use best::{Best, NOBODY, best_of, best_of_with};
pub use filters::{FilterError, Filters};
pub use kernel::Kernel;
pub use plan::Ratio;
pub use search::{Found, SearchError, search, search_with, search_within, search_within_with};
pub use similarities::{BINS, Similarities};

/// The bits of a filter as words: bit `p` is bit `p % 64` of word `p / 64`.
type Bits = [u64; WORDS];

/// The words of a filter.
const WORDS: usize = 16;
/// The most that a filter's bits, or a distance, can count.
const BITS: usize = WORDS * 64;
/// Filters side by side in a [`kernel::Group`]: one 512-bit register holds a word of each.
const LANES: usize = 8;
/// Filters that go through a tile together: a word of the tile that was loaded serves them all.
const ROWS: usize = 4;
/// Groups of a tile: 16 KiB, half of a common first-level cache.
const TILE: usize = 16;
/// Filters of a tile.
const TILE_FILTERS: usize = TILE * LANES;

fn distance(a: &Bits, b: &Bits) -> u16 {
    let words = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones() as u16);
    words.sum()
}

/// A stream of numbers that look drawn at random and are the same everywhere (SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The high half of the product: below the bound, and even enough for a sample.
        ((u128::from(mixed) * bound as u128) >> 64) as usize
    }
}
