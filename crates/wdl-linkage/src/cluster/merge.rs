//! One chain of links, judged: which of its records become one cluster, and why the others do not.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::{ClusterRules, Pair, Reason, Repair};
use crate::decide::{Edge, fixed, unfixed};

/// What becomes of a chain that does not hold as a whole.
pub(super) struct Outcome {
    /// Records and the clusters they are in.
    pub(super) moved: Vec<(u32, u32)>,
    pub(super) repairs: Vec<Repair>,
}

/// Whether the two records of a link may not be one person.
pub(super) fn is_refused(link: &Edge, rules: &ClusterRules) -> bool {
    let (source_a, source_b) = ((rules.source_of)(link.a), (rules.source_of)(link.b));
    let is_same_source = source_a == source_b && is_without_duplicates(rules, source_a);
    let (code_a, code_b) = (code_of(rules, link.a), code_of(rules, link.b));
    is_same_source || (code_a != 0 && code_b != 0 && code_a != code_b) || rules.size_max < 2
}

/// Judges a chain, given by its pairs in the order of (a, b); nothing when it holds as a whole.
pub(super) fn judge(pairs: &[Pair], rules: &ClusterRules, compared: &Compared) -> Option<Outcome> {
    let mut chain = Chain::of(pairs, rules, compared);
    chain.merge_all();
    let repairs = chain.repairs(pairs);
    if repairs.is_empty() {
        return None;
    }
    let moved = chain.groups.iter().flat_map(|group| {
        let cluster = group.smallest;
        group.members.iter().map(move |record| (*record, cluster))
    });
    Some(Outcome {
        moved: moved.collect(),
        repairs,
    })
}

fn is_without_duplicates(rules: &ClusterRules, source: usize) -> bool {
    rules
        .without_duplicates
        .get(source)
        .copied()
        .unwrap_or(false)
}

fn code_of(rules: &ClusterRules, record: u32) -> u32 {
    rules.exclusive.map_or(0, |codes| codes[record as usize])
}

/// Pairs of sources of which records were compared, the smaller first, ascending.
pub(super) struct Compared(pub(super) Vec<(usize, usize)>);

impl Compared {
    fn has(&self, a: usize, b: usize) -> bool {
        self.0.binary_search(&(a.min(b), a.max(b))).is_ok()
    }
}

/// What is known between two groups.
#[derive(Clone, Copy, Default)]
struct Tie {
    /// The sum of the weights of the pairs that were compared, in parts.
    sum: i64,
    compared: u64,
    links: u64,
}

impl Tie {
    fn add(&mut self, other: Tie) {
        self.sum += other.sum;
        self.compared += other.compared;
        self.links += other.links;
    }
}

/// Records that are one so far; no members when it went into another.
struct Group {
    smallest: u32,
    members: Vec<u32>,
    /// How many members each source has, by ascending source.
    counts: Vec<(usize, u64)>,
    /// Sources without duplicates that have a record here, and which, ascending.
    sources: Vec<(usize, u32)>,
    /// A record with a code; all codes of the group are one.
    coded: Option<u32>,
    ties: FxHashMap<u32, Tie>,
}

/// Two groups that might become one: the greatest sum first, then the smallest records.
type Offer = (i64, Reverse<u32>, Reverse<u32>, u32, u32);

struct Chain<'a> {
    rules: &'a ClusterRules<'a>,
    compared: &'a Compared,
    /// In parts; never above zero, so that an offer can only fall while a group grows.
    absent: i64,
    records: Vec<u32>,
    groups: Vec<Group>,
    offers: BinaryHeap<Offer>,
}

impl<'a> Chain<'a> {
    fn of(pairs: &[Pair], rules: &'a ClusterRules<'a>, compared: &'a Compared) -> Chain<'a> {
        let mut records: Vec<u32> = pairs
            .iter()
            .flat_map(|pair| [pair.edge.a, pair.edge.b])
            .collect();
        records.sort_unstable();
        records.dedup();
        let groups = records.iter().map(|record| alone(*record, rules)).collect();
        let mut chain = Chain {
            rules,
            compared,
            absent: rules.absent_weight.map_or(0, |weight| fixed(weight).min(0)),
            records,
            groups,
            offers: BinaryHeap::new(),
        };
        for pair in pairs {
            let (a, b) = (chain.place(pair.edge.a), chain.place(pair.edge.b));
            let tie = Tie {
                sum: fixed(pair.edge.weight),
                compared: 1,
                links: u64::from(pair.is_link),
            };
            chain.groups[a as usize].ties.insert(b, tie);
            chain.groups[b as usize].ties.insert(a, tie);
            chain.offer(a, b);
        }
        chain
    }

    fn place(&self, record: u32) -> u32 {
        let place = self.records.binary_search(&record);
        place.expect("the record is of this chain") as u32
    }

    fn tie(&self, a: u32, b: u32) -> Tie {
        let ties = &self.groups[a as usize].ties;
        ties.get(&b).copied().unwrap_or_default()
    }

    /// How many pairs there are between two groups, of sources that were compared.
    fn pairs_between(&self, a: u32, b: u32) -> u64 {
        let mut pairs = 0;
        for (source_a, count_a) in &self.groups[a as usize].counts {
            for (source_b, count_b) in &self.groups[b as usize].counts {
                if self.compared.has(*source_a, *source_b) {
                    pairs += count_a * count_b;
                }
            }
        }
        pairs
    }

    /// What all pairs between two groups say together.
    fn sum(&self, a: u32, b: u32) -> i64 {
        let tie = self.tie(a, b);
        let absent = self.pairs_between(a, b) - tie.compared;
        let absent = i64::try_from(absent).unwrap_or(i64::MAX);
        tie.sum.saturating_add(self.absent.saturating_mul(absent))
    }

    /// Offers two groups for a union if there is a link between them.
    fn offer(&mut self, a: u32, b: u32) {
        if self.tie(a, b).links == 0 {
            return;
        }
        let smallest = |group: u32| self.groups[group as usize].smallest;
        let (a, b) = if smallest(a) < smallest(b) {
            (a, b)
        } else {
            (b, a)
        };
        let (first, second) = (Reverse(smallest(a)), Reverse(smallest(b)));
        self.offers.push((self.sum(a, b), first, second, a, b));
    }

    fn merge_all(&mut self) {
        while let Some((sum, .., a, b)) = self.offers.pop() {
            let is_gone = |group: u32| self.groups[group as usize].members.is_empty();
            if is_gone(a) || is_gone(b) {
                continue;
            }
            let now = self.sum(a, b);
            if now < sum {
                self.offer(a, b);
            } else if now == sum && self.refusal(a, b).is_none() {
                self.merge(a, b);
            }
            // A sum that has grown was offered again when it grew.
        }
    }

    /// Why two groups may not become one.
    fn refusal(&self, a: u32, b: u32) -> Option<Reason> {
        let (one, other) = (&self.groups[a as usize], &self.groups[b as usize]);
        if let Some((source, records)) = first_shared(&one.sources, &other.sources) {
            return Some(Reason::SameSource { source, records });
        }
        if let (Some(x), Some(y)) = (one.coded, other.coded)
            && code_of(self.rules, x) != code_of(self.rules, y)
        {
            return Some(Reason::TwoCodes { records: (x, y) });
        }
        let size = one.members.len() + other.members.len();
        if size > self.rules.size_max {
            return Some(Reason::TooLarge { size });
        }
        let (sum, pairs, compared) = (
            self.sum(a, b),
            self.pairs_between(a, b),
            self.tie(a, b).compared,
        );
        (pairs > 1 && sum < 0).then_some(Reason::Weak {
            weight: unfixed(sum),
            compared,
            absent: if self.rules.absent_weight.is_some() {
                pairs - compared
            } else {
                0
            },
        })
    }

    /// Makes one group of two; the one with fewer ties goes into the other.
    fn merge(&mut self, a: u32, b: u32) {
        let ties = |group: u32| self.groups[group as usize].ties.len();
        let (into, from) = if ties(a) >= ties(b) { (a, b) } else { (b, a) };
        let empty = Group {
            smallest: 0,
            members: Vec::new(),
            counts: Vec::new(),
            sources: Vec::new(),
            coded: None,
            ties: FxHashMap::default(),
        };
        let gone = std::mem::replace(&mut self.groups[from as usize], empty);
        let grown = &mut self.groups[into as usize];
        grown.ties.remove(&from);
        grown.smallest = grown.smallest.min(gone.smallest);
        grown.members.extend(gone.members);
        for (source, count) in gone.counts {
            match grown.counts.binary_search_by_key(&source, |known| known.0) {
                Ok(place) => grown.counts[place].1 += count,
                Err(place) => grown.counts.insert(place, (source, count)),
            }
        }
        grown.sources.extend(gone.sources);
        grown.sources.sort_unstable();
        grown.coded = match (grown.coded, gone.coded) {
            (Some(x), Some(y)) => Some(x.min(y)),
            (x, y) => x.or(y),
        };
        let mut others: Vec<(u32, Tie)> = gone.ties.into_iter().collect();
        others.sort_unstable_by_key(|(other, _)| *other);
        for (other, tie) in others {
            if other == into {
                continue;
            }
            let both = self.groups[into as usize].ties.entry(other).or_default();
            both.add(tie);
            let both = *both;
            let ties = &mut self.groups[other as usize].ties;
            ties.remove(&from);
            ties.insert(into, both);
            self.offer(into, other);
        }
    }

    /// The links that do not hold, by the two clusters they stand between.
    fn repairs(&self, pairs: &[Pair]) -> Vec<Repair> {
        let mut group_of = vec![0; self.records.len()];
        for (place, group) in self.groups.iter().enumerate() {
            for record in &group.members {
                group_of[self.place(*record) as usize] = place as u32;
            }
        }
        let mut cut: Vec<CutLink> = Vec::new();
        for pair in pairs.iter().filter(|pair| pair.is_link) {
            let group = |record: u32| group_of[self.place(record) as usize];
            let (a, b) = (group(pair.edge.a), group(pair.edge.b));
            let smallest = |group: u32| self.groups[group as usize].smallest;
            let (a, b) = if smallest(a) < smallest(b) {
                (a, b)
            } else {
                (b, a)
            };
            if a != b {
                cut.push(((smallest(a), smallest(b)), (a, b), pair.edge));
            }
        }
        // Stable: the links of two clusters stay in the order of (a, b).
        cut.sort_by_key(|(clusters, ..)| *clusters);
        cut.chunk_by(|x, y| x.0 == y.0)
            .map(|links| {
                let (clusters, (a, b), _) = links[0];
                Repair {
                    chain: pairs[0].chain,
                    clusters,
                    cut: links.iter().map(|(.., edge)| *edge).collect(),
                    reason: self
                        .refusal(a, b)
                        .expect("two groups with a link that nothing forbids are one"),
                }
            })
            .collect()
    }
}

fn alone(record: u32, rules: &ClusterRules) -> Group {
    let source = (rules.source_of)(record);
    Group {
        smallest: record,
        members: vec![record],
        counts: vec![(source, 1)],
        sources: is_without_duplicates(rules, source)
            .then_some((source, record))
            .into_iter()
            .collect(),
        coded: (code_of(rules, record) != 0).then_some(record),
        ties: FxHashMap::default(),
    }
}

/// The first source in both lists, and its record in each.
fn first_shared(a: &[(usize, u32)], b: &[(usize, u32)]) -> Option<(usize, (u32, u32))> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let (x, y) = (**a.peek()?, **b.peek()?);
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => a.next(),
            std::cmp::Ordering::Greater => b.next(),
            std::cmp::Ordering::Equal => return Some((x.0, (x.1, y.1))),
        };
    }
}

/// A link between two groups: their smallest records, their places, the link.
type CutLink = ((u32, u32), (u32, u32), Edge);
