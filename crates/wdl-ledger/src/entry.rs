//! One entry: who did what when, chained to the entry before and signed.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_protocol::ActorId;
use wdl_vocab::Digest;

use crate::act::{Act, Outcome};
use crate::error::Fault;

/// What a signature on an entry is made for.
const CONTEXT: &str = "wdl-ledger-entry-v1";

/// What the first entry names as the entry before it.
pub(crate) fn genesis() -> Digest {
    Digest::of(b"wdl-ledger-v1")
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place, from 0.
    pub sequence: u64,
    /// The hash of the line before.
    pub previous: Digest,
    /// When, by the clock of the program that wrote it.
    #[serde(with = "time_text")]
    pub time: Timestamp,
    /// The office that acted.
    pub actor: ActorId,
    /// The key it signed with.
    pub key: VerifyingKey,
    /// What it did.
    pub act: Act,
    /// The digest of the object of the act: the sealed file, the snapshot, the request, the site.
    pub object: Option<Digest>,
    /// How it ended.
    pub outcome: Outcome,
    /// The signature over all the rest.
    pub signature: Signature,
}

/// An entry before it has a signature; the fields are those of [`Entry`].
#[derive(Serialize)]
struct Unsigned<'a> {
    sequence: u64,
    previous: Digest,
    #[serde(with = "time_text")]
    time: Timestamp,
    actor: &'a ActorId,
    key: VerifyingKey,
    act: &'a Act,
    object: Option<Digest>,
    outcome: &'a Outcome,
}

impl Unsigned<'_> {
    fn bytes(&self) -> Vec<u8> {
        canonical(self)
    }
}

/// The form of RFC 8785.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("an entry is ids, counts and digests, which all have a canonical form")
}

/// What is written down, apart from its place in the chain.
pub(crate) struct Deed<'a> {
    pub(crate) actor: &'a ActorId,
    pub(crate) act: Act,
    pub(crate) object: Option<Digest>,
    pub(crate) outcome: Outcome,
    pub(crate) time: Timestamp,
}

impl Entry {
    /// Signs an entry at its place in the chain.
    pub(crate) fn sign(key: &SigningKey, sequence: u64, previous: Digest, deed: Deed<'_>) -> Entry {
        let public = key.verifying_key();
        let unsigned = Unsigned {
            sequence,
            previous,
            time: deed.time,
            actor: deed.actor,
            key: public,
            act: &deed.act,
            object: deed.object,
            outcome: &deed.outcome,
        };
        let signature = key.sign(CONTEXT, &unsigned.bytes());
        Entry {
            sequence,
            previous,
            time: deed.time,
            actor: deed.actor.clone(),
            key: public,
            act: deed.act,
            object: deed.object,
            outcome: deed.outcome,
            signature,
        }
    }

    /// The line as it stands in the file, without its end.
    pub fn line(&self) -> Vec<u8> {
        canonical(self)
    }

    /// The hash of the line, which the next entry names.
    pub fn hash(&self) -> Digest {
        Digest::of(&self.line())
    }

    /// Reads the line at a place, checking everything that needs no outside key.
    pub(crate) fn read(line: &[u8], sequence: u64, previous: Digest) -> Result<Entry, Fault> {
        let entry: Entry = serde_json::from_slice(line).map_err(|_| Fault::NotAnEntry)?;
        if entry.line() != line {
            return Err(Fault::NotCanonical);
        }
        if entry.sequence != sequence {
            return Err(Fault::Order);
        }
        if entry.previous != previous {
            return Err(Fault::Chain);
        }
        entry
            .key
            .verify(CONTEXT, &entry.unsigned().bytes(), &entry.signature)
            .map_err(|_| Fault::Signature)?;
        Ok(entry)
    }

    fn unsigned(&self) -> Unsigned<'_> {
        Unsigned {
            sequence: self.sequence,
            previous: self.previous,
            time: self.time,
            actor: &self.actor,
            key: self.key,
            act: &self.act,
            object: self.object,
            outcome: &self.outcome,
        }
    }
}

/// Time as RFC 3339 text.
pub(crate) mod time_text {
    use super::{Deserialize, Deserializer, FromStr, Serializer, Timestamp};

    pub(crate) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        Timestamp::from_str(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
