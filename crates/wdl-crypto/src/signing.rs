//! Ed25519 signatures, each made for one stated use: a signature on a receipt cannot pass for one on a delivery.

use std::path::Path;

use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use crate::key_file::{self, KeyError};
use crate::public_bytes_as_hex;

/// The text is not the hexadecimal form of the thing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not the hexadecimal form of a key or a signature")]
pub struct HexError;

/// The signature is not of this key, this use and this message.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the signature does not belong to this key and message")]
pub struct SignatureError;

/// A secret key to sign with.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public half of a signing key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

/// A signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(ed25519_dalek::Signature);

const SECRET_KIND: &str = "wdl-signing-key-v1";
const PUBLIC_KIND: &str = "wdl-verifying-key-v1";

/// What is really signed: the use and the message, framed so that neither can run into the other.
fn framed(context: &str, message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(32 + context.len() + message.len());
    framed.extend_from_slice(b"wdl-signature-v1");
    framed.extend_from_slice(&(context.len() as u64).to_be_bytes());
    framed.extend_from_slice(context.as_bytes());
    framed.extend_from_slice(message);
    framed
}

impl SigningKey {
    /// A new key.
    pub fn generate() -> SigningKey {
        let mut seed = Zeroizing::new([0; 32]);
        crate::fill_random(seed.as_mut_slice());
        SigningKey(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, of another kind, or readable by others.
    pub fn read(path: &Path) -> Result<SigningKey, KeyError> {
        let seed = key_file::read_secret_bytes::<32>(path, SECRET_KIND)?;
        Ok(SigningKey(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Writes a new key file, for its owner alone.
    ///
    /// # Errors
    /// [`KeyError`] when a file stands there already or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_secret_bytes(path, SECRET_KIND, self.0.as_bytes())
    }

    /// The secret itself, for what is sealed with it.
    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Signs a message for one use.
    pub fn sign(&self, context: &str, message: &[u8]) -> Signature {
        Signature(self.0.sign(&framed(context, message)))
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }
}

impl VerifyingKey {
    /// Reads a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing or of another kind.
    pub fn read(path: &Path) -> Result<VerifyingKey, KeyError> {
        key_file::read_public(path, PUBLIC_KIND)?
            .parse()
            .map_err(|_| key_file::wrong_kind(path, PUBLIC_KIND))
    }

    /// Writes a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when another key stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_public(path, PUBLIC_KIND, &self.to_string())
    }

    /// Checks a signature made for one use.
    ///
    /// # Errors
    /// [`SignatureError`] when it is not of this key, this use and this message.
    pub fn verify(
        &self,
        context: &str,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        self.0
            .verify_strict(&framed(context, message), &signature.0)
            .map_err(|_| SignatureError)
    }

    /// The key as bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key of some bytes, unless they are no point of the curve or one of the weak ones.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<VerifyingKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()?;
        (!key.is_weak()).then_some(VerifyingKey(key))
    }
}

impl Signature {
    /// The signature as bytes.
    pub fn to_bytes(&self) -> [u8; 64] {
        self.0.to_bytes()
    }

    /// The signature of some bytes; whether it holds is for [`VerifyingKey::verify`] to say.
    pub fn from_bytes(bytes: &[u8; 64]) -> Option<Signature> {
        Some(Signature(ed25519_dalek::Signature::from_bytes(bytes)))
    }
}

public_bytes_as_hex!(VerifyingKey, 32);
public_bytes_as_hex!(Signature, 64);
