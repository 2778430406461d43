//! The records as the engine holds them: every value of a column once, records in the order of their ids.
//!
//! **Invariant:** two builders that were given the same records in any order finish as the same [`Data`].

use std::hash::Hasher as _;
use std::ops::Range;

use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use thiserror::Error;

/// Why records cannot be taken in.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DataError {
    /// A row has no id.
    #[error("source `{source_name}`: the record in place {place} has no id")]
    NoId {
        /// The source.
        source_name: String,
        /// The place of the record in its source, from 1.
        place: usize,
    },
    /// Two rows of a source have one id.
    #[error("source `{source_name}`: {count} ids stand on more than one record")]
    DuplicateIds {
        /// The source.
        source_name: String,
        /// How many ids.
        count: usize,
    },
    /// More text in one column, or more records, than places have numbers.
    #[error(
        "source `{source_name}`: more than four thousand million records or characters in a column"
    )]
    TooMuch {
        /// The source.
        source_name: String,
    },
}

/// Texts one after another, each known by its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    text: String,
    ends: Vec<u32>,
}

impl Values {
    /// None yet, with room for so many texts of so many bytes in all.
    pub(crate) fn with_room(texts: usize, bytes: usize) -> Values {
        Values {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(texts),
        }
    }

    /// The bytes of all texts.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text in a place.
    #[inline]
    pub fn get(&self, place: u32) -> &str {
        let place = place as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[place] as usize]
    }

    /// The texts in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|place| self.get(place as u32))
    }

    /// Whether this text stands where one of its length begins.
    #[inline]
    fn is(&self, start: u32, text: &str) -> bool {
        let start = start as usize;
        self.text.as_bytes().get(start..start + text.len()) == Some(text.as_bytes())
    }

    /// Adds a text; nothing when there is no room left.
    pub fn push(&mut self, text: &str) -> Option<u32> {
        let place = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.text.len() + text.len()).ok()?;
        self.text.push_str(text);
        self.ends.push(end);
        Some(place)
    }
}

/// The hash by which a text is found again; the same on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// A text that is known: half its hash, where it begins and how long it is, beside its place, so that the table alone tells nearly all strangers apart.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u32,
    place: u32,
    start: u32,
    length: u32,
}

impl Known {
    /// Whether a text with this half of a hash may be this one.
    #[inline]
    fn may_be(&self, text: &str, hash: u32) -> bool {
        self.hash == hash && self.length as usize == text.len()
    }

    /// The hash by which the table places it.
    #[inline]
    fn spread(hash: u32) -> u64 {
        u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Texts, each kept once. The first is the empty one: a missing value.
#[derive(Debug)]
pub(crate) struct Interner {
    values: Values,
    table: HashTable<Known>,
}

impl Interner {
    pub(crate) fn new() -> Interner {
        let mut values = Values::default();
        values.push("");
        Interner {
            values,
            table: HashTable::new(),
        }
    }

    /// What may be a text of which half the hash is known, its letters not looked at.
    #[inline]
    fn likely(&self, text: &str, hash: u32) -> Option<Known> {
        let spread = Known::spread(hash);
        self.table
            .find(spread, |known| known.may_be(text, hash))
            .copied()
    }

    /// The place of a text of which half the hash is known, and what it may be.
    fn place_hashed(&mut self, text: &str, hash: u32, likely: Option<Known>) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let Interner { values, table } = self;
        if let Some(known) = likely
            && values.is(known.start, text)
        {
            return Some(known.place);
        }
        let spread = Known::spread(hash);
        let known = table.find(spread, |known| {
            known.may_be(text, hash) && values.is(known.start, text)
        });
        if let Some(known) = known {
            return Some(known.place);
        }
        let start = values.text.len() as u32;
        let place = values.push(text)?;
        let new = Known {
            hash,
            place,
            start,
            length: text.len() as u32,
        };
        table.insert_unique(spread, new, |known| Known::spread(known.hash));
        Some(place)
    }

    /// Makes room for the texts of `all` records, of which so many have come: growing step by step, a table of many texts is built again and again.
    ///
    /// Only where most records have a text of their own: a table with room to spare is slower for the others.
    fn expect(&mut self, come: usize, all: usize) {
        if self.values.len() * 2 < come {
            return;
        }
        // The later a cell comes, the likelier its text is known.
        const NEW: f64 = 0.6;
        let times = (all - come) as f64 / come as f64;
        let more = |known: usize| (known as f64 * times * NEW) as usize;
        let Values { text, ends } = &mut self.values;
        self.table
            .reserve(more(ends.len()), |known| Known::spread(known.hash));
        text.reserve(more(text.len()));
        ends.reserve(more(ends.len()));
    }

    pub(crate) fn into_values(self) -> Values {
        self.values
    }
}

/// The cells of some records that wait to be taken in, column after column: a column's table stays near while it is used.
#[derive(Debug, Default)]
struct Waiting {
    text: String,
    /// Where each cell ends in `text`, record after record.
    ends: Vec<u32>,
    /// Of each cell of a column half its hash and what it may be.
    likely: Vec<(u32, Option<Known>)>,
}

/// The most records that wait, and the bytes after which no more do.
const WAITING_RECORDS: usize = 2048;
const WAITING_BYTES: usize = 1 << 20;

impl Waiting {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    #[inline]
    fn cell(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[place] as usize]
    }

    /// Gives a column of `width` to its table: first the table is asked for all cells, then letters are compared, so that memory answers for many at once.
    fn take_in(
        &mut self,
        column: usize,
        width: usize,
        interner: &mut Interner,
        cells: &mut Vec<u32>,
    ) -> Option<()> {
        let places = || (column..self.ends.len()).step_by(width);
        let mut likely = std::mem::take(&mut self.likely);
        likely.clear();
        likely.extend(places().map(|place| {
            let cell = self.cell(place);
            let half = (hash(cell) >> 32) as u32;
            (half, interner.likely(cell, half))
        }));
        for (place, (half, likely)) in places().zip(&likely) {
            cells.push(interner.place_hashed(self.cell(place), *half, *likely)?);
        }
        self.likely = likely;
        Some(())
    }
}

/// A cell without the blanks around it; most cells have none.
#[inline]
fn trimmed(cell: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(|byte| (0x21..0x80).contains(byte));
    match is_plain(cell.as_bytes().first()) && is_plain(cell.as_bytes().last()) {
        true => cell,
        false => cell.trim(),
    }
}

/// One column of all records of all sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its different values, in the order in which the records have them; place 0 is the empty text, a missing value.
    pub values: Values,
    /// The place in `values` of each record's value, the first source's records first.
    pub cells: Vec<u32>,
}

/// Records that come from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Which records are its own.
    pub records: Range<u32>,
}

/// Records of one or several sources, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The columns; every source has all of them, missing ones empty.
    pub columns: Vec<Column>,
    /// The sources, in the order in which they were begun.
    pub sources: Vec<Source>,
    /// The ids of the records: unique in their source and in ascending order there.
    pub ids: Values,
}

impl Data {
    /// How many records of all sources.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The source of a record, as its place in `sources`.
    pub fn source_of(&self, record: u32) -> usize {
        self.sources
            .partition_point(|source| source.records.end <= record)
    }

    /// The record of a source with an id.
    pub fn find(&self, source: usize, id: &str) -> Option<u32> {
        let Range { start, end } = self.sources[source].records;
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.ids.get(middle) < id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < end && self.ids.get(low) == id).then_some(low)
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Takes records in, one source after another.
#[derive(Debug)]
pub struct Builder {
    names: Vec<String>,
    interners: Vec<Interner>,
    cells: Vec<Vec<u32>>,
    waiting: Waiting,
    ids: Values,
    sources: Vec<Source>,
    /// About how many records will come in all, until room is made for their values.
    expected: usize,
}

/// So many records show how many different values a column has.
const TELLING: usize = 1 << 16;

impl Builder {
    /// For records with these columns.
    pub fn new(columns: impl IntoIterator<Item = String>) -> Builder {
        let names: Vec<String> = columns.into_iter().collect();
        Builder {
            interners: names.iter().map(|_| Interner::new()).collect(),
            cells: names.iter().map(|_| Vec::new()).collect(),
            names,
            waiting: Waiting::default(),
            ids: Values::default(),
            sources: Vec::new(),
            expected: 0,
        }
    }

    /// The records that follow belong to this source.
    pub fn source(&mut self, name: &str) {
        let start = self.ids.len() as u32;
        self.sources.push(Source {
            name: name.to_owned(),
            records: start..start,
        });
    }

    /// About so many records will come: room is made for them at once, and for their values as soon as the first records show how many differ.
    pub fn expect(&mut self, records: usize) {
        self.expected = records;
        for cells in &mut self.cells {
            cells.reserve(records);
        }
        self.ids.ends.reserve(records);
    }

    /// One record: its id and a value for each column, empty when missing.
    ///
    /// Values are trimmed; a column beyond the last value is missing.
    pub fn push<'a>(
        &mut self,
        id: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), DataError> {
        let source = self.sources.last_mut().expect("a source was begun");
        let too_much = |name: &str| DataError::TooMuch {
            source_name: name.to_owned(),
        };
        if id.is_empty() {
            return Err(DataError::NoId {
                source_name: source.name.clone(),
                place: source.records.len() + 1,
            });
        }
        self.ids.push(id).ok_or_else(|| too_much(&source.name))?;
        let mut values = values.into_iter();
        for _ in &self.names {
            self.waiting.push(trimmed(values.next().unwrap_or("")));
        }
        source.records.end += 1;
        let is_full = self.waiting.ends.len() >= WAITING_RECORDS * self.names.len()
            || self.waiting.text.len() >= WAITING_BYTES;
        match is_full {
            true => self.take_in(),
            false => Ok(()),
        }
    }

    /// Takes in what waits.
    fn take_in(&mut self) -> Result<(), DataError> {
        let width = self.names.len();
        let columns = self.interners.iter_mut().zip(&mut self.cells);
        for (column, (interner, cells)) in columns.enumerate() {
            let taken = self.waiting.take_in(column, width, interner, cells);
            taken.ok_or_else(|| DataError::TooMuch {
                source_name: self
                    .sources
                    .last()
                    .map_or_else(String::new, |source| source.name.clone()),
            })?;
        }
        self.waiting.clear();
        let (come, all) = (self.ids.len(), self.expected);
        if (TELLING..all).contains(&come) {
            for interner in &mut self.interners {
                interner.expect(come, all);
            }
            self.expected = 0;
        }
        Ok(())
    }

    /// The records in the order of their ids.
    pub fn finish(mut self) -> Result<Data, DataError> {
        self.take_in()?;
        let Builder {
            names,
            interners,
            cells,
            ids,
            sources,
            ..
        } = self;
        let mut order: Vec<u32> = Vec::with_capacity(ids.len());
        for source in &sources {
            order.extend(sorted(&ids, source)?);
        }
        let columns = names
            .into_par_iter()
            .zip(interners)
            .zip(cells)
            .map(|((name, interner), cells)| {
                canonical(name, interner.into_values(), &cells, &order)
            })
            .collect();
        let mut sorted_ids = Values::with_room(ids.len(), ids.bytes());
        for record in &order {
            sorted_ids
                .push(ids.get(*record))
                .expect("they had room before");
        }
        Ok(Data {
            columns,
            sources,
            ids: sorted_ids,
        })
    }
}

/// The records of a source in the order of their ids, or how many ids are not unique.
fn sorted(ids: &Values, source: &Source) -> Result<Vec<u32>, DataError> {
    // The first eight bytes decide most comparisons without a look at the text.
    let head = |id: &str| {
        let mut head = [0; 8];
        for (place, byte) in head.iter_mut().zip(id.bytes()) {
            *place = byte;
        }
        u64::from_be_bytes(head)
    };
    let mut order: Vec<(u64, u32)> = source
        .records
        .clone()
        .map(|record| (head(ids.get(record)), record))
        .collect();
    order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| ids.get(a.1).cmp(ids.get(b.1))));
    let repeated = order
        .chunk_by(|a, b| a.0 == b.0 && ids.get(a.1) == ids.get(b.1))
        .filter(|same| same.len() > 1)
        .count();
    if repeated > 0 {
        return Err(DataError::DuplicateIds {
            source_name: source.name.clone(),
            count: repeated,
        });
    }
    Ok(order.into_iter().map(|(_, record)| record).collect())
}

/// A column in the order of its records, with values numbered as that order meets them.
fn canonical(name: String, values: Values, cells: &[u32], order: &[u32]) -> Column {
    const UNSEEN: u32 = u32::MAX;
    let mut numbers = vec![UNSEEN; values.len()];
    numbers[0] = 0;
    let mut met = Values::with_room(values.len(), values.bytes());
    met.push("");
    let cells = order
        .iter()
        .map(|record| {
            let value = cells[*record as usize];
            let number = &mut numbers[value as usize];
            if *number == UNSEEN {
                *number = met.push(values.get(value)).expect("it had room before");
            }
            *number
        })
        .collect();
    Column {
        name,
        values: met,
        cells,
    }
}
