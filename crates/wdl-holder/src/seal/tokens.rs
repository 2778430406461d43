//! Tokens of people not seen before: blinded once, answered by both custodians in parallel, proved, unblinded.
//!
//! A delivery is declared to both before anything is asked; then its batches go out, some being blinded or unblinded while others are answered, so that neither side waits for the other.
//! A custodian that fails stops everything: there is no other way to a token.
//! Who was proved by both before that is remembered, so that the next run asks for the others only.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use wdl_crypto::oprf::declaration::{
    CLOCK_WARNING_SECONDS, Declaration, Declared, Nonce, TokenKind,
};
use wdl_crypto::oprf::wire::{Question, Response};
use wdl_crypto::oprf::{self, Blinding, PublicKey};
use wdl_crypto::{Realm, SigningKey, Token};
use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::{BodyId, DatasetId, Diagnostic, Period};

use crate::body::write_whole;
use crate::error::{CustodianError, CustodianFault, HolderError};
use crate::seal::Progress;
use crate::seal::custodian::Custodian;
use crate::seal::people::{People, PersonKey};

/// For which delivery the custodians are asked.
pub(crate) struct Purpose<'a> {
    pub(crate) realm: &'a Realm,
    pub(crate) body: &'a BodyId,
    pub(crate) dataset: &'a DatasetId,
    pub(crate) period: Period,
    /// The rows of the delivery: no more values than these are asked of one kind.
    pub(crate) rows: u64,
    /// When, as the caller's clock says (RFC 3339).
    pub(crate) created: &'a str,
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

    /// The keys the lab's agreement names, given by the steward: nothing is then believed at first sight.
    pub(crate) fn given(public_keys: BTreeMap<String, PublicKey>) -> Pins {
        Pins {
            format: 1,
            public_keys,
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
        realm: &Realm,
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
            if about.realm != *realm {
                let (actual, expected) = (path(&about.realm), path(realm));
                return Err(fault(custodian, CustodianFault::Realm { actual, expected }));
            }
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

/// A realm as people read it.
fn path(realm: &Realm) -> String {
    format!("{}/{}/{}", realm.lab(), realm.project(), realm.key_period())
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
    /// Told how many people are done, and of clocks that differ.
    pub(crate) progress: &'a dyn Progress,
}

/// The most values under one proof.
const CHUNK_MAX: usize = oprf::CHUNK;
/// Enough values that the proof costs little.
const CHUNK_MIN: usize = 512;

/// What the workers share: who is known by now, and what went wrong first.
struct Done<'a> {
    people: &'a mut People,
    error: Option<HolderError>,
}

impl Asking<'_> {
    /// Learns the tokens of people by their canonical codes.
    ///
    /// # Errors
    /// [`HolderError`] when a custodian fails; who was proved by both until then is in `people` all the same.
    pub(crate) fn learn(
        &self,
        purpose: &Purpose<'_>,
        (kind, new): (&str, &[(PersonKey, &[u8])]),
        people: &mut People,
    ) -> Result<(), HolderError> {
        let declared = self.declare(purpose, (kind, new.len()))?;
        let domain = purpose.realm.token_domain(kind);
        let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
        let size = new.len().div_ceil(workers).clamp(CHUNK_MIN, CHUNK_MAX);
        let chunks: Vec<&[(PersonKey, &[u8])]> = new.chunks(size).collect();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Done {
            people,
            error: None,
        });
        std::thread::scope(|scope| {
            for _ in 0..workers.min(chunks.len()) {
                scope.spawn(|| {
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(chunk) = chunks.get(place) else {
                            return;
                        };
                        let answer = self.chunk(&declared, place, &domain, chunk);
                        let mut done = done.lock().expect("no worker panics with the lock");
                        match answer {
                            Ok(tokens) => done.remember(chunk, tokens),
                            Err(error) => {
                                next.store(chunks.len(), Ordering::Relaxed);
                                done.error.get_or_insert(error);
                            }
                        }
                    }
                });
            }
        });
        let done = done.into_inner().expect("no worker panics with the lock");
        done.error.map_or(Ok(()), Err)
    }

    /// Declares a delivery to both custodians.
    fn declare(
        &self,
        purpose: &Purpose<'_>,
        (kind, values): (&str, usize),
    ) -> Result<Declared, HolderError> {
        let fault = |error: &dyn std::error::Error| seal_fault(purpose.dataset, error);
        let declaration = Declaration {
            realm: purpose.realm.clone(),
            body: purpose.body.clone(),
            dataset: purpose.dataset.clone(),
            period: purpose.period,
            kind: TokenKind::parse(kind).map_err(|error| fault(&error))?,
            rows: purpose.rows,
            values: values as u64,
            nonce: Nonce::generate(),
            created: purpose.created.parse().map_err(|error| {
                let error: wdl_crypto::MomentError = error;
                fault(&error)
            })?,
        };
        let declared = Declared::sign(declaration, self.signing).map_err(|error| fault(&error))?;
        for (custodian, _) in &self.pair.members {
            let off = custodian.declare(&declared)?.clock_off_seconds;
            if off.saturating_abs() > CLOCK_WARNING_SECONDS {
                let warning = Diagnostic::new(codes::CLOCK_WARNING)
                    .with("address", custodian.address())
                    .with("count", off.saturating_abs() / 86_400);
                self.progress.warn(&warning);
            }
        }
        Ok(declared)
    }

    fn chunk(
        &self,
        declared: &Declared,
        place: usize,
        domain: &str,
        new: &[(PersonKey, &[u8])],
    ) -> Result<Vec<Token>, HolderError> {
        let dataset = &declared.declaration().dataset;
        let codes: Vec<&[u8]> = new.iter().map(|(_, code)| *code).collect();
        let (blinding, blinded) =
            oprf::blind(&codes).map_err(|error| seal_fault(dataset, &error))?;
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let question = Question::sign(declared, place, blinded, self.signing)
            .map_err(|error| seal_fault(dataset, &error))?;
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
        self.progress.advance(codes.len() as u64);
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

impl Done<'_> {
    fn remember(&mut self, chunk: &[(PersonKey, &[u8])], tokens: Vec<Token>) {
        for ((person, _), token) in chunk.iter().zip(tokens) {
            self.people.insert(*person, token);
        }
    }
}

fn seal_fault(dataset: &DatasetId, error: &dyn std::error::Error) -> HolderError {
    HolderError::Seal {
        dataset: dataset.clone(),
        detail: crate::error::chain(error),
    }
}
