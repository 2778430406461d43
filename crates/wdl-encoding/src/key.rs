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
