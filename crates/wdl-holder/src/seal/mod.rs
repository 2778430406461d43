//! The seal: checked exports become sealed deliveries, all of a quarter or none.
//!
//! Place in the flow: after the check, last thing at the body.
//! The accepted rows are read again, once for whom they name and once on their way under the seal; no table is ever whole in memory.
//! Nothing appears in the folder of deliveries before every dataset of the run is sealed.

mod custodian;
mod history;
mod linkage;
mod people;
mod place;
mod record;
mod run;
mod tokens;
mod transform;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::oprf::PublicKey;
use wdl_crypto::{Realm, Recipient};
use wdl_delivery::{
    Declaration, Delivery, DeliveryKind, FindingCounts, Justification, Receipt, Scope, Sealed,
    Sealer,
};
use wdl_encoding::Recipes;
use wdl_vocab::{DatasetId, DeliveryId, Diagnostic, Period};

pub use custodian::{About, Acceptance, Custodian, HttpCustodian, Roots};
pub use history::Remembered;
pub use record::Record;

use crate::body::Body;
use crate::check::Checked;
use crate::error::{HolderError, chain};
use history::Memory;
use linkage::Linkage;
use people::{People, PersonKey};
use place::{Names, Place};
use record::Recorder;
use run::{Asked, Run};
use transform::Transform;

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
    /// Their public keys by name, as the agreement gives them; without them, the keys of the first meeting are believed.
    pub custodian_keys: Option<&'a BTreeMap<String, PublicKey>>,
    /// The body's contracts: their rules say which rows it remembers for the next quarter.
    pub contracts: &'a [&'a Contract],
    /// The lab's recipes for linkage.
    pub recipes: &'a Recipes,
    /// Whether a file with rejected rows is sealed without them.
    pub only_accepted: bool,
    /// What each delivery is, where it is not the first of its dataset and period.
    pub manners: &'a BTreeMap<DatasetId, Manner>,
    /// The folder of deliveries.
    pub out: &'a Path,
    /// The time of sealing, as the caller's clock says (RFC 3339).
    pub created: &'a str,
    /// Told how many people of a dataset are to be asked for, then how many more are done.
    pub progress: &'a dyn Progress,
}

/// What a delivery does to those before it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// What it does.
    pub kind: DeliveryKind,
    /// Why; needed by a correction, and by a period older than the newest one delivered.
    pub reason: Option<String>,
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
    /// Rows of the file that were rejected and are not in it.
    pub rows_rejected: u64,
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
/// [`HolderError`]; no delivery was written then. Who was proved by both custodians is remembered, so that another run asks for the others only.
pub fn seal(
    files: Vec<(&Contract, Checked<'_>)>,
    sealing: &Sealing<'_>,
) -> Result<Vec<SealedFile>, HolderError> {
    refuse_errors(&files, sealing.only_accepted)?;
    let place = Place::new(sealing.out, &sealing.body.id, sealing.period)?;
    let mut run = Run::new(sealing)?;
    let asked = ask_all(files, &mut run);
    // Who was proved is kept whatever came after.
    run.keep()?;
    let asked = asked?;
    let own = sealing.body.map.recipient();
    let passes = asked
        .into_par_iter()
        .map(|(contract, checked, linkage, asked)| {
            let pass = Pass {
                contract,
                sealing,
                place: &place,
                people: &run.people,
                own: &own,
                linkage: linkage.as_ref(),
            };
            pass.seal(checked, asked)
        });
    let sealed: Vec<(SealedFile, Kept<'_>)> = passes.collect::<Result<_, _>>()?;
    // A delivery comes after its receipt, so that none is without.
    let targets = sealed.iter().flat_map(|(one, _)| [&one.receipt, &one.file]);
    place.publish(targets)?;
    let mut files = Vec::new();
    for (file, kept) in sealed {
        kept.keep(&file)?;
        files.push(file);
    }
    Ok(files)
}

/// A file with what is made of it for linkage, once its people are known.
type Ready<'a> = (&'a Contract, Checked<'a>, Option<Linkage<'a>>, Asked);

/// Asks the custodians for the people of all files, one file after the other.
fn ask_all<'a>(
    files: Vec<(&'a Contract, Checked<'a>)>,
    run: &mut Run<'a>,
) -> Result<Vec<Ready<'a>>, HolderError> {
    let sealing = run.sealing;
    let mut asked = Vec::with_capacity(files.len());
    for (contract, mut checked) in files {
        let mut linkage = recipe(contract, sealing.recipes)?;
        let one = run.ask(contract, &mut checked, linkage.as_ref())?;
        if let Some(linkage) = &mut linkage {
            linkage.arm(&sealing.body.hashing, &run.people);
        }
        asked.push((contract, checked, linkage, one));
    }
    Ok(asked)
}

/// Takes back a delivery: a delivery without rows that says which, and why.
///
/// # Errors
/// [`HolderError`]; no delivery was written then.
pub fn cancel(
    contract: &Contract,
    (of, reason): (&DeliveryId, &str),
    sealing: &Sealing<'_>,
) -> Result<SealedFile, HolderError> {
    let place = Place::new(sealing.out, &sealing.body.id, sealing.period)?;
    let manner = Manner {
        kind: DeliveryKind::Cancelling { of: of.clone() },
        reason: Some(reason.to_owned()),
    };
    let typed = wdl_check::schema(contract);
    let transform = Transform::new(
        contract,
        &typed,
        (&sealing.body.hashing, sealing.realm),
        None,
    );
    let declared = declaration(contract, sealing, &manner);
    let names = Names::of(&contract.dataset, &manner.kind);
    let path = place.growing(&names.delivery)?;
    let schema = transform.schema().clone();
    let fault = fault(contract);
    let delivery = Sealer::new(
        declared,
        schema,
        sealing.recipient,
        &sealing.body.signing,
        &path,
    )
    .and_then(Sealer::finish)
    .map_err(|error| fault(&error))?;
    let file = put(&delivery, &names, (&place, sealing), Asked::default())?;
    drop(delivery);
    place.publish([&file.receipt, &file.file].into_iter())?;
    history::forget(sealing.body, &contract.dataset, sealing.period)?;
    Ok(file)
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
    let mut new: Vec<(PersonKey, &[u8])> = codes
        .par_iter()
        .map(|code| {
            (
                transform::person_key(hashing, kind, code.as_bytes()),
                code.as_bytes(),
            )
        })
        .filter(|(person, _)| run.people.token(person).is_none())
        .collect();
    new.par_sort_unstable();
    new.dedup_by_key(|(person, _)| *person);
    run.learn(dataset, (kind, &new), codes.len() as u64)?;
    run.keep()?;
    Ok(new.len() as u64)
}

/// A file with an error is sealed without its rejected rows, and only when that was asked for.
fn refuse_errors(
    files: &[(&Contract, Checked<'_>)],
    only_accepted: bool,
) -> Result<(), HolderError> {
    let is_wrong = |checked: &Checked<'_>| match only_accepted {
        true => checked.accepted == 0 && !checked.is_sealable(),
        false => !checked.is_sealable(),
    };
    let (mut count, mut names) = (0, Vec::new());
    for (_, checked) in files.iter().filter(|(_, checked)| is_wrong(checked)) {
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

/// The recipe a contract names.
fn recipe<'a>(
    contract: &Contract,
    recipes: &'a Recipes,
) -> Result<Option<Linkage<'a>>, HolderError> {
    let Some(name) = &contract.linkage else {
        return Ok(None);
    };
    match recipes.get(name) {
        Some(recipe) => Ok(Some(Linkage::new(contract, recipe))),
        None => Err(HolderError::UnknownRecipe {
            contract: contract.id.clone(),
            recipe: name.clone(),
            known: recipes.keys().cloned().collect(),
        }),
    }
}

/// What is declared of a delivery before its rows are counted.
fn declaration(contract: &Contract, sealing: &Sealing<'_>, manner: &Manner) -> Declaration {
    let dropped = contract.columns.iter();
    let dropped = dropped.filter(|column| column.treatment == Treatment::Drop);
    Declaration {
        realm: sealing.realm.clone(),
        body: contract.body.clone(),
        dataset: contract.dataset.clone(),
        period: sealing.period,
        kind: manner.kind.clone(),
        reason: manner.reason.clone(),
        purpose: contract.purpose.clone(),
        contract_id: contract.id.clone(),
        contract_version: contract.version.clone(),
        contract_digest: contract.digest,
        rows_rejected: 0,
        rows_without_person: 0,
        columns_dropped: dropped.map(|column| column.physical_name.clone()).collect(),
        encodings: Vec::new(),
        findings: FindingCounts::default(),
        justifications: Vec::new(),
        created: sealing.created.to_owned(),
    }
}

fn fault(contract: &Contract) -> impl Fn(&dyn std::error::Error) -> HolderError + '_ {
    |error| HolderError::Seal {
        dataset: contract.dataset.clone(),
        detail: chain(error),
    }
}

/// One file on its way under the seal.
struct Pass<'a, 'l> {
    contract: &'a Contract,
    sealing: &'a Sealing<'a>,
    place: &'a Place,
    people: &'a People,
    /// The body's own recipient, for what it remembers.
    own: &'a Recipient,
    linkage: Option<&'l Linkage<'a>>,
}

/// What the body keeps for itself once its deliveries are in their place.
struct Kept<'a> {
    memory: Option<Memory<'a>>,
    summary: wdl_check::Summary,
}

impl Kept<'_> {
    fn keep(self, file: &SealedFile) -> Result<(), HolderError> {
        match self.memory {
            Some(memory) => memory.keep((&file.delivery, &file.dataset), &self.summary),
            None => Ok(()),
        }
    }
}

impl<'a> Pass<'a, '_> {
    fn seal(
        &self,
        mut checked: Checked<'_>,
        asked: Asked,
    ) -> Result<(SealedFile, Kept<'a>), HolderError> {
        let (contract, sealing) = (self.contract, self.sealing);
        let (body, dataset) = (sealing.body, &contract.dataset);
        let manner = self.manner();
        let names = Names::of(dataset, &manner.kind);
        let fault = fault(contract);
        let typed = wdl_check::schema(contract);
        let transform = Transform::new(
            contract,
            &typed,
            (&body.hashing, sealing.realm),
            self.linkage,
        );
        let path = self.place.growing(&names.delivery)?;
        let declared = self.declared(&checked, &manner);
        let schema = transform.schema().clone();
        let mut sealer = Sealer::new(
            declared.clone(),
            schema,
            sealing.recipient,
            &body.signing,
            &path,
        )
        .map_err(|error| fault(&error))?;
        let mut recorder = Recorder::new(body, &format!("{dataset}-{}", sealing.period))?;
        let mut memory = self.memory(&manner)?;
        let mut rows_without_person = 0;
        let (file, summary) = (checked.file.clone(), checked.summary.clone());
        // The last item says whether the rows were those that were checked.
        for rows in checked.typed() {
            let rows = rows?;
            let travelling = transform.rows(&rows.batch, self.people)?;
            rows_without_person += travelling.rows_without_person;
            sealer
                .push(&travelling.batch)
                .map_err(|error| fault(&error))?;
            recorder.push(&rows.lines)?;
            if let Some(memory) = &mut memory {
                memory.push(&declared, &rows.batch)?;
            }
        }
        sealer.declared_mut().rows_without_person = rows_without_person;
        let delivery = sealer.finish().map_err(|error| fault(&error))?;
        let sealed = put(&delivery, &names, (self.place, sealing), asked)?;
        recorder.finish(&Record::new(
            delivery.id(),
            (dataset, sealing.period),
            (&file, sealed.rows),
            sealing.created,
        ))?;
        Ok((sealed, Kept { memory, summary }))
    }

    fn manner(&self) -> Manner {
        let said = self.sealing.manners.get(&self.contract.dataset).cloned();
        said.unwrap_or(Manner {
            kind: DeliveryKind::ORDINARY,
            reason: None,
        })
    }

    /// Rows that only complete a delivery are no quarter to compare the next one with.
    fn memory(&self, manner: &Manner) -> Result<Option<Memory<'a>>, HolderError> {
        if let DeliveryKind::Substitutive {
            scope: Scope::Rejected,
            ..
        } = manner.kind
        {
            return Ok(None);
        }
        let columns = history::columns_kept(self.contract, self.sealing.contracts);
        let when = (&self.contract.dataset, self.sealing.period);
        Memory::new(self.sealing.body, self.own, when, columns).map(Some)
    }

    fn declared(&self, checked: &Checked<'_>, manner: &Manner) -> Declaration {
        let counts = checked.findings.counts();
        let made = self.linkage.iter().flat_map(|linkage| linkage.fields());
        Declaration {
            rows_rejected: checked.rejected,
            encodings: made.map(|field| field.name().clone()).collect(),
            findings: FindingCounts {
                error: counts.error,
                to_justify: counts.to_justify + counts.justified,
                note: counts.note,
            },
            justifications: justifications(checked),
            ..declaration(self.contract, self.sealing, manner)
        }
    }
}

/// What the steward answered to findings, as it travels.
fn justifications(checked: &Checked<'_>) -> Vec<Justification> {
    let answered = checked.findings.iter().filter_map(|finding| {
        let said = finding.justified.as_ref()?;
        let rule = finding.words.as_ref().map(|words| words.id.clone());
        Some(Justification {
            code: finding.diagnostic.code.id.to_owned(),
            column: rule.or_else(|| finding.column().map(str::to_owned)),
            count: finding.count,
            reason: said.reason.word().to_owned(),
            note: (!said.note.is_empty()).then(|| said.note.clone()),
        })
    });
    answered.collect()
}

/// Writes the receipt of a delivery beside it.
fn put(
    delivery: &Delivery<Sealed>,
    names: &Names,
    (place, sealing): (&Place, &Sealing<'_>),
    asked: Asked,
) -> Result<SealedFile, HolderError> {
    let header = delivery.header();
    let dataset = header.declared.dataset.clone();
    Receipt::issue(delivery, &sealing.body.signing)
        .write(&place.growing(&names.receipt)?)
        .map_err(|error| HolderError::Seal {
            dataset: dataset.clone(),
            detail: chain(&error),
        })?;
    Ok(SealedFile {
        delivery: delivery.id().clone(),
        file: place.target(&names.delivery),
        receipt: place.target(&names.receipt),
        rows: header.rows,
        rows_rejected: header.declared.rows_rejected,
        rows_without_person: header.declared.rows_without_person,
        people_asked: asked.new,
        people_known: asked.known,
        dataset,
    })
}
