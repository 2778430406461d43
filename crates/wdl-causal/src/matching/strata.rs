//! Strata of like people: subclasses of the score, coarsened exact cells, exact cells; and the weights that follow.

use rustc_hash::FxHashMap;

use super::{Estimand, MatchError, check};

/// People in strata.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratified {
    /// The stratum of each row, counted from 0; nothing for those left out.
    pub strata: Vec<Option<usize>>,
    /// How many strata there are.
    pub count: usize,
    /// The weight of each row, 0 for those left out.
    pub weights: Vec<f64>,
    /// Rows left out: in a stratum with nobody of the other group.
    pub left_out: Vec<usize>,
    /// The cut points used for each covariate, or for the score.
    pub cuts: Vec<Vec<f64>>,
    /// Rows moved to a neighbouring subclass that had none of their group.
    pub moved: Vec<usize>,
}

/// How a covariate is coarsened.
#[derive(Clone, Debug, PartialEq)]
pub enum Cuts {
    /// As many bins of one width as Sturges's rule says: `⌈log₂ n + 1⌉`.
    Automatic,
    /// This many bins of one width.
    Bins(usize),
    /// Bins between given points; a value on a point belongs above.
    Points(Vec<f64>),
    /// Not coarsened: only equal values match.
    Exact,
}

/// Subclasses at equal shares of the score of the focal people, as in Rosenbaum and Rubin (1984); an empty one takes the nearest person of a neighbour, as MatchIt does with `min.n = 1`.
///
/// # Errors
/// [`MatchError`] for a score that is no number, or fewer people than subclasses.
pub fn subclasses(
    score: &[f64],
    is_treated: &[bool],
    count: usize,
    estimand: Estimand,
) -> Result<Stratified, MatchError> {
    check(is_treated, &[score])?;
    if count < 2 {
        return Err(MatchError::TooSmall("subclasses"));
    }
    if score.iter().all(|own| *own == score[0]) {
        return Err(MatchError::NoVariation);
    }
    let rows = score.iter().zip(is_treated);
    let mut focal: Vec<f64> = rows
        .filter(|(_, is_treated)| match estimand {
            Estimand::Att => **is_treated,
            Estimand::Atc => !**is_treated,
            Estimand::Ate | Estimand::Overlap => true,
        })
        .map(|(score, _)| *score)
        .collect();
    focal.sort_by(f64::total_cmp);
    let cuts: Vec<f64> = (0..=count)
        .map(|at| quantile(&focal, at as f64 / count as f64))
        .collect();
    let found = score.iter().map(|own| {
        let below = cuts.partition_point(|cut| cut <= own);
        below.clamp(1, count) - 1
    });
    let found: Vec<usize> = found.collect();
    // Subclasses that nobody falls into, by equal scores, are no subclasses.
    let mut known: Vec<usize> = found.clone();
    known.sort_unstable();
    known.dedup();
    let mut strata: Vec<usize> = found
        .iter()
        .map(|own| known.partition_point(|known| known < own))
        .collect();
    let moved = filled(&mut strata, score, is_treated, known.len())?;
    let strata = strata.into_iter().map(Some).collect();
    weighted(strata, is_treated, estimand, vec![cuts], moved)
}

/// The quantile of R's type 7 of sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() - 1) as f64 * share;
    // The share of a whole place may miss it by rounding.
    let at = if (at - at.round()).abs() < 1e-9 {
        at.round()
    } else {
        at
    };
    let low = at.floor();
    let own = sorted[low as usize];
    let next = sorted[(low as usize + 1).min(sorted.len() - 1)];
    own + (at - low) * (next - own)
}

/// Moves people into subclasses without their group: from the side with more to spare, weighed by nearness.
fn filled(
    strata: &mut [usize],
    score: &[f64],
    is_treated: &[bool],
    count: usize,
) -> Result<Vec<usize>, MatchError> {
    let mut moved = Vec::new();
    for group in [true, false] {
        let members: Vec<usize> = (0..score.len())
            .filter(|row| is_treated[*row] == group)
            .collect();
        if members.len() < count {
            return Err(MatchError::TooFewForSubclasses {
                have: members.len(),
                need: count,
            });
        }
        let mut sizes = vec![0_usize; count];
        for row in &members {
            sizes[strata[*row]] += 1;
        }
        while let Some(empty) = sizes.iter().position(|size| *size == 0) {
            let spare = |at: usize| sizes[at].saturating_sub(1) as f64 / empty.abs_diff(at) as f64;
            let left: f64 = (0..empty).map(spare).sum();
            let right: f64 = (empty + 1..count).map(spare).sum();
            let is_from_left = empty + 1 == count || (empty != 0 && left >= right);
            let from = match is_from_left {
                true => (0..empty).rev().find(|at| sizes[*at] > 0),
                false => (empty + 1..count).find(|at| sizes[*at] > 0),
            };
            let Some(from) = from else {
                return Err(MatchError::TooFew);
            };
            let there = members.iter().copied().filter(|row| strata[*row] == from);
            let row = match is_from_left {
                true => there.reduce(|one, other| {
                    if score[other] > score[one] {
                        other
                    } else {
                        one
                    }
                }),
                false => there.reduce(|one, other| {
                    if score[other] < score[one] {
                        other
                    } else {
                        one
                    }
                }),
            };
            let Some(row) = row else {
                return Err(MatchError::TooFew);
            };
            strata[row] = empty;
            sizes[empty] += 1;
            sizes[from] -= 1;
            moved.push(row);
        }
    }
    Ok(moved)
}

/// Coarsened exact matching: people in the same bin of every covariate form a stratum, and strata with one group only are left out (Iacus, King, Porro 2012).
///
/// # Errors
/// [`MatchError`] for values that are no numbers, and when no stratum has both groups.
pub fn coarsened(
    covariates: &[&[f64]],
    cuts: &[Cuts],
    is_treated: &[bool],
    estimand: Estimand,
) -> Result<Stratified, MatchError> {
    check(is_treated, covariates)?;
    if cuts.len() != covariates.len() {
        return Err(MatchError::Length {
            have: cuts.len(),
            need: covariates.len(),
        });
    }
    let mut used = Vec::with_capacity(cuts.len());
    let mut keys: Vec<Vec<u64>> = vec![Vec::with_capacity(cuts.len()); is_treated.len()];
    for (column, cuts) in covariates.iter().zip(cuts) {
        let points = points(column, cuts)?;
        for (key, value) in keys.iter_mut().zip(*column) {
            key.push(match cuts {
                // Plus zero makes one zero of both.
                Cuts::Exact => (value + 0.0).to_bits(),
                _ => points.partition_point(|point| point <= value) as u64,
            });
        }
        used.push(points);
    }
    let mut numbers: FxHashMap<&[u64], usize> = FxHashMap::default();
    let mut cells = Vec::with_capacity(keys.len());
    for key in &keys {
        let next = numbers.len();
        cells.push(*numbers.entry(key.as_slice()).or_insert(next));
    }
    let strata = both_groups(&cells, numbers.len(), is_treated);
    weighted(strata, is_treated, estimand, used, Vec::new())
}

/// Exact strata of given cells, those with one group only left out.
///
/// # Errors
/// [`MatchError`] when no cell has both groups.
pub fn exact_strata(
    cells: &[usize],
    is_treated: &[bool],
    estimand: Estimand,
) -> Result<Stratified, MatchError> {
    check(is_treated, &[])?;
    if cells.len() != is_treated.len() {
        return Err(MatchError::Length {
            have: cells.len(),
            need: is_treated.len(),
        });
    }
    let count = cells.iter().max().map_or(0, |last| last + 1);
    let strata = both_groups(cells, count, is_treated);
    weighted(strata, is_treated, estimand, Vec::new(), Vec::new())
}

/// The inner cut points of a covariate.
fn points(column: &[f64], cuts: &Cuts) -> Result<Vec<f64>, MatchError> {
    let bins = match cuts {
        Cuts::Exact => return Ok(Vec::new()),
        Cuts::Points(points) => {
            if points.iter().any(|point| point.is_nan()) {
                return Err(MatchError::TooSmall("cut points"));
            }
            let mut points = points.clone();
            points.sort_by(f64::total_cmp);
            points.dedup();
            return Ok(points);
        }
        Cuts::Bins(0) => return Err(MatchError::TooSmall("bins")),
        Cuts::Bins(bins) => *bins,
        Cuts::Automatic => ((column.len() as f64).log2() + 1.0).ceil() as usize,
    };
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = (high - low) / bins as f64;
    Ok((1..bins).map(|at| low + at as f64 * width).collect())
}

fn both_groups(cells: &[usize], count: usize, is_treated: &[bool]) -> Vec<Option<usize>> {
    let mut has = vec![[false; 2]; count];
    for (cell, is_treated) in cells.iter().zip(is_treated) {
        has[*cell][usize::from(*is_treated)] = true;
    }
    let mut numbers = vec![None; count];
    let mut next = 0;
    for cell in cells {
        if has[*cell] == [true; 2] && numbers[*cell].is_none() {
            numbers[*cell] = Some(next);
            next += 1;
        }
    }
    cells.iter().map(|cell| numbers[*cell]).collect()
}

/// Weights that give both groups the strata's shares of the estimand; each group's sum is its number.
fn weighted(
    strata: Vec<Option<usize>>,
    is_treated: &[bool],
    estimand: Estimand,
    cuts: Vec<Vec<f64>>,
    moved: Vec<usize>,
) -> Result<Stratified, MatchError> {
    let count = strata.iter().flatten().max().map_or(0, |last| last + 1);
    let mut sizes = vec![[0.0_f64; 2]; count];
    for (stratum, is_treated) in strata.iter().zip(is_treated) {
        if let Some(stratum) = stratum {
            sizes[*stratum][usize::from(*is_treated)] += 1.0;
        }
    }
    if count == 0 {
        return Err(MatchError::NobodyMatched);
    }
    let mut weights = vec![0.0; strata.len()];
    for group in [0, 1] {
        let share = |stratum: usize| {
            let [others, treated] = sizes[stratum];
            let wanted = match estimand {
                Estimand::Att => treated,
                Estimand::Atc => others,
                Estimand::Ate => treated + others,
                Estimand::Overlap => treated * others / (treated + others),
            };
            wanted / sizes[stratum][group]
        };
        let members = || {
            let rows = strata.iter().zip(is_treated).enumerate();
            rows.filter(|(_, (_, is_treated))| usize::from(**is_treated) == group)
                .filter_map(|(row, (stratum, _))| stratum.map(|stratum| (row, stratum)))
        };
        let total: f64 = members().map(|(_, stratum)| share(stratum)).sum();
        let number = members().count() as f64;
        for (row, stratum) in members() {
            weights[row] = share(stratum) * number / total;
        }
    }
    Ok(Stratified {
        left_out: (0..strata.len())
            .filter(|row| strata[*row].is_none())
            .collect(),
        strata,
        count,
        weights,
        cuts,
        moved,
    })
}
