//! The exact sum over the matchings of a narrow component: records of the broad side one after another, with every set of records of the narrow side that may be taken by then.

use super::Edge;
use super::marginals::log_sum;
use super::matching::renumbered;

/// The most records that the narrow side may have.
const NARROW_MAX: usize = 10;

/// The most cells that are worth the exact sum.
const CELLS_MAX: usize = 1 << 18;

/// Sums of odds below this power of two are held as they are: far from the greatest number, and one (nothing is matched) is the least of them.
const PLAIN_MAX: f64 = 900.0;

/// A component as rows of the broad side with their edges to the narrow one.
pub(super) struct Table {
    /// For each edge, in the order in which they were given: its row and column.
    places: Vec<(u32, u32)>,
    weights: Vec<f64>,
    /// The edges by row; where those of each row end.
    by_row: Vec<u32>,
    ends: Vec<usize>,
    columns: usize,
}

impl Table {
    /// The table of a component, if it is narrow enough.
    pub(super) fn of(edges: &[Edge]) -> Option<Table> {
        let mut a: Vec<u32> = edges.iter().map(|edge| edge.a).collect();
        let mut b: Vec<u32> = edges.iter().map(|edge| edge.b).collect();
        let (count_a, count_b) = (renumbered(&mut a), renumbered(&mut b));
        let columns = count_a.min(count_b);
        if columns > NARROW_MAX || edges.len() << columns > CELLS_MAX {
            return None;
        }
        let places: Vec<(u32, u32)> = if count_b <= count_a {
            a.into_iter().zip(b).collect()
        } else {
            b.into_iter().zip(a).collect()
        };
        let mut by_row: Vec<u32> = (0..edges.len() as u32).collect();
        by_row.sort_by_key(|edge| places[*edge as usize]);
        let rows = by_row.chunk_by(|x, y| places[*x as usize].0 == places[*y as usize].0);
        let ends = rows.scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        });
        Some(Table {
            weights: edges.iter().map(|edge| edge.weight).collect(),
            ends: ends.collect(),
            by_row,
            columns,
            places,
        })
    }

    /// The probability of each edge, in the order in which they were given.
    pub(super) fn probabilities(&self) -> Vec<f64> {
        let mut greatest = [0.0_f64; NARROW_MAX];
        for ((_, column), weight) in self.places.iter().zip(&self.weights) {
            let greatest = &mut greatest[*column as usize];
            *greatest = greatest.max(*weight);
        }
        if greatest.iter().sum::<f64>() < PLAIN_MAX {
            self.sums::<Plain>()
        } else {
            self.sums::<Log>()
        }
    }

    fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The edges of a row: each with its place, the bit of its column and its odds.
    fn row<N: Number>(&self, row: usize) -> impl Iterator<Item = (usize, usize, N)> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.by_row[start..self.ends[row]].iter().map(|edge| {
            let edge = *edge as usize;
            (
                edge,
                1 << self.places[edge].1,
                N::of_weight(self.weights[edge]),
            )
        })
    }

    fn sums<N: Number>(&self) -> Vec<f64> {
        let sets = 1_usize << self.columns;
        let (before, all) = self.before::<N>(sets);
        // The sums over what later rows may still take, from the last row upwards.
        let mut after = vec![N::of_weight(0.0); sets];
        let mut probabilities = vec![0.0; self.places.len()];
        for row in (0..self.rows()).rev() {
            let before = &before[row * sets..(row + 1) * sets];
            let edges: Vec<(usize, usize, N)> = self.row(row).collect();
            for (edge, bit, odds) in &edges {
                let free = (0..sets).filter(|taken| taken & bit == 0);
                let sum = free.fold(N::NONE, |sum, taken| {
                    sum.add(before[taken].times(*odds).times(after[taken | bit]))
                });
                probabilities[*edge] = sum.share_of(all).min(1.0);
            }
            // A greater set is never read after it is written when sets go up.
            for taken in 0..sets {
                let mut sum = after[taken];
                for (_, bit, odds) in edges.iter().filter(|(_, bit, _)| taken & bit == 0) {
                    sum = sum.add(after[taken | bit].times(*odds));
                }
                after[taken] = sum;
            }
        }
        probabilities
    }

    /// For each row and each set, the sum over what the rows before it may have taken; and the sum over all.
    fn before<N: Number>(&self, sets: usize) -> (Vec<N>, N) {
        let mut sums = vec![N::NONE; sets * (self.rows() + 1)];
        sums[0] = N::of_weight(0.0);
        for row in 0..self.rows() {
            let (done, open) = sums.split_at_mut((row + 1) * sets);
            let (from, to) = (&done[row * sets..], &mut open[..sets]);
            to.copy_from_slice(from);
            for (_, bit, odds) in self.row::<N>(row) {
                for taken in (0..sets).filter(|taken| taken & bit != 0) {
                    to[taken] = to[taken].add(from[taken ^ bit].times(odds));
                }
            }
        }
        let last = &sums[sets * self.rows()..];
        let all = last.iter().fold(N::NONE, |sum, set| sum.add(*set));
        (sums, all)
    }
}

/// A sum of products of odds.
trait Number: Copy {
    const NONE: Self;
    fn of_weight(weight: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn share_of(self, all: Self) -> f64;
}

/// As it is.
#[derive(Clone, Copy)]
struct Plain(f64);

impl Number for Plain {
    const NONE: Plain = Plain(0.0);

    fn of_weight(weight: f64) -> Plain {
        Plain(weight.exp2())
    }

    fn add(self, other: Plain) -> Plain {
        Plain(self.0 + other.0)
    }

    fn times(self, other: Plain) -> Plain {
        Plain(self.0 * other.0)
    }

    fn share_of(self, all: Plain) -> f64 {
        self.0 / all.0
    }
}

/// As its logarithm to the base 2.
#[derive(Clone, Copy)]
struct Log(f64);

impl Number for Log {
    const NONE: Log = Log(f64::NEG_INFINITY);

    fn of_weight(weight: f64) -> Log {
        Log(weight)
    }

    fn add(self, other: Log) -> Log {
        Log(log_sum(self.0, other.0))
    }

    fn times(self, other: Log) -> Log {
        Log(self.0 + other.0)
    }

    fn share_of(self, all: Log) -> f64 {
        (self.0 - all.0).exp2()
    }
}
