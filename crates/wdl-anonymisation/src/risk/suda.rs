//! Special uniques (SUDA2, Elliot, Manning and others): records that few columns are enough to single out.
//!
//! A minimal sample unique of a record is a set of columns on which no other record agrees with it, while on every smaller set one does.
//! A missing value takes no part: it belongs to no unique set and agrees with nobody.
//! The search refines the partition of the distinct patterns column by column and leaves a branch as soon as no record can become unique in it.

use super::keys::{Patterns, ordered_sum};
use super::{KeyTable, MISSING, RiskError};

/// What to search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SudaSettings {
    /// Largest set of columns to look at; `None` for all.
    pub largest_set: Option<usize>,
    /// Share of the population in the file, for the intrusion simulation (DIS); sdcMicro's `DisFraction`.
    pub sampling_fraction: f64,
}

/// A set of columns that singles out one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinimalUnique {
    /// The record.
    pub row: u32,
    /// The columns, bit `c` for column `c`.
    pub columns: u64,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Suda {
    /// Every minimal sample unique, by row and then by columns.
    pub minimal: Vec<MinimalUnique>,
    /// Score of each record: the sum over its minimal uniques of size s of ∏ (A − i), i from s to M − 1, for A columns and sets up to M.
    pub score: Vec<f64>,
    /// Chance that a match with the record is right, by data intrusion simulation, spread over the records by their scores.
    pub dis: Vec<f64>,
    /// Share of the total score in which each column takes part, between 0 and 1; `None` when no record has a score.
    pub contribution: Option<Vec<f64>>,
}

/// Finds all minimal sample uniques and what follows from them.
///
/// # Errors
/// A sampling fraction outside (0, 1].
pub fn suda(keys: &KeyTable, settings: &SudaSettings) -> Result<Suda, RiskError> {
    if !(settings.sampling_fraction > 0.0 && settings.sampling_fraction <= 1.0) {
        return Err(RiskError::Share {
            name: "the sampling fraction",
        });
    }
    let patterns = keys.patterns();
    let largest = settings
        .largest_set
        .unwrap_or(keys.columns())
        .min(keys.columns());
    let minimal = Search::new(keys, &patterns, largest).run();
    let weight: Vec<f64> = (0..=largest)
        .map(|size| set_score(size, largest, keys.columns()))
        .collect();
    let mut score = vec![0.0; keys.rows()];
    let mut shares = vec![0.0; keys.columns()];
    for unique in &minimal {
        let gain = weight[unique.columns.count_ones() as usize];
        score[unique.row as usize] += gain;
        (0..keys.columns())
            .filter(|c| unique.columns >> c & 1 == 1)
            .for_each(|c| shares[c] += gain);
    }
    let total: f64 = ordered_sum(score.clone());
    let contribution = (total > 0.0).then(|| shares.iter().map(|share| share / total).collect());
    let dis = intrusion(
        &score,
        &patterns,
        keys.columns(),
        settings.sampling_fraction,
    );
    Ok(Suda {
        minimal,
        score,
        dis,
        contribution,
    })
}

fn set_score(size: usize, largest: usize, columns: usize) -> f64 {
    (size..largest)
        .map(|i| super::attackers::count(columns - i))
        .product()
}

/// DIS-SUDA as sdcMicro spreads it: the odds of a wrong match, pairs (1 − π) / π, divided among the scores raised to Q = 1 + (8 − A)/20.
fn intrusion(score: &[f64], patterns: &Patterns, columns: usize, fraction: f64) -> Vec<f64> {
    let pairs = (0..patterns.len())
        .filter(|p| patterns.count(*p) == 2)
        .count()
        * 2;
    let odds = super::attackers::count(pairs) * (1.0 - fraction) / fraction;
    let power = 1.0 + (8.0 - super::attackers::count(columns)) / 20.0;
    let spread = ordered_sum(
        score
            .iter()
            .filter(|score| **score > 0.0)
            .map(|score| score.powf(-power))
            .collect(),
    );
    score
        .iter()
        .map(|score| {
            if *score > 0.0 {
                1.0 / (1.0 + odds / (score.powf(power) * spread))
            } else {
                0.0
            }
        })
        .collect()
}

struct Search<'a> {
    keys: usize,
    patterns: &'a Patterns,
    /// Columns, those of most values first: they end branches soonest.
    order: Vec<usize>,
    /// Patterns of one row that no other pattern equals on the columns where they have a value: only they can be unique anywhere.
    target: Vec<bool>,
    largest: usize,
    found: Vec<Vec<u64>>,
}

impl<'a> Search<'a> {
    fn new(keys: &KeyTable, patterns: &'a Patterns, largest: usize) -> Self {
        let mut order: Vec<usize> = (0..keys.columns()).collect();
        order.sort_by_cached_key(|c| {
            let mut values: Vec<u32> = patterns.codes.iter().map(|codes| codes[*c]).collect();
            values.sort_unstable();
            values.dedup();
            (std::cmp::Reverse(values.len()), *c)
        });
        let target = (0..patterns.len())
            .map(|p| patterns.count(p) == 1)
            .collect();
        Search {
            keys: keys.columns(),
            patterns,
            order,
            target,
            largest,
            found: vec![Vec::new(); patterns.len()],
        }
    }

    fn run(mut self) -> Vec<MinimalUnique> {
        if self.largest > 0 {
            let mut all: Vec<u32> = (0..super::keys::index(self.patterns.len())).collect();
            if all.len() > 1 || self.target.first() == Some(&true) {
                self.descend(&mut all, 0, 0, self.largest);
            }
        }
        let rows = &self.patterns.rows;
        let mut minimal: Vec<MinimalUnique> = self
            .found
            .iter()
            .enumerate()
            .flat_map(|(p, sets)| {
                minimal_sets(sets)
                    .into_iter()
                    .map(move |columns| MinimalUnique {
                        row: rows[p][0],
                        columns,
                    })
            })
            .collect();
        minimal.sort_unstable();
        minimal
    }

    /// Splits a class of patterns that agree on `columns` by each later column.
    fn descend(&mut self, class: &mut [u32], columns: u64, from: usize, left: usize) {
        for place in from..self.keys {
            let column = self.order[place];
            let patterns = self.patterns;
            let code = |p: u32| patterns.codes[p as usize][column];
            class.sort_unstable_by_key(|p| (code(*p), *p));
            let columns = columns | 1 << column;
            for part in class.chunk_by_mut(|a, b| code(*a) == code(*b)) {
                if code(part[0]) != MISSING {
                    self.visit(part, columns, place + 1, left - 1);
                }
            }
        }
    }

    fn visit(&mut self, part: &mut [u32], columns: u64, from: usize, left: usize) {
        if let [alone] = part {
            if self.target[*alone as usize] {
                self.found[*alone as usize].push(columns);
            }
            return;
        }
        if left > 0 && from < self.keys && part.iter().any(|p| self.target[*p as usize]) {
            let mut part = part.to_vec();
            self.descend(&mut part, columns, from, left);
        }
    }
}

/// The sets that contain no other.
fn minimal_sets(sets: &[u64]) -> Vec<u64> {
    let mut sets = sets.to_vec();
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    let mut minimal: Vec<u64> = Vec::new();
    for set in sets {
        if !minimal.iter().any(|smaller| smaller & set == *smaller) {
            minimal.push(set);
        }
    }
    minimal
}
