//! The copy of a custodian's key that others keep: sealed to each of them, with what it is in the clear.
//!
//! A copy that was never tried is no copy: [`Backup::check`] opens it, uses the key and writes nothing.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_crypto::oprf::OprfKey;
use wdl_crypto::{Recipient, SealingKey};
use wdl_vocab::Digest;

use crate::custodian::{Custodian, Public, write_whole};
use crate::error::{KeysError, file_error};

/// A copy of a key as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Backup {
    format: Format,
    /// Whose key it is, what for, and its public half.
    key: Public,
    /// To whom it is sealed.
    keepers: Vec<Recipient>,
    /// What the key makes of a known value, hashed.
    check_value: Digest,
    /// The digest of the sealed bytes.
    digest: Digest,
    #[serde(with = "hexadecimal")]
    sealed: Vec<u8>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "wdl-key-backup-v1")]
    V1,
}

mod hexadecimal {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map_err(serde::de::Error::custom)
    }
}

/// A keeper, by the words of the command line: `age1…`, or the file that holds it.
pub(crate) fn keeper(text: &str) -> Result<Recipient, KeysError> {
    if text.starts_with("age1") {
        return text.parse().map_err(|_| KeysError::NotAKeeper(short(text)));
    }
    Recipient::read(Path::new(text)).map_err(|_| KeysError::NotAKeeper(short(text)))
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

impl Backup {
    /// Copies a custodian's key for its keepers.
    pub(crate) fn make(
        custodian: &Custodian,
        keepers: Vec<Recipient>,
    ) -> Result<Backup, KeysError> {
        let key = custodian.key();
        let sealed = key
            .seal_to_any(&keepers)
            .ok_or_else(|| KeysError::NotAKeeper(String::new()))?;
        Ok(Backup {
            format: Format::V1,
            key: custodian.public().clone(),
            keepers,
            check_value: key.check_value(),
            digest: Digest::of(&sealed),
            sealed,
        })
    }

    /// Writes it to a new file.
    pub(crate) fn write(&self, path: &Path) -> Result<(), KeysError> {
        if path.exists() {
            return Err(KeysError::Key(wdl_crypto::KeyError::Exists {
                file: path.to_owned(),
            }));
        }
        let mut text = serde_json::to_vec_pretty(self).expect("texts are JSON");
        text.push(b'\n');
        write_whole(path, &text)
    }

    /// Reads one.
    pub(crate) fn read(path: &Path) -> Result<Backup, KeysError> {
        let bytes = std::fs::read(path).map_err(|fault| file_error(path, &fault))?;
        serde_json::from_slice(&bytes).map_err(|error| useless(path, &error))
    }

    /// Opens the copy and tries its key: the right bytes, the right public half, the right answer on a known value.
    pub(crate) fn check(&self, path: &Path, identity: &SealingKey) -> Result<OprfKey, KeysError> {
        if Digest::of(&self.sealed) != self.digest {
            return Err(useless(path, &"digest"));
        }
        let key = OprfKey::unseal(&self.sealed, identity).map_err(|error| useless(path, &error))?;
        if key.public_key() != self.key.public_key {
            return Err(useless(path, &"public key"));
        }
        match key.check_value() == self.check_value {
            true => Ok(key),
            false => Err(useless(path, &"known value")),
        }
    }

    /// Whose key it is.
    pub(crate) fn key(&self) -> &Public {
        &self.key
    }

    /// How many keepers have it.
    pub(crate) fn keepers(&self) -> usize {
        self.keepers.len()
    }

    /// The digest of the sealed bytes, for the minutes of the ceremony.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }
}

fn useless(path: &Path, detail: &dyn std::fmt::Display) -> KeysError {
    KeysError::Backup {
        file: path.to_owned(),
        detail: detail.to_string(),
    }
}
