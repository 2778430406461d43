//! Typed identifiers: they never mix and never come from a bare string unchecked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not an identifier of the lab.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not an identifier: lower-case letters, digits, `_` and `-`, beginning with a letter or a digit"
)]
pub struct IdError(String);

fn check(text: &str) -> Result<(), IdError> {
    let is_legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts_well && text.len() <= 120 && text.chars().all(is_legal) {
        return Ok(());
    }
    Err(IdError(text.chars().take(60).collect()))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        // INVARIANT: the text passed `check`.
        pub struct $name(String);

        impl $name {
            /// Reads an identifier.
            ///
            /// # Errors
            /// [`IdError`] when it holds anything but lower-case letters, digits, `_` and `-`.
            pub fn parse(text: &str) -> Result<$name, IdError> {
                check(text)?;
                Ok($name(text.to_owned()))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<$name, IdError> {
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
    /// A body of the agreement: `comune`, `ausl`, `agenzia_lavoro`, `inail`.
    BodyId
}
id! {
    /// A dataset of a body: `residenti`, `isee`.
    DatasetId
}
id! {
    /// One delivery: the digest of its header, in 32 hexadecimal digits.
    DeliveryId
}
id! {
    /// One version of the linked base.
    SnapshotId
}
id! {
    /// An indicator of the lab folder.
    IndicatorId
}
id! {
    /// One request for release.
    ReleaseId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_identifiers_pass() {
        for good in ["comune", "agenzia_lavoro", "2026-q3", "a"] {
            assert_eq!(
                BodyId::parse(good).map(|id| id.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in ["", "_a", "Comune", "a b", "../x", "è"] {
            assert!(BodyId::parse(bad).is_err(), "{bad}");
        }
    }
}
