//! The last stage: encodings of the rows that no token gave a code, the few, held against one another.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::blocks::Blocks;
use super::compared::compared;
use super::decided::Question;
use super::replaced;
use super::resolve::{Joined, Left, Outcome, link};
use super::{Cause, Doubt, Stage};

/// An encoding of 1024 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding([u64; 16]);

impl Encoding {
    /// From its bytes.
    pub fn from_bytes(bytes: &[u8; 128]) -> Encoding {
        let mut words = [0; 16];
        for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            let mut one = [0; 8];
            one.copy_from_slice(eight);
            *word = u64::from_be_bytes(one);
        }
        Encoding(words)
    }

    fn ones(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn common(&self, other: &Encoding) -> u32 {
        let words = self.0.iter().zip(&other.0);
        words.map(|(a, b)| (a & b).count_ones()).sum()
    }
}

/// The least likeness, as a fraction, so that it is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// So many.
    pub part: u32,
    /// Of so many.
    pub of: u32,
}

/// The Dice likeness of two encodings as a fraction: twice what they share, of what both have.
pub fn dice(a: &Encoding, b: &Encoding) -> Threshold {
    Threshold {
        part: 2 * a.common(b),
        of: a.ones() + b.ones(),
    }
}

impl Threshold {
    fn is_reached_by(self, likeness: Threshold) -> bool {
        let wide = |a: u32, b: u32| u64::from(a) * u64::from(b);
        likeness.of > 0 && wide(likeness.part, self.of) >= wide(self.part, likeness.of)
    }

    /// In parts of a million, for sorting.
    fn millionths(self) -> u64 {
        u64::from(self.part) * 1_000_000 / u64::from(self.of.max(1))
    }
}

/// A pair of encodings that are alike: likeness and the places of their owners.
type Alike = (Reverse<u64>, usize, usize);

/// Joins what is left by its encodings and names the people without a code; how many pairs were compared.
pub(super) fn resolve(blocks: &Blocks<'_>, outcome: &mut Outcome) -> u64 {
    let mut left = std::mem::take(&mut outcome.residue);
    left.sort_by_key(|one| one.rows.first().map(|(row, _)| *row));
    let encodings = encodings(blocks, &left);
    let pairs = match blocks.input.threshold {
        None => Vec::new(),
        Some(threshold) => alike(&encodings, threshold),
    };
    let mut leaders: Vec<usize> = (0..left.len()).collect();
    for (_, a, b) in pairs {
        let (a, b) = (leaders[a], leaders[b]);
        if a == b {
            continue;
        }
        let (low, high) = (a.min(b), a.max(b));
        let rows =
            |one: usize| -> Vec<u32> { left[one].rows.iter().map(|(row, _)| *row).collect() };
        let (mine, theirs) = (rows(low), rows(high));
        // Two people with names that are alike, or decided to be two: nothing to ask.
        if replaced::differs(blocks, &mine, &theirs) || blocks.is_apart(&mine, &theirs) {
            continue;
        }
        if replaced::at_once(blocks, &mine, &theirs) {
            outcome.doubts.push(doubt(blocks, [mine, theirs]));
            continue;
        }
        join(blocks, &mut left, (low, high));
        for leader in leaders.iter_mut().filter(|one| **one == high) {
            *leader = low;
        }
    }
    for one in left.iter().filter(|one| one.rows.len() > 1) {
        name(blocks, one, outcome);
    }

    match blocks.input.threshold {
        None => 0,
        Some(_) => (encodings.len() as u64) * (encodings.len() as u64).saturating_sub(1) / 2,
    }
}

/// The encodings of what is left, with the place of their owner.
fn encodings<'a>(blocks: &Blocks<'a>, left: &[Left]) -> Vec<(usize, &'a Encoding)> {
    let mut found = Vec::new();
    for (owner, one) in left.iter().enumerate() {
        for (row, _) in &one.rows {
            let (source, place) = blocks.place(*row);
            let at = source
                .encodings
                .binary_search_by_key(&place, |(row, _)| *row as usize);
            found.extend(at.ok().map(|at| (owner, &source.encodings[at].1)));
        }
    }
    found
}

fn alike(encodings: &[(usize, &Encoding)], threshold: Threshold) -> Vec<Alike> {
    let mut pairs: Vec<Alike> = (0..encodings.len())
        .into_par_iter()
        .flat_map_iter(|place| {
            let (owner, encoding) = encodings[place];
            encodings[place + 1..]
                .iter()
                .filter(move |(other, _)| *other != owner)
                .filter_map(move |(other, theirs)| {
                    let likeness = dice(encoding, theirs);
                    threshold
                        .is_reached_by(likeness)
                        .then(|| (Reverse(likeness.millionths()), owner, *other))
                })
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

fn join(blocks: &Blocks<'_>, left: &mut [Left], (low, high): (usize, usize)) {
    let first = |one: &Left| {
        let deliveries = one.rows.iter().map(|(row, _)| blocks.delivery(*row));
        deliveries.min().unwrap_or_default()
    };
    let joined = Joined {
        stage: Stage::Encoding,
        delivery: first(&left[low]).max(first(&left[high])),
    };
    let theirs = std::mem::take(&mut left[high].rows);
    left[low].rows.extend(theirs);
    for (_, how) in &mut left[low].rows {
        how.get_or_insert_with(|| joined.clone());
    }
}

fn doubt(blocks: &Blocks<'_>, sides: [Vec<u32>; 2]) -> Doubt {
    let records = |rows: &Vec<u32>| -> Vec<(String, i64)> {
        let records: BTreeSet<(String, i64)> = rows.iter().map(|row| blocks.record(*row)).collect();
        records.into_iter().collect()
    };
    let mut rows: Vec<Vec<(String, i64)>> = sides.iter().map(records).collect();
    rows.sort_unstable();
    let deliveries = sides.iter().flatten().map(|row| blocks.delivery(*row));
    Doubt {
        cause: Cause::Alike,
        about: Question {
            persons: Vec::new(),
            rows,
        },
        compared: compared(blocks, &sides),
        delivery: deliveries.max().unwrap_or_default(),
    }
}

/// People without a code are named by the row of theirs that came first.
fn name(blocks: &Blocks<'_>, one: &Left, outcome: &mut Outcome) {
    let first = one.rows.iter().map(|(row, _)| {
        let (source, place) = blocks.place(*row);
        (
            blocks.delivery(*row),
            source.dataset.as_str(),
            source.records[place],
        )
    });
    let (_, dataset, record) = first.min().expect("somebody has a row");
    let person = number(dataset, record);
    let links = one
        .rows
        .iter()
        .filter_map(|(row, joined)| Some(link(blocks, *row, (person, false), joined.clone()?)));
    outcome.links.extend(links);
}

/// A number of its own for somebody without a code; the row's number was made with a secret already.
fn number(dataset: &str, record: i64) -> i64 {
    let parts = [
        b"wdl-person-without-code-v1".as_slice(),
        dataset.as_bytes(),
        &record.to_be_bytes(),
    ];
    let digest = wdl_vocab::Digest::of_parts(parts);
    let mut first = [0; 8];
    first.copy_from_slice(&digest.0[..8]);
    i64::from_be_bytes(first) & i64::MAX
}
