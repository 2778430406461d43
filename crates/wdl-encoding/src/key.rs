//! The key of a project's encodings and the keys drawn from it.
//!
//! It must not know where the key comes from: the holder obtains it from both custodians.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A keyed hash ready to be fed.
pub(crate) type Prf = Hmac<Sha256>;

/// The secret of a project's encodings: all bodies of the project have it, the lab does not.
///
/// It does not print, and is wiped when dropped.
pub struct EncodingKey(Zeroizing<[u8; 32]>);

impl EncodingKey {
    /// A key of 32 secret bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> EncodingKey {
        EncodingKey(Zeroizing::new(*bytes))
    }

    /// A key of a secret of any length: the parties may agree on a long sentence or on a file of random bytes.
    ///
    /// The first step of HKDF (RFC 5869), without a salt of its own.
    pub fn from_secret(secret: &[u8]) -> EncodingKey {
        let mut mac = new_prf(b"wdl-encoding-secret-v1");
        mac.update(secret);
        EncodingKey(Zeroizing::new(mac.finalize().into_bytes().into()))
    }

    /// What shows that two parties have one key, and does not show the key: a keyed hash of a constant and of what they agreed on.
    pub fn check_value(&self, agreed: &[u8]) -> [u8; 16] {
        let mut mac = self.prf(&[b"check", agreed]);
        mac.update(b"one key");
        let hash = <[u8; 32]>::from(mac.finalize().into_bytes());
        *hash.first_chunk().expect("a hash is longer")
    }

    /// A keyed hash of one purpose; two purposes have unrelated keys (one step of HKDF-Expand, RFC 5869).
    pub(crate) fn prf(&self, purpose: &[&[u8]]) -> Prf {
        let mut mac = new_prf(self.0.as_slice());
        mac.update(b"wdl-encoding-v1");
        for part in purpose {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let derived = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        new_prf(derived.as_slice())
    }
}

fn new_prf(key: &[u8]) -> Prf {
    Prf::new_from_slice(key).expect("HMAC takes a key of any length")
}

impl fmt::Debug for EncodingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodingKey(…)")
    }
}
