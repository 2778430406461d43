//! What a column means in the world, held against its cells: places, numbers that check themselves, ISEE.

use wdl_contract::Semantic;
use wdl_identity::{CadastralPlace, CodeFault, Iban, MunicipalityCode, PostCode, VatNumber};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Severity};

/// What is wrong with a cell that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
}

/// The ISEE above which somebody should look again.
///
/// No law sets an end; an attestation of more than a million euro is almost always a lost decimal comma.
pub(crate) const ISEE_PLAUSIBLE_MAX_EURO: i64 = 1_000_000;

/// Whether an ISEE, in units of its last decimal, is plausible; it is never negative (D.P.C.M. 159 of 2013, art. 2).
pub(crate) fn is_plausible_isee(units: i128, scale: u8) -> bool {
    let maximum = i128::from(ISEE_PLAUSIBLE_MAX_EURO) * 10_i128.pow(u32::from(scale));
    (0..=maximum).contains(&units)
}

/// Whether a text that leaves holds a code that identifies a person; a right VAT number where one is expected does not.
pub(crate) fn may_identify(semantic: Option<&Semantic>, text: &str) -> bool {
    let is_expected = semantic == Some(&Semantic::VatNumber) && VatNumber::read(text).is_ok();
    !is_expected && wdl_identity::find_in_text(text)
}

/// What is wrong with a cell of text, for what its column means.
///
/// What a register may really hold is to justify; what no register holds (a shape nobody issues, lost zeros) is an error.
pub(crate) fn fault(semantic: Option<&Semantic>, text: &str) -> Option<Meaning> {
    let (fault, code, severity) = match semantic? {
        Semantic::VatNumber => (
            VatNumber::read(text).err(),
            codes::VAT_NUMBER,
            Severity::ToJustify,
        ),
        Semantic::Iban => (Iban::read(text).err(), codes::IBAN, Severity::ToJustify),
        // Addresses abroad have other codes.
        Semantic::PostCode => (
            PostCode::read(text).err(),
            codes::POST_CODE,
            Severity::ToJustify,
        ),
        Semantic::Municipality => (
            MunicipalityCode::read(text).err(),
            codes::MUNICIPALITY,
            Severity::Error,
        ),
        Semantic::CadastralPlace => (
            CadastralPlace::read(text).err(),
            codes::CADASTRAL_PLACE,
            Severity::Error,
        ),
        Semantic::TaxCode
        | Semantic::Isee
        | Semantic::Surname
        | Semantic::GivenName
        | Semantic::BirthDate
        | Semantic::Sex
        | Semantic::BirthPlace
        | Semantic::FreeText
        | Semantic::Other(_) => return None,
    };
    match fault? {
        CodeFault::LostZeros => Some(Meaning {
            code: codes::LOST_ZEROS,
            severity: Severity::Error,
        }),
        CodeFault::Shape | CodeFault::Check => Some(Meaning { code, severity }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isee_has_bounds() {
        assert!(is_plausible_isee(0, 2) && is_plausible_isee(100_000_000, 2));
        assert!(!is_plausible_isee(-1, 2) && !is_plausible_isee(25_000_000_000, 2));
    }

    #[test]
    fn lost_zeros_are_named() {
        let of = |semantic: Semantic, text| fault(Some(&semantic), text).map(|fault| fault.code);
        assert_eq!(of(Semantic::Municipality, "036023"), None);
        assert_eq!(of(Semantic::Municipality, "36023"), Some(codes::LOST_ZEROS));
        assert_eq!(of(Semantic::PostCode, "0184"), Some(codes::LOST_ZEROS));
        assert_eq!(
            of(Semantic::VatNumber, "743110157"),
            Some(codes::LOST_ZEROS)
        );
        assert_eq!(of(Semantic::Iban, "IT1"), Some(codes::IBAN));
        assert_eq!(
            of(Semantic::CadastralPlace, "25"),
            Some(codes::CADASTRAL_PLACE)
        );
        assert_eq!(of(Semantic::Surname, "25"), None);
    }
}
