//! The points of the picture of a discontinuity: means in bins of one width, as many as show the spread of the outcome (Calonico, Cattaneo and Titiunik, "Optimal data-driven regression discontinuity plots", JASA 2015).

use super::design::{NoEstimate, Options, Rows, Whose};
use super::side::{Side, Sides};

/// A point: the rows of a bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The side.
    pub side: Whose,
    /// Where the bin begins and ends.
    pub edges: [f64; 2],
    /// Rows in it.
    pub rows: usize,
    /// The mean of the running variable, nothing when it is empty.
    pub running: Option<f64>,
    /// The mean of the outcome, nothing when it is empty.
    pub outcome: Option<f64>,
}

/// More bins than this are no picture; where the rule asks for more, as it does when neighbours hardly differ, this many are drawn.
pub const BINS_MAX: usize = 500;

/// Bins of one width on each side, from left to right; `counts` by hand, or as many on each side as mimic its variance by the spacings of neighbours.
///
/// # Errors
/// [`NoEstimate`] when rows are not numbers or a side is empty.
pub fn bins(
    rows: &Rows<'_>,
    cutoff: f64,
    counts: Option<[usize; 2]>,
) -> Result<Vec<Bin>, NoEstimate> {
    if counts.is_some_and(|own| own.iter().any(|own| *own == 0 || *own > BINS_MAX)) {
        return Err(NoEstimate::Option("bins"));
    }
    let plain = Rows {
        weights: None,
        clusters: None,
        ..Rows::sharp(rows.running, rows.outcome)
    };
    let sides = Sides::of(&plain, &Options::at(cutoff))?;
    Ok(drawn(&sides, cutoff, counts))
}

/// The bins of rows already sorted, none of them left out for its weight.
pub(super) fn drawn(sides: &Sides, cutoff: f64, counts: Option<[usize; 2]>) -> Vec<Bin> {
    let n = sides.len() as f64;
    let mut all = Vec::new();
    for side in &sides.both {
        let count = counts.map_or_else(|| mimicking(side, n), |own| own[side.whose as usize]);
        let mut own = side_bins(side, cutoff, count);
        if side.whose == Whose::Below {
            own.reverse();
        }
        all.extend(own);
    }
    all
}

/// The number of bins whose means vary as the outcome does.
fn mimicking(side: &Side, n: f64) -> usize {
    let outcome = &side.columns[0];
    let count = outcome.len() as f64;
    let mean = outcome.iter().sum::<f64>() / count;
    let squares: f64 = outcome.iter().map(|own| (own - mean).powi(2)).sum();
    let pairs = side.distance.windows(2).zip(outcome.windows(2));
    let spacings: f64 = pairs
        .map(|(distance, outcome)| (distance[1] - distance[0]) * (outcome[1] - outcome[0]).powi(2))
        .sum();
    let variance = 0.5 * spacings / side.range();
    let wanted = (squares / (count - 1.0) / variance * n / n.ln().powi(2)).ceil();
    match wanted.is_nan() {
        true => 1,
        false => wanted.clamp(1.0, BINS_MAX as f64) as usize,
    }
}

/// The bins of a side, the nearest to the cut-off first.
fn side_bins(side: &Side, cutoff: f64, count: usize) -> Vec<Bin> {
    let width = side.range() / count as f64;
    let mut sums = vec![(0_usize, 0.0, 0.0); count];
    for (distance, outcome) in side.distance.iter().zip(&side.columns[0]) {
        // A side of one distance has no width.
        let place = (distance / width) as usize;
        let (rows, running, total) = &mut sums[place.min(count - 1)];
        *rows += 1;
        *running += side.sign(1) * distance;
        *total += outcome;
    }
    let bin = |(place, (rows, running, outcome)): (usize, (usize, f64, f64))| {
        let mean = |sum: f64| (rows > 0).then(|| sum / rows as f64);
        let [near, far] = [place, place + 1].map(|own| cutoff + side.sign(1) * width * own as f64);
        Bin {
            side: side.whose,
            edges: [near.min(far), near.max(far)],
            rows,
            running: mean(running).map(|own| cutoff + own),
            outcome: mean(outcome),
        }
    };
    sums.into_iter().enumerate().map(bin).collect()
}
