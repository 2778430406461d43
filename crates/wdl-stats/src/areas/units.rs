//! The people of a sample and of a population, in an order that does not depend on that of their rows.

use std::cmp::Ordering;
use std::ops::Range;

use super::basis::{Basis, Covariates};

/// The people of a sample: the area, the covariates, the income and the weight of each.
// INVARIANT: as many areas, incomes and weights as rows of covariates, in the canonical order: by area, covariates, income, weight.
#[derive(Clone, Debug)]
pub struct Units {
    pub(super) areas: Vec<u32>,
    pub(super) covariates: Covariates,
    pub(super) incomes: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Units {
    /// Areas are numbered from zero, in the population's numbering; weights are positive, and all ones in a sample without.
    ///
    /// # Panics
    /// When the lengths differ, an income is not finite, or a weight is not positive and finite.
    pub fn new(areas: &[u32], covariates: &Covariates, incomes: &[f64], weights: &[f64]) -> Units {
        let rows = covariates.rows();
        let lengths = [areas.len(), incomes.len(), weights.len()];
        assert_eq!(lengths, [rows; 3], "one of each per row");
        assert!(
            incomes.iter().all(|income| income.is_finite()),
            "finite incomes"
        );
        let is_weight = |weight: &f64| weight.is_finite() && *weight > 0.0;
        assert!(weights.iter().all(is_weight), "positive weights");
        let mut order: Vec<usize> = (0..rows).collect();
        order.sort_by(|a, b| {
            areas[*a]
                .cmp(&areas[*b])
                .then_with(|| compare(covariates.row(*a), covariates.row(*b)))
                .then_with(|| incomes[*a].total_cmp(&incomes[*b]))
                .then_with(|| weights[*a].total_cmp(&weights[*b]))
        });
        let pick = |values: &[f64]| order.iter().map(|row| values[*row]).collect();
        Units {
            areas: order.iter().map(|row| areas[*row]).collect(),
            covariates: covariates.taken(order.iter().copied()),
            incomes: pick(incomes),
            weights: pick(weights),
        }
    }

    /// The number of people.
    pub fn rows(&self) -> usize {
        self.areas.len()
    }

    /// The rows of each of so many areas.
    pub(super) fn ranges(&self, areas: usize) -> Vec<Range<usize>> {
        ranges(&self.areas, areas)
    }
}

/// The people of a population: the area and the covariates of each, those alike counted together.
// INVARIANT: `ranges` has one range of `kinds` per area, one after the other; `counts` has one number per kind.
#[derive(Clone, Debug)]
pub struct Population {
    pub(super) kinds: Covariates,
    pub(super) counts: Vec<u32>,
    pub(super) ranges: Vec<Range<usize>>,
}

impl Population {
    /// So many areas, and the area and covariates of each person.
    ///
    /// # Panics
    /// When the lengths differ, or an area is not below `areas`.
    pub fn new(areas: usize, area_of: &[u32], covariates: &Covariates) -> Population {
        assert_eq!(area_of.len(), covariates.rows(), "one area per row");
        let is_known = |area: &u32| (*area as usize) < areas;
        assert!(area_of.iter().all(is_known), "known areas");
        let mut order: Vec<usize> = (0..area_of.len()).collect();
        order.sort_by(|a, b| {
            let of_area = area_of[*a].cmp(&area_of[*b]);
            of_area.then_with(|| compare(covariates.row(*a), covariates.row(*b)))
        });
        let mut firsts: Vec<usize> = Vec::new();
        let mut counts: Vec<u32> = Vec::new();
        for row in order {
            let is_same = |first: &usize| {
                area_of[*first] == area_of[row] && covariates.row(*first) == covariates.row(row)
            };
            match (firsts.last().is_some_and(is_same), counts.last_mut()) {
                (true, Some(count)) => *count += 1,
                _ => {
                    firsts.push(row);
                    counts.push(1);
                }
            }
        }
        let area_of_kind: Vec<u32> = firsts.iter().map(|row| area_of[*row]).collect();
        Population {
            ranges: ranges(&area_of_kind, areas),
            kinds: covariates.taken(firsts.into_iter()),
            counts,
        }
    }

    /// The number of areas.
    pub fn areas(&self) -> usize {
        self.ranges.len()
    }

    /// The people of an area.
    pub(super) fn people(&self, area: usize) -> f64 {
        let counts = &self.counts[self.ranges[area].clone()];
        counts.iter().map(|count| f64::from(*count)).sum()
    }

    /// The people whose covariates lie in what the sample tells something about, and how many of each area do not.
    pub(super) fn known(&self, basis: &Basis) -> (Population, Vec<u64>) {
        let is_whole = basis.rank() == self.kinds.columns();
        let is_known = |kind: usize| is_whole || basis.coordinates(self.kinds.row(kind)).is_some();
        let (mut kept, mut ranges, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for range in &self.ranges {
            let (begin, mut lost) = (kept.len(), 0);
            for kind in range.clone() {
                match is_known(kind) {
                    true => kept.push(kind),
                    false => lost += u64::from(self.counts[kind]),
                }
            }
            ranges.push(begin..kept.len());
            left_out.push(lost);
        }
        let known = Population {
            counts: kept.iter().map(|kind| self.counts[*kind]).collect(),
            kinds: self.kinds.taken(kept.into_iter()),
            ranges,
        };
        (known, left_out)
    }
}

fn compare(one: &[f64], other: &[f64]) -> Ordering {
    let differ = one.iter().zip(other).map(|(a, b)| a.total_cmp(b));
    differ.fold(Ordering::Equal, Ordering::then)
}

/// Where each area's rows are, in areas sorted ascending.
fn ranges(sorted: &[u32], areas: usize) -> Vec<Range<usize>> {
    let mut begin = 0;
    let mut range = |area: usize| {
        let length = sorted[begin..].partition_point(|own| *own as usize <= area);
        let range = begin..begin + length;
        begin += length;
        range
    };
    (0..areas).map(&mut range).collect()
}
