//! What was hashed before: values as the bits they set, grams as their positions.
//!
//! **Invariant:** whatever is forgotten or dropped is wiped, also what a growing table leaves behind.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;
use zeroize::Zeroizing;

/// A table forgets everything beyond so many bytes, so that it stays small whatever a file holds.
const BYTES_MAX: usize = 16 << 20;
/// Entries lie in pieces of so many bytes, which never move.
const PIECE: usize = 1 << 16;
/// A place that holds nothing.
const EMPTY: u32 = u32::MAX;

/// What was hashed before: most values and grams of a file are few.
///
/// One for each thread and encoder; it is wiped when it is dropped.
#[derive(Default)]
pub struct Cache {
    pub(super) values: Known,
    pub(super) grams: Known,
    pub(super) message: Zeroizing<Vec<u8>>,
    pub(super) drawn: Zeroizing<Vec<u8>>,
}

/// Results by the bytes from which they were computed.
#[derive(Default)]
pub(super) struct Known {
    table: Table,
    /// Each entry: the lengths of key and result, then both.
    pieces: Vec<Zeroizing<Vec<u8>>>,
}

impl Known {
    /// The result known for these bytes.
    pub(super) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let place = self
            .table
            .find(hash(key), |place| self.entry(place).0 == key)?;
        Some(self.entry(place).1)
    }

    /// Keeps a result; what is too long for a piece is not kept.
    pub(super) fn keep(&mut self, key: &[u8], result: &[u8]) {
        let length = 4 + key.len() + result.len();
        if length > PIECE {
            return;
        }
        if self.pieces.len() * PIECE >= BYTES_MAX {
            *self = Known::default();
        }
        let is_full = |piece: &Zeroizing<Vec<u8>>| piece.len() + length > PIECE;
        if self.pieces.last().is_none_or(is_full) {
            self.pieces.push(Zeroizing::new(Vec::with_capacity(PIECE)));
        }
        let nth = self.pieces.len() - 1;
        let piece = &mut self.pieces[nth];
        let place = u32::try_from(nth * PIECE + piece.len()).expect("a cache is small");
        for part in [key, result] {
            let length = u16::try_from(part.len()).expect("it fits a piece");
            piece.extend_from_slice(&length.to_le_bytes());
        }
        piece.extend_from_slice(key);
        piece.extend_from_slice(result);
        self.table.insert(hash(key), place);
    }

    fn entry(&self, place: u32) -> (&[u8], &[u8]) {
        let place = place as usize;
        let bytes = &self.pieces[place / PIECE][place % PIECE..];
        let length = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let (key, rest) = bytes[4..].split_at(length(0));
        (key, &rest[..length(2)])
    }
}

/// Places by hash, with linear probing; never more than half full.
#[derive(Default)]
struct Table {
    slots: Zeroizing<Vec<(u64, u32)>>,
    count: usize,
}

impl Table {
    fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        loop {
            let (known, place) = self.slots[slot];
            if place == EMPTY {
                return None;
            }
            if known == hash && is_it(place) {
                return Some(place);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, hash: u64, place: u32) {
        if (self.count + 1) * 2 > self.slots.len() {
            let size = (self.slots.len() * 2).max(64);
            let old = std::mem::replace(&mut self.slots, Zeroizing::new(vec![(0, EMPTY); size]));
            for (hash, place) in old.iter().filter(|(_, place)| *place != EMPTY) {
                self.put(*hash, *place);
            }
        }
        self.put(hash, place);
        self.count += 1;
    }

    fn put(&mut self, hash: u64, place: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot].1 != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = (hash, place);
    }
}

/// The same on every machine, and quick; what is kept is compared byte by byte.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}
