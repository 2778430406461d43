//! A codice fiscale as a type: what reads as one, in its one spelling.
//!
//! It must not know of files, keys or pseudonyms.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::fold::fold;
use wdl_encoding::code as check;

/// A valid codice fiscale in its canonical spelling: sixteen characters, or eleven digits when provisional.
///
/// It does not print, and is wiped when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize, ZeroizeOnDrop)]
pub struct TaxCode {
    // INVARIANT: the first `length` bytes are folded ASCII with a right check character, the rest are zero.
    ascii: [u8; 16],
    length: u8,
}

/// What a cell that should hold a codice fiscale does hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Identity {
    /// A code of sixteen characters.
    TaxCode(TaxCode),
    /// A provisional code of eleven digits.
    Provisional(TaxCode),
    /// A code for a foreigner temporarily present (*straniero temporaneamente presente*): neither a tax code nor an error.
    Stp,
    /// A code for a citizen of the Union not enrolled in the health service: neither a tax code nor an error.
    Eni,
}

/// Why a cell is not a codice fiscale; the cell itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NotATaxCode {
    /// Nothing is written.
    #[error("the codice fiscale is missing")]
    Missing,
    /// Not the shape of a code.
    #[error("not the shape of a codice fiscale")]
    Shape,
    /// The check character does not agree.
    #[error("the check character does not agree")]
    CheckCharacter,
    /// Letters of another alphabet that look like ours.
    #[error("the code holds letters of another alphabet")]
    Lookalike,
    /// A day that does not exist.
    #[error("the day of birth in the code does not exist")]
    Day,
    /// An STP code.
    #[error("an STP code, not a codice fiscale")]
    Stp,
    /// An ENI code.
    #[error("an ENI code, not a codice fiscale")]
    Eni,
}

impl Identity {
    /// Reads a cell.
    ///
    /// # Errors
    /// When the cell is empty or holds none of the four kinds of code.
    pub fn read(raw: &str) -> Result<Identity, NotATaxCode> {
        let mut folded = fold(raw);
        let identity = Identity::of_folded(folded.as_bytes());
        folded.zeroize();
        identity
    }

    fn of_folded(code: &[u8]) -> Result<Identity, NotATaxCode> {
        if code.is_empty() {
            return Err(NotATaxCode::Missing);
        }
        if let Some(kind) = health_code(code) {
            return Ok(kind);
        }
        if code.len() == 11 && code.iter().all(u8::is_ascii_digit) {
            return match check::check_digit(&code[..10]) == code[10] {
                true => Ok(Identity::Provisional(TaxCode::trusted(code))),
                false => Err(NotATaxCode::CheckCharacter),
            };
        }
        if is_lookalike(code) {
            return Err(NotATaxCode::Lookalike);
        }
        if !check::has_shape(code) {
            return Err(NotATaxCode::Shape);
        }
        if check::check_letter(&code[..15]) != code[15] {
            return Err(NotATaxCode::CheckCharacter);
        }
        match check::has_day(code) {
            true => Ok(Identity::TaxCode(TaxCode::trusted(code))),
            false => Err(NotATaxCode::Day),
        }
    }
}

/// Whether a code of the right length holds letters or digits that are not ASCII, which folding left: Cyrillic `А`, Greek `Ο`, Arabic digits.
fn is_lookalike(code: &[u8]) -> bool {
    !code.is_ascii()
        && std::str::from_utf8(code).is_ok_and(|text| {
            matches!(text.chars().count(), 11 | 16) && text.chars().all(char::is_alphanumeric)
        })
}

/// `STP` or `ENI` and thirteen digits (region, health authority, serial).
fn health_code(code: &[u8]) -> Option<Identity> {
    if code.len() != 16 || !code[3..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    match &code[..3] {
        b"STP" => Some(Identity::Stp),
        b"ENI" => Some(Identity::Eni),
        _ => None,
    }
}

impl TaxCode {
    /// The code a cell holds, of sixteen characters or provisional, in its canonical spelling.
    ///
    /// # Errors
    /// When the cell is empty, is not a code, or holds an STP or ENI code.
    ///
    /// ```
    /// let code = wdl_identity::TaxCode::canonical(" rssmra80a01f257g\u{200b}")?;
    /// assert_eq!(code.bytes(), b"RSSMRA80A01F257G");
    /// # Ok::<(), wdl_identity::NotATaxCode>(())
    /// ```
    pub fn canonical(raw: &str) -> Result<TaxCode, NotATaxCode> {
        match Identity::read(raw)? {
            Identity::TaxCode(code) | Identity::Provisional(code) => Ok(code),
            Identity::Stp => Err(NotATaxCode::Stp),
            Identity::Eni => Err(NotATaxCode::Eni),
        }
    }

    /// The canonical bytes, for the pseudonym.
    pub fn bytes(&self) -> &[u8] {
        &self.ascii[..usize::from(self.length)]
    }

    /// The canonical text, for a body's own files only.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("the code is ASCII by construction")
    }

    /// Whether the code is a provisional one of eleven digits.
    pub fn is_provisional(&self) -> bool {
        self.length == 11
    }

    /// The form the revenue agency issues to the `nth` (1 to 7) further person who shares this base code.
    ///
    /// Nothing when the code is provisional, already differs in those places, or `nth` is out of range.
    pub fn omocodic(&self, nth: usize) -> Option<TaxCode> {
        let places = check::OMOCODIA_POSITIONS
            .get(..nth)
            .filter(|p| !p.is_empty())?;
        if self.is_provisional() {
            return None;
        }
        let mut code = self.ascii;
        for place in places {
            let digit = code[*place].checked_sub(b'0').filter(|digit| *digit < 10)?;
            code[*place] = check::OMOCODIA[usize::from(digit)];
        }
        code[15] = check::check_letter(&code[..15]);
        Some(TaxCode::trusted(&code))
    }

    /// Keeps a code already found valid.
    pub(crate) fn trusted(code: &[u8]) -> TaxCode {
        let mut ascii = [0; 16];
        ascii[..code.len()].copy_from_slice(code);
        let length = u8::try_from(code.len()).expect("a code has at most 16 characters");
        TaxCode { ascii, length }
    }
}

impl fmt::Debug for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaxCode(…)")
    }
}
