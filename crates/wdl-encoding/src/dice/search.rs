//! Every pair at or above a threshold.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use thiserror::Error;

use super::filters::{Filters, Order};
use super::kernel::{Group, Kernel, Quad, Scan};
use super::plan::{Limits, Ratio, Stages};
use super::{ROWS, TILE, TILE_FILTERS};

/// Why a search was given up.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SearchError {
    /// The threshold is too low for these filters.
    #[error("more than {limit} pairs are at or above the threshold")]
    TooMany {
        /// The bound that the caller set.
        limit: usize,
    },
}

/// A pair at or above the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The filter of the first set.
    pub a: u32,
    /// The filter of the second.
    pub b: u32,
    /// The ones they share: Dice is `2·common / (|a|+|b|)`.
    pub common: u16,
}

/// Every pair of a filter of `a` and a filter of `b` at or above the threshold, sorted by (a, b).
///
/// An error when there are more than `limit`: memory stays within some 24 bytes a pair of the limit.
pub fn search(
    a: &Filters,
    b: &Filters,
    threshold: Ratio,
    limit: usize,
) -> Result<Vec<Found>, SearchError> {
    search_with(Kernel::best(), a, b, threshold, limit)
}

/// [`search`] with a kernel of the caller's choice.
pub fn search_with(
    kernel: Kernel,
    a: &Filters,
    b: &Filters,
    threshold: Ratio,
    limit: usize,
) -> Result<Vec<Found>, SearchError> {
    Search::new(kernel, (a, Order::of_filled(a)), (b, Order::of_filled(b))).pairs(
        Pairs::Across,
        &Limits::of(threshold),
        limit,
    )
}

/// Every pair of two filters of one set at or above the threshold, each once with a < b, sorted by (a, b).
pub fn search_within(
    filters: &Filters,
    threshold: Ratio,
    limit: usize,
) -> Result<Vec<Found>, SearchError> {
    search_within_with(Kernel::best(), filters, threshold, limit)
}

/// [`search_within`] with a kernel of the caller's choice.
pub fn search_within_with(
    kernel: Kernel,
    filters: &Filters,
    threshold: Ratio,
    limit: usize,
) -> Result<Vec<Found>, SearchError> {
    let order = || Order::of_filled(filters);
    Search::new(kernel, (filters, order()), (filters, order())).pairs(
        Pairs::Within,
        &Limits::of(threshold),
        limit,
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairs {
    Across,
    /// Both sides are one set in one order: a pair is looked at when its second position is the larger.
    Within,
}

/// Quads that go through a tile while it is in the cache.
const BLOCK: usize = 128;
/// Tiles of one task: with a block some two million pairs, a millisecond or two.
const CHUNK: usize = 32;

struct Search {
    kernel: Kernel,
    left: Order,
    right: Order,
    quads: Vec<Quad>,
    groups: Vec<Group>,
    stages: Stages,
}

/// Some quads against some tiles.
struct Task {
    quads: Range<usize>,
    tiles: Range<usize>,
}

impl Search {
    fn new(kernel: Kernel, (a, left): (&Filters, Order), (b, right): (&Filters, Order)) -> Search {
        Search {
            kernel,
            quads: left.quads(a),
            groups: right.groups(b),
            stages: Stages::of((a, &left), (b, &right), kernel.together()),
            left,
            right,
        }
    }

    fn pairs(
        &self,
        pairs: Pairs,
        limits: &Limits,
        limit: usize,
    ) -> Result<Vec<Found>, SearchError> {
        let count = AtomicUsize::new(0);
        // Whether the bound is passed depends on the number of pairs alone, not on who counts them.
        let found: Vec<Vec<Found>> = self
            .tasks()
            .into_par_iter()
            .map(|task| self.run(&task, pairs, limits, (&count, limit)))
            .collect::<Result<_, _>>()?;
        let mut found = found.concat();
        found.par_sort_unstable();
        Ok(found)
    }

    fn tasks(&self) -> Vec<Task> {
        let tiles = self.groups.len().div_ceil(TILE);
        let starts = |end: usize, step: usize| (0..end).step_by(step);
        let ends = |start: usize, step: usize, end: usize| start..(start + step).min(end);
        starts(self.quads.len(), BLOCK)
            .flat_map(|quad| starts(tiles, CHUNK).map(move |tile| (quad, tile)))
            .map(|(quad, tile)| Task {
                quads: ends(quad, BLOCK, self.quads.len()),
                tiles: ends(tile, CHUNK, tiles),
            })
            .collect()
    }

    fn run(
        &self,
        task: &Task,
        pairs: Pairs,
        limits: &Limits,
        (count, limit): (&AtomicUsize, usize),
    ) -> Result<Vec<Found>, SearchError> {
        let mut found = Vec::new();
        for tile in task.tiles.clone() {
            let before = found.len();
            self.tile(tile, task.quads.clone(), pairs, limits, &mut found);
            let new = found.len() - before;
            if count.fetch_add(new, Ordering::Relaxed) + new > limit {
                return Err(SearchError::TooMany { limit });
            }
        }
        Ok(found)
    }

    /// A tile against those of the quads that can be near to it by their counts.
    fn tile(
        &self,
        tile: usize,
        quads: Range<usize>,
        pairs: Pairs,
        limits: &Limits,
        found: &mut Vec<Found>,
    ) {
        let first = tile * TILE_FILTERS;
        let last = (first + TILE_FILTERS).min(self.right.len()) - 1;
        let largest = self.right.counts[last];
        let partners = limits.partners(self.right.counts[first], largest);
        let mut rows = self.left.within(partners);
        if pairs == Pairs::Within {
            rows.end = rows.end.min(last);
        }
        let quads = quads.start.max(rows.start / ROWS)..quads.end.min(rows.end.div_ceil(ROWS));
        let groups = &self.groups[tile * TILE..self.groups.len().min((tile + 1) * TILE)];
        let mut near = Vec::with_capacity(ROWS * TILE_FILTERS);
        for quad in quads {
            let counts = &self.left.counts[quad * ROWS..self.left.len().min((quad + 1) * ROWS)];
            let mut bounds = [-1; ROWS];
            for (bound, count) in bounds.iter_mut().zip(counts) {
                *bound = limits.limit(*count, largest) as i16;
            }
            near.clear();
            let scan = Scan {
                quad: &self.quads[quad],
                tile: groups,
                // Counts ascend: the last limit is the largest.
                words: self.stages.words(bounds[counts.len() - 1]),
                limits: bounds,
            };
            self.kernel.scan(&scan, &mut near);
            found.extend(near.iter().filter_map(|near| {
                let row = quad * ROWS + usize::from(near.row);
                let place = first + usize::from(near.place);
                self.found((row, place), near.distance, pairs, limits)
            }));
        }
    }

    /// A pair by its positions, when it is one and at or above the threshold by its own counts.
    fn found(
        &self,
        (row, place): (usize, usize),
        distance: u16,
        pairs: Pairs,
        limits: &Limits,
    ) -> Option<Found> {
        if place > self.right.len() - 1 || pairs == Pairs::Within && place <= row {
            return None;
        }
        let (a, b) = (self.left.counts[row], self.right.counts[place]);
        if distance > limits.limit(a, b) {
            return None;
        }
        let common = (a + b - distance) / 2;
        let (a, b) = (self.left.places[row], self.right.places[place]);
        Some(match pairs {
            Pairs::Across => Found { a, b, common },
            Pairs::Within => Found {
                a: a.min(b),
                b: a.max(b),
                common,
            },
        })
    }
}
