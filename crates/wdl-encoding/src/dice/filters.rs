//! Filters as they come, and as the kernels read them: in the order of their counts, words side by side.

use std::ops::Range;

use thiserror::Error;

use super::kernel::{Group, Quad};
use super::{BITS, Bits, LANES, ROWS, WORDS, distance};
use crate::clk::CLK_BYTES;

/// Why bytes are no filters.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FilterError {
    /// A piece is left over.
    #[error("{bytes} bytes are not a whole number of filters of 128 bytes")]
    Length {
        /// How many bytes there were.
        bytes: usize,
    },
    /// More than places have numbers.
    #[error("more than four thousand million filters")]
    TooMany,
}

/// Filters of 1024 bits, each with the count of its ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    // INVARIANT: `counts[n]` is the number of ones of `bits[n]`; fewer than `u32::MAX` filters.
    bits: Vec<Bits>,
    counts: Vec<u16>,
}

impl Filters {
    /// Reads filters that stand one after another, 128 bytes each; bit `p` is bit `p % 8`, the lowest first, of byte `p / 8`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Filters, FilterError> {
        let (filters, rest) = bytes.as_chunks::<CLK_BYTES>();
        if !rest.is_empty() {
            return Err(FilterError::Length { bytes: bytes.len() });
        }
        Filters::collect(filters)
    }

    /// Takes filters in.
    pub fn collect<'a>(
        filters: impl IntoIterator<Item = &'a [u8; CLK_BYTES]>,
    ) -> Result<Filters, FilterError> {
        let bits: Vec<Bits> = filters.into_iter().map(words).collect();
        if bits.len() >= u32::MAX as usize {
            return Err(FilterError::TooMany);
        }
        let count = |bits: &Bits| distance(bits, &[0; WORDS]);
        let counts = bits.iter().map(count).collect();
        Ok(Filters { bits, counts })
    }

    /// How many filters.
    pub fn len(&self) -> usize {
        self.bits.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// The ones of a filter.
    pub fn count(&self, filter: u32) -> u16 {
        self.counts[filter as usize]
    }

    /// The share of ones in all filters; 0 without filters.
    pub fn fill(&self) -> f64 {
        let ones: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        ones as f64 / (self.len() * BITS).max(1) as f64
    }

    /// The ones that two filters share.
    pub fn common(&self, filter: u32, others: &Filters, other: u32) -> u16 {
        let distance = distance(self.bits(filter), others.bits(other));
        (self.count(filter) + others.count(other) - distance) / 2
    }

    pub(super) fn bits(&self, filter: u32) -> &Bits {
        &self.bits[filter as usize]
    }
}

fn words(bytes: &[u8; CLK_BYTES]) -> Bits {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|nth| u64::from_le_bytes(words[nth]))
}

/// Filters in the order of (count, place): neighbours have nearly one count, so one limit serves many pairs.
pub(super) struct Order {
    /// The place of each filter among the filters as they came.
    pub(super) places: Vec<u32>,
    /// Their counts, ascending.
    pub(super) counts: Vec<u16>,
}

impl Order {
    /// All filters.
    pub(super) fn of(filters: &Filters) -> Order {
        let mut places: Vec<u32> = (0..filters.len() as u32).collect();
        places.sort_by_key(|place| filters.count(*place));
        let counts = places.iter().map(|place| filters.count(*place)).collect();
        Order { places, counts }
    }

    /// All filters with at least one bit: an empty one is near to nobody.
    pub(super) fn of_filled(filters: &Filters) -> Order {
        let Order { places, counts } = Order::of(filters);
        let empty = counts.partition_point(|count| *count == 0);
        Order {
            places: places[empty..].to_vec(),
            counts: counts[empty..].to_vec(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The positions whose counts lie in a range.
    pub(super) fn within(&self, counts: Range<u16>) -> Range<usize> {
        let before = |bound: u16| self.counts.partition_point(|count| *count < bound);
        before(counts.start)..before(counts.end)
    }

    /// The filters in order, eight side by side; the last group is filled up with empty ones.
    pub(super) fn groups(&self, filters: &Filters) -> Vec<Group> {
        let group = |places: &[u32]| {
            let mut group = Group::EMPTY;
            for (lane, place) in places.iter().enumerate() {
                for (words, word) in group.0.iter_mut().zip(filters.bits(*place)) {
                    words[lane] = *word;
                }
            }
            group
        };
        self.places.chunks(LANES).map(group).collect()
    }

    /// The filters in order, four side by side; the last four are filled up with empty ones.
    pub(super) fn quads(&self, filters: &Filters) -> Vec<Quad> {
        let quad = |places: &[u32]| {
            let mut quad = Quad::EMPTY;
            for (row, place) in places.iter().enumerate() {
                for (words, word) in quad.0.iter_mut().zip(filters.bits(*place)) {
                    words[row] = *word;
                }
            }
            quad
        };
        self.places.chunks(ROWS).map(quad).collect()
    }
}
