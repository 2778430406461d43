//! Passes over the pairs that the blocking rules find: once to count patterns, once to weigh.

use rustc_hash::FxHashMap;

use crate::block::{Blocks, Count, Matcher, Rule, Scope, Sources, mix};
use crate::compare::{Comparer, Glance, Together, glance};
use crate::engine::{Bounds, Engine};
use crate::estimate::Seen;
use crate::implied::Implied;
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
    /// What it finds in the scope of the run.
    pub(crate) count: Count,
    /// The pairs that it finds inside each source.
    pub(crate) within: Vec<u64>,
}

impl Ruled {
    /// How many pairs of a scope it finds; the scope is that of the run or inside a source.
    fn pairs(&self, scope: Scope) -> u64 {
        match scope {
            Scope::Within(source) => self.within[source],
            Scope::Between | Scope::Inside => self.count.pairs,
        }
    }
}

/// The rules of a run and how their pairs are walked.
pub(crate) struct Walk<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) rules: &'a [Ruled],
    /// Blocks of more pairs are left out.
    pub(crate) most: u64,
    pub(crate) seed: u64,
}

/// Pairs of each rule from which patterns are counted, those inside the sources together.
const SAMPLE: f64 = 30_000.0;

/// Pairs with a smaller weight have a probability under one in a hundred.
pub(crate) const WEIGHT_MIN: f64 = -6.63;

/// Pairs whose odds stay below are left out before they are weighed: a little less than [`WEIGHT_MIN`] as odds, so that rounding leaves no pair out.
const REACH_MIN: f64 = 0.01;

/// Which of the pairs a pass takes: those whose hash is not above the limit.
#[derive(Clone, Copy)]
pub(crate) struct Share {
    limit: u64,
    pub(crate) rate: f64,
}

impl Share {
    pub(crate) fn of(rate: f64) -> Share {
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
    pub(crate) fn takes(self, a: u32, b: u32, seed: u64) -> bool {
        self.limit == u64::MAX || mix(u64::from(a) << 32 | u64::from(b), seed) <= self.limit
    }
}

impl Walk<'_> {
    /// How many pairs of a scope the rules find, those found twice counted twice.
    pub(crate) fn pairs(&self, scope: Scope) -> u64 {
        self.rules.iter().map(|ruled| ruled.pairs(scope)).sum()
    }

    /// The patterns of a scope, each pair standing for `scale` pairs.
    pub(crate) fn seen(
        &self,
        (comparer, implied): (&Comparer<'_>, &Implied),
        scope: Scope,
        scale: f64,
    ) -> Vec<Seen> {
        let records = comparer.records;
        let matchers = self.matchers(records);
        let sample = match scope {
            Scope::Within(_) => SAMPLE / self.sources.count() as f64,
            Scope::Between | Scope::Inside => SAMPLE,
        };
        let mut all: FxHashMap<Pattern, f64> = FxHashMap::default();
        for (nth, ruled) in self.rules.iter().enumerate() {
            let share = Share::of(sample / ruled.pairs(scope).max(1) as f64);
            let parts = ruled.blocks.pairs(
                (self.sources, scope, self.most),
                |a, b| share.takes(a, b, self.seed),
                FxHashMap::<Pattern, u32>::default,
                |counts, room: &mut LookedAt, pairs| {
                    room.news(records, &matchers[..nth], pairs);
                    for pattern in comparer.patterns(&room.news, &mut room.together) {
                        *counts.entry(*pattern).or_default() += 1;
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
            .map(|(pattern, pairs)| Seen {
                pattern,
                pairs,
                together: implied.of_pattern(pattern),
            })
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
            let parts = ruled.blocks.pairs(
                (self.sources, scope, self.most),
                |_, _| true,
                || 0_u64,
                |count, room: &mut LookedAt, pairs| {
                    room.news(records, &matchers[..nth], pairs);
                    *count += room.news.len() as u64;
                },
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
        let order = Order::of(engine, &comparer);
        let mut near = Vec::new();
        let mut new_pairs = Vec::new();
        for (nth, ruled) in self.rules.iter().enumerate() {
            let parts = ruled.blocks.pairs(
                (self.sources, scope, self.most),
                |a, b| share.takes(a, b, self.seed),
                Weighed::default,
                |weighed, room: &mut LookedAt, pairs| {
                    room.news(comparer.records, &matchers[..nth], pairs);
                    weighed.take(engine, &comparer, &matchers, (&order, room));
                },
            );
            new_pairs.push(parts.iter().map(|part| part.new_pairs).sum());
            near.extend(parts.into_iter().flat_map(|part| part.kept));
        }
        near.sort_unstable_by_key(|pair: &Scored| (pair.a, pair.b));
        (near, new_pairs)
    }
}

/// Pairs looked at together, and room for it.
#[derive(Default)]
struct LookedAt {
    /// Those that no earlier rule finds.
    news: Vec<(u32, u32)>,
    glances: Vec<Glance>,
    together: Together,
    /// No less than the odds of each new pair.
    reach: Vec<f64>,
    /// Bounds known so far; they depend on the engine alone.
    bounds: Bounds,
}

impl LookedAt {
    /// Sorts out the pairs that no earlier rule finds.
    fn news(&mut self, records: &Records, earlier: &[Matcher<'_>], pairs: &[(u32, u32)]) {
        records.ask(pairs);
        self.news.clear();
        self.glances.clear();
        for (a, b) in pairs {
            let (row_a, row_b) = (records.row(*a), records.row(*b));
            let glance = glance(row_a, row_b);
            let is_new = !earlier
                .iter()
                .any(|earlier| earlier.holds(glance, row_a, row_b));
            if is_new {
                self.news.push((*a, *b));
                self.glances.push(glance);
            }
        }
    }

    /// Compares the new pairs as long as they may come to some probability, and keeps those that may at the end.
    fn compare_open(&mut self, engine: &Engine, comparer: &Comparer<'_>, order: &Order) {
        self.keep_open(engine, comparer);
        self.together.begin(self.news.len());
        for field in &order.crossed {
            comparer.compare_field(*field, &self.news, &mut self.together);
        }
        comparer.cross_all(&self.news, &mut self.together);
        let places = order.crossed.iter().chain(&order.orders).copied();
        places.for_each(|place| self.lower(engine, comparer, place));
        self.leave_out();
        for field in &order.others {
            comparer.compare_field(*field, &self.news, &mut self.together);
            self.lower(engine, comparer, *field);
            self.leave_out();
        }
    }

    /// Keeps those of the new pairs whose fields that are the same do not rule it out.
    fn keep_open(&mut self, engine: &Engine, comparer: &Comparer<'_>) {
        let mut glances = self.glances.iter();
        let LookedAt {
            news,
            bounds,
            reach,
            ..
        } = self;
        reach.clear();
        news.retain(|(a, b)| {
            let glance = *glances.next().expect("each new pair has its glance");
            let (row_a, row_b) = (comparer.records.row(*a), comparer.records.row(*b));
            let bound = bounds.entry(glance).or_insert_with(|| engine.bound(glance));
            let mut most = *bound * engine.rarity(glance, row_a);
            if comparer.may_be_crossed(row_a, row_b) {
                most = f64::INFINITY;
            }
            let is_open = most >= REACH_MIN;
            if is_open {
                reach.push(most);
            }
            is_open
        });
    }

    /// Lowers what pairs can reach by a place that is known now.
    fn lower(&mut self, engine: &Engine, comparer: &Comparer<'_>, place: usize) {
        let records = comparer.records;
        let known = self.news.iter().zip(&self.together.patterns);
        for (reach, ((a, b), pattern)) in self.reach.iter_mut().zip(known) {
            let values = (records.row(*a).get(place), records.row(*b).get(place));
            // An order that is kept was taken to be; so was a value that is the same.
            let is_as_taken = match values {
                (Some(a), Some(b)) => a == b,
                _ => pattern.level(place) == 0,
            };
            if !is_as_taken {
                *reach *= engine.fall(place, pattern.level(place));
            }
        }
    }

    /// Leaves out the pairs that cannot come to some probability any more.
    fn leave_out(&mut self) {
        let mut kept = 0;
        for place in 0..self.news.len() {
            if self.reach[place] >= REACH_MIN {
                self.news[kept] = self.news[place];
                self.reach[kept] = self.reach[place];
                self.together.patterns[kept] = self.together.patterns[place];
                kept += 1;
            }
        }
        self.news.truncate(kept);
        self.reach.truncate(kept);
        self.together.patterns.truncate(kept);
    }
}

/// In which order fields are compared.
struct Order {
    /// Fields that may be exchanged, all before the question whether they are.
    crossed: Vec<usize>,
    /// The places of those questions.
    orders: Vec<usize>,
    /// The others, the most telling first.
    others: Vec<usize>,
}

impl Order {
    fn of(engine: &Engine, comparer: &Comparer<'_>) -> Order {
        let pairs = comparer.crossed.iter();
        let mut crossed: Vec<usize> = pairs.flat_map(|(one, other)| [*one, *other]).collect();
        crossed.sort_unstable();
        crossed.dedup();
        Order {
            others: engine.telling(&crossed),
            orders: (comparer.records.fields.len()..comparer.places()).collect(),
            crossed,
        }
    }
}

/// What a part of the blocks gives.
#[derive(Default)]
struct Weighed {
    kept: Vec<Scored>,
    new_pairs: u64,
}

impl Weighed {
    /// Weighs the new pairs.
    fn take(
        &mut self,
        engine: &Engine,
        comparer: &Comparer<'_>,
        matchers: &[Matcher<'_>],
        (order, room): (&Order, &mut LookedAt),
    ) {
        self.new_pairs += room.news.len() as u64;
        room.compare_open(engine, comparer, order);
        for ((a, b), pattern) in room.news.iter().zip(&room.together.patterns) {
            let (row_a, row_b) = (comparer.records.row(*a), comparer.records.row(*b));
            let weight = engine.weight(*pattern, row_a, row_b);
            if weight < WEIGHT_MIN {
                continue;
            }
            let glance = glance(row_a, row_b);
            let found_by = matchers
                .iter()
                .enumerate()
                .filter(|(_, matcher)| matcher.holds(glance, row_a, row_b))
                .fold(0, |found, (nth, _)| found | 1 << nth);
            self.kept.push(Scored {
                a: *a,
                b: *b,
                pattern: *pattern,
                found_by,
                weight,
                probability: 0.0,
            });
        }
    }
}
