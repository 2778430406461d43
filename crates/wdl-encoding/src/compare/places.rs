//! Where a letter stands in a short text: one bit for each place.
//!
//! The comparators ask this once for every letter of the other text and do the rest on whole words of bits.

/// The longest text, in bytes, whose places are bits of one word.
pub(crate) const PLACES_MAX: usize = 64;

/// The highest bit of each byte of a word.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// The lowest `count` bits; all of them from 64 on.
pub(crate) fn low_bits(count: usize) -> u64 {
    match count {
        0..64 => (1 << count) - 1,
        _ => u64::MAX,
    }
}

/// The bytes of a plain text in `WORDS` words of eight, filled up with zeros.
// INVARIANT: every byte is below 128, so that a sum of two does not reach its neighbour; every byte past the text is zero, and who asks for the zero byte masks what lies past the end.
pub(crate) struct Places<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Places<WORDS> {
    /// Takes in a text of at most `8 · WORDS` bytes; nothing when one of its letters is not plain.
    #[inline]
    pub(crate) fn of(text: &[u8]) -> Option<Places<WORDS>> {
        let words: [u64; WORDS] = std::array::from_fn(|nth| {
            let rest = text.get(8 * nth..).unwrap_or(&[]);
            word(&rest[..rest.len().min(8)])
        });
        let any = words.iter().fold(0, |any, word| any | word);
        (any & HIGHEST == 0).then_some(Places(words))
    }

    /// The places where a plain letter stands.
    #[inline]
    pub(crate) fn find(&self, letter: u8) -> u64 {
        let letters = u64::from(letter) * 0x0101_0101_0101_0101;
        self.0.iter().enumerate().fold(0, |found, (nth, word)| {
            found | find_in_word(word ^ letters) << (8 * nth)
        })
    }
}

/// The places of the zero bytes of a word, as its eight lowest bits; every byte is below 128.
#[inline]
fn find_in_word(differ: u64) -> u64 {
    // A byte that is not zero carries into its highest bit.
    let equal = !(differ + 0x7f7f_7f7f_7f7f_7f7f) & HIGHEST;
    // The product moves the highest bit of byte `p` to bit `56 + p`, and no two bits to one place.
    ((equal >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56
}

/// At most eight bytes, the first one lowest, filled up with zeros.
#[inline]
fn word(bytes: &[u8]) -> u64 {
    let four = |start: usize| -> u64 {
        let four = bytes[start..start + 4].try_into().expect("four bytes");
        u64::from(u32::from_le_bytes(four))
    };
    // Two reads that overlap give any length without a loop: where they overlap they say the same.
    match bytes.len() {
        0 => 0,
        length @ 1..=3 => {
            let one = |place: usize| u64::from(bytes[place]) << (8 * place);
            one(0) | one(length / 2) | one(length - 1)
        }
        length @ 4..=7 => four(0) | four(length - 4) << (8 * (length - 4)),
        _ => u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_every_length() {
        let text: Vec<u8> = (0..64).map(|place| b'A' + place % 7).collect();
        for length in 0..=64 {
            let places = Places::<8>::of(&text[..length]).expect("plain letters");
            for letter in b'A'..=b'H' {
                let expected = (0..length)
                    .filter(|place| text[*place] == letter)
                    .fold(0, |found, place| found | 1u64 << place);
                assert_eq!(places.find(letter), expected, "{length} {letter}");
            }
            if length <= 16 {
                let short = Places::<2>::of(&text[..length]).expect("plain letters");
                assert_eq!(short.find(b'B'), places.find(b'B'));
            }
        }
    }

    #[test]
    fn other_letters_are_refused() {
        assert!(Places::<1>::of("NICOLÒ".as_bytes()).is_none());
        assert!(Places::<2>::of("NICOLO MARÌA".as_bytes()).is_none());
        assert!(Places::<2>::of(b"NICOLO MARIA").is_some());
    }
}
