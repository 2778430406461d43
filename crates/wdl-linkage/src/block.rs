//! Blocking: which pairs are looked at.
//!
//! A rule brings together the records that have all its parts in common; several rules are a union in which each pair stands once, with the first rule that finds it.
//! A value that far too many records share (a default post code, 1 January 1900) would make one block of half the file: such a block is left out and told.

use rayon::prelude::*;

use crate::compare::Glance;
use crate::data::Data;
use crate::model::{BlockingRule, Part};
use crate::prepare::{MISSING, Records};

/// A rule whose columns are places of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule(pub(crate) Vec<(usize, Part)>);

/// Which pairs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Of different sources.
    Between,
    /// Of one source, which is the only one looked at.
    Within(usize),
    /// Of one source, whichever it is.
    Inside,
}

/// The records of one rule, those of a block one after another.
pub(crate) struct Blocks {
    /// Records in the order of their blocks, inside a block in their own order.
    records: Vec<u32>,
    /// Where each block with at least two records begins and ends.
    bounds: Vec<(u32, u32)>,
}

/// What a rule finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// All pairs of its blocks.
    pub(crate) pairs: u64,
    /// Blocks that were left out.
    pub(crate) left_out: u64,
    /// The pairs of those blocks.
    pub(crate) pairs_left_out: u64,
}

/// Where the sources begin.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    pub(crate) ends: Vec<u32>,
}

impl Sources {
    pub(crate) fn of(data: &Data) -> Sources {
        Sources {
            ends: data
                .sources
                .iter()
                .map(|source| source.records.end)
                .collect(),
        }
    }

    /// The records of a source.
    pub(crate) fn records(&self, source: usize) -> std::ops::Range<u32> {
        let start = source.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[source]
    }

    /// How many pairs of records there are in a scope, looked at or not.
    pub(crate) fn all_pairs(&self, scope: Scope) -> f64 {
        let size = |source: usize| self.records(source).len() as f64;
        let inside = |size: f64| size * (size - 1.0).max(0.0) / 2.0;
        let sizes = || (0..self.ends.len()).map(size);
        match scope {
            Scope::Within(source) => inside(size(source)),
            Scope::Inside => sizes().map(inside).sum(),
            Scope::Between => inside(sizes().sum()) - sizes().map(inside).sum::<f64>(),
        }
    }

    /// A block cut into the records of each source.
    fn cut<'a>(&'a self, block: &'a [u32]) -> impl Iterator<Item = (usize, &'a [u32])> {
        let mut rest = block;
        self.ends.iter().enumerate().map(move |(source, end)| {
            let (mine, others) = rest.split_at(rest.partition_point(|record| record < end));
            rest = others;
            (source, mine)
        })
    }

    /// How many pairs of a block count.
    fn pairs(&self, block: &[u32], scope: Scope) -> u64 {
        let inside = |n: u64| n * n.saturating_sub(1) / 2;
        let mut all = 0;
        let mut within = 0;
        for (source, mine) in self.cut(block) {
            let n = mine.len() as u64;
            all += n;
            within += match scope {
                Scope::Within(only) if only != source => 0,
                _ => inside(n),
            };
        }
        match scope {
            Scope::Between => inside(all) - within,
            Scope::Within(_) | Scope::Inside => within,
        }
    }

    /// Hands over each pair of a block that counts, the earlier record first.
    #[inline]
    fn each(&self, block: &[u32], scope: Scope, mut take: impl FnMut(u32, u32)) {
        for (source, mine) in self.cut(block) {
            match scope {
                Scope::Between => {
                    let end = self.ends[source];
                    let later = block.partition_point(|record| *record < end);
                    for a in mine {
                        for b in &block[later..] {
                            take(*a, *b);
                        }
                    }
                }
                Scope::Within(only) if only != source => {}
                Scope::Within(_) | Scope::Inside => {
                    for (nth, a) in mine.iter().enumerate() {
                        for b in &mine[nth + 1..] {
                            take(*a, *b);
                        }
                    }
                }
            }
        }
    }
}

/// The key of a record that a rule brings together with none.
const NO_KEY: u64 = 0;

/// Mixes two words into one; the same on every machine.
#[inline]
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    // The finisher of SplitMix64 (Steele, Lea, Flood 2014).
    let mut x = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Records {
    /// The number of a part of a field of a row.
    #[inline]
    fn number(&self, row: &[u32], (field, part): (usize, Part)) -> u32 {
        match self.part(field, part) {
            Some(numbers) => numbers[row[field] as usize],
            None => row[field],
        }
    }

    /// What a record must share with another; [`NO_KEY`] when a part is missing.
    #[inline]
    fn key(&self, rule: &Rule, record: u32) -> u64 {
        let row = self.row(record);
        let mut key = 0;
        for part in &rule.0 {
            let number = self.number(row, *part);
            if number == MISSING {
                return NO_KEY;
            }
            key = mix(key, u64::from(number));
        }
        key.max(1)
    }
}

/// A rule as a question about two rows.
pub(crate) struct Matcher<'a> {
    /// Fields that must be the same.
    whole: u16,
    /// Parts that must be the same: the field and the numbers of its values' parts.
    parts: Vec<(usize, &'a [u32])>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn of(records: &'a Records, rule: &Rule) -> Matcher<'a> {
        let mut matcher = Matcher {
            whole: 0,
            parts: Vec::new(),
        };
        for (field, part) in &rule.0 {
            match records.part(*field, *part) {
                Some(numbers) => matcher.parts.push((*field, numbers)),
                None => matcher.whole |= 1 << field,
            }
        }
        matcher
    }

    /// Whether the rule brings two rows together.
    #[inline]
    pub(crate) fn holds(&self, glance: Glance, a: &[u32], b: &[u32]) -> bool {
        glance.same & self.whole == self.whole
            && self.parts.iter().all(|(field, numbers)| {
                let number = numbers[a[*field] as usize];
                number != MISSING && number == numbers[b[*field] as usize]
            })
    }
}

/// Room that is used again for each rule: fresh pages cost more than what is written on them.
#[derive(Default)]
pub(crate) struct Room {
    keys: Vec<u64>,
    starts: Vec<u32>,
    places: Vec<u32>,
    entries: Vec<(u64, u32)>,
}

/// Brings the records of a rule together.
pub(crate) fn blocks(records: &Records, rule: &Rule, room: &mut Room) -> Blocks {
    // One bucket for each record on average: almost every bucket is one block.
    let bits = usize::BITS - records.len().max(1).leading_zeros();
    let shift = 64 - bits.max(1);
    let Room {
        keys,
        starts,
        places,
        entries,
    } = room;
    (0..records.len() as u32)
        .into_par_iter()
        .with_min_len(4096)
        .map(|record| records.key(rule, record))
        .collect_into_vec(keys);
    starts.clear();
    starts.resize((1 << bits) + 1, 0);
    for key in keys.iter().filter(|key| **key != NO_KEY) {
        starts[(key >> shift) as usize + 1] += 1;
    }
    for bucket in 1..starts.len() {
        starts[bucket] += starts[bucket - 1];
    }
    let total = starts[starts.len() - 1] as usize;
    places.clone_from(starts);
    entries.clear();
    entries.resize(total, (0, 0));
    for (key, record) in keys.iter().zip(0_u32..) {
        if *key != NO_KEY {
            let place = &mut places[(key >> shift) as usize];
            entries[*place as usize] = (*key, record);
            *place += 1;
        }
    }
    let mut bounds = Vec::new();
    let mut kept = Vec::new();
    for bucket in starts.windows(2) {
        let (start, end) = (bucket[0] as usize, bucket[1] as usize);
        if end - start < 2 {
            continue;
        }
        let bucket = &mut entries[start..end];
        if bucket.iter().any(|entry| entry.0 != bucket[0].0) {
            bucket.sort_unstable();
        }
        for block in bucket.chunk_by(|a, b| a.0 == b.0) {
            if block.len() > 1 {
                let from = kept.len() as u32;
                kept.extend(block.iter().map(|(_, record)| *record));
                bounds.push((from, kept.len() as u32));
            }
        }
    }
    Blocks {
        records: kept,
        bounds,
    }
}

impl Blocks {
    fn block(&self, (start, end): (u32, u32)) -> &[u32] {
        &self.records[start as usize..end as usize]
    }

    /// Counts the pairs, leaving out blocks of more than `most` pairs.
    pub(crate) fn count(&self, sources: &Sources, scope: Scope, most: u64) -> Count {
        let mut count = Count::default();
        for bounds in &self.bounds {
            let pairs = sources.pairs(self.block(*bounds), scope);
            if pairs > most {
                count.left_out += 1;
                count.pairs_left_out += pairs;
            } else {
                count.pairs += pairs;
            }
        }
        count
    }

    /// Hands every pair that counts to an accumulator of its part of the blocks; the parts come back in order.
    pub(crate) fn pairs<T: Send>(
        &self,
        sources: &Sources,
        scope: Scope,
        most: u64,
        begin: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, u32, u32) + Sync,
    ) -> Vec<T> {
        const BLOCKS: usize = 2048;
        self.bounds
            .par_chunks(BLOCKS)
            .map(|bounds| {
                let mut part = begin();
                for bounds in bounds {
                    let block = self.block(*bounds);
                    if sources.pairs(block, scope) <= most {
                        sources.each(block, scope, |a, b| take(&mut part, a, b));
                    }
                }
                part
            })
            .collect()
    }
}

/// A rule of the model with its columns found among the fields.
pub(crate) fn resolve(rule: &BlockingRule, columns: &[&str]) -> Option<Rule> {
    rule.0
        .iter()
        .map(|key| {
            let field = columns.iter().position(|column| *column == key.column)?;
            Some((field, key.part))
        })
        .collect::<Option<Vec<_>>>()
        .map(Rule)
}
