//! The body's own folder: its keys, made once, and where the sealed map of people, the memory of deliveries and their records lie.
//!
//! It never leaves the body.
//! It knows nothing of data and contracts.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_crypto::{HashKey, KeyError, Realm, SealingKey, SigningKey};
use wdl_vocab::BodyId;

use crate::error::HolderError;

/// A body's folder with its keys.
pub struct Body {
    folder: PathBuf,
    /// Which body.
    pub id: BodyId,
    /// Signs deliveries and questions to the custodians.
    pub signing: SigningKey,
    /// Hashes households, dwellings and records.
    pub hashing: HashKey,
    /// Opens the map of people.
    pub(crate) map: SealingKey,
}

/// What a body's folder says of itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    format: u8,
    body: BodyId,
}

const DESCRIPTION: &str = "body.json";
const SIGNING: &str = "signing.key";
const HASHING: &str = "hash.key";
const MAP: &str = "map.key";
/// The public key to give to the lab and to the custodians.
pub const VERIFYING_KEY: &str = "verifying.pub";

impl Body {
    /// Makes a body's keys, once.
    ///
    /// # Errors
    /// [`HolderError`] when keys stand there already or the disk refuses.
    pub fn init(folder: &Path, id: &BodyId) -> Result<Body, HolderError> {
        let described = folder.join(DESCRIPTION);
        if described.exists() || folder.join(SIGNING).exists() {
            return Err(HolderError::AlreadyInitialised(folder.to_owned()));
        }
        private_folder(folder).map_err(HolderError::file(folder))?;
        let keys = (
            SigningKey::generate(),
            HashKey::generate(),
            SealingKey::generate(),
        );
        let written = |name: &str, result: Result<(), KeyError>| {
            result.map_err(|source| HolderError::Key {
                path: folder.join(name),
                source,
            })
        };
        written(SIGNING, keys.0.write(&folder.join(SIGNING)))?;
        written(HASHING, keys.1.write(&folder.join(HASHING)))?;
        written(MAP, keys.2.write(&folder.join(MAP)))?;
        let public = keys.0.verifying_key();
        written(VERIFYING_KEY, public.write(&folder.join(VERIFYING_KEY)))?;
        let description = Description {
            format: 1,
            body: id.clone(),
        };
        let text = serde_json::to_vec_pretty(&description).expect("two plain fields are JSON");
        write_whole(&described, &text).map_err(HolderError::file(&described))?;
        Body::open(folder, id)
    }

    /// Opens a body's folder.
    ///
    /// # Errors
    /// [`HolderError`] when a key is missing or the folder is another body's.
    pub fn open(folder: &Path, id: &BodyId) -> Result<Body, HolderError> {
        let described = folder.join(DESCRIPTION);
        let description: Description = fs::read(&described)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or(HolderError::NotInitialised(described))?;
        if description.body != *id {
            return Err(HolderError::OtherBody {
                folder: folder.to_owned(),
                actual: description.body,
                expected: id.clone(),
            });
        }
        fn key<T>(path: PathBuf, read: fn(&Path) -> Result<T, KeyError>) -> Result<T, HolderError> {
            read(&path).map_err(|source| HolderError::Key { path, source })
        }
        Ok(Body {
            folder: folder.to_owned(),
            id: id.clone(),
            signing: key(folder.join(SIGNING), SigningKey::read)?,
            hashing: key(folder.join(HASHING), HashKey::read)?,
            map: key(folder.join(MAP), SealingKey::read)?,
        })
    }

    /// The folder, where also what the body remembers of its deliveries lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps other runs of the tool out of a part of the folder while the file lives.
    ///
    /// # Errors
    /// [`HolderError::InUse`] when another run holds it.
    pub(crate) fn lock(&self, part: &str) -> Result<fs::File, HolderError> {
        lock(&self.folder, part)
    }

    /// The sealed map of people of a realm.
    pub(crate) fn map_file(&self, realm: &Realm) -> PathBuf {
        self.folder.join(format!("people-{}.sealed", tag(realm)))
    }

    /// The custodians' keys as first seen in a realm.
    pub(crate) fn pins_file(&self, realm: &Realm) -> PathBuf {
        self.folder.join(format!("custodians-{}.json", tag(realm)))
    }
}

fn tag(realm: &Realm) -> String {
    format!("{}-{}-{}", realm.lab(), realm.project(), realm.key_period())
}

/// Keeps other runs of the tool out of a part of a folder while the file lives; the system lets go of it when the process ends.
pub(crate) fn lock(folder: &Path, part: &str) -> Result<fs::File, HolderError> {
    let path = folder.join(format!(".{part}.lock"));
    let file = fs::File::create(&path).map_err(HolderError::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(HolderError::InUse(folder.to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(HolderError::file(&path)(source)),
    }
}

/// Makes a folder that only its owner enters.
///
/// On Windows a new folder has the rights of the one it is made in: the profile of the user is its owner's alone.
pub(crate) fn private_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    owner_only(folder, 0o700)
}

/// Keeps others from a file or folder.
#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// The rights come from the folder, which is the owner's alone.
#[cfg(not(unix))]
fn owner_only(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Writes a file of the body's own so that it is there whole or not at all, in place of an older one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = partial(path);
    let mut file = fs::File::create(&partial)?;
    owner_only(&partial, 0o600)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // An open file keeps its name on Windows.
    drop(file);
    fs::rename(&partial, path)
}

/// Where a file stands until it is whole.
pub(crate) fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}
