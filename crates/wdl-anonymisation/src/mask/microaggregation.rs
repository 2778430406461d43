//! Microaggregation: records in groups of at least k, each value replaced by the mean of its group.

use super::{MaskError, count, finite};

/// Masked columns and how much of their spread is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregated {
    /// The group of each record.
    pub group: Vec<u32>,
    /// The masked columns.
    pub columns: Vec<Vec<f64>>,
    /// Spread within groups over the whole spread, of standardised columns, between 0 and 1; 0 where nothing varies.
    pub information_loss: f64,
}

/// MDAV (Domingo-Ferrer and Torra 2005): the record farthest from the mean takes its k − 1 nearest, then the record farthest from it, until fewer than 3k are left.
///
/// Distances are Euclidean on standardised columns; equal distances go by the values, then by the row.
///
/// # Errors
/// Values that are not numbers; fewer records than k, a k of 0.
pub fn aggregate(columns: &[Vec<f64>], k: usize) -> Result<Aggregated, MaskError> {
    let rows = finite(columns)?;
    if k == 0 || rows < k {
        return Err(MaskError::Groups { rows, k });
    }
    let points = standardised(columns, rows);
    let mut left: Vec<usize> = (0..rows).collect();
    left.sort_by(|a, b| order(&points, *a, *b));
    let mut groups = Vec::new();
    while left.len() >= 3 * k {
        let far = farthest(&points, &left, &mean(&points, &left));
        groups.push(take_nearest(&points, &mut left, far, k));
        let opposite = farthest(&points, &left, &points[far].clone());
        groups.push(take_nearest(&points, &mut left, opposite, k));
    }
    if left.len() >= 2 * k {
        let far = farthest(&points, &left, &mean(&points, &left));
        groups.push(take_nearest(&points, &mut left, far, k));
    }
    groups.push(left);
    Ok(told(columns, &points, &groups))
}

/// The groups of at least k of one column with the least spread within (Hansen and Mukherjee 2003): optimal.
///
/// # Errors
/// As [`aggregate`].
pub fn aggregate_one(values: &[f64], k: usize) -> Result<Aggregated, MaskError> {
    let columns = [values.to_vec()];
    let rows = finite(&columns)?;
    if k == 0 || rows < k {
        return Err(MaskError::Groups { rows, k });
    }
    let mut sorted: Vec<usize> = (0..rows).collect();
    sorted.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let cuts = best_cuts(
        &sorted.iter().map(|row| values[*row]).collect::<Vec<_>>(),
        k,
    );
    let groups: Vec<Vec<usize>> = cuts
        .windows(2)
        .map(|cut| sorted[cut[0]..cut[1]].to_vec())
        .collect();
    let points = standardised(&columns, rows);
    Ok(told(&columns, &points, &groups))
}

/// Where sorted values are cut, from 0 to their number: shortest path over groups of k to 2k − 1.
fn best_cuts(sorted: &[f64], k: usize) -> Vec<usize> {
    let n = sorted.len();
    // Centred, so that the sums of squares keep their digits.
    let centre = sorted[n / 2];
    let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
    for value in sorted {
        let value = value - centre;
        sums.push(sums[sums.len() - 1] + value);
        squares.push(squares[squares.len() - 1] + value * value);
    }
    let spread = |from: usize, to: usize| {
        squares[to] - squares[from] - (sums[to] - sums[from]).powi(2) / count(to - from)
    };
    let mut least = vec![f64::INFINITY; n + 1];
    let mut before = vec![0; n + 1];
    least[0] = 0.0;
    for to in k..=n {
        for from in to.saturating_sub(2 * k - 1)..=to - k {
            let cost = least[from] + spread(from, to);
            if cost < least[to] {
                (least[to], before[to]) = (cost, from);
            }
        }
    }
    let mut cuts = vec![n];
    while cuts[cuts.len() - 1] > 0 {
        cuts.push(before[cuts[cuts.len() - 1]]);
    }
    cuts.reverse();
    cuts
}

/// Records as points of mean 0 and variance 1 in each column; a column without variance is 0.
fn standardised(columns: &[Vec<f64>], rows: usize) -> Vec<Vec<f64>> {
    let scales: Vec<(f64, f64)> = columns
        .iter()
        .map(|column| super::utility::mean_and_deviation(column))
        .collect();
    let at = |row: usize| {
        columns
            .iter()
            .zip(&scales)
            .map(|(column, (mean, deviation))| {
                if *deviation > 0.0 {
                    (column[row] - mean) / deviation
                } else {
                    0.0
                }
            })
            .collect()
    };
    (0..rows).map(at).collect()
}

fn order(points: &[Vec<f64>], a: usize, b: usize) -> std::cmp::Ordering {
    points[a]
        .iter()
        .zip(&points[b])
        .map(|(a, b)| a.total_cmp(b))
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
        .then(a.cmp(&b))
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn mean(points: &[Vec<f64>], rows: &[usize]) -> Vec<f64> {
    (0..points[0].len())
        .map(|c| rows.iter().map(|row| points[*row][c]).sum::<f64>() / count(rows.len()))
        .collect()
}

/// The first of the farthest, in the order of the values.
fn farthest(points: &[Vec<f64>], rows: &[usize], from: &[f64]) -> usize {
    rows.iter()
        .copied()
        .reduce(|best, row| {
            if distance(&points[row], from) > distance(&points[best], from) {
                row
            } else {
                best
            }
        })
        .expect("some record is left")
}

/// Takes a record and its k − 1 nearest out of those left.
fn take_nearest(points: &[Vec<f64>], left: &mut Vec<usize>, centre: usize, k: usize) -> Vec<usize> {
    let mut near: Vec<(f64, usize)> = left
        .iter()
        .enumerate()
        .map(|(place, row)| {
            (
                if *row == centre {
                    -1.0
                } else {
                    distance(&points[*row], &points[centre])
                },
                place,
            )
        })
        .collect();
    // The k nearest are one set, whatever the order among them: no two have the same place.
    near.select_nth_unstable_by(k - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut places: Vec<usize> = near[..k].iter().map(|(_, place)| *place).collect();
    places.sort_unstable();
    let group = places.iter().map(|place| left[*place]).collect();
    places.iter().rev().for_each(|place| {
        left.remove(*place);
    });
    group
}

fn told(columns: &[Vec<f64>], points: &[Vec<f64>], groups: &[Vec<usize>]) -> Aggregated {
    let rows = points.len();
    let mut group = vec![0; rows];
    let mut masked = columns.to_vec();
    let (mut within, all) = (0.0, mean(points, &(0..rows).collect::<Vec<_>>()));
    for (number, members) in groups.iter().enumerate() {
        let centre = mean(points, members);
        within += members
            .iter()
            .map(|row| distance(&points[*row], &centre))
            .sum::<f64>();
        for row in members {
            group[*row] = crate::risk::index(number);
        }
        for (column, masked) in columns.iter().zip(&mut masked) {
            let mean = members.iter().map(|row| column[*row]).sum::<f64>() / count(members.len());
            members.iter().for_each(|row| masked[*row] = mean);
        }
    }
    let whole: f64 = points.iter().map(|point| distance(point, &all)).sum();
    Aggregated {
        group,
        columns: masked,
        information_loss: if whole > 0.0 {
            (within / whole).min(1.0)
        } else {
            0.0
        },
    }
}
