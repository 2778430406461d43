//! Random rounding to a base, unbiased: a remainder r goes up with chance r / base.
//!
//! The draw is a keyed hash of the cell's name and value, so that the same cell rounds the same way wherever and whenever it stands.

use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};

/// A secret from which all draws follow; whoever has it can undo the rounding.
pub struct RoundingKey([u8; 32]);

impl RoundingKey {
    /// From 32 bytes of a cryptographic generator.
    pub fn new(secret: [u8; 32]) -> Self {
        RoundingKey(secret)
    }

    /// From secret bytes of any length; as hard to guess as they are.
    pub fn of_secret(secret: &[u8]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"key of random rounding");
        hash.update(secret);
        RoundingKey(hash.finalize().into())
    }
}

/// Rounds a count to a multiple of `base`; multiples stay as they are, 0 among them.
///
/// `cell` names the cell: two tables that show it must name it alike.
///
/// # Panics
/// With a base of 0.
pub fn round_by_chance(count: i64, base: u32, cell: &str, key: &RoundingKey) -> i64 {
    assert!(base > 0, "a base is at least one");
    let base = i64::from(base);
    let remainder = count.rem_euclid(base);
    let up =
        remainder > 0 && draw(count, cell, key, base.unsigned_abs()) < remainder.unsigned_abs();
    count - remainder + if up { base } else { 0 }
}

/// A number below `base`, all equally likely up to one part in 2³².
fn draw(count: i64, cell: &str, key: &RoundingKey, base: u64) -> u64 {
    let mut hash = Hmac::<Sha256>::new_from_slice(&key.0).expect("a key of any length will do");
    hash.update(b"random rounding");
    hash.update(&count.to_le_bytes());
    hash.update(cell.as_bytes());
    let bytes = hash.finalize().into_bytes();
    let word = u64::from_le_bytes(
        bytes[..8]
            .try_into()
            .expect("a hash is longer than eight bytes"),
    );
    u64::try_from((u128::from(word) * u128::from(base)) >> 64).expect("below the base")
}
