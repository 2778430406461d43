//! Typed identifiers: they never mix and never come from a bare string unchecked.

/// The text is not an identifier of the lab.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not an identifier: lower-case letters, digits, `_` and `-`, beginning with a letter or a digit"
)]
pub struct IdError(String);

/// Text in the alphabet of identifiers: what every type of [`id!`](crate::id) is made of.
///
/// # Errors
/// [`IdError`] when it holds anything but lower-case letters, digits, `_` and `-`.
pub fn checked(text: &str) -> Result<String, IdError> {
    let is_legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts_well && text.len() <= 120 && text.chars().all(is_legal) {
        return Ok(text.to_owned());
    }
    Err(IdError(text.chars().take(60).collect()))
}

/// Declares a typed identifier; the crate that uses it names `serde`.
///
/// ```
/// wdl_vocab::id! {
///     /// A seat of the steering committee.
///     SeatId
/// }
/// assert_eq!(SeatId::parse("inail").map(|seat| seat.to_string()), Ok("inail".to_owned()));
/// assert!(SeatId::parse("INAIL").is_err());
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        // INVARIANT: the text passed `checked`.
        pub struct $name(String);

        impl $name {
            /// Reads an identifier.
            ///
            /// # Errors
            /// `IdError` when it holds anything but lower-case letters, digits, `_` and `-`.
            pub fn parse(text: &str) -> Result<$name, $crate::IdError> {
                $crate::ids::checked(text).map($name)
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $crate::written_as_text!($name, $crate::IdError);
    };
}

/// Lets a type that holds checked text be shown, parsed and stood in files as that text; the crate that uses it names `serde`.
#[macro_export]
macro_rules! written_as_text {
    ($name:ident, $error:ty) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<$name, $error> {
                $name::parse(text)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$name, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                $name::parse(&text).map_err(::serde::de::Error::custom)
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
    /// An evaluation study of the lab folder.
    StudyId
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
