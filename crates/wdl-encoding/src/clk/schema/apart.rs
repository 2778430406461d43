//! Vectors of one file in which no two people are alike beyond chance.
//!
//! What names people by likeness are pairs within one file: twins, spouses, namesakes, whom anybody with a register expects to be alike.
//! The linkage does not need them: it looks for the same person in two files.
//! Whoever encodes a file has its values, so it sees these pairs before anybody else does, and takes their likeness away: where two different records agree in a vector, that vector of one of them gets the whole record as its salt, and agrees from then on with an equal record alone.
//! The vectors in which the two do not agree stay as they are, and those are the ones that tell the two apart.
//!
//!
//! **Invariant:** the vectors depend on the set of records alone; each record's on itself and on whom it is alike to, never on the order of rows.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::columns::{CutColumn, FieldCells, NO_SALT, Salts, Vectors};
use super::encoder::SchemaEncoder;
use crate::clk::{BITS, CLK_BYTES, bytes};

/// What may be left, in standard deviations of chance: one pair of strangers in a thousand million reaches it.
const SHOWN_MAX: f64 = 6.0;
/// Among more records that share a salt nobody is kept apart: it separates nobody, and they would be compared for hours.
const GROUP_MAX: usize = 20_000;
/// Stands before the salt that is a whole record; other salts begin with nought.
const WHOLE_RECORD: u8 = 1;

/// The vectors of a file in which no two different records are alike beyond chance.
pub struct Apart {
    /// The vectors that may leave, one [`Vectors`] for each filter.
    pub vectors: Vec<Vectors>,
    /// The vectors as [`SchemaEncoder::encode_columns`] makes them, which must not leave.
    pub before: Vec<Vectors>,
    /// The pairs of rows, the earlier first, whose likeness was too much.
    pub pairs: Vec<(u32, u32)>,
}

/// Two rows, and the vectors in which they must not agree: bit `n` for the `n`th.
struct Alike {
    rows: (u32, u32),
    vectors: u32,
}

impl SchemaEncoder {
    /// The vectors of all rows of one file, without likeness between different rows; the columns as for [`SchemaEncoder::encode_columns`].
    ///
    /// Rows are compared where they share a salt; a vector without salt is left as it is.
    ///
    /// # Panics
    /// When the columns are not as many as the fields, or differ in length.
    pub fn encode_apart(&self, columns: &[FieldCells<'_>]) -> Apart {
        let mut cut = self.cut_all(columns);
        let salts = self.salts_of(&cut);
        let before = self.vectors_of(&salts, &mut cut);
        let alike = self.alike(&before, &salts, &cut);
        let mut vectors = before.clone();
        for (nth, of) in vectors.iter_mut().enumerate() {
            let pairs: Vec<(u32, u32)> = alike
                .iter()
                .filter(|pair| pair.vectors >> nth & 1 == 1)
                .map(|pair| pair.rows)
                .collect();
            for (row, bits) in self.changed(nth, &pairs, &cut) {
                of.bits[row as usize] = bits;
            }
        }
        Apart {
            vectors,
            before,
            pairs: alike.into_iter().map(|pair| pair.rows).collect(),
        }
    }

    /// The rows whose vector changes, with what it becomes, so that no pair of these is left as it was.
    ///
    /// In the order of what their vectors would become, which is keyed and says nothing of the row's place: a row stays as it is when nobody who stayed before it is alike to it.
    fn changed(
        &self,
        nth: usize,
        pairs: &[(u32, u32)],
        cut: &[CutColumn<'_>],
    ) -> Vec<(u32, [u8; CLK_BYTES])> {
        let mut others: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (a, b) in pairs {
            others.entry(*a).or_default().push(*b);
            others.entry(*b).or_default().push(*a);
        }
        let plan = &self.filters[nth].1;
        let mut order: Vec<([u8; CLK_BYTES], u32)> = others
            .par_iter()
            .map(|(row, _)| {
                let salt = whole(cut, *row as usize);
                let mut bits = [0; BITS / 64];
                for (column, field) in cut.iter().zip(&plan.fields) {
                    column.add_once(*row as usize, field, &salt, &mut bits);
                }
                (bytes(&plan.spread(&bits)), *row)
            })
            .collect();
        order.sort_unstable();
        let mut stays: BTreeSet<u32> = BTreeSet::new();
        let mut changed = Vec::new();
        for (bits, row) in order {
            if others[&row].iter().any(|other| stays.contains(other)) {
                changed.push((row, bits));
            } else {
                stays.insert(row);
            }
        }
        changed
    }

    /// The pairs of different rows that share a salt and are alike beyond chance.
    fn alike(&self, vectors: &[Vectors], salts: &[Salts], cut: &[CutColumn<'_>]) -> Vec<Alike> {
        let numbers: Vec<Vec<u32>> = salts.iter().map(Salts::number_of_each).collect();
        let is_salted = |nth: usize| !self.filters[nth].0.is_empty();
        let ones: Vec<Vec<u32>> = vectors.iter().map(ones_of_each).collect();
        let shares = |nth: usize, (a, b): (usize, usize)| {
            is_salted(nth) && numbers[nth][a] != NO_SALT && numbers[nth][a] == numbers[nth][b]
        };
        let mut alike: Vec<Alike> = Vec::new();
        for (nth, salts) in salts.iter().enumerate().filter(|(nth, _)| is_salted(*nth)) {
            let groups: Vec<&[(u32, u32)]> = salts.rows.chunk_by(|a, b| a.0 == b.0).collect();
            let found = groups.par_iter().flat_map_iter(|group| {
                let group = if group.len() > GROUP_MAX { &[] } else { *group };
                let pairs = group
                    .iter()
                    .enumerate()
                    .flat_map(|(place, a)| group[place + 1..].iter().map(move |b| (a.1, b.1)));
                pairs.filter_map(|rows| {
                    let pair = (rows.0 as usize, rows.1 as usize);
                    // A pair that shares an earlier salt was looked at there.
                    if (0..nth).any(|earlier| shares(earlier, pair)) {
                        return None;
                    }
                    let mut each: Vec<(f64, usize)> = (nth..vectors.len())
                        .filter(|nth| shares(*nth, pair))
                        .map(|nth| {
                            let of = (vectors[nth].bits.as_slice(), ones[nth].as_slice());
                            (deviations(of, pair), nth)
                        })
                        .collect();
                    let vectors = too_much(&mut each);
                    let is_alike = vectors != 0 && cut.iter().any(|column| column.differs(pair));
                    is_alike.then_some(Alike { rows, vectors })
                })
            });
            alike.par_extend(found);
        }
        alike.sort_unstable_by_key(|pair| pair.rows);
        alike
    }
}

/// The vectors to change so that what is left of two rows' agreement is within the limit, the most alike first.
///
/// What agrees together is more than each: the evidence of several is (Σz)²/2m, as the linkage weighs it.
fn too_much(each: &mut [(f64, usize)]) -> u32 {
    each.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut vectors = 0;
    for start in 0..each.len() {
        let (mut sum, mut most) = (0.0_f64, 0.0_f64);
        for (count, (one, _)) in each[start..].iter().enumerate() {
            sum += one;
            most = most.max(sum / ((count + 1) as f64).sqrt());
        }
        if most <= SHOWN_MAX {
            break;
        }
        vectors |= 1 << each[start].1;
    }
    vectors
}

/// How many standard deviations beyond chance two rows agree in a vector (the hypergeometric distribution).
fn deviations((bits, ones): (&[[u8; CLK_BYTES]], &[u32]), (a, b): (usize, usize)) -> f64 {
    let all = BITS as f64;
    let words = |row: usize| bits[row].as_chunks::<8>().0.iter();
    let both: u32 = words(a)
        .zip(words(b))
        .map(|(a, b)| (u64::from_le_bytes(*a) & u64::from_le_bytes(*b)).count_ones())
        .sum();
    let (ones_a, ones_b) = (f64::from(ones[a]), f64::from(ones[b]));
    let expected = ones_a * ones_b / all;
    let spread = expected * (all - ones_a) * (all - ones_b) / (all * (all - 1.0));
    (f64::from(both) - expected) / spread.max(1e-9).sqrt()
}

fn ones_of_each(vectors: &Vectors) -> Vec<u32> {
    let ones = |bits: &[u8; CLK_BYTES]| bits.iter().map(|byte| byte.count_ones()).sum();
    vectors.bits.iter().map(ones).collect()
}

/// A salt of all that a row holds: equal rows alone share it.
fn whole(cut: &[CutColumn<'_>], row: usize) -> Zeroizing<Vec<u8>> {
    let mut hash = Sha256::new();
    for column in cut {
        let value = column.value(row).unwrap_or_default();
        hash.update((value.len() as u64).to_le_bytes());
        hash.update(value);
    }
    let mut salt = Zeroizing::new(vec![WHOLE_RECORD]);
    salt.extend_from_slice(&hash.finalize());
    salt
}
