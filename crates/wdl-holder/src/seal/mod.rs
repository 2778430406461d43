//! The seal: checked exports become sealed deliveries, all of a quarter or none.
//!
//! Place in the flow: after the check, last thing at the body.
//! Nothing appears in the folder of deliveries before every dataset of the run is sealed.

mod custodian;
mod people;
mod tokens;
mod transform;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _};
use rayon::prelude::*;
use serde::Serialize;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::{Realm, Recipient};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, FindingCounts, Receipt, Sealed};
use wdl_vocab::{DatasetId, DeliveryId, Diagnostic, Period};

pub use custodian::{About, Acceptance, Custodian, HttpCustodian, Roots};

use crate::body::Body;
use crate::check::Checked;
use crate::error::{HolderError, chain};
use people::{People, PersonKey};
use tokens::{Asking, Pair, Pins, Purpose};

/// What a run of sealing needs beside the files.
pub struct Sealing<'a> {
    /// The body, with its keys.
    pub body: &'a Body,
    /// The realm of the pseudonyms.
    pub realm: &'a Realm,
    /// The delivery period.
    pub period: Period,
    /// Whom to seal to.
    pub recipient: &'a Recipient,
    /// The two custodians; datasets without people need none.
    pub custodians: &'a [&'a dyn Custodian],
    /// Their names in the lab, in the order in which their answers are hashed.
    pub custodian_names: &'a [String; 2],
    /// The folder of deliveries.
    pub out: &'a Path,
    /// The time of sealing, as the caller's clock says (RFC 3339).
    pub created: &'a str,
    /// Told how many people of a dataset are to be asked for, then how many more are done.
    pub progress: &'a dyn Progress,
}

/// Hears how far the custodians are.
pub trait Progress: Sync {
    /// So many people are going to be asked for.
    fn begin(&self, people: u64);
    /// So many more are done.
    fn advance(&self, people: u64);
    /// Something to tell that stops nothing: the clocks of this computer and of a custodian differ.
    fn warn(&self, _warning: &Diagnostic) {}
}

/// A dataset that was sealed.
#[derive(Clone, Debug, Serialize)]
pub struct SealedFile {
    /// The dataset.
    pub dataset: DatasetId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it lies.
    pub file: PathBuf,
    /// Where its receipt lies.
    pub receipt: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Rows that name nobody.
    pub rows_without_person: u64,
    /// People asked of the custodians.
    pub people_asked: u64,
    /// People already in the map.
    pub people_known: u64,
}

/// Seals checked files, all or none.
///
/// # Errors
/// [`HolderError`]; nothing was written then.
pub fn seal(
    files: Vec<(&Contract, Checked)>,
    sealing: &Sealing<'_>,
) -> Result<Vec<SealedFile>, HolderError> {
    refuse_errors(&files)?;
    let place = Place::new(sealing)?;
    let mut run = Run::new(sealing)?;
    // One dataset after the other, so that nobody is asked for twice; then each is sealed on its own.
    let asked: Vec<Asked> = files
        .iter()
        .map(|(contract, checked)| run.ask(contract, checked))
        .collect::<Result<_, _>>()?;
    let sealed: Vec<SealedFile> = files
        .into_par_iter()
        .zip(asked)
        .map(|((contract, checked), asked)| {
            place.put(&run.delivery(contract, checked)?, sealing, asked)
        })
        .collect::<Result<_, _>>()?;
    place.publish(&sealed)?;
    Ok(sealed)
}

/// Asks the custodians for people ahead of a delivery, and remembers them: the delivery then asks for the others only.
///
/// The answer is how many were new.
///
/// # Errors
/// [`HolderError`] when a custodian fails; who was proved until then is remembered.
pub fn learn_ahead(
    sealing: &Sealing<'_>,
    dataset: &DatasetId,
    (kind, codes): (&str, &[&str]),
) -> Result<u64, HolderError> {
    let mut run = Run::new(sealing)?;
    let hashing = &sealing.body.hashing;
    let mut new: Vec<(PersonKey, &str)> = codes
        .par_iter()
        .map(|code| (transform::person_key(hashing, kind, code), *code))
        .filter(|(person, _)| run.people.token(person).is_none())
        .collect();
    new.par_sort_unstable();
    new.dedup_by_key(|(person, _)| *person);
    run.learn(dataset, (kind, &new), codes.len() as u64)?;
    Ok(new.len() as u64)
}

fn refuse_errors(files: &[(&Contract, Checked)]) -> Result<(), HolderError> {
    let wrong = files.iter().filter(|(_, checked)| !checked.is_sealable());
    let (mut count, mut names) = (0, Vec::new());
    for (_, checked) in wrong {
        count += checked.findings.counts().error;
        names.push(checked.file.clone());
    }
    match names.is_empty() {
        true => Ok(()),
        false => Err(HolderError::NotSealed {
            count,
            files: names,
        }),
    }
}

/// The folder of a period's deliveries, and where they stand until all are whole.
struct Place {
    folder: PathBuf,
    partial: PathBuf,
}

impl Place {
    fn new(sealing: &Sealing<'_>) -> Result<Place, HolderError> {
        let body = sealing.out.join(sealing.body.id.as_str());
        let folder = body.join(sealing.period.to_string());
        let partial = body.join(format!(".{}.partial", sealing.period));
        // What an interrupted run left is of no use.
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(HolderError::file(&partial))?;
        }
        Ok(Place { folder, partial })
    }

    fn put(
        &self,
        delivery: &Delivery<Sealed>,
        sealing: &Sealing<'_>,
        asked: Asked,
    ) -> Result<SealedFile, HolderError> {
        let header = delivery.header();
        let dataset = header.declared.dataset.clone();
        fs::create_dir_all(&self.partial).map_err(HolderError::file(&self.partial))?;
        let fault = |detail: String| HolderError::Seal {
            dataset: dataset.clone(),
            detail,
        };
        let names = (format!("{dataset}.wdld"), format!("{dataset}.receipt.json"));
        delivery
            .write(&self.partial.join(&names.0))
            .map_err(|error| fault(chain(&error)))?;
        Receipt::issue(delivery, &sealing.body.signing)
            .write(&self.partial.join(&names.1))
            .map_err(|error| fault(chain(&error)))?;
        Ok(SealedFile {
            delivery: delivery.id().clone(),
            file: self.folder.join(names.0),
            receipt: self.folder.join(names.1),
            rows: header.rows,
            rows_without_person: header.declared.rows_without_person,
            people_asked: asked.new,
            people_known: asked.known,
            dataset,
        })
    }

    /// Moves everything to its place; a delivery comes after its receipt, so that none is without.
    fn publish(&self, sealed: &[SealedFile]) -> Result<(), HolderError> {
        fs::create_dir_all(&self.folder).map_err(HolderError::file(&self.folder))?;
        for target in sealed.iter().flat_map(|one| [&one.receipt, &one.file]) {
            let name = target.file_name().expect("a delivery has a name");
            fs::rename(self.partial.join(name), target).map_err(HolderError::file(target))?;
        }
        fs::remove_dir_all(&self.partial).map_err(HolderError::file(&self.partial))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A run that stopped leaves nothing behind; when the disk refuses, the next run cleans up.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// The people of a dataset.
#[derive(Clone, Copy, Default)]
struct Asked {
    /// Asked of the custodians.
    new: u64,
    /// Already in the map.
    known: u64,
}

/// A run over the datasets of a quarter: who is known, and the custodians' keys.
struct Run<'a> {
    sealing: &'a Sealing<'a>,
    people: People,
    pinned: Option<Pins>,
    /// The custodians, once somebody new must be asked for.
    pair: Option<Pair<'a>>,
}

impl<'a> Run<'a> {
    fn new(sealing: &'a Sealing<'a>) -> Result<Run<'a>, HolderError> {
        let Sealing { body, realm, .. } = sealing;
        Ok(Run {
            sealing,
            people: People::read(&body.map_file(realm), &body.map)?,
            pinned: Pins::read(&body.pins_file(realm))?,
            pair: None,
        })
    }

    fn delivery(
        &self,
        contract: &Contract,
        checked: Checked,
    ) -> Result<Delivery<Sealed>, HolderError> {
        let sealing = self.sealing;
        let hashing = &sealing.body.hashing;
        let travelling = transform::travelling(contract, &checked.arrays, hashing, &self.people)?;
        let counts = checked.findings.counts();
        let declared = Declaration {
            realm: sealing.realm.clone(),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: sealing.period,
            kind: DeliveryKind::ORDINARY,
            reason: None,
            purpose: contract.purpose.clone(),
            contract_id: contract.id.clone(),
            contract_version: contract.version.clone(),
            contract_digest: contract.digest,
            rows_rejected: 0,
            rows_without_person: travelling.rows_without_person,
            columns_dropped: travelling.columns_dropped,
            encodings: Vec::new(),
            findings: FindingCounts {
                error: counts.error,
                to_justify: counts.to_justify,
                note: counts.note,
            },
            justifications: Vec::new(),
            created: sealing.created.to_owned(),
        };
        drop(checked);
        let signing = &sealing.body.signing;
        Delivery::seal(declared, &travelling.batch, sealing.recipient, signing).map_err(|error| {
            HolderError::Seal {
                dataset: contract.dataset.clone(),
                detail: chain(&error),
            }
        })
    }

    /// Asks the custodians for the people of a dataset who are not in the map.
    fn ask(&mut self, contract: &Contract, checked: &Checked) -> Result<Asked, HolderError> {
        let mut asked = Asked::default();
        for (column, array) in contract.columns.iter().zip(&checked.arrays) {
            let (Treatment::Oprf(domain), Some(array)) = (&column.treatment, array) else {
                continue;
            };
            let codes = array.as_string::<i32>();
            let keyed = self.distinct(domain, codes);
            let new: Vec<(PersonKey, &str)> = keyed
                .iter()
                .filter(|(person, _)| self.people.token(person).is_none())
                .map(|(person, row)| (*person, codes.value(*row)))
                .collect();
            asked.known += (keyed.len() - new.len()) as u64;
            asked.new += new.len() as u64;
            self.learn(&contract.dataset, (domain, &new), checked.rows)?;
        }
        Ok(asked)
    }

    /// Each person of a column once, with a row that names them.
    fn distinct(
        &self,
        domain: &str,
        codes: &arrow::array::StringArray,
    ) -> BTreeMap<PersonKey, usize> {
        let hashing = &self.sealing.body.hashing;
        let mut keyed: Vec<(PersonKey, usize)> = (0..codes.len())
            .into_par_iter()
            .with_min_len(1024)
            .filter(|row| codes.is_valid(*row))
            .map(|row| {
                (
                    transform::person_key(hashing, domain, codes.value(row)),
                    row,
                )
            })
            .collect();
        keyed.par_sort_unstable();
        keyed.dedup_by_key(|(person, _)| *person);
        keyed.into_iter().collect()
    }

    fn learn(
        &mut self,
        dataset: &DatasetId,
        (domain, new): (&str, &[(PersonKey, &str)]),
        rows: u64,
    ) -> Result<(), HolderError> {
        if new.is_empty() {
            return Ok(());
        }
        let sealing = self.sealing;
        let pair = match &mut self.pair {
            Some(pair) => pair,
            empty => empty.insert(meet(sealing, self.pinned.as_ref())?),
        };
        sealing.progress.begin(new.len() as u64);
        let asking = Asking {
            pair,
            signing: &sealing.body.signing,
            progress: sealing.progress,
        };
        let purpose = Purpose {
            realm: sealing.realm,
            body: &sealing.body.id,
            dataset,
            period: sealing.period,
            rows,
            created: sealing.created,
        };
        let known = self.people.len();
        let outcome = asking.learn(&purpose, (domain, new), &mut self.people);
        // Who was proved is kept whatever comes after, so that nobody is asked for twice.
        if self.people.len() > known {
            self.remember()?;
        }
        outcome
    }

    /// Keeps the map of people and the custodians' keys for the next quarter.
    fn remember(&self) -> Result<(), HolderError> {
        let Some(pair) = &self.pair else {
            return Ok(());
        };
        let Sealing { body, realm, .. } = self.sealing;
        pair.pins.write(&body.pins_file(realm))?;
        self.people.write(&body.map_file(realm), &body.map)
    }
}

fn meet<'a>(sealing: &Sealing<'a>, pinned: Option<&Pins>) -> Result<Pair<'a>, HolderError> {
    let &[first, second] = sealing.custodians else {
        return Err(HolderError::CustodiansNeeded(sealing.custodians.len()));
    };
    Ok(Pair::meet(
        [first, second],
        sealing.custodian_names,
        sealing.realm,
        pinned,
    )?)
}
