//! Question and answer between a holder and a custodian, as bytes: the body of `POST /v2/evaluate`.
//!
//! A question is one batch of a delivery that was declared before ([`Declared`]): it names the declaration and its own place in it, and is signed by the body, so that a custodian answers nobody else, counts what it answered and knows a batch again.
//!
//! Question: `WDLOPRQ2`, length of the header (4 bytes, big-endian), header as canonical JSON (RFC 8785), signature (64), elements (32 each).
//! Answer: `WDLOPRS1`, public key (32), number of elements (4), elements (32 each), proofs (64 each).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wdl_vocab::Digest;

use super::declaration::{DeclarationId, Declared};
use super::{Blinded, CHUNK, Evaluated, PublicKey};
use crate::{Signature, SignatureError, SigningKey, VerifyingKey};

/// Most elements in one question: a larger delivery asks several times.
pub const MAX_ELEMENTS: usize = 65_536;

/// Most batches of one declared delivery.
pub const MAX_BATCHES: u32 = 4096;

/// Most bytes of a question.
pub const MAX_REQUEST_BYTES: usize = MAX_ELEMENTS * 32 + MAX_HEADER_BYTES + 128;

/// Most bytes of an answer.
pub const MAX_RESPONSE_BYTES: usize = MAX_ELEMENTS * 32 + MAX_ELEMENTS.div_ceil(CHUNK) * 64 + 128;

pub(super) const MAX_HEADER_BYTES: usize = 4096;
const REQUEST_MAGIC: &[u8; 8] = b"WDLOPRQ2";
const RESPONSE_MAGIC: &[u8; 8] = b"WDLOPRS1";
const CONTEXT: &str = "oprf-batch-v1";

/// One batch of a declared delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The declaration it belongs to.
    pub declaration: DeclarationId,
    /// Its place in the delivery, from zero.
    pub place: u32,
    /// How many values.
    pub count: usize,
    /// The digest of the elements.
    pub elements: Digest,
}

/// A question as it travels; who signed it is for [`Question::verify`] to say.
#[derive(Clone, Debug)]
// INVARIANT: `header` is the canonical JSON of `batch`, which counts and hashes `blinded`.
pub struct Question {
    batch: Batch,
    header: Vec<u8>,
    signature: Signature,
    blinded: Blinded,
}

/// A custodian's answer as it travels.
#[derive(Clone, Debug)]
pub struct Response {
    /// The key the custodian says it used; the holder checks the proofs against the one it was given at the start, not against this.
    pub public_key: PublicKey,
    /// The answer.
    pub evaluated: Evaluated,
}

/// Why the bytes are no declaration, question or answer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WireError {
    /// It begins otherwise.
    #[error("not a message of the key service")]
    NotAMessage,
    /// Bytes are missing or left over.
    #[error("the message has not the length it declares")]
    Length,
    /// The header does not read.
    #[error("the header of the message does not read")]
    Header,
    /// The elements are not those that were signed.
    #[error("the elements are not those that were signed")]
    Elements,
    /// A batch without values, or too far down a delivery.
    #[error("the batch is empty or beyond the last place of a delivery")]
    Place,
    /// More values than rows.
    #[error("the delivery declares more values than rows")]
    Values,
    /// More elements than one message may hold.
    #[error("{actual} elements are more than the {maximum} of one message")]
    TooMany {
        /// Found.
        actual: usize,
        /// Allowed.
        maximum: usize,
    },
}

fn digest(elements: &[[u8; 32]]) -> Digest {
    Digest::of(elements.as_flattened())
}

impl Question {
    /// Signs one batch of a declared delivery.
    ///
    /// # Errors
    /// [`WireError`] when there are no values, more than [`MAX_ELEMENTS`], or the place is not below [`MAX_BATCHES`].
    pub fn sign(
        declared: &Declared,
        place: u32,
        blinded: Blinded,
        key: &SigningKey,
    ) -> Result<Question, WireError> {
        let batch = Batch {
            declaration: declared.id(),
            place,
            count: blinded.len(),
            elements: digest(blinded.elements()),
        };
        batch.check()?;
        let header = canonical(&batch);
        let signature = key.sign(CONTEXT, &header);
        Ok(Question {
            batch,
            header,
            signature,
            blinded,
        })
    }

    /// What is asked.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The blinded values.
    pub fn blinded(&self) -> &Blinded {
        &self.blinded
    }

    /// The digest of what was signed: two questions with the same one are the same.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.header)
    }

    /// Checks that the body with this key signed it.
    ///
    /// # Errors
    /// [`SignatureError`] when it did not.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SignatureError> {
        key.verify(CONTEXT, &self.header, &self.signature)
    }

    /// The question as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let elements = self.blinded.elements();
        let mut bytes = Vec::with_capacity(128 + self.header.len() + 32 * elements.len());
        put_header(&mut bytes, REQUEST_MAGIC, &self.header, &self.signature);
        bytes.extend_from_slice(elements.as_flattened());
        bytes
    }

    /// Reads a question; the digest of its elements is checked, the signature is not.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not one whole question in its one canonical form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Question, WireError> {
        let (batch, header, signature, rest) = take_header::<Batch>(bytes, REQUEST_MAGIC)?;
        batch.check()?;
        if rest.len() != 32 * batch.count {
            return Err(WireError::Length);
        }
        let elements = rest.as_chunks::<32>().0.to_vec();
        if digest(&elements) != batch.elements {
            return Err(WireError::Elements);
        }
        Ok(Question {
            batch,
            header,
            signature,
            blinded: Blinded::from_elements(elements),
        })
    }
}

impl Batch {
    fn check(&self) -> Result<(), WireError> {
        check_count(self.count)?;
        match self.count > 0 && self.place < MAX_BATCHES {
            true => Ok(()),
            false => Err(WireError::Place),
        }
    }
}

impl Response {
    /// The answer as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Evaluated { elements, proofs } = &self.evaluated;
        let mut bytes = Vec::with_capacity(64 + 32 * elements.len() + 64 * proofs.len());
        bytes.extend_from_slice(RESPONSE_MAGIC);
        bytes.extend_from_slice(&self.public_key.to_bytes());
        bytes.extend_from_slice(&four(elements.len()));
        bytes.extend_from_slice(elements.as_flattened());
        bytes.extend_from_slice(proofs.as_flattened());
        bytes
    }

    /// Reads an answer; its proofs are checked when the blind is taken away.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not one whole answer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Response, WireError> {
        let rest = bytes
            .strip_prefix(RESPONSE_MAGIC)
            .ok_or(WireError::NotAMessage)?;
        let (public_key, rest) = rest.split_first_chunk::<32>().ok_or(WireError::Length)?;
        let (count, rest) = take_four(rest)?;
        check_count(count)?;
        let (elements, proofs) = rest.split_at_checked(32 * count).ok_or(WireError::Length)?;
        if proofs.len() != 64 * count.div_ceil(CHUNK) {
            return Err(WireError::Length);
        }
        Ok(Response {
            public_key: PublicKey::from_bytes(public_key).ok_or(WireError::Header)?,
            evaluated: Evaluated {
                elements: elements.as_chunks::<32>().0.to_vec(),
                proofs: proofs.as_chunks::<64>().0.to_vec(),
            },
        })
    }
}

fn check_count(actual: usize) -> Result<(), WireError> {
    match actual <= MAX_ELEMENTS {
        true => Ok(()),
        false => Err(WireError::TooMany {
            actual,
            maximum: MAX_ELEMENTS,
        }),
    }
}

/// The one form in which a header is signed (RFC 8785).
pub(super) fn canonical(header: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(header)
        .expect("a header of texts and countable numbers is canonical JSON")
}

/// Begins a message: what it is, its header, who signed it.
pub(super) fn put_header(
    message: &mut Vec<u8>,
    magic: &[u8; 8],
    header: &[u8],
    signature: &Signature,
) {
    message.extend_from_slice(magic);
    message.extend_from_slice(&four(header.len()));
    message.extend_from_slice(header);
    message.extend_from_slice(&signature.to_bytes());
}

/// The header of a message, its bytes, the signature and the rest.
pub(super) type Opened<'a, T> = (T, Vec<u8>, Signature, &'a [u8]);

/// Reads the beginning of a message; a header in any but its one form is refused.
pub(super) fn take_header<'a, T: Serialize + DeserializeOwned>(
    message: &'a [u8],
    magic: &[u8; 8],
) -> Result<Opened<'a, T>, WireError> {
    let rest = message.strip_prefix(magic).ok_or(WireError::NotAMessage)?;
    let (len, rest) = take_four(rest)?;
    if len > MAX_HEADER_BYTES {
        return Err(WireError::Header);
    }
    let (bytes, rest) = rest.split_at_checked(len).ok_or(WireError::Length)?;
    let (signature, rest) = rest.split_first_chunk::<64>().ok_or(WireError::Length)?;
    let signature = Signature::from_bytes(signature).ok_or(WireError::Header)?;
    let header: T = serde_json::from_slice(bytes).map_err(|_| WireError::Header)?;
    // Outside numbers may have no canonical form at all.
    match serde_json_canonicalizer::to_vec(&header) {
        Ok(canonical) if canonical == bytes => Ok((header, canonical, signature, rest)),
        _ => Err(WireError::Header),
    }
}

fn four(len: usize) -> [u8; 4] {
    u32::try_from(len)
        .expect("messages are bounded")
        .to_be_bytes()
}

fn take_four(bytes: &[u8]) -> Result<(usize, &[u8]), WireError> {
    let (len, rest) = bytes.split_first_chunk::<4>().ok_or(WireError::Length)?;
    Ok((u32::from_be_bytes(*len) as usize, rest))
}
