//! Whether treated and others overlap, and whom to leave out where they do not.

use super::WeightError;
use crate::matching::{check, effective_sample_size};

/// How the scores of the two groups overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// The smallest and largest score of the treated.
    pub treated: [f64; 2],
    /// The smallest and largest score of the others.
    pub others: [f64; 2],
    /// Treated rows outside the range of the others.
    pub treated_outside: Vec<usize>,
    /// Other rows outside the range of the treated.
    pub others_outside: Vec<usize>,
    /// Kish's effective number of treated under the weights.
    pub effective_treated: f64,
    /// Kish's effective number of others under the weights.
    pub effective_others: f64,
}

/// Describes the overlap of a score, and what is left of the groups under weights.
///
/// # Errors
/// [`WeightError`] for rows that cannot be read.
pub fn overlap(
    score: &[f64],
    is_treated: &[bool],
    weights: &[f64],
) -> Result<Overlap, WeightError> {
    check(is_treated, &[score, weights])?;
    let group = |wanted: bool| (0..score.len()).filter(move |row| is_treated[*row] == wanted);
    let range = |wanted: bool| {
        group(wanted).fold([f64::INFINITY, f64::NEG_INFINITY], |range, row| {
            [range[0].min(score[row]), range[1].max(score[row])]
        })
    };
    let (treated, others) = (range(true), range(false));
    let outside = |wanted: bool, range: [f64; 2]| {
        group(wanted)
            .filter(|row| score[*row] < range[0] || score[*row] > range[1])
            .collect()
    };
    Ok(Overlap {
        treated,
        others,
        treated_outside: outside(true, others),
        others_outside: outside(false, treated),
        effective_treated: effective_sample_size(group(true).map(|row| weights[row])),
        effective_others: effective_sample_size(group(false).map(|row| weights[row])),
    })
}

/// The rows with a score from `low` to `high`, and those left out.
pub fn trim(score: &[f64], low: f64, high: f64) -> (Vec<usize>, Vec<usize>) {
    (0..score.len()).partition(|row| score[*row] >= low && score[*row] <= high)
}

/// The bound `α` of Crump, Hotz, Imbens and Mitnik ("Dealing with limited overlap", Biometrika 2009, theorem 1): scores outside `[α, 1-α]` cost more precision than they bring.
///
/// `1/(α(1-α)) = 2 E[1/(p(1-p)) | 1/(p(1-p)) ≤ 1/(α(1-α))]`; zero when nobody need go.
pub fn crump(score: &[f64]) -> f64 {
    let mut costs: Vec<f64> = score.iter().map(|p| 1.0 / (p * (1.0 - p))).collect();
    costs.sort_by(f64::total_cmp);
    let mut total = 0.0;
    let mut bound = None;
    for (at, cost) in costs.iter().enumerate() {
        total += cost;
        let twice = 2.0 * total / (at + 1) as f64;
        let next = costs.get(at + 1).copied().unwrap_or(f64::INFINITY);
        if *cost <= twice && twice < next {
            bound = (at + 1 < costs.len()).then_some(twice);
            break;
        }
    }
    bound.map_or(0.0, |bound| 0.5 - (0.25 - 1.0 / bound).max(0.0).sqrt())
}
