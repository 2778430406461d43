//! Codes of places and their shapes: municipality (ISTAT), cadastral place, post code.
//!
//! A code is never refused because its place is unknown: lists change, and whoever holds one compares.

use crate::numbers::CodeFault;

/// The code ISTAT gives a municipality: three digits of the province, three of the municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// INVARIANT: six ASCII digits, neither half all zeros.
pub struct MunicipalityCode([u8; 6]);

impl MunicipalityCode {
    /// Reads a code of six digits.
    ///
    /// # Errors
    /// [`CodeFault::LostZeros`] when zeros in front would make it one, else [`CodeFault::Shape`].
    ///
    /// ```
    /// use wdl_identity::{CodeFault, MunicipalityCode};
    ///
    /// let modena = MunicipalityCode::read("036023")?;
    /// assert_eq!(modena.province(), "036");
    /// assert_eq!(MunicipalityCode::read("36023"), Err(CodeFault::LostZeros));
    /// # Ok::<(), CodeFault>(())
    /// ```
    pub fn read(text: &str) -> Result<MunicipalityCode, CodeFault> {
        let digits: [u8; 6] = padded(text, 4)?;
        match digits[..3] != *b"000" && digits[3..] != *b"000" {
            true if text.len() == 6 => Ok(MunicipalityCode(digits)),
            true => Err(CodeFault::LostZeros),
            false => Err(CodeFault::Shape),
        }
    }

    /// The three digits of the province; for a metropolitan city those of its old province.
    pub fn province(&self) -> &str {
        std::str::from_utf8(&self.0[..3]).expect("digits are ASCII")
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits are ASCII")
    }
}

/// The cadastral code of a municipality or, with `Z`, of a foreign state: what a codice fiscale holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// INVARIANT: a capital letter and three digits.
pub struct CadastralPlace([u8; 4]);

impl CadastralPlace {
    /// Reads a letter, of either case, and three digits.
    ///
    /// # Errors
    /// [`CodeFault::Shape`] for anything else.
    pub fn read(text: &str) -> Result<CadastralPlace, CodeFault> {
        match *text.as_bytes() {
            [letter, a, b, c]
                if letter.is_ascii_alphabetic() && [a, b, c].iter().all(u8::is_ascii_digit) =>
            {
                Ok(CadastralPlace([letter.to_ascii_uppercase(), a, b, c]))
            }
            _ => Err(CodeFault::Shape),
        }
    }

    /// Whether it is a foreign state.
    pub fn is_foreign(&self) -> bool {
        self.0[0] == b'Z'
    }

    /// The letter and the digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a letter and digits are ASCII")
    }

    pub(crate) fn bytes(self) -> [u8; 4] {
        self.0
    }
}

/// A post code (*CAP*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// INVARIANT: five ASCII digits, not all zeros.
pub struct PostCode([u8; 5]);

impl PostCode {
    /// Reads five digits.
    ///
    /// # Errors
    /// [`CodeFault::LostZeros`] for four digits or three (Rome's begin with `00`), else [`CodeFault::Shape`].
    pub fn read(text: &str) -> Result<PostCode, CodeFault> {
        let digits: [u8; 5] = padded(text, 3)?;
        match digits != *b"00000" {
            true if text.len() == 5 => Ok(PostCode(digits)),
            true => Err(CodeFault::LostZeros),
            false => Err(CodeFault::Shape),
        }
    }

    /// The five digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits are ASCII")
    }
}

/// At least so many digits, with zeros in front up to the whole.
fn padded<const N: usize>(text: &str, least: usize) -> Result<[u8; N], CodeFault> {
    let bytes = text.as_bytes();
    if bytes.len() < least || bytes.len() > N || !bytes.iter().all(u8::is_ascii_digit) {
        return Err(CodeFault::Shape);
    }
    let mut digits = [b'0'; N];
    digits[N - bytes.len()..].copy_from_slice(bytes);
    Ok(digits)
}
