//! The acts of the key ceremony, each with one line to read aloud: nothing in it is secret.

use std::path::{Path, PathBuf};

use serde_json::json;
use wdl_crypto::SealingKey;

use crate::backup::{Backup, keeper};
use crate::custodian::{Custodian, Name};
use crate::error::KeysError;

/// Prepares the custodian's next key period; the folder of this one stays as it is.
pub(crate) fn rotate(dir: &Path, to: &Path, key_period: &str) -> Result<(), KeysError> {
    let old = Custodian::open(dir)?;
    let name = Name::in_period(old.public(), key_period)?;
    let new = Custodian::create(to, name)?;
    println!("{}", new.public());
    Ok(())
}

/// Makes the key of one who will keep copies.
pub(crate) fn escrow_key(out: &Path) -> Result<(), KeysError> {
    let key = SealingKey::generate();
    let mut public = out.as_os_str().to_owned();
    public.push(".recipient");
    key.write(out)?;
    key.recipient().write(&PathBuf::from(public))?;
    println!("{}", json!({ "recipient": key.recipient() }));
    Ok(())
}

/// Copies the custodian's key for its keepers.
pub(crate) fn back_up(dir: &Path, keepers: &[String], out: &Path) -> Result<(), KeysError> {
    let custodian = Custodian::open(dir)?;
    let keepers: Result<Vec<_>, _> = keepers.iter().map(|text| keeper(text)).collect();
    let backup = Backup::make(&custodian, keepers?)?;
    backup.write(out)?;
    tell(&backup);
    Ok(())
}

/// Tries a copy; nothing is written.
pub(crate) fn check(identity: &Path, copy: &Path) -> Result<(), KeysError> {
    let identity = SealingKey::read(identity)?;
    let backup = Backup::read(copy)?;
    backup.check(copy, &identity)?;
    tell(&backup);
    Ok(())
}

/// Prepares a folder from a copy that was tried.
pub(crate) fn restore(identity: &Path, copy: &Path, dir: &Path) -> Result<(), KeysError> {
    let identity = SealingKey::read(identity)?;
    let backup = Backup::read(copy)?;
    let key = backup.check(copy, &identity)?;
    Custodian::restore(dir, backup.key(), key)?;
    tell(&backup);
    Ok(())
}

fn tell(backup: &Backup) {
    let line = json!({
        "key": backup.key(),
        "keepers": backup.keepers(),
        "digest": backup.digest(),
    });
    println!("{line}");
}
