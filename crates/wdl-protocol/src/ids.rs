//! The identifiers of the agreement: the alphabet of `wdl-vocab`, one type for each thing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wdl_vocab::{BodyId, IdError};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        // INVARIANT: the text is an identifier of `wdl-vocab`.
        pub struct $name(String);

        impl $name {
            /// Reads an identifier.
            ///
            /// # Errors
            /// [`IdError`] when it holds anything but lower-case letters, digits, `_` and `-`.
            pub fn parse(text: &str) -> Result<$name, IdError> {
                // Every identifier of the lab shares one alphabet, whatever it names.
                BodyId::parse(text).map(|id| $name(id.to_string()))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        written_as_text!($name, IdError);
    };
}

macro_rules! written_as_text {
    ($name:ident, $error:ty) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<$name, $error> {
                $name::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = String::deserialize(deserializer)?;
                $name::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

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
