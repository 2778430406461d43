//! Equivalence classes: records that look alike at some level of each quasi-identifier, and how they merge when one is told less precisely.
//!
//! A class is one key of packed codes with its counts, so that the classes of a node of the lattice are made from those of a node below it and not from the records.
//! It must not know privacy models or losses.

use crate::records::Records;

/// The bits one key may have: eight words.
pub(crate) const MAX_BITS: usize = 512;

const NONE: u32 = u32::MAX;

/// The bits a key of these numbers of leaves needs, whole words counted where a code would straddle two.
pub(crate) fn bits(leaves: impl Iterator<Item = usize>) -> usize {
    let (mut word, mut used) = (0, 0);
    for width in leaves.map(width) {
        if used + width > 64 {
            word += 1;
            used = 0;
        }
        used += width;
    }
    word * 64 + used
}

/// The bits of a code among so many values.
fn width(values: usize) -> usize {
    (usize::BITS - values.saturating_sub(1).leading_zeros()).max(1) as usize
}

/// Where the code of each quasi-identifier stands in a key of `W` words.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    word: usize,
    shift: u32,
    mask: u64,
}

impl Layout {
    pub(crate) fn of(records: &Records) -> Layout {
        let (mut word, mut used) = (0, 0);
        let mut fields = Vec::new();
        for one in records.quasi_identifiers() {
            let width = width(one.hierarchy.leaves());
            if used + width > 64 {
                word += 1;
                used = 0;
            }
            let shift = u32::try_from(used).unwrap_or(0);
            fields.push(Field {
                word,
                shift,
                mask: (u64::MAX >> (64 - width)) << shift,
            });
            used += width;
        }
        Layout { fields }
    }

    fn put<const W: usize>(&self, key: &mut [u64; W], column: usize, code: u32) {
        let field = self.fields[column];
        key[field.word] = (key[field.word] & !field.mask) | (u64::from(code) << field.shift);
    }

    pub(crate) fn code<const W: usize>(&self, key: &[u64; W], column: usize) -> u32 {
        let field = self.fields[column];
        // INVARIANT: a code of 32 bits at most was put there.
        ((key[field.word] & field.mask) >> field.shift) as u32
    }
}

/// For each class which codes of a column its records have, and how often: one run of pairs a class, in ascending order of the code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    starts: Vec<u32>,
    codes: Vec<u32>,
    counts: Vec<u32>,
}

impl Runs {
    pub(crate) fn of(&self, class: usize) -> (&[u32], &[u32]) {
        let range = self.starts[class] as usize..self.starts[class + 1] as usize;
        (&self.codes[range.clone()], &self.counts[range])
    }
}

/// The classes of one node of the lattice, in the order their first records are met.
#[derive(Clone, Debug)]
pub(crate) struct Classes<const W: usize> {
    pub(crate) keys: Vec<[u64; W]>,
    /// Records of the file.
    pub(crate) rows: Vec<u32>,
    /// Persons who stand in one record alone; empty when each record is a person.
    pub(crate) alone: Vec<u32>,
    /// Records of the population register; empty without one.
    pub(crate) population: Vec<u32>,
    /// One for each sensitive column, then one for the persons who stand in several records.
    pub(crate) runs: Vec<Runs>,
}

/// Memory that is used again from node to node.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    slots: Vec<u32>,
    target: Vec<u32>,
    dense: Vec<u32>,
    touched: Vec<u32>,
    order: Vec<u32>,
}

/// A quasi-identifier to be told less: its place, and for each code now the code then.
pub(crate) struct Raise<'a> {
    pub(crate) column: usize,
    pub(crate) to: &'a [u32],
}

/// A table of keys kept once each: open addressing over their places.
struct Table<'a, const W: usize> {
    slots: &'a mut Vec<u32>,
    keys: Vec<[u64; W]>,
}

/// One multiplication a word; the high bits, which depend on all of it, come down at the end.
fn hash<const W: usize>(key: &[u64; W]) -> u64 {
    let mixed = key.iter().fold(0_u64, |hash, word| {
        (hash.rotate_left(29) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    mixed ^ (mixed >> 32)
}

impl<'a, const W: usize> Table<'a, W> {
    fn new(slots: &'a mut Vec<u32>, at_most: usize) -> Table<'a, W> {
        let size = (at_most * 2).next_power_of_two().max(16);
        slots.clear();
        slots.resize(size, NONE);
        Table {
            slots,
            keys: Vec::new(),
        }
    }

    /// The place of a key, and whether it is new.
    fn place(&mut self, key: [u64; W]) -> (usize, bool) {
        let mask = self.slots.len() - 1;
        let mut slot = hash(&key) as usize & mask;
        loop {
            match self.slots[slot] {
                NONE => {
                    // INVARIANT: there are fewer classes than records, and those are counted in 32 bits.
                    self.slots[slot] = self.keys.len() as u32;
                    self.keys.push(key);
                    return (self.keys.len() - 1, true);
                }
                known if self.keys[known as usize] == key => return (known as usize, false),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

impl<const W: usize> Classes<W> {
    /// The classes of the records at a level of each quasi-identifier, and the class of each record.
    pub(crate) fn of(
        records: &Records,
        layout: &Layout,
        levels: &[usize],
        scratch: &mut Scratch,
    ) -> (Classes<W>, Vec<u32>) {
        let quasi = records.quasi_identifiers();
        let told: Vec<&[u32]> = quasi
            .iter()
            .zip(levels)
            .map(|(one, level)| one.hierarchy.of_leaf(*level))
            .collect();
        let population = records
            .population()
            .map_or(0, |columns| columns.first().map_or(0, Vec::len));
        let mut table = Table::<W>::new(&mut scratch.slots, records.rows() + population);
        let mut classes = Classes {
            keys: Vec::new(),
            rows: Vec::new(),
            alone: Vec::new(),
            population: Vec::new(),
            runs: Vec::new(),
        };
        let mut of_row = Vec::with_capacity(records.rows());
        for row in 0..records.rows() {
            let mut key = [0; W];
            for (column, one) in quasi.iter().enumerate() {
                layout.put(&mut key, column, told[column][one.codes[row] as usize]);
            }
            let (place, is_new) = table.place(key);
            if is_new {
                classes.rows.push(0);
            }
            classes.rows[place] += 1;
            of_row.push(place as u32);
        }
        if let Some(columns) = records.population() {
            classes.population = vec![0; classes.rows.len()];
            for row in 0..population {
                let mut key = [0; W];
                for (column, codes) in columns.iter().enumerate() {
                    layout.put(&mut key, column, told[column][codes[row] as usize]);
                }
                let (place, is_new) = table.place(key);
                if is_new {
                    classes.rows.push(0);
                    classes.population.push(0);
                }
                classes.population[place] += 1;
            }
        }
        classes.keys = table.keys;
        for one in records.sensitive() {
            let missing = one.values as u32;
            let codes = one.codes.iter().map(|code| code.unwrap_or(missing));
            let pairs = of_row.iter().copied().zip(codes).collect();
            classes.runs.push(runs(pairs, classes.rows.len()));
        }
        if let Some(persons) = records.persons() {
            classes.count_persons(persons, &of_row);
        }
        (classes, of_row)
    }

    /// Some records as one class, whatever their quasi-identifiers.
    pub(crate) fn one(records: &Records, rows: &[u32]) -> Classes<W> {
        let of_row = vec![0; rows.len()];
        let mut classes = Classes {
            keys: vec![[0; W]],
            rows: vec![rows.len() as u32],
            alone: Vec::new(),
            population: Vec::new(),
            runs: Vec::new(),
        };
        for one in records.sensitive() {
            let missing = one.values as u32;
            let pairs = rows
                .iter()
                .map(|row| (0, one.codes[*row as usize].unwrap_or(missing)));
            classes.runs.push(runs(pairs.collect(), 1));
        }
        if let Some(persons) = records.persons() {
            let persons: Vec<u32> = rows.iter().map(|row| persons[*row as usize]).collect();
            classes.count_persons(&persons, &of_row);
        }
        classes
    }

    /// Persons of one record are counted, those of several kept, so that nobody counts twice in a class.
    fn count_persons(&mut self, persons: &[u32], of_row: &[u32]) {
        let mut order: Vec<u32> = (0..persons.len() as u32).collect();
        order.sort_unstable_by_key(|row| persons[*row as usize]);
        self.alone = vec![0; self.rows.len()];
        let mut pairs = Vec::new();
        for (number, same) in order
            .chunk_by(|a, b| persons[*a as usize] == persons[*b as usize])
            .enumerate()
        {
            match same {
                [row] => self.alone[of_row[*row as usize] as usize] += 1,
                several => pairs.extend(
                    several
                        .iter()
                        .map(|row| (of_row[*row as usize], number as u32)),
                ),
            }
        }
        self.runs.push(runs(pairs, self.rows.len()));
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The persons of a class.
    pub(crate) fn persons(&self, class: usize) -> u32 {
        if self.alone.is_empty() {
            return self.rows[class];
        }
        let several = self.runs.last().map_or(0, |runs| runs.of(class).0.len());
        self.alone[class] + several as u32
    }

    /// The classes when some quasi-identifiers are told less.
    pub(crate) fn raised(
        &self,
        layout: &Layout,
        raises: &[Raise<'_>],
        scratch: &mut Scratch,
    ) -> Classes<W> {
        let mut table = Table::<W>::new(&mut scratch.slots, self.len());
        let mut merged = Classes {
            keys: Vec::new(),
            rows: Vec::new(),
            alone: Vec::new(),
            population: Vec::new(),
            runs: Vec::new(),
        };
        let has_runs = !self.runs.is_empty();
        scratch.target.clear();
        for (class, key) in self.keys.iter().enumerate() {
            let mut key = *key;
            for raise in raises {
                let code = layout.code(&key, raise.column);
                layout.put(&mut key, raise.column, raise.to[code as usize]);
            }
            let (place, is_new) = table.place(key);
            match is_new {
                true => merged.rows.push(self.rows[class]),
                false => merged.rows[place] += self.rows[class],
            }
            scratch.target.push(place as u32);
        }
        merged.keys = table.keys;
        merged.alone = added(&self.alone, &scratch.target, merged.rows.len());
        merged.population = added(&self.population, &scratch.target, merged.rows.len());
        if has_runs {
            scratch.sort_by_target(merged.rows.len());
            merged.runs = self
                .runs
                .iter()
                .map(|one| merged_runs(one, merged.rows.len(), scratch))
                .collect();
        }
        merged
    }
}

impl Scratch {
    /// For each class that was raised last, the class it became.
    pub(crate) fn became(&self) -> &[u32] {
        &self.target
    }

    /// The old classes in the order of the new ones they go to: a counting sort.
    fn sort_by_target(&mut self, classes: usize) {
        self.touched.clear();
        self.touched.resize(classes + 1, 0);
        for target in &self.target {
            self.touched[*target as usize + 1] += 1;
        }
        for class in 1..=classes {
            self.touched[class] += self.touched[class - 1];
        }
        self.order.clear();
        self.order.resize(self.target.len(), 0);
        for (old, target) in self.target.iter().enumerate() {
            let place = &mut self.touched[*target as usize];
            self.order[*place as usize] = old as u32;
            *place += 1;
        }
    }
}

fn added(counts: &[u32], target: &[u32], classes: usize) -> Vec<u32> {
    if counts.is_empty() {
        return Vec::new();
    }
    let mut sums = vec![0; classes];
    for (count, target) in counts.iter().zip(target) {
        sums[*target as usize] += count;
    }
    sums
}

/// Runs from pairs of class and code.
fn runs(mut pairs: Vec<(u32, u32)>, classes: usize) -> Runs {
    pairs.sort_unstable();
    let mut made = Runs {
        starts: Vec::with_capacity(classes + 1),
        codes: Vec::new(),
        counts: Vec::new(),
    };
    made.starts.push(0);
    let mut pairs = pairs.chunk_by(|a, b| a == b).peekable();
    for class in 0..classes as u32 {
        while let Some(same) = pairs.next_if(|same| same[0].0 == class) {
            made.codes.push(same[0].1);
            made.counts.push(same.len() as u32);
        }
        made.starts.push(made.codes.len() as u32);
    }
    made
}

fn merged_runs(old: &Runs, classes: usize, scratch: &mut Scratch) -> Runs {
    let mut made = Runs {
        starts: Vec::with_capacity(classes + 1),
        codes: Vec::with_capacity(old.codes.len()),
        counts: Vec::with_capacity(old.codes.len()),
    };
    made.starts.push(0);
    let Scratch {
        target,
        order,
        dense,
        touched,
        ..
    } = scratch;
    let highest = old.codes.iter().max().map_or(0, |code| *code as usize + 1);
    dense.clear();
    dense.resize(highest, 0);
    for same in order.chunk_by(|a, b| target[*a as usize] == target[*b as usize]) {
        if let [one] = same {
            let (codes, counts) = old.of(*one as usize);
            made.codes.extend_from_slice(codes);
            made.counts.extend_from_slice(counts);
        } else {
            touched.clear();
            for class in same {
                let (codes, counts) = old.of(*class as usize);
                for (code, count) in codes.iter().zip(counts) {
                    let sum = &mut dense[*code as usize];
                    if *sum == 0 {
                        touched.push(*code);
                    }
                    *sum += count;
                }
            }
            touched.sort_unstable();
            for code in touched.iter() {
                made.codes.push(*code);
                made.counts.push(std::mem::take(&mut dense[*code as usize]));
            }
        }
        made.starts.push(made.codes.len() as u32);
    }
    made
}

/// Runs an expression with `W` as the number of words that a key of these records needs.
macro_rules! wide {
    ($records:expr, $w:ident => $body:expr) => {{
        match $crate::classes::words($records) {
            0 | 1 => {
                const $w: usize = 1;
                $body
            }
            2 => {
                const $w: usize = 2;
                $body
            }
            3 | 4 => {
                const $w: usize = 4;
                $body
            }
            _ => {
                const $w: usize = 8;
                $body
            }
        }
    }};
}

/// The words that a key of these records needs.
pub(crate) fn words(records: &Records) -> usize {
    bits(
        records
            .quasi_identifiers()
            .iter()
            .map(|one| one.hierarchy.leaves()),
    )
    .div_ceil(64)
}

pub(crate) use wide;
