//! The oblivious pseudorandom function of the pseudonyms: RFC 9497, ristretto255-SHA512, verifiable mode.
//!
//! The holder blinds its values once and sends the same blinded values to both custodians; each answers under its own key with a proof that it used the key it published; the holder checks the proofs and takes the blind away.
//! A custodian sees neither a value nor what becomes of it.
//!
//! The blind is added, where the RFC's client multiplies: a value's point `P` travels as `P + r·G`, and `k·P` is the answer less `r·(k·G)`, where `k·G` is the published key that the proof holds.
//! What travels is uniform in the group either way, so the custodian's part, the messages and the outputs are the RFC's; two products with a prepared base take the place of two with an arbitrary one, and nothing is inverted.
//!
//! **Invariant:** the answers do not depend on the number of threads; work is cut in chunks of a fixed size, each with its own proof.

pub mod declaration;
mod diagnostics;
mod escrow;
mod suite;
pub mod wire;

use std::path::Path;

use curve25519_dalek::ristretto::{RistrettoBasepointTable, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use rayon::prelude::*;
use zeroize::{Zeroize as _, Zeroizing};

use crate::key_file::{self, KeyError};
use crate::{HexError, public_bytes_as_hex};

/// Values under one proof.
pub const CHUNK: usize = 4096;

/// What a custodian holds.
pub struct OprfKey {
    scalar: Zeroizing<Scalar>,
    public: PublicKey,
}

/// What a custodian publishes: its proofs are checked against it.
#[derive(Clone, Copy, PartialEq, Eq)]
// INVARIANT: `bytes` are the encoding of `point`, which is not the identity.
pub struct PublicKey {
    bytes: [u8; 32],
    point: RistrettoPoint,
}

/// Blinded values: they say nothing of what they hide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blinded {
    elements: Vec<[u8; 32]>,
}

/// A custodian's answer, one proof for each chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    elements: Vec<[u8; 32]>,
    proofs: Vec<[u8; 64]>,
}

/// What the holder keeps back to take the blind away: the values and the secret scalars.
pub struct Blinding {
    chunks: Vec<BlindingChunk>,
}

/// One chunk's share of a [`Blinding`].
struct BlindingChunk {
    inputs: Zeroizing<Vec<u8>>,
    /// Where each input ends in `inputs`.
    ends: Vec<usize>,
    /// The secret blinds.
    blinds: Vec<Scalar>,
    /// Each blinded point, public.
    points: Vec<RistrettoPoint>,
    /// Each blinded point as sent, public.
    sent: Vec<[u8; 32]>,
}

impl Drop for BlindingChunk {
    fn drop(&mut self) {
        self.blinds.zeroize();
    }
}

/// Why the function gives no answer; no error says which value it was.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OprfError {
    /// A value is empty or longer than 65,535 bytes.
    #[error("a value to be pseudonymised is empty or too long")]
    Input,
    /// A sent element is no point of the group, or is its identity.
    #[error("an element is no point of the group")]
    Element,
    /// The answer has another number of elements or proofs than the question.
    #[error("the custodian's answer has {actual} elements, {expected} were sent")]
    Count {
        /// Sent.
        expected: usize,
        /// Received.
        actual: usize,
    },
    /// The proof does not hold: the custodian used another key than the one it published.
    #[error("the custodian's proof does not hold for its published key")]
    Proof,
}

const SECRET_KIND: &str = "wdl-oprf-key-v1";
const PUBLIC_KIND: &str = "wdl-oprf-public-key-v1";

impl OprfKey {
    /// A new key.
    pub fn generate() -> OprfKey {
        OprfKey::of(suite::random_scalar())
    }

    /// The key of a seed, as RFC 9497 derives it (`DeriveKeyPair`).
    ///
    /// # Errors
    /// [`OprfError::Input`] when `info` is longer than 65,535 bytes.
    pub fn derive(seed: &[u8; 32], info: &[u8]) -> Result<OprfKey, OprfError> {
        if info.len() > usize::from(u16::MAX) {
            return Err(OprfError::Input);
        }
        suite::derive_key(seed, info)
            .map(OprfKey::of)
            .ok_or(OprfError::Input)
    }

    fn of(scalar: Scalar) -> OprfKey {
        let point = RistrettoPoint::mul_base(&scalar);
        OprfKey {
            scalar: Zeroizing::new(scalar),
            public: PublicKey {
                bytes: point.compress().to_bytes(),
                point,
            },
        }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, of another kind, or readable by others.
    pub fn read(path: &Path) -> Result<OprfKey, KeyError> {
        let bytes = key_file::read_secret_bytes::<32>(path, SECRET_KIND)?;
        OprfKey::of_bytes(&bytes).ok_or_else(|| key_file::wrong_kind(path, SECRET_KIND))
    }

    /// Writes a new key file, for its owner alone.
    ///
    /// # Errors
    /// [`KeyError`] when a file stands there already or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_secret_bytes(path, SECRET_KIND, self.scalar.as_bytes())
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    /// Answers blinded values, with a proof for each chunk.
    ///
    /// # Errors
    /// [`OprfError::Element`] when an element is no point of the group.
    pub fn evaluate(&self, blinded: &Blinded) -> Result<Evaluated, OprfError> {
        let chunks: Vec<&[[u8; 32]]> = blinded.elements.chunks(CHUNK).collect();
        let half = Zeroizing::new(*self.scalar * half());
        let answers: Result<Vec<_>, OprfError> = chunks
            .into_par_iter()
            .map(|chunk| self.evaluate_chunk(&half, chunk, &suite::random_scalar()))
            .collect();
        let (elements, proofs): (Vec<_>, Vec<_>) = answers?.into_iter().unzip();
        Ok(Evaluated {
            elements: elements.concat(),
            proofs,
        })
    }

    fn evaluate_chunk(
        &self,
        half: &Scalar,
        blinded: &[[u8; 32]],
        random: &Scalar,
    ) -> Result<(Vec<[u8; 32]>, [u8; 64]), OprfError> {
        let points = decode_all(blinded)?;
        let halves: Vec<RistrettoPoint> = points.iter().map(|point| half * point).collect();
        let evaluated = suite::encode_doubles(&halves);
        let weights = suite::composite_weights(&self.public.bytes, blinded, &evaluated);
        let m = suite::weighted_sum(&weights, &points);
        let (c, s) = suite::prove(&self.scalar, &self.public.bytes, m, random);
        let mut proof = [0; 64];
        proof[..32].copy_from_slice(c.as_bytes());
        proof[32..].copy_from_slice(s.as_bytes());
        Ok((evaluated, proof))
    }
}

impl PublicKey {
    /// Reads a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing or of another kind.
    pub fn read(path: &Path) -> Result<PublicKey, KeyError> {
        key_file::read_public(path, PUBLIC_KIND)?
            .parse()
            .map_err(|_: HexError| key_file::wrong_kind(path, PUBLIC_KIND))
    }

    /// Writes a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when another key stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_public(path, PUBLIC_KIND, &self.to_string())
    }

    /// The key as bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.bytes
    }

    /// The key of some bytes, unless they are no point of the group or its identity.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<PublicKey> {
        let point = suite::decode(bytes)?;
        Some(PublicKey {
            bytes: *bytes,
            point,
        })
    }
}

public_bytes_as_hex!(PublicKey, 32);

/// Blinds values once, for any number of custodians.
///
/// # Errors
/// [`OprfError::Input`] when a value is empty or longer than 65,535 bytes.
pub fn blind(inputs: &[&[u8]]) -> Result<(Blinding, Blinded), OprfError> {
    let chunks: Result<Vec<BlindingChunk>, OprfError> = inputs
        .par_chunks(CHUNK)
        .map(|chunk| BlindingChunk::new(chunk, &Zeroizing::new(suite::random_scalars(chunk.len()))))
        .collect();
    let blinding = Blinding { chunks: chunks? };
    let elements = blinding
        .chunks
        .iter()
        .flat_map(|chunk| chunk.sent.iter().copied())
        .collect();
    Ok((blinding, Blinded { elements }))
}

impl BlindingChunk {
    fn new(inputs: &[&[u8]], blinds: &[Scalar]) -> Result<BlindingChunk, OprfError> {
        let points: Result<Vec<RistrettoPoint>, OprfError> = inputs
            .iter()
            .zip(blinds)
            .map(|(input, blind)| {
                if input.is_empty() || input.len() > usize::from(u16::MAX) {
                    return Err(OprfError::Input);
                }
                let point = suite::hash_to_group(input).ok_or(OprfError::Input)?;
                Ok(point + RistrettoPoint::mul_base(blind))
            })
            .collect();
        let points = points?;
        let mut ends = Vec::with_capacity(inputs.len());
        let mut bytes = Zeroizing::new(Vec::with_capacity(inputs.iter().map(|i| i.len()).sum()));
        for input in inputs {
            bytes.extend_from_slice(input);
            ends.push(bytes.len());
        }
        Ok(BlindingChunk {
            inputs: bytes,
            ends,
            blinds: blinds.to_vec(),
            sent: points.iter().map(suite::encode).collect(),
            points,
        })
    }

    fn input(&self, position: usize) -> &[u8] {
        let start = match position {
            0 => 0,
            later => self.ends[later - 1],
        };
        &self.inputs[start..self.ends[position]]
    }

    fn finalize(
        &self,
        evaluated: &[[u8; 32]],
        proof: &[u8; 64],
        (public, table): (&PublicKey, &RistrettoBasepointTable),
    ) -> Result<Vec<[u8; 64]>, OprfError> {
        let points = decode_all(evaluated)?;
        check_proof(
            (&self.sent, &self.points),
            (evaluated, &points),
            proof,
            public,
        )?;
        let unblinded = points.iter().zip(&self.blinds).enumerate();
        Ok(unblinded
            .map(|(position, (point, blind))| {
                let element = Zeroizing::new(suite::encode(&(point - blind * table)));
                suite::output(self.input(position), &element)
            })
            .collect())
    }
}

/// Whether every evaluated element is the sent one times the published key.
fn check_proof(
    (sent, sent_points): (&[[u8; 32]], &[RistrettoPoint]),
    (evaluated, points): (&[[u8; 32]], &[RistrettoPoint]),
    proof: &[u8; 64],
    public: &PublicKey,
) -> Result<(), OprfError> {
    let weights = suite::composite_weights(&public.bytes, sent, evaluated);
    let m = suite::weighted_sum(&weights, sent_points);
    let z = suite::weighted_sum(&weights, points);
    let proof = decode_proof(proof).ok_or(OprfError::Proof)?;
    match suite::verify((&public.bytes, &public.point), m, z, proof) {
        true => Ok(()),
        false => Err(OprfError::Proof),
    }
}

impl Blinding {
    /// The number of values.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.ends.len()).sum()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Checks a custodian's proofs and takes the blind away: the function's value for each input, in order.
    ///
    /// # Errors
    /// [`OprfError`] when the answer does not fit the question or a proof does not hold; nothing of the answer is given then.
    pub fn finalize(
        &self,
        evaluated: &Evaluated,
        public: &PublicKey,
    ) -> Result<Vec<[u8; 64]>, OprfError> {
        if evaluated.len() != self.len() || evaluated.proofs.len() != self.chunks.len() {
            return Err(OprfError::Count {
                expected: self.len(),
                actual: evaluated.len(),
            });
        }
        let table = RistrettoBasepointTable::create(&public.point);
        let answers: Result<Vec<Vec<[u8; 64]>>, OprfError> = self
            .chunks
            .par_iter()
            .zip(evaluated.elements.par_chunks(CHUNK))
            .zip(&evaluated.proofs)
            .map(|((chunk, elements), proof)| chunk.finalize(elements, proof, (public, &table)))
            .collect();
        Ok(answers?.concat())
    }
}

impl Blinded {
    /// The number of values.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The elements as they travel.
    pub fn elements(&self) -> &[[u8; 32]] {
        &self.elements
    }

    /// Elements that came from outside; each is checked when it is evaluated.
    pub fn from_elements(elements: Vec<[u8; 32]>) -> Blinded {
        Blinded { elements }
    }
}

impl Evaluated {
    /// The number of values.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }
}

/// The inverse of two.
fn half() -> Scalar {
    Scalar::from(2_u64).invert()
}

fn decode_all(elements: &[[u8; 32]]) -> Result<Vec<RistrettoPoint>, OprfError> {
    elements
        .iter()
        .map(|bytes| suite::decode(bytes).ok_or(OprfError::Element))
        .collect()
}

fn decode_proof(proof: &[u8; 64]) -> Option<(Scalar, Scalar)> {
    let (c, s) = proof.split_at(32);
    let scalar = |bytes: &[u8]| suite::decode_scalar(bytes.try_into().ok()?);
    Some((scalar(c)?, scalar(s)?))
}

#[cfg(test)]
mod vectors;
