//! Tokens of people not seen before: blinded once, answered by both custodians in parallel, proved, unblinded.
//!
//! Chunks are in flight while others are blinded or unblinded, so that neither side waits for the other.
//! A custodian that fails stops everything: there is no other way to a token.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use wdl_crypto::oprf::wire::{Question, Response};
use wdl_crypto::oprf::{self, Blinding, PublicKey};
use wdl_crypto::{Realm, SigningKey, Token};
use wdl_vocab::{BodyId, DatasetId, Period};

use crate::body::write_whole;
use crate::error::{CustodianError, CustodianFault, HolderError};
use crate::seal::custodian::Custodian;

/// For which delivery the custodians are asked.
pub(crate) struct Purpose<'a> {
    pub(crate) realm: &'a Realm,
    pub(crate) body: &'a BodyId,
    pub(crate) dataset: &'a DatasetId,
    pub(crate) period: Period,
}

/// The custodians' keys as seen at first use; their answers are proved against these ever after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pins {
    format: u8,
    public_keys: BTreeMap<String, PublicKey>,
}

impl Pins {
    /// The keys a body has pinned, when it has.
    pub(crate) fn read(path: &Path) -> Result<Option<Pins>, HolderError> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| HolderError::file(path)(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(HolderError::file(path)(error)),
        }
    }

    /// Pins the keys.
    pub(crate) fn write(&self, path: &Path) -> Result<(), HolderError> {
        let text = serde_json::to_vec_pretty(self).expect("two keys are JSON");
        write_whole(path, &text).map_err(HolderError::file(path))
    }
}

/// The two custodians in the order of the lab, each with the key its proofs are held against.
///
/// The order is the lab's and not that of the addresses: otherwise two bodies could hash the answers in two orders and never match.
pub(crate) struct Pair<'a> {
    members: [(&'a dyn Custodian, PublicKey); 2],
    pub(crate) pins: Pins,
}

impl<'a> Pair<'a> {
    /// Asks the custodians who they are.
    pub(crate) fn meet(
        custodians: [&'a dyn Custodian; 2],
        names: &[String; 2],
        pinned: Option<&Pins>,
    ) -> Result<Pair<'a>, CustodianError> {
        let mut met: Vec<(usize, &'a dyn Custodian, PublicKey)> = Vec::new();
        for custodian in custodians {
            let about = custodian.about()?;
            let Some(place) = names.iter().position(|name| *name == about.custodian) else {
                let name = about.custodian;
                let known = names.join(", ");
                return Err(fault(custodian, CustodianFault::Unknown { name, known }));
            };
            if pinned
                .is_some_and(|pins| pins.public_keys.get(&names[place]) != Some(&about.public_key))
            {
                return Err(fault(custodian, CustodianFault::KeyChanged));
            }
            met.push((place, custodian, about.public_key));
        }
        met.sort_by_key(|(place, ..)| *place);
        let [(0, first, key_a), (1, second, key_b)] = met[..] else {
            return Err(fault(custodians[1], CustodianFault::SameKey));
        };
        if key_a == key_b {
            return Err(fault(second, CustodianFault::SameKey));
        }
        let public_keys = names.iter().cloned().zip([key_a, key_b]).collect();
        Ok(Pair {
            members: [(first, key_a), (second, key_b)],
            pins: Pins {
                format: 1,
                public_keys,
            },
        })
    }
}

fn fault(custodian: &dyn Custodian, fault: CustodianFault) -> CustodianError {
    CustodianError {
        address: custodian.address().to_owned(),
        fault,
    }
}

/// Asks the two custodians.
pub(crate) struct Asking<'a> {
    pub(crate) pair: &'a Pair<'a>,
    pub(crate) signing: &'a SigningKey,
    /// Told how many people are done.
    pub(crate) progress: &'a (dyn Fn(u64) + Sync),
}

/// The most values under one proof.
const CHUNK_MAX: usize = oprf::CHUNK;
/// Enough values that the proof costs little.
const CHUNK_MIN: usize = 512;

impl Asking<'_> {
    /// The tokens of canonical codes in a domain of the realm, in order.
    pub(crate) fn tokens(
        &self,
        purpose: &Purpose<'_>,
        (kind, codes): (&str, &[&[u8]]),
    ) -> Result<Vec<Token>, HolderError> {
        let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
        let size = codes.len().div_ceil(workers).clamp(CHUNK_MIN, CHUNK_MAX);
        let chunks: Vec<&[&[u8]]> = codes.chunks(size).collect();
        let domain = purpose.realm.token_domain(kind);
        let next = AtomicUsize::new(0);
        let done = Mutex::new((BTreeMap::new(), None::<HolderError>));
        std::thread::scope(|scope| {
            for _ in 0..workers.min(chunks.len()) {
                scope.spawn(|| {
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(chunk) = chunks.get(place) else {
                            return;
                        };
                        let answer = self.chunk(purpose, &domain, chunk);
                        let mut done = done.lock().expect("no worker panics with the lock");
                        match answer {
                            Ok(tokens) => {
                                done.0.insert(place, tokens);
                            }
                            Err(error) => {
                                next.store(chunks.len(), Ordering::Relaxed);
                                done.1.get_or_insert(error);
                            }
                        }
                    }
                });
            }
        });
        let (tokens, error) = done.into_inner().expect("no worker panics with the lock");
        match error {
            Some(error) => Err(error),
            None => Ok(tokens.into_values().flatten().collect()),
        }
    }

    fn chunk(
        &self,
        purpose: &Purpose<'_>,
        domain: &str,
        codes: &[&[u8]],
    ) -> Result<Vec<Token>, HolderError> {
        let sealed = |detail: String| HolderError::Seal {
            dataset: purpose.dataset.clone(),
            detail,
        };
        let (blinding, blinded) = oprf::blind(codes).map_err(|error| sealed(error.to_string()))?;
        let declared = (purpose.body, purpose.dataset, purpose.period);
        let question = Question::sign(purpose.realm, declared, blinded, self.signing)
            .map_err(|error| sealed(error.to_string()))?;
        let [first, second] = self.ask(&question)?;
        let (y_a, y_b) = rayon::join(
            || self.prove(0, &first, &blinding),
            || self.prove(1, &second, &blinding),
        );
        let tokens = y_a?
            .iter()
            .zip(&y_b?)
            .map(|(y_a, y_b)| wdl_crypto::token(domain, y_a, y_b))
            .collect();
        (self.progress)(codes.len() as u64);
        Ok(tokens)
    }

    /// Both custodians at once.
    fn ask(&self, question: &Question) -> Result<[Response; 2], CustodianError> {
        let [(first, _), (second, _)] = self.pair.members;
        std::thread::scope(|scope| {
            let other = scope.spawn(|| second.answer(question));
            let mine = first.answer(question);
            let other = other.join().expect("a custodian's thread does not panic");
            Ok([mine?, other?])
        })
    }

    /// Checks an answer against the custodian's pinned key and takes the blind away.
    fn prove(
        &self,
        place: usize,
        response: &Response,
        blinding: &Blinding,
    ) -> Result<Vec<[u8; 64]>, CustodianError> {
        let (custodian, key) = &self.pair.members[place];
        blinding
            .finalize(&response.evaluated, key)
            .map_err(|error| fault(*custodian, CustodianFault::Answer(error.to_string())))
    }
}
