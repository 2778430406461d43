//! Question and answer between a holder and a custodian, as bytes: the body of `POST /v1/evaluate`.
//!
//! A question is signed by the body for one declared delivery, so that a custodian answers nobody else and can count what it answered.
//!
//! Question: `WDLOPRQ1`, length of the header (4 bytes, big-endian), header as canonical JSON (RFC 8785), signature (64), elements (32 each).
//! Answer: `WDLOPRS1`, public key (32), number of elements (4), elements (32 each), proofs (64 each).

use serde::{Deserialize, Serialize};
use wdl_vocab::{BodyId, DatasetId, Digest, Period};

use super::{Blinded, CHUNK, Evaluated, PublicKey};
use crate::{Realm, Signature, SignatureError, SigningKey, VerifyingKey};

/// Most elements in one question: a larger delivery asks several times.
pub const MAX_ELEMENTS: usize = 65_536;

/// Most bytes of a question.
pub const MAX_REQUEST_BYTES: usize = MAX_ELEMENTS * 32 + MAX_HEADER_BYTES + 128;

/// Most bytes of an answer.
pub const MAX_RESPONSE_BYTES: usize = MAX_ELEMENTS * 32 + MAX_ELEMENTS.div_ceil(CHUNK) * 64 + 128;

const MAX_HEADER_BYTES: usize = 4096;
const REQUEST_MAGIC: &[u8; 8] = b"WDLOPRQ1";
const RESPONSE_MAGIC: &[u8; 8] = b"WDLOPRS1";
const CONTEXT: &str = "oprf-request-v1";

/// What a body declares when it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The realm of the pseudonyms.
    pub realm: Realm,
    /// Who asks.
    pub body: BodyId,
    /// For which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// How many values.
    pub count: usize,
    /// The digest of the elements.
    pub elements: Digest,
}

/// A question as it travels; who signed it is for [`Question::verify`] to say.
#[derive(Clone, Debug)]
pub struct Question {
    request: Request,
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

/// Why the bytes are no question or answer.
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
    /// Signs a question.
    ///
    /// # Errors
    /// [`WireError::TooMany`] when there are more than [`MAX_ELEMENTS`].
    pub fn sign(
        realm: &Realm,
        (body, dataset, period): (&BodyId, &DatasetId, Period),
        blinded: Blinded,
        key: &SigningKey,
    ) -> Result<Question, WireError> {
        check_count(blinded.len())?;
        let request = Request {
            realm: realm.clone(),
            body: body.clone(),
            dataset: dataset.clone(),
            period,
            count: blinded.len(),
            elements: digest(blinded.elements()),
        };
        let header = serde_json_canonicalizer::to_vec(&request)
            .expect("a header of strings and numbers is canonical JSON");
        let signature = key.sign(CONTEXT, &header);
        Ok(Question {
            request,
            header,
            signature,
            blinded,
        })
    }

    /// What was declared.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The blinded values.
    pub fn blinded(&self) -> &Blinded {
        &self.blinded
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
        bytes.extend_from_slice(REQUEST_MAGIC);
        bytes.extend_from_slice(&four(self.header.len()));
        bytes.extend_from_slice(&self.header);
        bytes.extend_from_slice(&self.signature.to_bytes());
        bytes.extend_from_slice(elements.as_flattened());
        bytes
    }

    /// Reads a question; the digest of its elements is checked, the signature is not.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not one whole question.
    pub fn from_bytes(bytes: &[u8]) -> Result<Question, WireError> {
        let rest = bytes
            .strip_prefix(REQUEST_MAGIC)
            .ok_or(WireError::NotAMessage)?;
        let (len, rest) = take_four(rest)?;
        if len > MAX_HEADER_BYTES {
            return Err(WireError::Header);
        }
        let (header, rest) = rest.split_at_checked(len).ok_or(WireError::Length)?;
        let (signature, rest) = rest.split_first_chunk::<64>().ok_or(WireError::Length)?;
        let request: Request = serde_json::from_slice(header).map_err(|_| WireError::Header)?;
        check_count(request.count)?;
        if rest.len() != 32 * request.count {
            return Err(WireError::Length);
        }
        let elements = rest.as_chunks::<32>().0.to_vec();
        if digest(&elements) != request.elements {
            return Err(WireError::Elements);
        }
        Ok(Question {
            request,
            header: header.to_vec(),
            signature: Signature::from_bytes(signature).ok_or(WireError::Header)?,
            blinded: Blinded::from_elements(elements),
        })
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

fn four(len: usize) -> [u8; 4] {
    u32::try_from(len)
        .expect("messages are bounded")
        .to_be_bytes()
}

fn take_four(bytes: &[u8]) -> Result<(usize, &[u8]), WireError> {
    let (len, rest) = bytes.split_first_chunk::<4>().ok_or(WireError::Length)?;
    Ok((u32::from_be_bytes(*len) as usize, rest))
}
