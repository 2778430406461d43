//! What sixteen bytes know of a text, enough to tell most unrelated pairs apart without reading them.

use super::jaro::{PREFIX_MAX, PREFIX_WEIGHT};

/// The letters of a text without their order, its length and its beginning.
// INVARIANT: `once` and `twice` have a bit for each of 32 classes of letters that the text holds at least once and twice;
// `beyond` counts the letters past the second of their class, so that the three together count every letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    once: u32,
    twice: u32,
    beginning: [u8; PREFIX_MAX],
    length: u16,
    beyond: u16,
}

/// A text so long says nothing: its bound is 1.
const LENGTH_MAX: u16 = u16::MAX;

impl Signature {
    /// Reads a text.
    pub fn of(text: &str) -> Signature {
        let mut signature = Signature {
            once: 0,
            twice: 0,
            beginning: [0; PREFIX_MAX],
            length: 0,
            beyond: 0,
        };
        for letter in text.chars().take(usize::from(LENGTH_MAX)) {
            let code = u32::from(letter);
            if let Some(place) = signature.beginning.get_mut(usize::from(signature.length)) {
                *place = code.to_le_bytes()[0];
            }
            let class = 1 << (code % 32);
            signature.beyond += u16::from(signature.twice & class != 0);
            signature.twice |= signature.once & class;
            signature.once |= class;
            signature.length += 1;
        }
        signature
    }

    /// How many letters the text has; 65,535 stands for more, too.
    pub fn length(&self) -> usize {
        usize::from(self.length)
    }

    /// At least as many letters as two texts have in common, in any order.
    #[inline]
    fn common(&self, other: &Signature) -> u32 {
        let classes =
            |signature: &Signature| u64::from(signature.once) | u64::from(signature.twice) << 32;
        (classes(self) & classes(other)).count_ones() + u32::from(self.beyond.min(other.beyond))
    }

    /// At least as many letters as the common beginning of two texts has.
    #[inline]
    fn common_beginning(&self, other: &Signature) -> u32 {
        let differ = u32::from_le_bytes(self.beginning) ^ u32::from_le_bytes(other.beginning);
        (u64::from(differ) | 1 << 32).trailing_zeros() / 8
    }
}

/// A bound that [`jaro_winkler`](super::jaro_winkler) of the two texts never passes.
///
/// No two letters in common are taken to be out of reach or out of order; the beginning is exact up to letters whose codes end alike.
#[inline]
pub fn jaro_winkler_bound(a: &Signature, b: &Signature) -> f64 {
    if a.length == 0 || b.length == 0 {
        return f64::from(u8::from(a.length == b.length));
    }
    if a.length == LENGTH_MAX || b.length == LENGTH_MAX {
        return 1.0;
    }
    let common = a.common(b);
    if common == 0 {
        return 0.0;
    }
    let (of_a, of_b) = (u32::from(a.length), u32::from(b.length));
    // common/|a| + common/|b| with one division; what rounding may take away is given back.
    let shares = f64::from(common) * f64::from(of_a + of_b) / (f64::from(of_a) * f64::from(of_b));
    let jaro = (shares + 1.0) * (1.0 / 3.0);
    let bound = jaro + PREFIX_WEIGHT * f64::from(a.common_beginning(b)) * (1.0 - jaro);
    (bound + ROUNDING).min(1.0)
}

/// More than the rounding of a few operations on numbers up to 2.
const ROUNDING: f64 = 1e-14;

/// A bound that the edit distance ([`damerau_levenshtein`](super::damerau_levenshtein)) of the two texts never falls below: each edit gives one of them at most one letter that the other has.
#[inline]
pub fn damerau_levenshtein_bound(a: &Signature, b: &Signature) -> usize {
    let longer = a.length.max(b.length);
    match longer {
        LENGTH_MAX => 0,
        _ => (u32::from(longer).saturating_sub(a.common(b))) as usize,
    }
}
