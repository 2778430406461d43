//! Linear equations whose matrix is symmetric and may repeat itself: the categories of two variables add up to the same total.

/// The Cholesky factor of a symmetric matrix, largest pivots first; columns that follow from others are left out.
#[derive(Clone, Debug)]
// INVARIANT: `lower` is the factor of the columns `order`, scaled by `scales`; its diagonal is positive.
pub(super) struct Factor {
    size: usize,
    /// The columns kept, in the order of their pivots.
    order: Vec<usize>,
    lower: Vec<Vec<f64>>,
    scales: Vec<f64>,
}

/// A pivot of so small a part of its own column's size says that the column follows from those before.
const DEPENDENT: f64 = 1e-11;

impl Factor {
    pub(super) fn of(mut matrix: Vec<Vec<f64>>) -> Factor {
        let size = matrix.len();
        let scale = |at: usize| match matrix[at][at] > 0.0 {
            true => 1.0 / matrix[at][at].sqrt(),
            false => 0.0,
        };
        let scales: Vec<f64> = (0..size).map(scale).collect();
        for (row, own) in matrix.iter_mut().enumerate() {
            for (column, value) in own.iter_mut().enumerate() {
                *value *= scales[row] * scales[column];
            }
        }
        let mut factor = Factor {
            size,
            order: Vec::new(),
            lower: Vec::new(),
            scales,
        };
        // What is left of each column's size after the pivots so far.
        let mut left: Vec<f64> = (0..size).map(|at| matrix[at][at]).collect();
        let mut parts: Vec<Vec<f64>> = vec![Vec::new(); size];
        while let Some(pivot) = factor.next(&left) {
            let root = left[pivot].sqrt();
            for column in (0..size).filter(|column| !factor.order.contains(column)) {
                let known = parts[column].iter().zip(&parts[pivot]);
                let known: f64 = known.map(|(a, b)| a * b).sum();
                let part = match column == pivot {
                    true => root,
                    false => (matrix[column][pivot] - known) / root,
                };
                parts[column].push(part);
                left[column] -= part * part;
            }
            factor.lower.push(parts[pivot].clone());
            factor.order.push(pivot);
        }
        factor
    }

    fn next(&self, left: &[f64]) -> Option<usize> {
        let free = (0..self.size).filter(|column| !self.order.contains(column));
        let largest = free.fold(None, |best: Option<usize>, column| match best {
            Some(best) if left[best] >= left[column] => Some(best),
            _ => Some(column),
        })?;
        (left[largest] > DEPENDENT).then_some(largest)
    }

    /// The solution in which columns that were left out are zero.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let count = self.order.len();
        let mut found = vec![0.0; count];
        for row in 0..count {
            let known: f64 = (0..row).map(|at| self.lower[row][at] * found[at]).sum();
            let own = right[self.order[row]] * self.scales[self.order[row]];
            found[row] = (own - known) / self.lower[row][row];
        }
        for row in (0..count).rev() {
            let known: f64 = (row + 1..count)
                .map(|at| self.lower[at][row] * found[at])
                .sum();
            found[row] = (found[row] - known) / self.lower[row][row];
        }
        let mut solution = vec![0.0; self.size];
        for (column, value) in self.order.iter().zip(found) {
            solution[*column] = value * self.scales[*column];
        }
        solution
    }
}
