//! Keys: the secrets of the lab, the public keys it trusts, the office that acts.

use std::path::Path;

use wdl_crypto::{HashKey, SealingKey, SigningKey, VerifyingKey};
use wdl_protocol::{Act, Actor, Lab};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::usage as codes;

use crate::home::Part;
use crate::{Home, Stopped};

const SEALING: &str = "sealing.key";
const IDS: &str = "ids.key";
const RECIPIENT: &str = "lab.recipient";
/// Signs the certificates of the bodies' keys.
pub(crate) const AGREEMENT_KEY: &str = "agreement.key";
const AGREEMENT_PUBLIC: &str = "agreement.pub";

/// An office of the lab with its signing key: whoever acts.
pub struct Office {
    /// The office as `lab.yaml` names it.
    pub actor: Actor,
    /// Its key.
    pub key: SigningKey,
}

impl Office {
    /// The office a key belongs to.
    ///
    /// # Errors
    /// [`Stopped`] when the key cannot be read or belongs to no office of the lab.
    pub fn with_key(home: &Home, lab: &Lab, path: &Path) -> Result<Office, Stopped> {
        let key = SigningKey::read(path)?;
        let own = key.verifying_key();
        let folder = home.of(Part::PublicKeys);
        let is_own = |actor: &&Actor| {
            VerifyingKey::read(&folder.join(&actor.verifying_key)).is_ok_and(|public| public == own)
        };
        match lab.people.iter().find(is_own) {
            Some(actor) => Ok(Office {
                actor: actor.clone(),
                key,
            }),
            None => Err(Stopped::new(
                Diagnostic::new(codes::UNKNOWN_OFFICE).with("file", path.display()),
            )),
        }
    }

    /// Whether the agreement lets the office do an act.
    ///
    /// # Errors
    /// [`Stopped`] with the article, the reason and who can change it.
    pub fn may(&self, lab: &Lab, act: Act) -> Result<(), Stopped> {
        Ok(lab.actor_may(&self.actor, act)?)
    }
}

/// The lab's own secrets.
pub struct Secrets {
    /// Opens deliveries.
    pub sealing: SealingKey,
    /// Turns tokens into ids of the base.
    pub ids: HashKey,
}

impl Secrets {
    /// Makes them, the recipient key that the bodies seal to, and the agreement's key that certifies the bodies.
    ///
    /// # Errors
    /// [`Stopped`] when they are there already or cannot be written.
    pub fn found(home: &Home) -> Result<Secrets, Stopped> {
        let secrets = Secrets {
            sealing: SealingKey::generate(),
            ids: HashKey::generate(),
        };
        let folder = home.of(Part::SecretKeys);
        for needed in [&folder, &home.of(Part::PublicKeys)] {
            std::fs::create_dir_all(needed).map_err(|fault| Stopped::file(needed, &fault))?;
        }
        secrets.sealing.write(&folder.join(SEALING))?;
        secrets.ids.write(&folder.join(IDS))?;
        let recipient = home.of(Part::PublicKeys).join(RECIPIENT);
        secrets.sealing.recipient().write(&recipient)?;
        let agreement = SigningKey::generate();
        agreement.write(&folder.join(AGREEMENT_KEY))?;
        agreement.verifying_key().write(&agreement_file(home))?;
        Ok(secrets)
    }

    /// Reads them.
    ///
    /// # Errors
    /// [`Stopped`] when they are not there.
    pub fn read(home: &Home) -> Result<Secrets, Stopped> {
        let folder = home.of(Part::SecretKeys);
        Ok(Secrets {
            sealing: SealingKey::read(&folder.join(SEALING))?,
            ids: HashKey::read(&folder.join(IDS))?,
        })
    }
}

/// Where the bodies find the key to seal to.
pub fn recipient_file(home: &Home) -> std::path::PathBuf {
    home.of(Part::PublicKeys).join(RECIPIENT)
}

/// Where the custodians find the key that signs the certificates of the bodies.
pub fn agreement_file(home: &Home) -> std::path::PathBuf {
    home.of(Part::PublicKeys).join(AGREEMENT_PUBLIC)
}

/// A public key of the lab's folder.
///
/// # Errors
/// [`Stopped`] when it is missing or not a key.
pub fn public_key(home: &Home, file: &Path) -> Result<VerifyingKey, Stopped> {
    let path = home.of(Part::PublicKeys).join(file);
    VerifyingKey::read(&path).map_err(|fault| {
        Stopped::new(
            Diagnostic::new(codes::KEY_DISAGREES)
                .with("file", path.display())
                .with("detail", fault),
        )
    })
}
