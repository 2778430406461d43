//! A signed statement of how long the ledger was and what its last entry was: published, it shows what is cut off later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_protocol::ActorId;
use wdl_vocab::Digest;

use crate::KnownKeys;
use crate::entry::{canonical, time_text};
use crate::error::CheckpointError;

const CONTEXT: &str = "wdl-ledger-checkpoint-v1";

/// A signed checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// How many entries.
    pub entries: u64,
    /// The hash of the last of them.
    pub root: Digest,
    /// When.
    #[serde(with = "time_text")]
    pub time: Timestamp,
    /// The office that signed.
    pub actor: ActorId,
    /// Its key.
    pub key: VerifyingKey,
    /// The signature over all the rest.
    pub signature: Signature,
}

#[derive(Serialize)]
struct Unsigned<'a> {
    entries: u64,
    root: Digest,
    #[serde(with = "time_text")]
    time: Timestamp,
    actor: &'a ActorId,
    key: VerifyingKey,
}

impl Checkpoint {
    pub(crate) fn sign(
        key: &SigningKey,
        actor: &ActorId,
        (entries, root): (u64, Digest),
        time: Timestamp,
    ) -> Checkpoint {
        let public = key.verifying_key();
        let unsigned = Unsigned {
            entries,
            root,
            time,
            actor,
            key: public,
        };
        Checkpoint {
            entries,
            root,
            time,
            actor: actor.clone(),
            key: public,
            signature: key.sign(CONTEXT, &canonical(&unsigned)),
        }
    }

    /// Checks the signature and whose it is.
    ///
    /// # Errors
    /// [`CheckpointError`] when it does not hold or is of a key that is not known.
    pub fn verify(&self, keys: &KnownKeys) -> Result<(), CheckpointError> {
        let unsigned = Unsigned {
            entries: self.entries,
            root: self.root,
            time: self.time,
            actor: &self.actor,
            key: self.key,
        };
        if !keys.knows(&self.actor, &self.key) {
            return Err(CheckpointError::UnknownKey {
                actor: self.actor.clone(),
            });
        }
        self.key
            .verify(CONTEXT, &canonical(&unsigned), &self.signature)
            .map_err(CheckpointError::Signature)
    }

    /// The checkpoint as canonical JSON, to be published.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads a published checkpoint; whether it holds is for [`Checkpoint::verify`] to say.
    ///
    /// # Errors
    /// [`CheckpointError::NotACheckpoint`] when it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Checkpoint, CheckpointError> {
        serde_json::from_slice(bytes).map_err(|_| CheckpointError::NotACheckpoint)
    }
}
