//! Passes over the pairs that the blocking rules find: once to count patterns, once to weigh.

use rustc_hash::FxHashMap;

use crate::block::{Blocks, Count, Matcher, Rule, Scope, Sources, mix};
use crate::compare::{Comparer, glance};
use crate::engine::{Bounds, Engine};
use crate::estimate::Seen;
use crate::outcome::{Pattern, Scored};
use crate::prepare::Records;

/// A pair of one source, known not to match.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoy {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) weight: f64,
    /// How many pairs of the source it stands for.
    pub(crate) stands_for: f64,
}

/// A rule with the blocks it makes.
pub(crate) struct Ruled {
    pub(crate) rule: Rule,
    pub(crate) blocks: Blocks,
    pub(crate) count: Count,
}

/// The rules of a run and how their pairs are walked.
pub(crate) struct Walk<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) rules: &'a [Ruled],
    /// Blocks of more pairs are left out.
    pub(crate) most: u64,
    pub(crate) seed: u64,
}

/// Pairs of each rule from which patterns are counted.
const SAMPLE: f64 = 30_000.0;

/// Pairs with a smaller weight have a probability under one in a hundred.
pub(crate) const WEIGHT_MIN: f64 = -6.63;

/// Which of the pairs a pass takes: those whose hash is not above the limit.
#[derive(Clone, Copy)]
struct Share {
    limit: u64,
    rate: f64,
}

impl Share {
    fn of(rate: f64) -> Share {
        match rate >= 1.0 {
            true => Share {
                limit: u64::MAX,
                rate: 1.0,
            },
            false => Share {
                limit: (rate * u64::MAX as f64) as u64,
                rate,
            },
        }
    }

    #[inline]
    fn takes(self, a: u32, b: u32, seed: u64) -> bool {
        self.limit == u64::MAX || mix(u64::from(a) << 32 | u64::from(b), seed) <= self.limit
    }
}

impl Walk<'_> {
    /// How many pairs of a scope the rules find, those found twice counted twice.
    pub(crate) fn pairs(&self, scope: Scope) -> u64 {
        self.rules
            .iter()
            .map(|ruled| ruled.blocks.count(self.sources, scope, self.most).pairs)
            .sum()
    }

    /// The patterns of a scope, each pair standing for `scale` pairs.
    pub(crate) fn seen(&self, comparer: &Comparer<'_>, scope: Scope, scale: f64) -> Vec<Seen> {
        let records = comparer.records;
        let matchers = self.matchers(records);
        let mut all: FxHashMap<Pattern, f64> = FxHashMap::default();
        for (nth, ruled) in self.rules.iter().enumerate() {
            let count = ruled.blocks.count(self.sources, scope, self.most);
            let share = Share::of(SAMPLE / count.pairs.max(1) as f64);
            let parts = ruled.blocks.pairs(
                self.sources,
                scope,
                self.most,
                FxHashMap::<Pattern, u32>::default,
                |counts, a, b| {
                    if !share.takes(a, b, self.seed) {
                        return;
                    }
                    let (row_a, row_b) = (records.row(a), records.row(b));
                    let glance = glance(row_a, row_b);
                    if matchers[..nth]
                        .iter()
                        .all(|earlier| !earlier.holds(glance, row_a, row_b))
                    {
                        *counts.entry(comparer.pattern(row_a, row_b)).or_default() += 1;
                    }
                },
            );
            let mut of_rule: FxHashMap<Pattern, u32> = FxHashMap::default();
            for (pattern, count) in parts.into_iter().flatten() {
                *of_rule.entry(pattern).or_default() += count;
            }
            // Each pattern is met once in a rule, so the order of a map leaves no trace in the sums.
            for (pattern, count) in of_rule {
                *all.entry(pattern).or_default() += f64::from(count) / share.rate * scale;
            }
        }
        let mut seen: Vec<Seen> = all
            .into_iter()
            .map(|(pattern, pairs)| Seen { pattern, pairs })
            .collect();
        seen.sort_unstable_by_key(|seen| seen.pattern);
        seen
    }

    fn matchers<'a>(&self, records: &'a Records) -> Vec<Matcher<'a>> {
        let rules = self.rules.iter();
        rules
            .map(|ruled| Matcher::of(records, &ruled.rule))
            .collect()
    }

    /// For each rule, how many pairs it finds that no earlier one does.
    pub(crate) fn new_pairs(&self, records: &Records, scope: Scope) -> Vec<u64> {
        let matchers = self.matchers(records);
        let of_rule = |(nth, ruled): (usize, &Ruled)| -> u64 {
            let is_new = |a: u32, b: u32| {
                let (row_a, row_b) = (records.row(a), records.row(b));
                let glance = glance(row_a, row_b);
                let earlier = &matchers[..nth];
                !earlier
                    .iter()
                    .any(|earlier| earlier.holds(glance, row_a, row_b))
            };
            let parts = ruled.blocks.pairs(
                self.sources,
                scope,
                self.most,
                || 0_u64,
                |count, a, b| *count += u64::from(is_new(a, b)),
            );
            parts.into_iter().sum()
        };
        self.rules.iter().enumerate().map(of_rule).collect()
    }

    /// Weighs every pair of a scope once; keeps those with some probability, by their records, and counts the new pairs of each rule.
    pub(crate) fn weigh(&self, engine: &Engine, scope: Scope) -> (Vec<Scored>, Vec<u64>) {
        self.weighed(engine, scope, Share::of(1.0))
    }

    /// Weighs a share of the pairs inside a source, each standing for as many as it must.
    pub(crate) fn decoys(&self, engine: &Engine, source: usize, rate: f64) -> Vec<Decoy> {
        let share = Share::of(rate);
        let (pairs, _) = self.weighed(engine, Scope::Within(source), share);
        let decoy = |pair: Scored| Decoy {
            a: pair.a,
            b: pair.b,
            weight: pair.weight,
            stands_for: 1.0 / share.rate,
        };
        pairs.into_iter().map(decoy).collect()
    }

    fn weighed(&self, engine: &Engine, scope: Scope, share: Share) -> (Vec<Scored>, Vec<u64>) {
        let comparer = engine.comparer();
        let matchers = self.matchers(comparer.records);
        let mut near = Vec::new();
        let mut new_pairs = Vec::new();
        for (nth, ruled) in self.rules.iter().enumerate() {
            let parts = ruled.blocks.pairs(
                self.sources,
                scope,
                self.most,
                Weighed::default,
                |weighed, a, b| {
                    if share.takes(a, b, self.seed) {
                        weighed.take(engine, &comparer, (&matchers, nth), a, b);
                    }
                },
            );
            new_pairs.push(parts.iter().map(|part| part.new_pairs).sum());
            near.extend(parts.into_iter().flat_map(|part| part.kept));
        }
        near.sort_unstable_by_key(|pair: &Scored| (pair.a, pair.b));
        (near, new_pairs)
    }
}

/// What a part of the blocks gives.
#[derive(Default)]
struct Weighed {
    kept: Vec<Scored>,
    new_pairs: u64,
    bounds: Bounds,
}

impl Weighed {
    #[inline]
    fn take(
        &mut self,
        engine: &Engine,
        comparer: &Comparer<'_>,
        (matchers, nth): (&[Matcher<'_>], usize),
        a: u32,
        b: u32,
    ) {
        let (row_a, row_b) = (comparer.records.row(a), comparer.records.row(b));
        let glance = glance(row_a, row_b);
        let holds = |matcher: &Matcher<'_>| matcher.holds(glance, row_a, row_b);
        if matchers[..nth].iter().any(holds) {
            return;
        }
        self.new_pairs += 1;
        if !comparer.may_be_crossed(row_a, row_b) {
            let bound = *self
                .bounds
                .entry(glance)
                .or_insert_with(|| engine.bound(glance));
            if bound + engine.rarity(glance, row_a) < WEIGHT_MIN {
                return;
            }
        }
        let pattern = comparer.pattern(row_a, row_b);
        let weight = engine.weight(pattern, row_a, row_b);
        if weight < WEIGHT_MIN {
            return;
        }
        let found_by = matchers
            .iter()
            .enumerate()
            .filter(|(_, matcher)| holds(matcher))
            .fold(0, |found, (nth, _)| found | 1 << nth);
        self.kept.push(Scored {
            a,
            b,
            pattern,
            found_by,
            weight,
            probability: 0.0,
        });
    }
}
