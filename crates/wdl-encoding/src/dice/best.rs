//! The nearest and the second nearest of each record.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::filters::{Filters, Order};
use super::kernel::{Group, Kernel, Near, Quad, Scan};
use super::plan::Stages;
use super::{BITS, ROWS, TILE, TILE_FILTERS};

/// In [`Best`], where there is no such filter.
pub const NOBODY: u32 = u32::MAX;

/// The two filters nearest to one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// The nearest, or [`NOBODY`].
    pub other: u32,
    /// The ones shared with the nearest.
    pub common: u16,
    /// The second nearest, or [`NOBODY`].
    pub second: u32,
    /// The ones shared with the second nearest.
    pub second_common: u16,
}

/// For each filter of `a` its nearest and second nearest in `b` by Dice, ties to the lower place; 0/0 counts as Dice 0.
///
/// `skip_same_index` leaves out the filter in the same place, for a set against itself.
pub fn best_of(a: &Filters, b: &Filters, skip_same_index: bool) -> Vec<Best> {
    best_of_with(Kernel::best(), a, b, skip_same_index)
}

/// [`best_of`] with a kernel of the caller's choice.
pub fn best_of_with(kernel: Kernel, a: &Filters, b: &Filters, skip_same_index: bool) -> Vec<Best> {
    let (left, right) = (Order::of(a), Order::of(b));
    let quads = left.quads(a);
    let task = Task {
        kernel,
        groups: &right.groups(b),
        stages: &Stages::of((a, &left), (b, &right), kernel.together()),
        left: &left,
        right: &right,
        skip_same_index,
    };
    // Many blocks for many threads, large ones for the cache.
    let block = quads.len().div_ceil(64).clamp(1, 128);
    let tops: Vec<[Top; ROWS]> = quads
        .par_chunks(block)
        .enumerate()
        .flat_map_iter(|(nth, quads)| task.run(nth * block, quads))
        .collect();
    let mut best = vec![Top::default().best(); a.len()];
    for (place, top) in left.places.iter().zip(tops.as_flattened()) {
        best[*place as usize] = top.best();
    }
    best
}

/// A neighbour: its distance as a share of the sum of both counts, 1 - Dice.
#[derive(Clone, Copy)]
struct Neighbour {
    place: u32,
    distance: u16,
    sum: u16,
}

impl Neighbour {
    fn new(place: u32, distance: u16, sum: u16) -> Neighbour {
        // Two empty filters: Dice 0.
        let (distance, sum) = if sum == 0 { (1, 1) } else { (distance, sum) };
        Neighbour {
            place,
            distance,
            sum,
        }
    }

    /// The nearer first, then the lower place.
    fn order(&self, other: &Neighbour) -> Ordering {
        let product = |one: u16, two: u16| u32::from(one) * u32::from(two);
        product(self.distance, other.sum)
            .cmp(&product(other.distance, self.sum))
            .then(self.place.cmp(&other.place))
    }

    fn common(&self) -> u16 {
        (self.sum - self.distance) / 2
    }
}

/// The two nearest so far.
#[derive(Clone, Copy, Default)]
struct Top {
    first: Option<Neighbour>,
    second: Option<Neighbour>,
}

impl Top {
    fn offer(&mut self, new: Neighbour) {
        let before = |old: Option<Neighbour>| old.is_none_or(|old| new.order(&old).is_lt());
        if before(self.first) {
            self.second = self.first.replace(new);
        } else if before(self.second) {
            self.second = Some(new);
        }
    }

    /// The largest distance of use to a filter of at most so many ones: an equal share may still win by its place.
    fn limit(&self, count: u16, largest: u16) -> i16 {
        let all = BITS as u32;
        let limit = self.second.map_or(all, |second| {
            let sum = u32::from(count + largest);
            u32::from(second.distance) * sum / u32::from(second.sum)
        });
        limit.min(all) as i16
    }

    fn best(&self) -> Best {
        let place = |near: Option<Neighbour>| near.map_or(NOBODY, |near| near.place);
        let common = |near: Option<Neighbour>| near.map_or(0, |near| near.common());
        Best {
            other: place(self.first),
            common: common(self.first),
            second: place(self.second),
            second_common: common(self.second),
        }
    }
}

struct Task<'a> {
    kernel: Kernel,
    groups: &'a [Group],
    stages: &'a Stages,
    left: &'a Order,
    right: &'a Order,
    skip_same_index: bool,
}

impl Task<'_> {
    /// Some quads, of which the first is quad `from`, against all tiles.
    fn run(&self, from: usize, quads: &[Quad]) -> Vec<[Top; ROWS]> {
        let mut tops = vec![[Top::default(); ROWS]; quads.len()];
        let mut near = Vec::with_capacity(ROWS * TILE_FILTERS);
        for (tile, groups) in self.groups.chunks(TILE).enumerate() {
            for (nth, (quad, tops)) in quads.iter().zip(&mut tops).enumerate() {
                let row = (from + nth) * ROWS;
                near.clear();
                self.scan((quad, row), (groups, tile * TILE_FILTERS), tops, &mut near);
                for near in &near {
                    self.offer(row, tile * TILE_FILTERS, near, tops);
                }
            }
        }
        tops
    }

    fn scan(
        &self,
        (quad, row): (&Quad, usize),
        (tile, first): (&[Group], usize),
        tops: &[Top; ROWS],
        near: &mut Vec<Near>,
    ) {
        let largest = self.right.counts[self.right.len().min(first + TILE_FILTERS) - 1];
        let counts = &self.left.counts[row..self.left.len().min(row + ROWS)];
        let mut limits = [-1; ROWS];
        for ((limit, count), top) in limits.iter_mut().zip(counts).zip(tops) {
            *limit = top.limit(*count, largest);
        }
        let loosest = limits.iter().copied().max().unwrap_or(-1);
        let scan = Scan {
            quad,
            tile,
            words: self.stages.words(loosest),
            limits,
        };
        self.kernel.scan(&scan, near);
    }

    fn offer(&self, row: usize, first: usize, near: &Near, tops: &mut [Top; ROWS]) {
        let (row, place) = (row + usize::from(near.row), first + usize::from(near.place));
        let Some(other) = self.right.places.get(place) else {
            return;
        };
        if self.skip_same_index && *other == self.left.places[row] {
            return;
        }
        let sum = self.left.counts[row] + self.right.counts[place];
        tops[usize::from(near.row)].offer(Neighbour::new(*other, near.distance, sum));
    }
}
