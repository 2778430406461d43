//! A custodian's key in escrow: sealed to those who keep the copy, and tried without ever being written.

use wdl_vocab::Digest;
use zeroize::Zeroizing;

use super::{OprfKey, SECRET_KIND, blind, suite};
use crate::{Recipient, SealingKey, UnsealError};

/// The value on which a copy is tried; it is nobody's.
const KNOWN: &[u8] = b"wdl known value";

impl OprfKey {
    /// The key, sealed to several keepers, any of whom opens it; `None` without a keeper.
    pub fn seal_to_any(&self, keepers: &[Recipient]) -> Option<Vec<u8>> {
        let mut plain = Zeroizing::new(Vec::with_capacity(SECRET_KIND.len() + 33));
        plain.extend_from_slice(SECRET_KIND.as_bytes());
        plain.push(b' ');
        plain.extend_from_slice(self.scalar.as_bytes());
        Recipient::seal_to_any(keepers, &plain)
    }

    /// Opens a sealed key.
    ///
    /// # Errors
    /// [`UnsealError`] when it was sealed to others or is no key.
    pub fn unseal(sealed: &[u8], keeper: &SealingKey) -> Result<OprfKey, UnsealError> {
        let plain = Zeroizing::new(keeper.open(sealed)?);
        let bytes = plain
            .strip_prefix(SECRET_KIND.as_bytes())
            .and_then(|rest| rest.strip_prefix(b" "))
            .and_then(|rest| <[u8; 32]>::try_from(rest).ok().map(Zeroizing::new))
            .ok_or(UnsealError::Damaged)?;
        OprfKey::of_bytes(&bytes).ok_or(UnsealError::Damaged)
    }

    /// What the key makes of a known value, hashed: two keys with the same one are the same key.
    ///
    /// It goes the whole way of a value: blinded, evaluated, proved against the public half, unblinded.
    pub fn check_value(&self) -> Digest {
        let (blinding, blinded) = blind(&[KNOWN]).expect("the known value is short");
        let evaluated = self.evaluate(&blinded).expect("our own point is one");
        let outputs = blinding
            .finalize(&evaluated, &self.public_key())
            .expect("our own proof holds");
        Digest::of_parts([b"wdl-oprf-check-v1".as_slice(), &outputs[0]])
    }

    /// The key of some secret bytes.
    pub(super) fn of_bytes(bytes: &[u8; 32]) -> Option<OprfKey> {
        let scalar = suite::decode_scalar(*bytes)?;
        (scalar != curve25519_dalek::scalar::Scalar::ZERO).then(|| OprfKey::of(scalar))
    }
}
