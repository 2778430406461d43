//! The exact sum over the matchings of a narrow component: records of the broad side one after another, with every set of records of the narrow side that may be taken by then.

use super::Edge;
use super::marginals::log_sum;
use super::matching::renumbered;

/// The most records that the narrow side may have.
const NARROW_MAX: usize = 8;

/// The most cells that are worth the exact sum.
const CELLS_MAX: usize = 1 << 18;

/// A component as rows of the broad side with their edges to the narrow one.
pub(super) struct Table {
    /// For each edge, in the order in which they were given: its row and column.
    places: Vec<(u32, u32)>,
    weights: Vec<f64>,
    /// The edges by row.
    by_row: Vec<u32>,
    rows: usize,
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
        Some(Table {
            weights: edges.iter().map(|edge| edge.weight).collect(),
            by_row,
            rows: count_a.max(count_b),
            columns,
            places,
        })
    }

    fn row_of(&self, edge: u32) -> usize {
        self.places[edge as usize].0 as usize
    }

    fn bit_of(&self, edge: u32) -> usize {
        1 << self.places[edge as usize].1
    }
}

/// The probability of each edge, in the order in which they were given.
pub(super) fn in_table(table: &Table) -> Vec<f64> {
    let sets = 1 << table.columns;
    let before = sums_before(table, sets);
    // The sums after the row at hand, over what its later rows may still take.
    let mut after = vec![0.0; sets];
    let mut probabilities = vec![0.0; table.places.len()];
    let rows: Vec<&[u32]> = table
        .by_row
        .chunk_by(|x, y| table.row_of(*x) == table.row_of(*y))
        .collect();
    let all = rows_total(table, &before, &rows, sets);
    for (row, edges) in rows.iter().enumerate().rev() {
        let before = &before[row * sets..(row + 1) * sets];
        for edge in *edges {
            let (bit, weight) = (table.bit_of(*edge), table.weights[*edge as usize]);
            let mut sum = f64::NEG_INFINITY;
            for taken in (0..sets).filter(|taken| taken & bit == 0) {
                sum = log_sum(sum, before[taken] + weight + after[taken | bit]);
            }
            probabilities[*edge as usize] = (sum - all).exp2().min(1.0);
        }
        // A greater set is never read after it is written when sets go up.
        for taken in 0..sets {
            let mut sum = after[taken];
            for edge in *edges {
                let bit = table.bit_of(*edge);
                if taken & bit == 0 {
                    sum = log_sum(sum, table.weights[*edge as usize] + after[taken | bit]);
                }
            }
            after[taken] = sum;
        }
    }
    probabilities
}

/// For each row and each set, the logarithm of the sum over what the rows before it may have taken.
fn sums_before(table: &Table, sets: usize) -> Vec<f64> {
    let mut sums = vec![f64::NEG_INFINITY; sets * table.rows];
    sums[0] = 0.0;
    let rows = table
        .by_row
        .chunk_by(|x, y| table.row_of(*x) == table.row_of(*y));
    for (row, edges) in rows.enumerate().take(table.rows - 1) {
        let (done, open) = sums.split_at_mut((row + 1) * sets);
        let (from, to) = (&done[row * sets..], &mut open[..sets]);
        take(table, edges, from, to);
    }
    sums
}

/// Adds one row: it takes nothing, or one column that was free.
fn take(table: &Table, edges: &[u32], from: &[f64], to: &mut [f64]) {
    for (taken, sum) in to.iter_mut().enumerate() {
        *sum = from[taken];
        for edge in edges {
            let bit = table.bit_of(*edge);
            if taken & bit != 0 {
                *sum = log_sum(*sum, from[taken ^ bit] + table.weights[*edge as usize]);
            }
        }
    }
}

/// The logarithm of the sum over all matchings.
fn rows_total(table: &Table, before: &[f64], rows: &[&[u32]], sets: usize) -> f64 {
    let mut last = vec![f64::NEG_INFINITY; sets];
    if let Some(edges) = rows.last() {
        take(table, edges, &before[(rows.len() - 1) * sets..], &mut last);
    }
    last.into_iter().fold(f64::NEG_INFINITY, log_sum)
}
