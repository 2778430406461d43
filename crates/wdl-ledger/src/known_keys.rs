//! The keys that the reader of a ledger knows, by office.

use std::collections::BTreeMap;

use wdl_crypto::VerifyingKey;
use wdl_protocol::ActorId;

/// The verifying keys of the offices of the lab, as whoever verifies knows them.
///
/// An office may have had several keys.
#[derive(Clone, Debug, Default)]
pub struct KnownKeys(BTreeMap<ActorId, Vec<VerifyingKey>>);

impl KnownKeys {
    /// No keys.
    pub fn new() -> KnownKeys {
        KnownKeys::default()
    }

    /// Adds a key of an office.
    pub fn add(&mut self, actor: ActorId, key: VerifyingKey) {
        let keys = self.0.entry(actor).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }

    /// Whether a key is one of the office's.
    pub fn knows(&self, actor: &ActorId, key: &VerifyingKey) -> bool {
        self.0.get(actor).is_some_and(|keys| keys.contains(key))
    }
}

impl FromIterator<(ActorId, VerifyingKey)> for KnownKeys {
    fn from_iter<I: IntoIterator<Item = (ActorId, VerifyingKey)>>(pairs: I) -> KnownKeys {
        let mut known = KnownKeys::new();
        for (actor, key) in pairs {
            known.add(actor, key);
        }
        known
    }
}
