//! The last stage: encodings of the rows that no token gave a code, the few, held against one another.
//!
//! Those who hold a position of the reference population are held against those who do not: the reference population has everybody once, so pairs inside it show how alike strangers are, and pairs inside the rest err on the side of caution where somebody stands there twice.
//! The cut is that of linked files of encodings ([`crate::encoded`]): chosen without a truth, at most one link in a hundred false by its own estimate.
//! Whether so few people can carry such an estimate is asked apart ([`Judgement`]).
//!
//! The whole residue is looked at each time: where the cut lies follows from all of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use wdl_vocab::Digest;

use super::blocks::Blocks;
use super::compared::compared;
use super::decided::Question;
use super::replaced;
use super::resolve::{Joined, Left, Outcome, link};
use super::{Cause, Doubt, Stage};
use crate::encoded::{self, Agreed, Encoded, EncodedLinks, Options};

/// An encoding of 1024 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding([u8; 128]);

impl Encoding {
    /// From its bytes.
    pub fn from_bytes(bytes: &[u8; 128]) -> Encoding {
        Encoding(*bytes)
    }

    /// The Dice likeness in parts of a thousand: twice what two share, of what both have.
    fn alike(&self, other: &Encoding) -> u16 {
        let ones = |one: &Encoding| -> u32 { one.0.iter().map(|byte| byte.count_ones()).sum() };
        let pairs = self.0.iter().zip(&other.0);
        let common: u32 = pairs.map(|(a, b)| (a & b).count_ones()).sum();
        let all = (ones(self) + ones(other)).max(1);
        (2000 * common / all) as u16
    }
}

/// What the stage of encodings saw and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// People without a code who have an encoding and hold a position of the reference population.
    pub reference: u64,
    /// Those who hold none.
    pub others: u64,
    /// Pairs above the cut that nothing forbids.
    pub alike: u64,
    /// Whether the cut could be judged.
    pub judgement: Judgement,
}

/// Whether a cut among so few can be trusted.
///
/// Strangers above the cut are counted among the pairs inside both sides, of which one stands for `e` pairs between them.
/// Where none is seen, up to three are still likely (the rule of three: Hanley and Lippman-Hand, JAMA 249, 1983, at 95 in a hundred), so up to `3 e` of `n` links may be false.
/// One in a hundred false can be claimed from `n = 300 e` links on; under that the stage links nothing and asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// There was nothing to hold against anything.
    #[default]
    Nothing,
    /// Too few to claim anything: what is alike is asked about.
    TooFew,
    /// What is above the cut is linked.
    Sound,
}

/// The share of false links that the stage claims to keep under.
const FALSE_SHARE_MAX: f64 = 0.01;
/// From an even chance on, a pair is worth a question.
const ASKED_SHARE_MAX: f64 = 0.5;
/// Strangers that may be there when none of so many is seen, at 95 in a hundred.
const UNSEEN: f64 = 3.0;

/// Joins what is left by its encodings and names the people without a code; how many pairs were compared.
pub(super) fn resolve(blocks: &Blocks<'_>, outcome: &mut Outcome) -> u64 {
    let mut left = std::mem::take(&mut outcome.residue_left);
    left.sort_by_key(|one| one.rows.first().map(|(row, _)| *row));
    let sides = Sides::of(blocks, &left);
    let pairs = sides.pairs();
    let (sure, likely) = (sides.linked(FALSE_SHARE_MAX), sides.linked(ASKED_SHARE_MAX));
    let free = |pairs: Vec<(usize, usize)>| -> Vec<(usize, usize)> {
        let pairs = pairs.into_iter();
        pairs
            .filter(|(a, b)| !is_forbidden(blocks, &left[*a], &left[*b]))
            .collect()
    };
    let (sure, likely) = (free(sure), free(likely));
    outcome.residue = Residue {
        reference: sides.reference.len() as u64,
        others: sides.others.len() as u64,
        alike: sure.len() as u64,
        judgement: sides.judgement(sure.len()),
    };
    let linked = match outcome.residue.judgement {
        Judgement::Sound => sure,
        Judgement::TooFew | Judgement::Nothing => Vec::new(),
    };
    for pair in likely.iter().filter(|pair| !linked.contains(pair)) {
        outcome
            .doubts
            .push(doubt(blocks, &sides, [&left[pair.0], &left[pair.1]], *pair));
    }
    for pair in linked {
        join(blocks, &mut left, pair);
    }
    for one in left.iter().filter(|one| one.rows.len() > 1) {
        name(blocks, one, outcome);
    }
    pairs
}

/// Two people with names that are alike, or decided to be two: nothing to ask.
fn is_forbidden(blocks: &Blocks<'_>, a: &Left, b: &Left) -> bool {
    let (a, b) = (a.rows(), b.rows());
    replaced::differs(blocks, &a, &b) || blocks.is_apart(&a, &b)
}

/// Who has an encoding, by the place among those that are left: in the reference population, and elsewhere.
struct Sides<'a> {
    reference: Vec<(usize, &'a Encoding)>,
    others: Vec<(usize, &'a Encoding)>,
}

impl<'a> Sides<'a> {
    fn of(blocks: &Blocks<'a>, left: &[Left]) -> Sides<'a> {
        let mut sides = Sides {
            reference: Vec::new(),
            others: Vec::new(),
        };
        for (owner, one) in left.iter().enumerate() {
            let rows = one.rows();
            let Some(encoding) = rows.iter().find_map(|row| encoding(blocks, *row)) else {
                continue;
            };
            let side = match rows.iter().any(|row| blocks.is_reference(*row)) {
                true => &mut sides.reference,
                false => &mut sides.others,
            };
            side.push((owner, encoding));
        }
        sides
    }

    fn counts(&self) -> [f64; 2] {
        [self.reference.len() as f64, self.others.len() as f64]
    }

    fn pairs(&self) -> u64 {
        self.reference.len() as u64 * self.others.len() as u64
    }

    /// The pairs that are one person's, at most so large a share of them false by the estimate; places among those that are left.
    fn linked(&self, false_share_max: f64) -> Vec<(usize, usize)> {
        if self.pairs() == 0 {
            return Vec::new();
        }
        let sides = (encoded(&self.reference), encoded(&self.others));
        let options = Options {
            false_share_max,
            ..Options::default()
        };
        // Encodings without a bit say nothing; where all are so there is nothing to compare.
        let links = encoded::link(&sides.0, &sides.1, &options);
        let links = links.map_or_else(|_| Vec::new(), |found: EncodedLinks| found.links);
        links
            .iter()
            .map(|one| {
                (
                    self.reference[one.a as usize].0,
                    self.others[one.b as usize].0,
                )
            })
            .collect()
    }

    fn judgement(&self, links: usize) -> Judgement {
        if self.pairs() == 0 {
            return Judgement::Nothing;
        }
        let inside = self.counts().map(|count| count * (count - 1.0) / 2.0);
        let each = self.pairs() as f64 / (inside[0] + inside[1]);
        match UNSEEN * each <= FALSE_SHARE_MAX * links as f64 {
            true => Judgement::Sound,
            false => Judgement::TooFew,
        }
    }

    fn encoding(&self, owner: usize) -> Option<&'a Encoding> {
        let mut all = self.reference.iter().chain(&self.others);
        all.find(|(one, _)| *one == owner).map(|(_, found)| *found)
    }
}

/// One side as a file of encodings: the lab's recipe made them all.
fn encoded(side: &[(usize, &Encoding)]) -> Encoded {
    let agreed = Agreed {
        schema: Digest::of(b"wdl-lab-residue-v1"),
        key_check: [0; 16],
        salts: vec![String::new()],
    };
    // In the order of the side, which is that of their records.
    let ids: Vec<String> = (0..side.len())
        .map(|place| format!("{place:010}"))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let vectors = side.iter().map(|(_, encoding)| encoding.0).collect();
    Encoded::new(agreed, &ids, &[vectors]).expect("numbers are short, and each is given once")
}

fn encoding<'a>(blocks: &Blocks<'a>, row: u32) -> Option<&'a Encoding> {
    let (source, place) = blocks.place(row);
    let all = &source.encodings;
    let at = all.binary_search_by_key(&place, |(row, _)| *row as usize);
    at.ok().map(|at| &all[at].1)
}

impl Left {
    fn rows(&self) -> Vec<u32> {
        self.rows.iter().map(|(row, _)| *row).collect()
    }
}

fn join(blocks: &Blocks<'_>, left: &mut [Left], (one, other): (usize, usize)) {
    let first = |one: &Left| {
        let deliveries = one.rows.iter().map(|(row, _)| blocks.delivery(*row));
        deliveries.min().unwrap_or_default()
    };
    let joined = Joined {
        stage: Stage::Encoding,
        delivery: first(&left[one]).max(first(&left[other])),
    };
    let theirs = std::mem::take(&mut left[other].rows);
    left[one].rows.extend(theirs);
    for (_, how) in &mut left[one].rows {
        how.get_or_insert_with(|| joined.clone());
    }
}

fn doubt(
    blocks: &Blocks<'_>,
    sides: &Sides<'_>,
    of: [&Left; 2],
    (one, other): (usize, usize),
) -> Doubt {
    let of = of.map(Left::rows);
    let records = |rows: &Vec<u32>| -> Vec<(String, i64)> {
        let records: BTreeSet<(String, i64)> = rows.iter().map(|row| blocks.record(*row)).collect();
        records.into_iter().collect()
    };
    let mut rows: Vec<Vec<(String, i64)>> = of.iter().map(records).collect();
    rows.sort_unstable();
    let deliveries = of.iter().flatten().map(|row| blocks.delivery(*row));
    let alike = sides.encoding(one).zip(sides.encoding(other));
    let mut compared = compared(blocks, &of);
    compared.alike = alike.map(|(a, b)| a.alike(b));
    Doubt {
        cause: Cause::Alike,
        about: Question {
            persons: Vec::new(),
            rows,
        },
        compared,
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
