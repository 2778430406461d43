//! Whom to treat: a shallow tree of thresholds on a few columns, searched exactly on doubly robust scores (Athey and Wager, Econometrica 2021; Zhou, Athey and Wager, Operations Research 2023).
//!
//! The scores of [`super::Dml::scores`] are the effects row by row; a rule is worth the sum of the scores, less the cost, of those it treats.
//! A tree of two levels is searched over all pairs of thresholds by sums in a grid of two columns, so that no row is visited twice for a pair.
//! **Invariant:** what a rule is worth is judged on rows that neither the rule nor the models behind it have seen.

use rayon::prelude::*;

use super::{DmlError, Learner, Model, Rows, error_of, fit};
use crate::matching::MatchError;

/// How a rule is searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolicyAsked {
    /// Levels of the tree: 0, 1 or 2.
    pub depth: usize,
    /// What treating one row costs, in units of the outcome.
    pub cost: f64,
    /// Rows that a leaf has at least.
    pub leaf_min: usize,
    /// Thresholds of a column at most; with no more distinct values than that every threshold is tried, else those at equal shares of the rows.
    pub cuts: usize,
}

impl Default for PolicyAsked {
    fn default() -> PolicyAsked {
        PolicyAsked {
            depth: 2,
            cost: 0.0,
            leaf_min: 10,
            cuts: 255,
        }
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Policy {
    /// All alike.
    Leaf {
        /// Whether they are treated.
        treats: bool,
        /// Rows of the search in it.
        rows: usize,
        /// Their mean score less the cost, from the rows of the search: too favourable.
        gain: f64,
    },
    /// Two parts by a threshold.
    Split {
        /// The column, from zero.
        column: usize,
        /// The greatest value of the lower part.
        threshold: f64,
        /// Up to the threshold, with it.
        below: Box<Policy>,
        /// Beyond it.
        above: Box<Policy>,
    },
}

impl Policy {
    /// Whether a row is treated, by the value of each column.
    pub fn treats(&self, value: &dyn Fn(usize) -> f64) -> bool {
        match self {
            Policy::Leaf { treats, .. } => *treats,
            Policy::Split {
                column,
                threshold,
                below,
                above,
            } => match value(*column) <= *threshold {
                true => below.treats(value),
                false => above.treats(value),
            },
        }
    }
}

/// What a rule is worth on rows it has not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyValue {
    /// By row: mean gain over treating nobody, and its standard error.
    pub over_nobody: (f64, f64),
    /// By row: mean gain over treating everybody.
    pub over_everybody: (f64, f64),
    /// The mean effect on those the rule would treat; nothing when these are fewer than two.
    pub chosen: Option<(f64, f64)>,
    /// The mean effect on the others.
    pub others: Option<(f64, f64)>,
    /// The share the rule would treat.
    pub share: f64,
}

/// The best rule for some scores.
///
/// # Errors
/// [`DmlError::Rows`] when the columns are not numbers for every row.
pub fn policy(scores: &[f64], columns: &[&[f64]], asked: PolicyAsked) -> Result<Policy, DmlError> {
    if scores.is_empty() || columns.is_empty() {
        return Err(MatchError::TooFew.into());
    }
    for column in columns.iter().copied().chain([scores]) {
        if column.len() != scores.len() {
            return Err(MatchError::Length {
                have: column.len(),
                need: scores.len(),
            }
            .into());
        }
        if let Some(row) = column.iter().position(|own| !own.is_finite()) {
            return Err(MatchError::NotFinite { row }.into());
        }
    }
    let gains: Vec<f64> = scores.iter().map(|own| own - asked.cost).collect();
    let size: f64 = gains.iter().map(|own| own.abs()).sum();
    let grids = columns
        .iter()
        .map(|own| Grid::of(own, asked.cuts))
        .collect();
    let search = Search {
        gains: &gains,
        grids,
        leaf_min: asked.leaf_min.max(1),
        // What rounding alone gains is no gain: the simpler rule stands.
        margin: 1e-12 * size,
    };
    let rows: Vec<usize> = (0..gains.len()).collect();
    let plan = match asked.depth {
        0 => Plan::Leaf,
        1 => search.one_level(&rows),
        _ => search.two_levels(),
    };
    Ok(search.built(&plan, rows))
}

/// What a rule is judged on.
#[derive(Clone, Copy, Debug)]
pub struct PolicyRows<'a> {
    /// The rows of the model.
    pub rows: Rows<'a>,
    /// The scores of the model of all rows.
    pub scores: &'a [f64],
    /// The columns a rule may use.
    pub columns: &'a [&'a [f64]],
    /// The fold of each row, those of the model.
    pub folds: &'a [usize],
}

/// What the rules found without a fold, from models fitted without it, are worth in it.
///
/// # Errors
/// [`DmlError`] as in [`fit`]; at least three folds are needed.
pub fn policy_value(
    on: &PolicyRows<'_>,
    learner: Learner,
    asked: PolicyAsked,
) -> Result<PolicyValue, DmlError> {
    let (scores, folds) = (on.scores, on.folds);
    let count = folds.iter().max().map_or(0, |last| last + 1);
    if count < 3 || folds.len() != scores.len() {
        return Err(DmlError::Folds);
    }
    let mut is_treated = vec![false; scores.len()];
    for fold in 0..count {
        let rule = on.rule_without(fold, learner, asked)?;
        for row in (0..folds.len()).filter(|row| folds[*row] == fold) {
            is_treated[row] = rule.treats(&|column| on.columns[column][row]);
        }
    }
    Ok(judged(scores, &is_treated, on.rows.clusters, asked.cost))
}

impl PolicyRows<'_> {
    /// The rule of the rows outside a fold alone.
    fn rule_without(
        &self,
        fold: usize,
        learner: Learner,
        asked: PolicyAsked,
    ) -> Result<Policy, DmlError> {
        let folds = self.folds;
        let kept: Vec<usize> = (0..folds.len()).filter(|row| folds[*row] != fold).collect();
        let of = |own: &[f64]| -> Vec<f64> { kept.iter().map(|row| own[*row]).collect() };
        let rows = &self.rows;
        let (outcome, treatment) = (of(rows.outcome), of(rows.treatment));
        let covariates: Vec<Vec<f64>> = rows.covariates.iter().map(|own| of(own)).collect();
        let covariates: Vec<&[f64]> = covariates.iter().map(Vec::as_slice).collect();
        let clusters: Option<Vec<usize>> = rows
            .clusters
            .map(|own| kept.iter().map(|row| own[*row]).collect());
        // The folds that are left, counted without a gap.
        let left: Vec<usize> = kept
            .iter()
            .map(|row| folds[*row] - usize::from(folds[*row] > fold))
            .collect();
        let own = Rows {
            outcome: &outcome,
            treatment: &treatment,
            instrument: None,
            covariates: &covariates,
            clusters: clusters.as_deref(),
        };
        let fitted = fit(Model::IrmAte, own, &left, learner)?;
        let columns: Vec<Vec<f64>> = self.columns.iter().map(|own| of(own)).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        policy(&fitted.scores.unwrap_or_default(), &columns, asked)
    }
}

fn judged(
    scores: &[f64],
    is_treated: &[bool],
    clusters: Option<&[usize]>,
    cost: f64,
) -> PolicyValue {
    let n = scores.len() as f64;
    let mean = |term: &dyn Fn(usize) -> f64, weight: &dyn Fn(usize) -> f64| {
        let total: f64 = (0..scores.len()).map(weight).sum();
        let mean = (0..scores.len())
            .map(|row| weight(row) * term(row))
            .sum::<f64>()
            / total;
        let influence = (0..scores.len()).map(|row| weight(row) * (term(row) - mean) * n / total);
        let influence: Vec<f64> = influence.collect();
        (mean, error_of(&influence, clusters))
    };
    let of = |row: usize, wanted: bool| f64::from(u8::from(is_treated[row] == wanted));
    let one = |_: usize| 1.0;
    let count = is_treated.iter().filter(|own| **own).count();
    let among = |wanted: bool, count: usize| {
        (count > 1).then(|| mean(&|row| scores[row], &|row| of(row, wanted)))
    };
    PolicyValue {
        over_nobody: mean(&|row| of(row, true) * (scores[row] - cost), &one),
        over_everybody: mean(&|row| of(row, false) * (cost - scores[row]), &one),
        chosen: among(true, count),
        others: among(false, scores.len() - count),
        share: count as f64 / n,
    }
}

/// The thresholds of a column, and the place of each row between them.
struct Grid {
    thresholds: Vec<f64>,
    places: Vec<usize>,
}

impl Grid {
    fn of(values: &[f64], cuts: usize) -> Grid {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut thresholds = sorted.clone();
        thresholds.dedup();
        let most = thresholds.pop();
        if thresholds.len() > cuts {
            thresholds = (1..=cuts)
                .map(|at| sorted[at * sorted.len() / (cuts + 1)])
                .filter(|own| Some(*own) != most)
                .collect();
            thresholds.dedup();
        }
        let place = |own: &f64| thresholds.partition_point(|threshold| threshold < own);
        Grid {
            places: values.iter().map(place).collect(),
            thresholds,
        }
    }
}

/// Sum of gains and number of rows.
#[derive(Clone, Copy, Default)]
struct Sum {
    gain: f64,
    rows: usize,
}

impl Sum {
    fn add(&mut self, other: Sum) {
        self.gain += other.gain;
        self.rows += other.rows;
    }

    fn without(self, part: Sum) -> Sum {
        Sum {
            gain: self.gain - part.gain,
            rows: self.rows - part.rows,
        }
    }

    /// What the better of treating all or nobody is worth.
    fn best(self) -> f64 {
        self.gain.max(0.0)
    }
}

/// Where to part; places of thresholds.
#[derive(Clone)]
enum Plan {
    Leaf,
    Split(usize, usize, Box<[Plan; 2]>),
}

impl Plan {
    fn split(column: usize, at: usize) -> Plan {
        Plan::Split(column, at, Box::new([Plan::Leaf, Plan::Leaf]))
    }
}

/// The best plan of one level for a part, and its worth.
#[derive(Clone, Copy)]
struct Single {
    worth: f64,
    split: Option<(usize, usize)>,
}

impl Single {
    fn plan(self) -> Plan {
        self.split
            .map_or(Plan::Leaf, |(column, at)| Plan::split(column, at))
    }
}

struct Search<'a> {
    gains: &'a [f64],
    grids: Vec<Grid>,
    leaf_min: usize,
    margin: f64,
}

impl Search<'_> {
    /// Improves `best` by the splits of one column, given the sums between its thresholds.
    fn improve(&self, best: &mut Single, column: usize, sums: &[Sum], total: Sum) {
        let mut below = Sum::default();
        for (at, own) in sums[..sums.len() - 1].iter().enumerate() {
            below.add(*own);
            let above = total.without(below);
            if below.rows < self.leaf_min || above.rows < self.leaf_min {
                continue;
            }
            let worth = below.best() + above.best();
            if worth > best.worth + self.margin {
                *best = Single {
                    worth,
                    split: Some((column, at)),
                };
            }
        }
    }

    fn one_level(&self, rows: &[usize]) -> Plan {
        let mut total = Sum::default();
        rows.iter().for_each(|row| total.add(self.sum(*row)));
        let mut best = Single {
            worth: total.best(),
            split: None,
        };
        for (column, grid) in self.grids.iter().enumerate() {
            let mut sums = vec![Sum::default(); grid.thresholds.len() + 1];
            for row in rows {
                sums[grid.places[*row]].add(self.sum(*row));
            }
            self.improve(&mut best, column, &sums, total);
        }
        best.plan()
    }

    fn sum(&self, row: usize) -> Sum {
        Sum {
            gain: self.gains[row],
            rows: 1,
        }
    }

    /// The best tree of two levels: the root's columns side by side, taken in their order.
    fn two_levels(&self) -> Plan {
        let rows: Vec<usize> = (0..self.gains.len()).collect();
        let shallow = self.one_level(&rows);
        let mut total = Sum::default();
        rows.iter().for_each(|row| total.add(self.sum(*row)));
        let mut best = (self.worth(&shallow, &rows), shallow);
        let roots: Vec<Option<(f64, Plan)>> = (0..self.grids.len())
            .into_par_iter()
            .map(|column| self.root(column, total))
            .collect();
        for (worth, plan) in roots.into_iter().flatten() {
            if worth > best.0 + self.margin {
                best = (worth, plan);
            }
        }
        best.1
    }

    fn worth(&self, plan: &Plan, rows: &[usize]) -> f64 {
        match plan {
            Plan::Leaf => rows
                .iter()
                .map(|row| self.gains[*row])
                .sum::<f64>()
                .max(0.0),
            Plan::Split(column, at, parts) => {
                let (below, above): (Vec<usize>, Vec<usize>) = rows
                    .iter()
                    .partition(|row| self.grids[*column].places[**row] <= *at);
                self.worth(&parts[0], &below) + self.worth(&parts[1], &above)
            }
        }
    }

    /// The best tree whose root parts one column.
    fn root(&self, column: usize, total: Sum) -> Option<(f64, Plan)> {
        let grid = &self.grids[column];
        let roots = grid.thresholds.len();
        // The best single level of the parts on both sides of each threshold.
        let mut best: Vec<[Single; 2]> = Vec::with_capacity(roots);
        let mut sums = vec![Sum::default(); roots + 1];
        for (row, place) in grid.places.iter().enumerate() {
            sums[*place].add(self.sum(row));
        }
        let mut parts: Vec<[Sum; 2]> = Vec::with_capacity(roots);
        let mut below = Sum::default();
        for own in &sums[..roots] {
            below.add(*own);
            let both = [below, total.without(below)];
            parts.push(both);
            best.push(both.map(|own| Single {
                worth: own.best(),
                split: None,
            }));
        }
        for (other, inner) in self.grids.iter().enumerate() {
            let wide = inner.thresholds.len() + 1;
            let mut cells = vec![Sum::default(); (roots + 1) * wide];
            for (row, (place, within)) in grid.places.iter().zip(&inner.places).enumerate() {
                cells[place * wide + within].add(self.sum(row));
            }
            let mut all = vec![Sum::default(); wide];
            for row in cells.chunks(wide) {
                all.iter_mut().zip(row).for_each(|(sum, own)| sum.add(*own));
            }
            let mut under = vec![Sum::default(); wide];
            for (at, row) in cells.chunks(wide).take(roots).enumerate() {
                under
                    .iter_mut()
                    .zip(row)
                    .for_each(|(sum, own)| sum.add(*own));
                let over: Vec<Sum> = all
                    .iter()
                    .zip(&under)
                    .map(|(all, own)| all.without(*own))
                    .collect();
                self.improve(&mut best[at][0], other, &under, parts[at][0]);
                self.improve(&mut best[at][1], other, &over, parts[at][1]);
            }
        }
        let mut found: Option<(f64, Plan)> = None;
        for (at, [below, above]) in best.into_iter().enumerate() {
            let is_thin = parts[at].iter().any(|own| own.rows < self.leaf_min);
            let worth = below.worth + above.worth;
            let is_better = found.as_ref().is_none_or(|own| worth > own.0 + self.margin);
            if !is_thin && is_better {
                let parts = Box::new([below.plan(), above.plan()]);
                found = Some((worth, Plan::Split(column, at, parts)));
            }
        }
        found
    }

    fn built(&self, plan: &Plan, rows: Vec<usize>) -> Policy {
        match plan {
            Plan::Leaf => {
                let gain = rows.iter().map(|row| self.gains[*row]).sum::<f64>();
                Policy::Leaf {
                    treats: gain > 0.0,
                    rows: rows.len(),
                    gain: gain / rows.len() as f64,
                }
            }
            Plan::Split(column, at, parts) => {
                let grid = &self.grids[*column];
                let (below, above) = rows.into_iter().partition(|row| grid.places[*row] <= *at);
                Policy::Split {
                    column: *column,
                    threshold: grid.thresholds[*at],
                    below: Box::new(self.built(&parts[0], below)),
                    above: Box::new(self.built(&parts[1], above)),
                }
            }
        }
    }
}
