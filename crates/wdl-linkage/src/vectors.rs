//! Bit vectors in a cell of a table, and how alike two of them are.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with or without its padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const USUAL: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const FOR_ADDRESSES: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A vector with its count of set bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vector {
    bytes: Box<[u8]>,
    set: u32,
}

impl Vector {
    /// Reads hexadecimal digits or base64; nothing when it is neither, or when no bit or every bit is set, which likens everybody to everybody.
    pub(crate) fn read(raw: &str) -> Option<Vector> {
        let text = raw.trim();
        let is_hex =
            text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bytes = match is_hex {
            true => from_hex(text),
            false => {
                let decoded = USUAL.decode(text);
                decoded.or_else(|_| FOR_ADDRESSES.decode(text)).ok()?
            }
        };
        let set: u32 = bytes.iter().map(|byte| byte.count_ones()).sum();
        let is_telling = set > 0 && (set as usize) < 8 * bytes.len();
        is_telling.then(|| Vector {
            bytes: bytes.into_boxed_slice(),
            set,
        })
    }

    /// One text per vector, however it was written.
    pub(crate) fn key(&self) -> String {
        USUAL.encode(&self.bytes)
    }

    /// The Dice coefficient: twice the bits in common over the bits of both; 0 for vectors of two lengths.
    pub(crate) fn dice(&self, other: &Vector) -> f64 {
        if self.bytes.len() != other.bytes.len() {
            return 0.0;
        }
        let both = self.bytes.iter().zip(&other.bytes);
        let common: u32 = both.map(|(a, b)| (a & b).count_ones()).sum();
        f64::from(2 * common) / f64::from(self.set + other.set)
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a hexadecimal digit") as u8;
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|two| digit(two[0]) << 4 | digit(two[1]))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::Vector;

    #[test]
    fn one_vector_however_it_is_written() {
        let ways = ["00ff0F3c", "AP8PPA==", "AP8PPA", " 00FF0f3C "];
        let keys: Vec<String> = ways
            .iter()
            .map(|way| Vector::read(way).unwrap().key())
            .collect();
        assert!(keys.iter().all(|key| key == "AP8PPA=="), "{keys:?}");
        let wide = Vector::read("-_8=").unwrap();
        assert_eq!(wide, Vector::read("+/8=").unwrap());
    }

    #[test]
    fn dice_is_that_of_the_bits() {
        let read = |text: &str| Vector::read(text).unwrap();
        // 4 and 4 bits, 2 in common.
        assert_eq!(read("0f00").dice(&read("3c00")), 0.5);
        assert_eq!(read("0f00").dice(&read("0f00")), 1.0);
        assert_eq!(read("0f00").dice(&read("00f0")), 0.0);
        assert_eq!(read("0f00").dice(&read("0f")), 0.0, "of two lengths");
    }

    #[test]
    fn what_likens_everybody_is_no_vector() {
        for text in ["0000", "ffff", "AAAAAA==", "////", "", "non un vettore"] {
            assert_eq!(Vector::read(text), None, "{text}");
        }
    }
}
