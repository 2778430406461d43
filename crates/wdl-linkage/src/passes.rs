//! Passes over the pairs that the blocking rules find: once to count patterns, once to weigh.

use rustc_hash::FxHashMap;

use crate::block::{Blocks, Count, Matcher, Rule, Scope, Sources, mix};
use crate::compare::{Comparer, Glance, Together, glance};
use crate::engine::Engine;
use crate::estimate::Seen;
use crate::implied::Implied;
use crate::model::Kind;
use crate::outcome::{Pattern, Scored};
use crate::prepare::Records;
use crate::reach::{Known, Reach};

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

/// For how many pairs one stands from which patterns are counted, where so many fields are compared.
///
/// Pairs with one value in common at most and four that differ are nearly all of strangers, who are known beforehand; where fewer are compared, two records of one person may look so.
fn stands_for(Glance { same, missing }: Glance, fields: usize) -> u32 {
    let differ = fields as u32 - (same | missing).count_ones();
    match same.count_ones() <= 1 && differ >= 4 {
        true => 4,
        false => 1,
    }
}

/// Pairs with a smaller weight have a probability under one in a hundred.
pub(crate) const WEIGHT_MIN: f64 = -6.63;

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
        let fields = records.fields.len();
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
                    room.thin(fields, self.seed);
                    let patterns = comparer.patterns(&room.news, &mut room.together);
                    for (pattern, glance) in patterns.iter().zip(&room.glances) {
                        *counts.entry(*pattern).or_default() += stands_for(*glance, fields);
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
        let steps = Step::all(engine, &comparer);
        let mut near = Vec::new();
        let mut new_pairs = Vec::new();
        for (nth, ruled) in self.rules.iter().enumerate() {
            let parts = ruled.blocks.pairs(
                (self.sources, scope, self.most),
                |a, b| share.takes(a, b, self.seed),
                Weighed::default,
                |weighed, room: &mut LookedAt, pairs| {
                    room.news(comparer.records, &matchers[..nth], pairs);
                    weighed.take(engine, &comparer, &matchers, (&steps, room));
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
    /// How far each new pair can come.
    reach: Vec<Reach>,
    known: Known,
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

    /// Keeps of the pairs with hardly anything in common as many as tell enough.
    fn thin(&mut self, fields: usize, seed: u64) {
        let mut kept = 0;
        for place in 0..self.news.len() {
            let ((a, b), glance) = (self.news[place], self.glances[place]);
            let drawn = mix(u64::from(b) << 32 | u64::from(a), seed);
            if drawn.is_multiple_of(u64::from(stands_for(glance, fields))) {
                self.news[kept] = (a, b);
                self.glances[kept] = glance;
                kept += 1;
            }
        }
        self.news.truncate(kept);
        self.glances.truncate(kept);
    }

    /// Compares the new pairs as long as they may come to some probability, and keeps those that may at the end.
    fn compare_open(&mut self, engine: &Engine, comparer: &Comparer<'_>, steps: &[Step]) {
        self.keep_open(engine, comparer);
        self.together.begin(self.news.len());
        for step in steps {
            for field in &step.fields {
                comparer.compare_field(*field, &self.news, &mut self.together);
            }
            for order in &step.orders {
                comparer.cross_pairs(*order, &self.news, &mut self.together);
            }
            self.lower(engine, comparer, step);
            self.leave_out();
        }
    }

    /// Keeps those of the new pairs whose fields that are the same do not rule it out.
    fn keep_open(&mut self, engine: &Engine, comparer: &Comparer<'_>) {
        let mut glances = self.glances.iter();
        let LookedAt {
            news, known, reach, ..
        } = self;
        reach.clear();
        news.retain(|(a, b)| {
            let glance = *glances.next().expect("each new pair has its glance");
            let (row_a, row_b) = (comparer.records.row(*a), comparer.records.row(*b));
            let most = match comparer.may_be_crossed(row_a, row_b) {
                true => Reach::ANY,
                false => {
                    let rarity = engine.rarity(glance, row_a);
                    known.reach(&engine.bounds, glance).with_rarity(rarity)
                }
            };
            if most.is_open() {
                reach.push(most);
            }
            most.is_open()
        });
    }

    /// Lowers what pairs can reach by what is known now.
    fn lower(&mut self, engine: &Engine, comparer: &Comparer<'_>, step: &Step) {
        let records = comparer.records;
        let known = self.news.iter().zip(&self.together.patterns);
        for (reach, ((a, b), pattern)) in self.reach.iter_mut().zip(known) {
            let rows = (records.row(*a), records.row(*b));
            for field in &step.fields {
                *reach = engine.bounds.with_field(*reach, *field, (*pattern, rows));
            }
            for order in &step.orders {
                *reach = engine.bounds.with_order(*reach, *order, (*pattern, rows));
            }
        }
    }

    /// Leaves out the pairs that cannot come to some probability any more.
    fn leave_out(&mut self) {
        let mut kept = 0;
        for place in 0..self.news.len() {
            if self.reach[place].is_open() {
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

/// What is compared before it is asked again which pairs are open.
struct Step {
    fields: Vec<usize>,
    /// Pairs of these fields that may be exchanged.
    orders: Vec<usize>,
}

impl Step {
    /// All fields, those that tell most for what they cost first; fields that may be exchanged are known together.
    fn all(engine: &Engine, comparer: &Comparer<'_>) -> Vec<Step> {
        let fields = &comparer.records.fields;
        let mut steps: Vec<Step> = (0..fields.len())
            .map(|field| Step {
                fields: vec![field],
                orders: Vec::new(),
            })
            .collect();
        for (nth, (one, other)) in comparer.crossed.iter().enumerate() {
            let holds = |step: &Step| step.fields.contains(one) || step.fields.contains(other);
            let (tied, apart): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(holds);
            let mut step = Step {
                fields: Vec::new(),
                orders: Vec::new(),
            };
            for tied in tied {
                step.fields.extend(tied.fields);
                step.orders.extend(tied.orders);
            }
            step.orders.push(nth);
            steps = apart;
            steps.push(step);
        }
        let sum = |step: &Step, of: &dyn Fn(usize) -> f64| -> f64 {
            step.fields.iter().map(|field| of(*field)).sum()
        };
        let worth = |step: &Step| {
            let told = sum(step, &|field| -engine.bounds.lowest(field).ln());
            told / sum(step, &|field| cost(fields[field].kind))
        };
        steps.sort_by(|one, other| worth(other).total_cmp(&worth(one)));
        steps
    }
}

/// About how many times as long as two numbers it takes to compare two values of a kind.
fn cost(kind: Kind) -> f64 {
    match kind {
        Kind::BirthDate
        | Kind::Sex
        | Kind::Category
        | Kind::Code
        | Kind::PostCode
        | Kind::HouseNumber
        | Kind::Number
        | Kind::Clk => 1.0,
        Kind::GivenName
        | Kind::Surname
        | Kind::FullName
        | Kind::Place
        | Kind::Street
        | Kind::Text => 4.0,
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
        (steps, room): (&[Step], &mut LookedAt),
    ) {
        self.new_pairs += room.news.len() as u64;
        room.compare_open(engine, comparer, steps);
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
