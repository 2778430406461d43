//! A body at its desk: its contracts, its keys, what it remembers, and whom it sends to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wdl_contract::Contract;
use wdl_crypto::oprf::PublicKey;
use wdl_crypto::{Realm, Recipient};
use wdl_encoding::{Recipe, Recipes};
use wdl_vocab::{DatasetId, DeliveryId, Period};

use super::examine::Examined;
use super::ground::Ground;
use super::memory::Memory;
use super::receipts::{self, Sent};
use crate::body::Body;
use crate::check::Checked;
use crate::error::HolderError;
use crate::seal::{
    self, Custodian, HttpCustodian, Manner, Progress, Remembered, Roots, SealedFile, Sealing,
};

/// A body at its desk.
pub struct Steward {
    /// The lab's contracts with this body.
    pub ground: Ground,
    /// Its keys.
    pub body: Body,
    /// What it remembers of its files.
    pub memory: Memory,
    recipes: Recipes,
    realm: Realm,
    custodian_names: [String; 2],
}

/// Whom deliveries go to, who makes their pseudonyms, and where they are put.
pub struct Sender {
    /// The lab.
    pub recipient: Recipient,
    /// The custodians, in any order.
    pub custodians: Vec<HttpCustodian>,
    /// Their keys by name, as the agreement gives them.
    custodian_keys: Option<BTreeMap<String, PublicKey>>,
    /// The folder of deliveries.
    pub out: PathBuf,
}

impl Sender {
    /// Reads the lab's key and meets nobody yet.
    ///
    /// # Errors
    /// [`HolderError`] when a key does not read or a custodian's address is not allowed.
    pub fn new(
        recipient: &Path,
        (custodians, root): (&[String], Option<&Path>),
        out: &Path,
    ) -> Result<Sender, HolderError> {
        let roots = root.map(Roots::read).transpose()?;
        let recipient = Recipient::read(recipient).map_err(|source| HolderError::Recipient {
            path: recipient.to_owned(),
            source,
        })?;
        let custodians = custodians
            .iter()
            .map(|address| HttpCustodian::new(address, roots.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Sender {
            recipient,
            custodians,
            custodian_keys: None,
            out: out.to_owned(),
        })
    }

    /// Says which key a custodian has: then none is believed at first sight.
    ///
    /// # Errors
    /// [`HolderError::Key`] when the key does not read.
    pub fn trust(&mut self, name: String, file: &Path) -> Result<(), HolderError> {
        let key = PublicKey::read(file).map_err(|source| HolderError::Key {
            path: file.to_owned(),
            source,
        })?;
        let keys = self.custodian_keys.get_or_insert_default();
        keys.insert(name, key);
        Ok(())
    }
}

/// How deliveries are made.
pub struct Making<'a> {
    /// Where they go.
    pub sender: &'a Sender,
    /// The delivery period.
    pub period: Period,
    /// Whether a file with rejected rows is sealed without them.
    pub only_accepted: bool,
    /// What each delivery is, where it is not the first of its dataset and period.
    pub manners: BTreeMap<DatasetId, Manner>,
    /// The time, as the caller's clock says (RFC 3339).
    pub created: &'a str,
    /// Hears how far the custodians are.
    pub progress: &'a dyn Progress,
}

impl Steward {
    /// Sits down: reads the lab folder and opens the body's own.
    ///
    /// # Errors
    /// [`HolderError`] when either has faults, or they are of different bodies.
    pub fn sit(lab: &Path, body: &str, folder: &Path) -> Result<Steward, HolderError> {
        let ground = Ground::of_lab(lab, body)?;
        let known = ground.lab().expect("the ground is a lab's");
        Ok(Steward {
            body: Body::open(folder, ground.body())?,
            memory: Memory::of(folder),
            recipes: Recipe::read_all(lab).map_err(HolderError::Recipes)?,
            realm: ground.realm().expect("the ground is a lab's"),
            custodian_names: known.custodians.each_ref().map(|one| one.id.to_string()),
            ground,
        })
    }

    /// What the body delivered before a period.
    pub fn history(&self, period: Period) -> Remembered<'_> {
        Remembered::before(&self.body, period)
    }

    /// What was sealed here, in the order of sealing, with the lab's answers.
    ///
    /// # Errors
    /// [`HolderError`] when a record does not read.
    pub fn sent(&self) -> Result<Vec<Sent>, HolderError> {
        receipts::sent(&self.body)
    }

    /// Seals checked files, all or none.
    ///
    /// # Errors
    /// [`HolderError`]; no delivery was written then, unless it is the body's own copy of a receipt that does not write: the delivery stands beside its receipt.
    pub fn seal(
        &self,
        files: Vec<Examined<'_>>,
        making: &Making<'_>,
    ) -> Result<Vec<SealedFile>, HolderError> {
        let reasons = making.manners.values();
        reasons
            .filter_map(|manner| manner.reason.as_deref())
            .try_for_each(speaks_of_nobody)?;
        let mut checked: Vec<(&Contract, Checked<'_>)> = Vec::new();
        for file in files {
            let contract = file.contract;
            checked.push((contract, file.into_checked()?));
        }
        let _mine = self.body.lock("seal")?;
        let sealed = self.with(making, |sealing| seal::seal(checked, sealing))?;
        for file in &sealed {
            receipts::keep(&self.body, file)?;
        }
        Ok(sealed)
    }

    /// Takes back a delivery that was sealed here.
    ///
    /// # Errors
    /// [`HolderError`]; no delivery was written then.
    pub fn cancel(
        &self,
        (delivery, reason): (&DeliveryId, &str),
        (sender, created): (&Sender, &str),
        progress: &dyn Progress,
    ) -> Result<SealedFile, HolderError> {
        speaks_of_nobody(reason)?;
        let _mine = self.body.lock("seal")?;
        let unknown = || HolderError::UnknownDelivery(delivery.clone());
        let sent = self.sent()?;
        let one = sent.iter().find(|one| one.delivery == *delivery);
        let one = one.ok_or_else(unknown)?;
        let contract = self.ground.dataset(&one.dataset).ok_or_else(unknown)?;
        let making = Making {
            sender,
            period: one.period,
            only_accepted: false,
            manners: BTreeMap::new(),
            created,
            progress,
        };
        let file = self.with(&making, |sealing| {
            seal::cancel(contract, (delivery, reason), sealing)
        })?;
        receipts::keep(&self.body, &file)?;
        Ok(file)
    }

    fn with<T>(
        &self,
        making: &Making<'_>,
        work: impl FnOnce(&Sealing<'_>) -> Result<T, HolderError>,
    ) -> Result<T, HolderError> {
        let custodians = making.sender.custodians.iter();
        let custodians: Vec<&dyn Custodian> = custodians.map(|one| one as &dyn Custodian).collect();
        let contracts: Vec<&Contract> = self.ground.contracts().iter().collect();
        work(&Sealing {
            body: &self.body,
            realm: &self.realm,
            period: making.period,
            recipient: &making.sender.recipient,
            custodians: &custodians,
            custodian_names: &self.custodian_names,
            custodian_keys: making.sender.custodian_keys.as_ref(),
            contracts: &contracts,
            recipes: &self.recipes,
            only_accepted: making.only_accepted,
            manners: &making.manners,
            out: &making.sender.out,
            created: making.created,
            progress: making.progress,
        })
    }
}

/// A reason travels in the clear: it may hold no code of a person.
fn speaks_of_nobody(reason: &str) -> Result<(), HolderError> {
    match wdl_identity::find_in_text(reason) {
        true => Err(HolderError::ReasonIdentifies),
        false => Ok(()),
    }
}
