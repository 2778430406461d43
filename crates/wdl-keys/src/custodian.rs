//! A custodian's folder: who it is, for which key period, its key; and the bodies it answers.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_crypto::VerifyingKey;
use wdl_crypto::oprf::{OprfKey, PublicKey};
use wdl_vocab::BodyId;

use crate::error::KeysError;

/// What anybody may know of a custodian.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Public {
    /// Its name in the agreement.
    pub(crate) custodian: String,
    /// The period its key is for.
    pub(crate) key_period: String,
    /// The public half of its key.
    pub(crate) public_key: PublicKey,
}

impl std::fmt::Display for Public {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

/// A custodian and its key.
pub(crate) struct Custodian {
    public: Public,
    key: OprfKey,
}

const ABOUT: &str = "custodian.json";
const KEY: &str = "oprf.key";

impl Custodian {
    /// Prepares a folder with a new key; what stands there is never overwritten.
    pub(crate) fn create(
        folder: &Path,
        id: &str,
        key_period: &str,
    ) -> Result<Custodian, KeysError> {
        check_id("--id", id)?;
        check_id("--key-period", key_period)?;
        std::fs::create_dir_all(folder).map_err(|fault| file_error(folder, &fault))?;
        let key = OprfKey::generate();
        key.write(&folder.join(KEY))?;
        key.public_key().write(&folder.join("oprf.pub"))?;
        let public = Public {
            custodian: id.to_owned(),
            key_period: key_period.to_owned(),
            public_key: key.public_key(),
        };
        let about = folder.join(ABOUT);
        std::fs::write(&about, format!("{public}\n"))
            .map_err(|fault| file_error(&about, &fault))?;
        Ok(Custodian { public, key })
    }

    /// Reads a prepared folder.
    pub(crate) fn open(folder: &Path) -> Result<Custodian, KeysError> {
        let about = folder.join(ABOUT);
        let text = std::fs::read(&about).map_err(|fault| file_error(&about, &fault))?;
        let public: Public =
            serde_json::from_slice(&text).map_err(|fault| file_error(&about, &fault))?;
        let key = OprfKey::read(&folder.join(KEY))?;
        if key.public_key() != public.public_key {
            return Err(file_error(&about, &"oprf.key"));
        }
        Ok(Custodian { public, key })
    }

    /// What anybody may know.
    pub(crate) fn public(&self) -> &Public {
        &self.public
    }

    /// Its key.
    pub(crate) fn key(&self) -> &OprfKey {
        &self.key
    }
}

/// The bodies a custodian answers, with their public keys.
pub(crate) struct Bodies(BTreeMap<BodyId, VerifyingKey>);

impl Bodies {
    /// Reads `<body>.pub` of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Bodies, KeysError> {
        let mut keys = BTreeMap::new();
        let entries = std::fs::read_dir(folder).map_err(|fault| file_error(folder, &fault))?;
        for entry in entries {
            let path = entry.map_err(|fault| file_error(folder, &fault))?.path();
            if path.extension().is_none_or(|extension| extension != "pub") {
                continue;
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let body = BodyId::parse(&name).map_err(|fault| file_error(&path, &fault))?;
            keys.insert(body, VerifyingKey::read(&path)?);
        }
        Ok(Bodies(keys))
    }

    /// The key of a body.
    pub(crate) fn key(&self, body: &BodyId) -> Option<&VerifyingKey> {
        self.0.get(body)
    }

    /// How many bodies there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

fn check_id(option: &'static str, value: &str) -> Result<(), KeysError> {
    // Every identifier of the agreement shares one alphabet.
    match BodyId::parse(value) {
        Ok(_) => Ok(()),
        Err(_) => Err(KeysError::NotAnId {
            option,
            value: value.chars().take(60).collect(),
        }),
    }
}

fn file_error(file: &Path, detail: &dyn std::fmt::Display) -> KeysError {
    KeysError::File {
        file: file.to_owned(),
        detail: detail.to_string(),
    }
}
