//! Keys, pseudonyms, seals and signatures: the only place where secrets are looked into.
//!
//! Place in the flow: the holder blinds, seals and signs with it, the custodians evaluate with it, the lab verifies, opens and re-keys with it.
//! It knows nothing of columns, tables or people: a value to be pseudonymised is a string of bytes.
//!
//! **Invariants:** a secret type neither prints, clones nor serialises, and is wiped when dropped; a secret file is created for its owner alone and never overwritten; no error holds a byte of a secret or of a value.

mod certificate;
mod hashing;
mod key_file;
mod moment;
pub mod oprf;
mod own;
mod realm;
mod sealing;
mod signing;

pub use certificate::{Certificate, CertificateError, SignedCertificate, Validity};
pub use hashing::{HashKey, Token, token};
pub use key_file::KeyError;
pub use moment::{Moment, MomentError};
pub use own::nonce;
pub use realm::{Realm, RealmError};
pub use sealing::{OpenStream, Recipient, RecipientError, SealStream, SealingKey, UnsealError};
pub use signing::{HexError, Signature, SignatureError, SigningKey, VerifyingKey};

/// Fills a buffer from the operating system's generator.
fn fill_random(bytes: &mut [u8]) {
    use rand::TryRngCore as _;
    rand::rngs::OsRng
        .try_fill_bytes(bytes)
        .expect("the operating system gives random bytes");
}

/// A type of `N` public bytes that is shown, read and serialised as hexadecimal.
macro_rules! public_bytes_as_hex {
    ($name:ident, $len:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.to_bytes()))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::HexError;
            fn from_str(text: &str) -> Result<$name, $crate::HexError> {
                let mut bytes = [0; $len];
                hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| $crate::HexError)?;
                $name::from_bytes(&bytes).ok_or($crate::HexError)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$name, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}
use public_bytes_as_hex;
