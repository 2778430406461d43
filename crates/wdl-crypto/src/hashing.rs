//! Keyed hashes and the token of a pseudonym.

use std::fmt;
use std::path::Path;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use wdl_vocab::Digest;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::key_file::{self, KeyError};

/// A secret for keyed hashes (HMAC-SHA256): without it nobody can tell whose hash a hash is.
pub struct HashKey(Zeroizing<[u8; 32]>);

const SECRET_KIND: &str = "wdl-hash-key-v1";

impl HashKey {
    /// A new key.
    pub fn generate() -> HashKey {
        let mut bytes = Zeroizing::new([0; 32]);
        crate::fill_random(bytes.as_mut_slice());
        HashKey(bytes)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, of another kind, or readable by others.
    pub fn read(path: &Path) -> Result<HashKey, KeyError> {
        key_file::read_secret_bytes(path, SECRET_KIND).map(HashKey)
    }

    /// Writes a new key file, for its owner alone.
    ///
    /// # Errors
    /// [`KeyError`] when a file stands there already or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_secret_bytes(path, SECRET_KIND, self.0.as_slice())
    }

    /// The keyed hash of a value in a domain (`household`, `dwelling`); the same value in two domains has two unrelated hashes.
    pub fn hash(&self, domain: &str, value: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes a key of any length");
        mac.update(&(domain.len() as u64).to_be_bytes());
        mac.update(domain.as_bytes());
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    /// The keyed hash as a non-negative number: the first eight bytes, the top bit cleared.
    pub fn number(&self, domain: &str, value: &[u8]) -> i64 {
        let hash = self.hash(domain, value);
        let first: [u8; 8] = hash[..8].try_into().expect("a hash has 32 bytes");
        i64::from_be_bytes(first) & i64::MAX
    }
}

/// The pseudonym of a person in a realm, which no one body, no custodian and no lab can compute alone.
///
/// It travels inside sealed deliveries only; it never prints and never serialises.
/// A person has several rows, so it can be copied; each copy is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 32]);

impl Token {
    /// The token as bytes, for a column that is about to be sealed.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The token of some bytes that were just unsealed.
    pub fn from_bytes(bytes: [u8; 32]) -> Token {
        Token(bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The token of a value: the hash of its domain ([`Realm::token_domain`](crate::Realm::token_domain)) and of what both custodians' keys made of it.
pub fn token(domain: &str, y_a: &[u8; 64], y_b: &[u8; 64]) -> Token {
    let parts: [&[u8]; 4] = [b"wdl-token-v1", domain.as_bytes(), y_a, y_b];
    Token(Digest::of_parts(parts).0)
}
