//! Numbers that check themselves: partita IVA, IBAN, the office of a provisional code.
//!
//! A number is read and forgotten: none of these types keeps more than its own digits, and none prints them.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::fold::fold;
use crate::tax_code::TaxCode;
use wdl_encoding::code as check;

/// Why a code is not what its column holds; the code itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum CodeFault {
    /// Not the shape of the code.
    #[error("not the shape of the code")]
    Shape,
    /// The check digits do not agree.
    #[error("the check digits do not agree")]
    Check,
    /// It would be right with the zeros in front that a spreadsheet takes away.
    #[error("the zeros in front are missing")]
    LostZeros,
}

/// An Italian VAT number (*partita IVA*): seven digits of serial, three of the office, a check digit.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
// INVARIANT: eleven ASCII digits whose check digit agrees; the serial is not zero.
pub struct VatNumber([u8; 11]);

impl VatNumber {
    /// Reads eleven digits, with or without `IT` in front.
    ///
    /// # Errors
    /// [`CodeFault`]; fewer digits that are right with zeros in front are [`CodeFault::LostZeros`].
    ///
    /// ```
    /// use wdl_identity::{CodeFault, VatNumber};
    ///
    /// assert!(VatNumber::read("IT 00743110157").is_ok());
    /// assert_eq!(VatNumber::read("743110157").err(), Some(CodeFault::LostZeros));
    /// assert_eq!(VatNumber::read("00743110158").err(), Some(CodeFault::Check));
    /// ```
    pub fn read(raw: &str) -> Result<VatNumber, CodeFault> {
        let folded = fold(raw);
        let digits = folded.strip_prefix("IT").unwrap_or(&folded).as_bytes();
        let is_shaped = (8..=11).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        if !is_shaped {
            return Err(CodeFault::Shape);
        }
        let mut whole = [b'0'; 11];
        whole[11 - digits.len()..].copy_from_slice(digits);
        let is_right = check::check_digit(&whole[..10]) == whole[10] && whole[..7] != *b"0000000";
        match (is_right, digits.len()) {
            (true, 11) => Ok(VatNumber(whole)),
            (true, _) => Err(CodeFault::LostZeros),
            (false, 11) => Err(CodeFault::Check),
            (false, _) => Err(CodeFault::Shape),
        }
    }
}

impl fmt::Debug for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VatNumber(…)")
    }
}

/// An international bank account number (ISO 13616).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
// INVARIANT: a country's two letters, two check digits that agree modulo 97, capitals and digits.
pub struct Iban(String);

/// The length of an Italian IBAN, and of one of San Marino.
const ITALIAN_LENGTH: usize = 27;

impl Iban {
    /// Reads an IBAN, with or without spaces.
    ///
    /// # Errors
    /// [`CodeFault::Shape`] or [`CodeFault::Check`].
    ///
    /// ```
    /// use wdl_identity::{CodeFault, Iban};
    ///
    /// assert!(Iban::read("IT60 X054 2811 1010 0000 0123 456").is_ok());
    /// assert_eq!(Iban::read("IT60 X054 2811 1010 0000 0123 457").err(), Some(CodeFault::Check));
    /// assert_eq!(Iban::read("IT60 X054 2811 1010 0000 0123").err(), Some(CodeFault::Shape));
    /// ```
    pub fn read(raw: &str) -> Result<Iban, CodeFault> {
        let iban = Iban(fold(raw));
        match (iban.has_shape(), iban.remainder()) {
            (false, _) => Err(CodeFault::Shape),
            (true, 1) => Ok(iban),
            (true, _) => Err(CodeFault::Check),
        }
    }

    fn has_shape(&self) -> bool {
        let bytes = self.0.as_bytes();
        let is_capital_or_digit = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let [country @ .., _, _] = bytes.first_chunk::<4>().map_or(&[][..], |four| four) else {
            return false;
        };
        let is_whole = country.iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit)
            && (15..=34).contains(&bytes.len())
            && bytes.iter().all(is_capital_or_digit);
        match country {
            b"IT" | b"SM" => {
                is_whole
                    && bytes.len() == ITALIAN_LENGTH
                    && bytes[4].is_ascii_uppercase()
                    && bytes[5..15].iter().all(u8::is_ascii_digit)
            }
            _ => is_whole,
        }
    }

    /// The number modulo 97, the first four characters moved to the end and letters read as 10 to 35.
    fn remainder(&self) -> u32 {
        let bytes = self.0.as_bytes();
        let moved = bytes.iter().skip(4).chain(bytes.iter().take(4));
        moved.fold(0, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => rest,
        })
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iban(…)")
    }
}

impl TaxCode {
    /// Whether a provisional code names an office known to issue them: 001 to 100, 120, 121, 888, 999, and a serial that is not zero.
    ///
    /// An unknown office is worth a question and never a refusal: that provisional codes always obey the list is not documented.
    pub fn has_known_office(&self) -> bool {
        let code = self.bytes();
        if !self.is_provisional() {
            return true;
        }
        let office = code[7..10]
            .iter()
            .fold(0_u16, |sum, byte| 10 * sum + u16::from(byte - b'0'));
        matches!(office, 1..=100 | 120 | 121 | 888 | 999) && code[..7] != *b"0000000"
    }
}
