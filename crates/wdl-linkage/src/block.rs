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

    pub(crate) fn count(&self) -> usize {
        self.ends.len()
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

    /// How many records of a block each source has.
    fn sizes<'a>(&'a self, block: &'a [u32]) -> impl Iterator<Item = u64> + 'a {
        let mut place = 0;
        self.ends.iter().map(move |end| {
            let start = place;
            while place < block.len() && block[place] < *end {
                place += 1;
            }
            (place - start) as u64
        })
    }

    /// How many pairs of a block count.
    fn pairs(&self, block: &[u32], scope: Scope) -> u64 {
        let mut sizes = self.sizes(block);
        match scope {
            Scope::Between => inside(block.len() as u64) - sizes.map(inside).sum::<u64>(),
            Scope::Inside => sizes.map(inside).sum(),
            Scope::Within(only) => sizes.nth(only).map_or(0, inside),
        }
    }

    /// Hands over each pair of a block that counts, the earlier record first.
    #[inline]
    fn each(&self, block: &[u32], scope: Scope, mut take: impl FnMut(u32, u32)) {
        let block = match scope {
            Scope::Within(only) => {
                let records = self.records(only);
                let start = block.partition_point(|record| *record < records.start);
                let length = block[start..].partition_point(|record| *record < records.end);
                &block[start..start + length]
            }
            Scope::Between | Scope::Inside => block,
        };
        let (mut source, mut later) = (0, 0);
        for (place, a) in block.iter().enumerate() {
            while *a >= self.ends[source] {
                source += 1;
            }
            while later < block.len() && block[later] < self.ends[source] {
                later += 1;
            }
            let others = match scope {
                Scope::Between => &block[later..],
                Scope::Within(_) | Scope::Inside => &block[place + 1..later],
            };
            for b in others {
                take(*a, *b);
            }
        }
    }
}

/// How many pairs there are among so many.
fn inside(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
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
    entries: Vec<Entry>,
    shelf: Shelf,
}

/// A record with its key.
type Entry = (u64, u32);

/// Room for one drawer of entries.
#[derive(Default)]
struct Shelf {
    starts: Vec<u32>,
    sorted: Vec<Entry>,
}

/// A drawer holds about as many entries as stay near while they are sorted.
const DRAWER_BITS: u32 = 10;

/// Where each part of the entries begins when they are dealt out by the bits of their keys from `shift` on: the places are counted into `starts`.
fn dealt(
    keys: impl Iterator<Item = u64>,
    parts: usize,
    place: impl Fn(u64) -> usize,
    starts: &mut Vec<u32>,
) {
    starts.clear();
    starts.resize(parts + 1, 0);
    for key in keys {
        starts[place(key) + 1] += 1;
    }
    for part in 1..starts.len() {
        starts[part] += starts[part - 1];
    }
}

/// Brings the records of a rule together.
///
/// Records are dealt out by their keys twice, first to drawers and inside a drawer to buckets of about one record, so that neither deal goes all over the memory.
pub(crate) fn blocks(records: &Records, rule: &Rule, room: &mut Room) -> Blocks {
    let bits = (usize::BITS - records.len().leading_zeros()).max(1);
    let drawer_bits = bits.saturating_sub(DRAWER_BITS).max(1);
    let drawer = |key: u64| (key >> (64 - drawer_bits)) as usize;
    let Room {
        keys,
        entries,
        shelf,
    } = room;
    (0..records.len() as u32)
        .into_par_iter()
        .with_min_len(4096)
        .map(|record| records.key(rule, record))
        .collect_into_vec(keys);
    let mut starts = Vec::new();
    let known = keys.iter().copied().filter(|key| *key != NO_KEY);
    dealt(known, 1 << drawer_bits, drawer, &mut starts);
    entries.clear();
    entries.resize(starts[starts.len() - 1] as usize, (0, 0));
    let mut places = starts.clone();
    for (key, record) in keys.iter().zip(0_u32..) {
        if *key != NO_KEY {
            let place = &mut places[drawer(*key)];
            entries[*place as usize] = (*key, record);
            *place += 1;
        }
    }
    let mut blocks = Blocks {
        records: Vec::with_capacity(entries.len()),
        bounds: Vec::new(),
    };
    let bucket_bits = bits.saturating_sub(drawer_bits).max(1);
    for bounds in starts.windows(2) {
        let drawer = &entries[bounds[0] as usize..bounds[1] as usize];
        blocks.take(drawer, drawer_bits, bucket_bits, shelf);
    }
    blocks
}

impl Blocks {
    /// Takes the blocks of a drawer, whose entries stand in the order of their records.
    fn take(&mut self, drawer: &[Entry], drawer_bits: u32, bucket_bits: u32, shelf: &mut Shelf) {
        let Shelf { starts, sorted } = shelf;
        let bucket = |key: u64| (key << drawer_bits >> (64 - bucket_bits)) as usize;
        let keys = drawer.iter().map(|(key, _)| *key);
        dealt(keys, 1 << bucket_bits, bucket, starts);
        sorted.clear();
        sorted.resize(drawer.len(), (0, 0));
        for entry in drawer {
            let place = &mut starts[bucket(entry.0)];
            sorted[*place as usize] = *entry;
            *place += 1;
        }
        // Each start has moved to the start of the next bucket.
        let mut start = 0;
        for end in starts[..starts.len() - 1].iter().map(|end| *end as usize) {
            let bucket = &mut sorted[start..end];
            start = end;
            if bucket.len() < 2 {
                continue;
            }
            if bucket.iter().any(|entry| entry.0 != bucket[0].0) {
                bucket.sort_unstable();
            }
            for block in bucket.chunk_by(|a, b| a.0 == b.0) {
                if block.len() > 1 {
                    let from = self.records.len() as u32;
                    self.records.extend(block.iter().map(|(_, record)| *record));
                    self.bounds.push((from, self.records.len() as u32));
                }
            }
        }
    }

    fn block(&self, (start, end): (u32, u32)) -> &[u32] {
        &self.records[start as usize..end as usize]
    }

    /// Counts the pairs, leaving out blocks of more than `most` pairs; and those inside each source in the same way.
    pub(crate) fn count(&self, sources: &Sources, scope: Scope, most: u64) -> (Count, Vec<u64>) {
        let mut count = Count::default();
        let mut within = vec![0; sources.ends.len()];
        for bounds in &self.bounds {
            let block = self.block(*bounds);
            let mut of_sources = 0;
            for (within, n) in within.iter_mut().zip(sources.sizes(block)) {
                let pairs = inside(n);
                of_sources += pairs;
                *within += if pairs > most { 0 } else { pairs };
            }
            let pairs = match scope {
                Scope::Between => inside(block.len() as u64) - of_sources,
                Scope::Inside => of_sources,
                Scope::Within(_) => sources.pairs(block, scope),
            };
            if pairs > most {
                count.left_out += 1;
                count.pairs_left_out += pairs;
            } else {
                count.pairs += pairs;
            }
        }
        (count, within)
    }

    /// Hands the pairs that count and are picked to an accumulator of its part of the blocks, some at a time; the parts come back in order.
    ///
    /// `S` is room that is used again: nothing in it may change what comes back.
    pub(crate) fn pairs<T: Send, S: Default>(
        &self,
        (sources, scope, most): (&Sources, Scope, u64),
        picks: impl Fn(u32, u32) -> bool + Sync,
        begin: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &mut S, &[(u32, u32)]) + Sync,
    ) -> Vec<T> {
        const BLOCKS: usize = 8192;
        let rooms = || (Vec::with_capacity(TOGETHER), S::default());
        self.bounds
            .par_chunks(BLOCKS)
            .map_init(rooms, |(some, room), bounds| {
                let mut part = begin();
                for bounds in bounds {
                    let block = self.block(*bounds);
                    let is_small = inside(block.len() as u64) <= most;
                    if !is_small && sources.pairs(block, scope) > most {
                        continue;
                    }
                    sources.each(block, scope, |a, b| {
                        if picks(a, b) {
                            some.push((a, b));
                            if some.len() == TOGETHER {
                                take(&mut part, room, some);
                                some.clear();
                            }
                        }
                    });
                }
                take(&mut part, room, some);
                some.clear();
                part
            })
            .collect()
    }
}

/// So many pairs are looked at together.
const TOGETHER: usize = 256;

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
