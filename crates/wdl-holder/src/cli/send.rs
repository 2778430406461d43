//! `seal`, `cancel`, `receipt` and `ui`: what leaves, what comes back, and the page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wdl_crypto::VerifyingKey;
use wdl_delivery::{DeliveryKind, Scope};
use wdl_vocab::{DatasetId, DeliveryId, Exit};

use super::Desk;
use super::args::{Correction, Format, Quarter, Sending};
use super::check::{Spoken, pairs};
use super::tell::Bar;
use crate::error::HolderError;
use crate::seal::{Manner, SealedFile};
use crate::ui;
use crate::work::{Examined, Making, Page, Sender, Sent, Steward, examine, take_in};

/// How `seal` seals.
#[derive(Clone, Copy)]
pub(super) struct How<'a> {
    pub(super) sending: &'a Sending,
    pub(super) correction: &'a Correction,
    pub(super) only_accepted: bool,
}

impl How<'_> {
    /// What each delivery is; one that corrects another is one file.
    fn manners(&self, files: &[Examined<'_>]) -> Result<BTreeMap<DatasetId, Manner>, HolderError> {
        let Correction {
            replaces,
            rejected_only,
            reason,
        } = self.correction;
        let kind = match replaces {
            None => DeliveryKind::ORDINARY,
            Some(of) if files.len() == 1 => DeliveryKind::Substitutive {
                of: of.clone(),
                scope: match rejected_only {
                    true => Scope::Rejected,
                    false => Scope::Whole,
                },
            },
            Some(_) => return Err(HolderError::OneCorrection(files.len())),
        };
        let manner = Manner {
            kind,
            reason: reason.clone(),
        };
        Ok(files
            .iter()
            .map(|file| (file.contract.dataset.clone(), manner.clone()))
            .collect())
    }
}

fn sender(sending: &Sending) -> Result<Sender, HolderError> {
    let custodians = (
        sending.custodian.as_slice(),
        sending.custodian_root.as_deref(),
    );
    let mut sender = Sender::new(&sending.recipient, custodians, &sending.out)?;
    for (name, file) in pairs(&sending.custodian_key)? {
        sender.trust(name, Path::new(&file))?;
    }
    Ok(sender)
}

fn key(path: Option<&Path>) -> Result<Option<VerifyingKey>, HolderError> {
    let read = |path: &Path| {
        VerifyingKey::read(path).map_err(|source| HolderError::Key {
            path: path.to_owned(),
            source,
        })
    };
    path.map(read).transpose()
}

impl Desk<'_> {
    pub(super) fn seal(
        &mut self,
        steward: &Steward,
        quarter: &Quarter,
        (how, reports): (How<'_>, Option<&Path>),
    ) -> Result<Exit, HolderError> {
        let sender = sender(how.sending)?;
        let spoken = Spoken::of(quarter)?;
        let history = steward.history(quarter.period);
        let ground = (&steward.ground, quarter);
        let asked = spoken.asked(ground, (Some(&steward.memory), &history));
        let mut files = examine(&quarter.files, asked)?;
        let mut answer = self.tell_all(&mut files, asked, reports)?;
        let manners = how.manners(&files)?;
        let created = (self.world.now)().to_string();
        let bar = Bar::new(self.lang);
        let outcome = steward.seal(
            files,
            &Making {
                sender: &sender,
                period: quarter.period,
                only_accepted: how.only_accepted,
                manners,
                created: &created,
                progress: &bar,
            },
        );
        self.close(bar);
        if let Ok(sealed) = &outcome {
            self.tell_sealed(sealed);
            for file in sealed {
                spoken.keep(&steward.memory, (&file.dataset, quarter.period))?;
            }
            answer.sealed.clone_from(sealed);
        }
        if self.format == Format::Json {
            self.json(&answer);
        }
        outcome.map(|_| Exit::Done)
    }

    pub(super) fn cancel(
        &mut self,
        steward: &Steward,
        sending: &Sending,
        (delivery, reason): (&DeliveryId, &str),
    ) -> Result<Exit, HolderError> {
        let sender = sender(sending)?;
        let created = (self.world.now)().to_string();
        let bar = Bar::new(self.lang);
        let outcome = steward.cancel((delivery, reason), (&sender, &created), &bar);
        self.close(bar);
        let file: Vec<SealedFile> = vec![outcome?];
        self.tell_sealed(&file);
        if self.format == Format::Json {
            self.json(&file);
        }
        Ok(Exit::Done)
    }

    /// Keeps the lab's answers, and says which rows of which file it did not take.
    pub(super) fn receipt(
        &mut self,
        steward: &Steward,
        files: &[PathBuf],
        lab: Option<&Path>,
    ) -> Result<Exit, HolderError> {
        let lab = key(lab)?;
        let mut taken: Vec<Sent> = Vec::new();
        for file in files {
            let bytes = std::fs::read(file).map_err(HolderError::file(file))?;
            taken.push(take_in(&steward.body, (file, &bytes), lab.as_ref())?);
        }
        self.tell_answers(&taken);
        if self.format == Format::Json {
            self.json(&taken);
        }
        Ok(Exit::Done)
    }

    pub(super) fn page(
        &mut self,
        steward: Steward,
        (sending, lab): (&Sending, Option<&Path>),
        port: u16,
    ) -> Result<Exit, HolderError> {
        let sender = sender(sending)?;
        let office = Page::new(steward, sender, key(lab)?.as_ref(), self.world.now)?;
        let lang = self.lang;
        ui::serve(Arc::new(office), port, lang, &mut |address| {
            self.tell_page(address);
        })?;
        Ok(Exit::Done)
    }
}
