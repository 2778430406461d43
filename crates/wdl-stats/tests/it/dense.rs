//! Whole matrices, written down as in the book.

pub(crate) type Matrix = Vec<Vec<f64>>;

pub(crate) fn transposed(a: &Matrix) -> Matrix {
    (0..a[0].len())
        .map(|j| a.iter().map(|row| row[j]).collect())
        .collect()
}

pub(crate) fn times(a: &Matrix, b: &Matrix) -> Matrix {
    let b = transposed(b);
    let cell = |row: &Vec<f64>, column: &Vec<f64>| row.iter().zip(column).map(|(a, b)| a * b).sum();
    a.iter()
        .map(|row| b.iter().map(|column| cell(row, column)).collect())
        .collect()
}

pub(crate) fn less(a: &Matrix, b: &Matrix) -> Matrix {
    a.iter()
        .zip(b)
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a - b).collect())
        .collect()
}

pub(crate) fn trace(a: &Matrix) -> f64 {
    (0..a.len()).map(|i| a[i][i]).sum()
}

/// The inverse and the determinant, by Gauss and Jordan.
pub(crate) fn inverse(a: &Matrix) -> (Matrix, f64) {
    let n = a.len();
    let mut work: Matrix = a
        .iter()
        .enumerate()
        .map(|(i, row)| {
            row.iter()
                .copied()
                .chain((0..n).map(|j| f64::from(u8::from(i == j))))
                .collect()
        })
        .collect();
    let mut determinant = 1.0;
    for column in 0..n {
        let pivot = (column..n)
            .max_by(|a, b| work[*a][column].abs().total_cmp(&work[*b][column].abs()))
            .unwrap();
        if pivot != column {
            work.swap(pivot, column);
            determinant = -determinant;
        }
        let head = work[column][column];
        determinant *= head;
        work[column].iter_mut().for_each(|value| *value /= head);
        for row in (0..n).filter(|row| *row != column) {
            let factor = work[row][column];
            let own = work[column].clone();
            for (value, own) in work[row].iter_mut().zip(own) {
                *value -= factor * own;
            }
        }
    }
    (
        work.iter().map(|row| row[n..].to_vec()).collect(),
        determinant,
    )
}

pub(crate) fn column(values: &[f64]) -> Matrix {
    values.iter().map(|value| vec![*value]).collect()
}

/// The highest place by halving a grid around the best point again and again.
pub(crate) fn highest(mut low: f64, mut high: f64, height: &dyn Fn(f64) -> f64) -> f64 {
    let mut best = low;
    for _ in 0..60 {
        let step = (high - low) / 20.0;
        let points = (0..=20).map(|at| low + step * f64::from(at));
        best = points
            .max_by(|a, b| height(*a).total_cmp(&height(*b)))
            .unwrap();
        (low, high) = ((best - 1.5 * step).max(low), (best + 1.5 * step).min(high));
    }
    best
}
