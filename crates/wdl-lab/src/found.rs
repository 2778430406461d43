//! A lab comes into being: its own secrets, the keys of its offices, the first entry of the record.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use wdl_crypto::SigningKey;
use wdl_ledger::{Act, Outcome};
use wdl_protocol::{Act as Permission, Lab, Role};

use crate::home::Part;
use crate::office::Secrets;
use crate::{Desk, Home, Stopped};

/// Where the key of an office stands in a folder of keys.
pub fn office_key(keys: &Path, office: &str) -> PathBuf {
    keys.join(format!("{office}.key"))
}

/// Makes the lab's secrets, a key for each office that has none registered, and the first entry of the record.
///
/// In life each office makes its own key and hands in the public half; making them all at once is for trying a lab out.
///
/// # Errors
/// [`Stopped`] when the lab was founded before, or a key cannot be written.
pub fn found(home: &Home, keys: &Path, now: Timestamp) -> Result<Desk, Stopped> {
    let lab = Lab::read(&home.lab())?;
    Secrets::found(home)?;
    std::fs::create_dir_all(keys).map_err(|fault| Stopped::file(keys, &fault))?;
    let public = home.of(Part::PublicKeys);
    for actor in &lab.people {
        let file = public.join(&actor.verifying_key);
        if file.is_file() {
            continue;
        }
        let key = SigningKey::generate();
        key.write(&office_key(keys, actor.id.as_str()))?;
        put_public(&file, &key)?;
    }
    let founder = lab
        .with_role(Role::DataManager)
        .next()
        .map(|actor| office_key(keys, actor.id.as_str()));
    let founder = founder.unwrap_or_else(|| keys.to_owned());
    let mut desk = Desk::open(home.root(), &founder, now)?;
    desk.office.may(&desk.lab, Permission::Build)?;
    let act = Act::LabCreated {
        agreement: desk.lab.digest,
    };
    desk.record(act, Some(desk.lab.digest), Outcome::DONE)?;
    Ok(desk)
}

fn put_public(file: &Path, key: &SigningKey) -> Result<(), Stopped> {
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(|fault| Stopped::file(folder, &fault))?;
    Ok(key.verifying_key().write(file)?)
}
