//! The one-to-one links of greatest total weight: successive shortest paths with dual values, one component at a time.
//!
//! The primal-dual method of Kuhn and Munkres on sparse graphs, each path found by Dijkstra's search (as in Jonker and Volgenant, *Computing* 38, 1987).
//! A component of `r` records `a` and `e` edges takes at most `r` searches of `e log e` steps; a search ends at the first place where the total can grow no more, so that a giant component of equal weights costs little more than reading it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::components::Components;
use super::marginals::log_sum;
use super::{Edge, bounded, fixed, ties};

/// The edges to keep so that no record stands on two, and the sum of their weights is the greatest; as places in `edges`, in the order of (a, b).
///
/// Only edges with a weight above `floor` count.
/// With a floor of zero or more the sum is that of the weights.
/// With one below zero an edge counts `log2(1 + 2^weight)`, which is about its weight where that is well above zero and is never negative: a pair that has no rival is kept whatever its weight, and pairs that are not likely take nothing from one that is.
/// Weights that differ by less than a millionth are equal.
/// Of several solutions with the same sum the one whose list of pairs comes first in the order of (a, b) is taken; a component so tangled that it would take more than fifty million steps to find it keeps the solution found first, which does not depend on the order of the edges either.
/// The edges speak of one pair of sources: `a` and `b` are different records even if their numbers are the same.
pub fn one_to_one(edges: &[Edge], floor: f64) -> Vec<usize> {
    let worth = |weight: f64| {
        if floor < 0.0 {
            log_sum(0.0, weight)
        } else {
            weight
        }
    };
    let gain = |edge: &Edge| fixed(worth(bounded(edge.weight))).max(1);
    let components = Components::of(edges, |edge| edge.weight > floor);
    let chosen: Vec<u32> = components
        .groups()
        .flat_map_iter(|group| {
            chosen(group.iter().map(|edge| {
                let edge = &edges[*edge as usize];
                (edge.a, edge.b, gain(edge))
            }))
            .into_iter()
            .map(|place| group[place as usize])
        })
        .collect();
    let mut is_kept = vec![false; edges.len()];
    for edge in components.singles.iter().chain(&chosen) {
        is_kept[*edge as usize] = true;
    }
    let kept = components.order.iter().map(|edge| *edge as usize);
    kept.filter(|edge| is_kept[*edge]).collect()
}

/// The edges to keep of one component, given in the order of (a, b).
fn chosen(edges: impl Iterator<Item = (u32, u32, i64)>) -> Vec<u32> {
    let problem = Problem::of(edges);
    if problem.rows() == 1 || problem.columns == 1 {
        let best = (0..problem.gains.len())
            .rev()
            .max_by_key(|edge| problem.gains[*edge]);
        return best.map(|edge| edge as u32).into_iter().collect();
    }
    let mut matching = Search::new(&problem).run();
    ties::resolve(&problem, &mut matching);
    matching.of_row.into_iter().flatten().collect()
}

/// One component: rows are records `a`, columns records `b`, both numbered in ascending order.
pub(super) struct Problem {
    /// Where the edges of each row end.
    row_ends: Vec<u32>,
    /// The row of each edge.
    pub(super) row_of: Vec<u32>,
    /// The column of each edge, ascending in a row.
    pub(super) column_of: Vec<u32>,
    /// What each edge is worth; always above zero.
    pub(super) gains: Vec<i64>,
    /// How many columns.
    pub(super) columns: usize,
}

impl Problem {
    pub(super) fn of(edges: impl Iterator<Item = (u32, u32, i64)>) -> Problem {
        let mut problem = Problem {
            row_ends: Vec::new(),
            row_of: Vec::new(),
            column_of: Vec::new(),
            gains: Vec::new(),
            columns: 0,
        };
        let mut last = None;
        for (a, b, gain) in edges {
            if last != Some(a) {
                problem.row_ends.push(problem.gains.len() as u32);
                last = Some(a);
            }
            problem.row_of.push(problem.row_ends.len() as u32 - 1);
            problem.column_of.push(b);
            problem.gains.push(gain);
            if let Some(end) = problem.row_ends.last_mut() {
                *end = problem.gains.len() as u32;
            }
        }
        problem.columns = renumbered(&mut problem.column_of);
        problem
    }

    pub(super) fn rows(&self) -> usize {
        self.row_ends.len()
    }

    /// The edges of a row.
    pub(super) fn edges_of(&self, row: u32) -> std::ops::Range<u32> {
        let row = row as usize;
        let start = row.checked_sub(1).map_or(0, |before| self.row_ends[before]);
        start..self.row_ends[row]
    }
}

/// Replaces numbers by their ranks; how many different ones there are.
pub(super) fn renumbered(numbers: &mut [u32]) -> usize {
    let mut ranks = numbers.to_vec();
    ranks.sort_unstable();
    ranks.dedup();
    for number in numbers {
        *number = ranks.binary_search(number).expect("every number is ranked") as u32;
    }
    ranks.len()
}

/// A matching of greatest gain and the dual values that prove it.
// INVARIANT: duals are zero or more, those of an edge sum to its gain or more, those of a matched edge to exactly its gain, and those of unmatched rows and columns are zero.
pub(super) struct Matching {
    /// The edge of each row.
    pub(super) of_row: Vec<Option<u32>>,
    /// The row of each column.
    pub(super) of_column: Vec<Option<u32>>,
    /// The dual of each row.
    pub(super) row_duals: Vec<i64>,
    /// The dual of each column.
    pub(super) column_duals: Vec<i64>,
}

/// Where a path from a new row ends.
#[derive(Clone, Copy)]
enum End {
    /// At a column that had no row.
    Column(u32),
    /// At a row that goes without a column from now on.
    Release(u32),
}

/// The search from row to row, with what it writes on the way.
struct Search<'a> {
    problem: &'a Problem,
    matching: Matching,
    distances: Vec<i64>,
    /// The edge by which a column was reached.
    reached_by: Vec<u32>,
    touched: Vec<u32>,
    settled: Vec<(u32, i64)>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem) -> Search<'a> {
        Search {
            problem,
            matching: Matching {
                of_row: vec![None; problem.rows()],
                of_column: vec![None; problem.columns],
                row_duals: vec![0; problem.rows()],
                column_duals: vec![0; problem.columns],
            },
            distances: vec![i64::MAX; problem.columns],
            reached_by: vec![0; problem.columns],
            touched: Vec::new(),
            settled: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    fn run(mut self) -> Matching {
        for row in 0..self.problem.rows() as u32 {
            self.matching.row_duals[row as usize] = self.first_dual(row);
            let (end, length) = self.shortest(row);
            self.shift_duals(row, length);
            self.follow(row, end);
            for column in self.touched.drain(..) {
                self.distances[column as usize] = i64::MAX;
            }
            self.settled.clear();
            self.heap.clear();
        }
        self.matching
    }

    /// The smallest dual that a new row may have.
    fn first_dual(&self, row: u32) -> i64 {
        let surplus = self.problem.edges_of(row).map(|edge| {
            let column = self.problem.column_of[edge as usize];
            self.problem.gains[edge as usize] - self.matching.column_duals[column as usize]
        });
        surplus.max().unwrap_or(0).max(0)
    }

    /// The shortest path from a new row to where it may end, and its length.
    fn shortest(&mut self, row: u32) -> (End, i64) {
        let mut end = End::Release(row);
        let mut length = self.matching.row_duals[row as usize];
        self.relax(row, 0, length);
        while let Some(Reverse((distance, column))) = self.heap.pop() {
            if distance >= length {
                break;
            }
            if distance > self.distances[column as usize] {
                continue;
            }
            let Some(next) = self.matching.of_column[column as usize] else {
                return (End::Column(column), distance);
            };
            self.settled.push((column, distance));
            let released = distance + self.matching.row_duals[next as usize];
            if released < length {
                (end, length) = (End::Release(next), released);
            }
            self.relax(next, distance, length);
        }
        (end, length)
    }

    /// Reaches the columns of a row that stand nearer than `limit`.
    fn relax(&mut self, row: u32, distance: i64, limit: i64) {
        let from = distance + self.matching.row_duals[row as usize];
        for edge in self.problem.edges_of(row) {
            let column = self.problem.column_of[edge as usize];
            let slack =
                self.matching.column_duals[column as usize] - self.problem.gains[edge as usize];
            let known = &mut self.distances[column as usize];
            if from + slack < limit.min(*known) {
                if *known == i64::MAX {
                    self.touched.push(column);
                }
                *known = from + slack;
                self.reached_by[column as usize] = edge;
                self.heap.push(Reverse((from + slack, column)));
            }
        }
    }

    /// Moves the duals so that the edges of the path bind.
    fn shift_duals(&mut self, row: u32, length: i64) {
        self.matching.row_duals[row as usize] -= length;
        for (column, distance) in &self.settled {
            // A column settled at the very length does not move, nor does its row.
            let shift = length - distance;
            self.matching.column_duals[*column as usize] += shift;
            let row =
                self.matching.of_column[*column as usize].expect("a settled column has a row");
            self.matching.row_duals[row as usize] -= shift;
        }
    }

    /// Changes partners along the path, from its end back to the new row.
    fn follow(&mut self, row: u32, end: End) {
        let mut column = match end {
            End::Column(column) => column,
            End::Release(released) if released == row => return,
            End::Release(released) => {
                let edge = self.matching.of_row[released as usize].take();
                self.problem.column_of[edge.expect("a released row had a column") as usize]
            }
        };
        loop {
            let edge = self.reached_by[column as usize];
            let by = self.problem.row_of[edge as usize];
            self.matching.of_column[column as usize] = Some(by);
            let before = self.matching.of_row[by as usize].replace(edge);
            match before {
                Some(before) => column = self.problem.column_of[before as usize],
                None => return,
            }
        }
    }
}
