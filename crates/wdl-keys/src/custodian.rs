//! A custodian's folder: who it is, for which lab, project and key period, its key.

use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_crypto::oprf::{OprfKey, PublicKey};
use wdl_crypto::{KeyError, Realm};
use wdl_vocab::BodyId;

use crate::error::{KeysError, file_error};

/// What anybody may know of a custodian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OnPaper", into = "OnPaper")]
pub(crate) struct Public {
    /// Its name in the agreement.
    pub(crate) custodian: String,
    /// What its key is for: a key serves one project in one period.
    pub(crate) realm: Realm,
    /// The public half of its key.
    pub(crate) public_key: PublicKey,
}

/// The same in a file and on the network.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnPaper {
    custodian: String,
    lab: String,
    project: String,
    key_period: String,
    public_key: PublicKey,
}

impl TryFrom<OnPaper> for Public {
    type Error = wdl_crypto::RealmError;
    fn try_from(paper: OnPaper) -> Result<Public, wdl_crypto::RealmError> {
        Ok(Public {
            realm: Realm::new(&paper.lab, &paper.project, &paper.key_period)?,
            custodian: paper.custodian,
            public_key: paper.public_key,
        })
    }
}

impl From<Public> for OnPaper {
    fn from(public: Public) -> OnPaper {
        OnPaper {
            custodian: public.custodian,
            lab: public.realm.lab().to_owned(),
            project: public.realm.project().to_owned(),
            key_period: public.realm.key_period().to_owned(),
            public_key: public.public_key,
        }
    }
}

impl std::fmt::Display for Public {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

/// Who a custodian is going to be.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    custodian: String,
    realm: Realm,
}

impl Name {
    /// Checks the words of the command line.
    pub(crate) fn new(
        id: &str,
        (lab, project, key_period): (&str, &str, &str),
    ) -> Result<Name, KeysError> {
        for (option, value) in [
            ("--id", id),
            ("--lab", lab),
            ("--project", project),
            ("--key-period", key_period),
        ] {
            // Every identifier of the agreement shares one alphabet.
            if BodyId::parse(value).is_err() {
                return Err(KeysError::NotAnId {
                    option,
                    value: value.chars().take(60).collect(),
                });
            }
        }
        Ok(Name {
            custodian: id.to_owned(),
            realm: Realm::new(lab, project, key_period).expect("each part was checked"),
        })
    }

    /// The same custodian in another key period.
    pub(crate) fn in_period(of: &Public, key_period: &str) -> Result<Name, KeysError> {
        let realm = &of.realm;
        Name::new(&of.custodian, (realm.lab(), realm.project(), key_period))
    }
}

/// A custodian and its key.
pub(crate) struct Custodian {
    public: Public,
    key: OprfKey,
}

const ABOUT: &str = "custodian.json";
const KEY: &str = "oprf.key";
/// The public half, to hand to the lab.
const PUBLIC_KEY: &str = "oprf.pub";

impl Custodian {
    /// Prepares a folder with a new key; what stands there is never overwritten.
    ///
    /// A folder whose preparation was interrupted holds a key that has answered nobody: it is finished with that key.
    pub(crate) fn create(folder: &Path, name: Name) -> Result<Custodian, KeysError> {
        Custodian::put(folder, name, || Ok(OprfKey::generate()))
    }

    /// Prepares a folder with a key that was made elsewhere.
    pub(crate) fn restore(folder: &Path, public: &Public, key: OprfKey) -> Result<(), KeysError> {
        let name = Name {
            custodian: public.custodian.clone(),
            realm: public.realm.clone(),
        };
        if folder.join(KEY).exists() {
            return Err(exists(&folder.join(KEY)));
        }
        Custodian::put(folder, name, || Ok(key)).map(|_| ())
    }

    fn put(
        folder: &Path,
        name: Name,
        key: impl FnOnce() -> Result<OprfKey, KeysError>,
    ) -> Result<Custodian, KeysError> {
        let about = folder.join(ABOUT);
        if about.exists() {
            return Err(exists(&about));
        }
        std::fs::create_dir_all(folder).map_err(|fault| file_error(folder, &fault))?;
        let file = folder.join(KEY);
        let key = match file.exists() {
            true => OprfKey::read(&file)?,
            false => {
                let key = key()?;
                key.write(&file)?;
                key
            }
        };
        key.public_key().write(&folder.join(PUBLIC_KEY))?;
        let public = Public {
            custodian: name.custodian,
            realm: name.realm,
            public_key: key.public_key(),
        };
        write_whole(&about, format!("{public}\n").as_bytes())?;
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
            return Err(file_error(&about, &KEY));
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

fn exists(file: &Path) -> KeysError {
    KeysError::Key(KeyError::Exists {
        file: file.to_owned(),
    })
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let written = std::fs::File::create(partial)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(partial, path));
    written.map_err(|fault| file_error(path, &fault))
}
