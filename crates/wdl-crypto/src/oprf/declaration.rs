//! What a body declares before it asks: for which delivery, how many values at most.
//!
//! A custodian answers batches of a declared delivery alone, and no more values than were declared.
//!
//! Message: `WDLOPRD1`, length of the declaration (4 bytes, big-endian), declaration as canonical JSON (RFC 8785), signature (64).

use std::fmt;

use serde::{Deserialize, Serialize};
use wdl_vocab::{BodyId, DatasetId, Digest, Period};

use super::wire::{self, WireError};
use crate::public_bytes_as_hex;
use crate::{Moment, Realm, Signature, SignatureError, SigningKey, VerifyingKey};

wdl_vocab::id! {
    /// A kind of thing that has tokens: `person`, or one of the combinations of the linkage.
    TokenKind
}

/// A number used once: two declarations of one delivery are two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// A new one.
    pub fn generate() -> Nonce {
        let mut bytes = [0; 16];
        crate::fill_random(&mut bytes);
        Nonce(bytes)
    }

    /// It as bytes.
    pub fn to_bytes(&self) -> [u8; 16] {
        self.0
    }

    /// The one of some bytes.
    pub fn from_bytes(bytes: &[u8; 16]) -> Option<Nonce> {
        Some(Nonce(*bytes))
    }
}

public_bytes_as_hex!(Nonce, 16);

/// What a body declares of a delivery before it asks for the tokens of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The realm of the pseudonyms: lab, project, key period.
    pub realm: Realm,
    /// Who asks.
    pub body: BodyId,
    /// For which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// Which kind of token.
    pub kind: TokenKind,
    /// The rows of the delivery.
    pub rows: u64,
    /// The values that will be asked for: as many as there are rows at most.
    pub values: u64,
    /// A number used once.
    pub nonce: Nonce,
    /// When, by the body's clock.
    pub created: Moment,
}

/// The name of a declaration: the digest of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeclarationId(Digest);

impl fmt::Display for DeclarationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A signed declaration as it travels; who signed it is for [`Declared::verify`] to say.
#[derive(Clone, Debug)]
// INVARIANT: `bytes` are the canonical JSON of `declaration`, which has no more values than rows.
pub struct Declared {
    declaration: Declaration,
    bytes: Vec<u8>,
    signature: Signature,
}

/// Seconds by which a declaration may differ from a custodian's clock; beyond, it is refused, and an older one holds no more.
pub const CLOCK_LIMIT_SECONDS: i64 = 15 * 86_400;

/// Seconds from which a body is warned of its clock.
pub const CLOCK_WARNING_SECONDS: i64 = 86_400;

/// Most bytes of a declaration's message.
pub const MAX_DECLARATION_BYTES: usize = wire::MAX_HEADER_BYTES + 128;

const MAGIC: &[u8; 8] = b"WDLOPRD1";
const CONTEXT: &str = "oprf-declaration-v1";

impl Declared {
    /// Signs a declaration.
    ///
    /// # Errors
    /// [`WireError::Values`] when it has more values than rows.
    pub fn sign(declaration: Declaration, key: &SigningKey) -> Result<Declared, WireError> {
        if declaration.values > declaration.rows {
            return Err(WireError::Values);
        }
        let bytes = wire::canonical(&declaration);
        Ok(Declared {
            signature: key.sign(CONTEXT, &bytes),
            declaration,
            bytes,
        })
    }

    /// What is declared.
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// Its name, which every batch carries.
    pub fn id(&self) -> DeclarationId {
        DeclarationId(Digest::of_parts([CONTEXT.as_bytes(), &self.bytes]))
    }

    /// Checks that the body with this key signed it.
    ///
    /// # Errors
    /// [`SignatureError`] when it did not.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SignatureError> {
        key.verify(CONTEXT, &self.bytes, &self.signature)
    }

    /// The declaration as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128 + self.bytes.len());
        wire::put_header(&mut bytes, MAGIC, &self.bytes, &self.signature);
        bytes
    }

    /// Reads a declaration; its signature is not checked.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not one whole declaration in its one canonical form.
    pub fn from_bytes(message: &[u8]) -> Result<Declared, WireError> {
        let (declaration, bytes, signature, rest) =
            wire::take_header::<Declaration>(message, MAGIC)?;
        if !rest.is_empty() {
            return Err(WireError::Length);
        }
        if declaration.values > declaration.rows {
            return Err(WireError::Values);
        }
        Ok(Declared {
            declaration,
            bytes,
            signature,
        })
    }
}
