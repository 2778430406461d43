//! What somebody seals for nobody but the own signing key: a vote that lies with others until it is opened.
//!
//! The key of a seal is HMAC-SHA256 of the use and a fresh salt under the seed of the signing key; what is sealed is ChaCha20-Poly1305 (RFC 8439).
//! Each seal has a key of its own, so that its nonce may be nought.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::SigningKey;

const SALT_LENGTH: usize = 32;

/// Thirty-two bytes from the operating system's generator: what nobody can guess.
pub fn nonce() -> [u8; 32] {
    let mut bytes = [0; 32];
    crate::fill_random(&mut bytes);
    bytes
}

impl SigningKey {
    /// Seals a text for one use and about one thing; only this key opens it.
    ///
    /// # Panics
    /// Never: the text is short of what the cipher takes.
    pub fn seal_own(&self, context: &str, about: &[u8], plain: &[u8]) -> Vec<u8> {
        let salt = nonce();
        let payload = Payload {
            msg: plain,
            aad: about,
        };
        let sealed = self
            .own_cipher(context, &salt)
            .encrypt(&Nonce::default(), payload)
            .expect("the text is shorter than 256 GiB");
        [salt.as_slice(), &sealed].concat()
    }

    /// Opens what [`SigningKey::seal_own`] sealed for the same use and about the same thing; `None` when this key did not seal it, or it was changed.
    pub fn open_own(
        &self,
        context: &str,
        about: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (salt, sealed) = sealed.split_at_checked(SALT_LENGTH)?;
        let payload = Payload {
            msg: sealed,
            aad: about,
        };
        let opened = self
            .own_cipher(context, salt)
            .decrypt(&Nonce::default(), payload);
        opened.ok().map(Zeroizing::new)
    }

    fn own_cipher(&self, context: &str, salt: &[u8]) -> ChaCha20Poly1305 {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.seed())
            .expect("HMAC takes a key of any length");
        mac.update(b"wdl-own-seal-v1");
        mac.update(&(context.len() as u64).to_be_bytes());
        mac.update(context.as_bytes());
        mac.update(salt);
        let key = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        ChaCha20Poly1305::new(Key::from_slice(key.as_slice()))
    }
}
