//! The desk an office works at: the lab, who acts, the record, the time; every act goes through [`Desk::act`].

use std::path::Path;

use jiff::Timestamp;
use wdl_ledger::{Act, KnownKeys, Ledger, Outcome};
use wdl_protocol::{Act as Permission, Lab};
use wdl_vocab::Digest;

use crate::home::Part;
use crate::office::public_key;
use crate::{Home, Office, Stopped};

/// An office at work in a lab.
pub struct Desk {
    /// Where the lab stands.
    pub home: Home,
    /// The lab.
    pub lab: Lab,
    /// Who acts.
    pub office: Office,
    /// The record, locked for this process.
    pub ledger: Ledger,
    /// When the acts are recorded to happen.
    pub now: Timestamp,
}

/// An act that came to its end: what it made, and what the record says of it.
pub(crate) struct Done<T> {
    pub(crate) value: T,
    pub(crate) act: Act,
    pub(crate) object: Option<Digest>,
}

impl Desk {
    /// Sits an office down in a lab.
    ///
    /// # Errors
    /// [`Stopped`] when the lab, the key or the ledger cannot be read, or another process holds the ledger.
    pub fn open(root: &Path, key: &Path, now: Timestamp) -> Result<Desk, Stopped> {
        let home = Home::open(root)?;
        let lab = Lab::read(&home.lab())?;
        let office = Office::with_key(&home, &lab, key)?;
        let ledger = Ledger::open(&home.of(Part::Ledger))?;
        Ok(Desk {
            home,
            lab,
            office,
            ledger,
            now,
        })
    }

    /// Another office takes the place; the record stays open.
    ///
    /// # Errors
    /// [`Stopped`] when its key cannot be read or belongs to no office.
    pub fn hand_over(&mut self, key: &Path) -> Result<(), Stopped> {
        self.office = Office::with_key(&self.home, &self.lab, key)?;
        Ok(())
    }

    /// Does an act when the agreement allows it, and records it: done, or refused with the code of the reason.
    pub(crate) fn act<T>(
        &mut self,
        permission: Permission,
        tried: Act,
        work: impl FnOnce(&Desk) -> Result<Done<T>, Stopped>,
    ) -> Result<T, Stopped> {
        let done = self
            .office
            .may(&self.lab, permission)
            .and_then(|()| work(self));
        match done {
            Ok(done) => {
                self.record(done.act, done.object, Outcome::DONE)?;
                Ok(done.value)
            }
            Err(stopped) => {
                self.record(tried, None, Outcome::refused(stopped.code()))?;
                Err(stopped)
            }
        }
    }

    /// Records that an act was tried and refused.
    pub(crate) fn record(
        &mut self,
        act: Act,
        object: Option<Digest>,
        outcome: Outcome,
    ) -> Result<(), Stopped> {
        let signer = (&self.office.actor.id, &self.office.key);
        self.ledger.append(signer, act, object, outcome, self.now)?;
        Ok(())
    }
}

/// The keys of every office, for whoever verifies the record.
///
/// # Errors
/// [`Stopped`] when a registered key is missing.
pub fn known_keys(home: &Home, lab: &Lab) -> Result<KnownKeys, Stopped> {
    lab.people
        .iter()
        .map(|actor| Ok((actor.id.clone(), public_key(home, &actor.verifying_key)?)))
        .collect()
}
