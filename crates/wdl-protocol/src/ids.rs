//! The identifiers of the agreement: the alphabet of `wdl-vocab`, one type for each thing.

use wdl_vocab::{id, written_as_text};

id! {
    /// A lab: `modena`.
    LabId
}
id! {
    /// The project the pseudonyms belong to: the same person has another pseudonym in another project.
    ProjectId
}
id! {
    /// The period in which one pair of custodian keys is used: pseudonyms of different key periods do not match.
    KeyPeriod
}
id! {
    /// A custodian of one of the two pseudonym keys.
    CustodianId
}
id! {
    /// Somebody who acts in the lab, under a signing key of the same name.
    ActorId
}
id! {
    /// An article of the agreement.
    ArticleId
}
id! {
    /// A purpose the agreement allows.
    PurposeId
}
id! {
    /// A seat of the steering committee.
    SeatId
}
id! {
    /// A theme of the lab, under which indicators and pages stand.
    ThemeId
}

/// The ISTAT code of a municipality: six digits, of which the first may be a zero (`036023`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: six ASCII digits.
pub struct MunicipalityCode(String);

/// The text is not the ISTAT code of a municipality.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not the ISTAT code of a municipality: six digits, with the zeros in front")]
pub struct MunicipalityError(String);

impl MunicipalityCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`MunicipalityError`] when it is not six digits.
    pub fn parse(text: &str) -> Result<MunicipalityCode, MunicipalityError> {
        match text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            true => Ok(MunicipalityCode(text.to_owned())),
            false => Err(MunicipalityError(text.chars().take(20).collect())),
        }
    }

    /// The code as text, zeros included.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

written_as_text!(MunicipalityCode, MunicipalityError);
