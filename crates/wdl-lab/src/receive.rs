//! Deliveries come in: checked at the door, kept, recorded; a refused one goes to quarantine and is recorded too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wdl_contract::Contracts;
use wdl_crypto::Realm;
use wdl_delivery::{Delivery, Receipt, Sealed};
use wdl_ledger::{Act, Entry, Received, Rows, Word};
use wdl_protocol::{Act as Permission, Lab};
use wdl_register::{Accepted, Door, Register};
use wdl_vocab::{BodyId, Diagnose, Period};

use crate::desk::{Desk, Done};
use crate::office::{Secrets, public_key};
use crate::{Home, Stopped};

/// What became of one file.
pub struct Reception {
    /// The file.
    pub file: PathBuf,
    /// The delivery, or why it was refused.
    pub outcome: Result<Accepted, Stopped>,
    /// The body's receipt with the lab's signature beside it, when it came with the delivery.
    pub receipt: Option<PathBuf>,
}

/// Receives files, each an act of its own: one that is refused does not stop the others.
///
/// # Errors
/// [`Stopped`] when the lab itself cannot work: its contracts, keys or register cannot be read, or the record cannot be written.
pub fn receive(desk: &mut Desk, files: &[PathBuf]) -> Result<Vec<Reception>, Stopped> {
    let contracts = Contracts::read(&desk.home.lab())?;
    let secrets = Secrets::read(&desk.home)?;
    let bodies = body_keys(&desk.home, &desk.lab)?;
    let realm = realm(&desk.lab);
    let register = Register::open(&desk.home.state())?;
    let door = Door {
        realm: &realm,
        contracts: &contracts,
        bodies: &bodies,
        sealing_key: &secrets.sealing,
        id_key: &secrets.ids,
        periods: (desk.lab.calendar.first_period(), quarter_of(desk.now)),
    };
    let mut receptions = Vec::new();
    for file in files {
        let outcome = receive_one(desk, &register, &door, file);
        let receipt = match &outcome {
            Ok(accepted) => countersign(desk, &door, file, accepted)?,
            Err(_) => None,
        };
        receptions.push(Reception {
            file: file.clone(),
            outcome,
            receipt,
        });
    }
    Ok(receptions)
}

fn receive_one(
    desk: &mut Desk,
    register: &Register,
    door: &Door<'_>,
    file: &Path,
) -> Result<Accepted, Stopped> {
    let delivery = Delivery::read(file);
    let tried = offered(delivery.as_ref().ok(), door);
    desk.act(Permission::Receive, tried, |desk| {
        let already = accepted(desk.ledger.entries());
        let came = delivery
            .map_err(Quarantined::from_file)
            .and_then(|delivery| {
                register
                    .admit(delivery, door, &already)
                    .map_err(Quarantined::from_file)
            });
        match came {
            Ok(accepted) => Ok(Done {
                act: Act::Received(received(&accepted)?),
                object: Some(accepted.sealed_content),
                value: accepted,
            }),
            Err(refused) => {
                register.quarantine(file, refused.why.as_ref())?;
                Err(refused.stopped)
            }
        }
    })
}

/// Signs the receipt that stands beside a delivery that was accepted, for the body to take back.
fn countersign(
    desk: &Desk,
    door: &Door<'_>,
    file: &Path,
    accepted: &Accepted,
) -> Result<Option<PathBuf>, Stopped> {
    let beside = file.with_extension("receipt.json");
    let (true, Some(key)) = (beside.is_file(), door.bodies.get(&accepted.body)) else {
        return Ok(None);
    };
    let receipt = Receipt::read(&beside)?;
    if receipt.delivery() != &accepted.delivery || receipt.verify_body(key).is_err() {
        return Ok(None);
    }
    let signed = receipt.countersign(&desk.office.key, &desk.now.to_string());
    let folder = desk.home.of(crate::Part::Receipts);
    std::fs::create_dir_all(&folder).map_err(|fault| Stopped::file(&folder, &fault))?;
    let path = folder.join(format!("{}.json", accepted.delivery));
    signed.write(&path)?;
    Ok(Some(path))
}

/// A refusal, with the reason that is written beside the file in quarantine.
struct Quarantined {
    why: Box<dyn Diagnose>,
    stopped: Stopped,
}

impl Quarantined {
    fn from_file<E: Diagnose + 'static>(why: E) -> Quarantined {
        Quarantined {
            stopped: Stopped::new(why.diagnostic()),
            why: Box::new(why),
        }
    }
}

/// What the record may say of a file before it is trusted: names that the lab itself knows, once the body's signature held.
fn offered(delivery: Option<&Delivery<Sealed>>, door: &Door<'_>) -> Act {
    let trusted = delivery.filter(|delivery| {
        let body = &delivery.header().declared.body;
        door.bodies
            .get(body)
            .is_some_and(|key| delivery.verify(key).is_ok())
    });
    let declared = trusted.map(|delivery| &delivery.header().declared);
    Act::Offered {
        body: declared.map(|declared| declared.body.clone()),
        dataset: declared
            .filter(|declared| {
                door.contracts
                    .get(&declared.body, &declared.dataset)
                    .is_some()
            })
            .map(|declared| declared.dataset.clone()),
        period: declared.map(|declared| declared.period),
    }
}

fn received(accepted: &Accepted) -> Result<Received, Stopped> {
    let word =
        |text: &str| Word::parse(text).map_err(|fault| Stopped::file(&accepted.file, &fault));
    Ok(Received {
        delivery: accepted.delivery.clone(),
        body: accepted.body.clone(),
        dataset: accepted.dataset.clone(),
        period: accepted.period,
        contract_version: word(&accepted.contract_version)?,
        rows: Rows::about(accepted.rows),
        rows_without_person: Rows::about(accepted.rows_without_person),
        content: accepted.content,
        file: word(&accepted.file.to_string_lossy())?,
    })
}

/// The deliveries in force, as the record names them, in the order they came; their rows are the record's, to the nearest ten.
pub fn accepted(entries: &[Entry]) -> Vec<Accepted> {
    entries
        .iter()
        .filter(|entry| entry.outcome.is_done())
        .filter_map(|entry| match (&entry.act, entry.object) {
            (Act::Received(received), Some(sealed_content)) => Some(Accepted {
                delivery: received.delivery.clone(),
                body: received.body.clone(),
                dataset: received.dataset.clone(),
                period: received.period,
                contract_version: received.contract_version.as_str().to_owned(),
                rows: received.rows.get(),
                rows_without_person: received.rows_without_person.get(),
                sealed_content,
                content: received.content,
                file: PathBuf::from(received.file.as_str()),
            }),
            _ => None,
        })
        .collect()
}

/// The keys of the bodies that have registered one.
fn body_keys(
    home: &Home,
    lab: &Lab,
) -> Result<BTreeMap<BodyId, wdl_crypto::VerifyingKey>, Stopped> {
    let is_registered = |file: &Path| home.of(crate::Part::PublicKeys).join(file).is_file();
    lab.bodies
        .iter()
        .filter(|body| is_registered(&body.verifying_key))
        .map(|body| Ok((body.id.clone(), public_key(home, &body.verifying_key)?)))
        .collect()
}

/// Whose pseudonyms the lab's are.
///
/// # Panics
/// Never: the identifiers of a lab that was read are names of a realm.
pub fn realm(lab: &Lab) -> Realm {
    Realm::new(
        lab.id.as_str(),
        lab.project.as_str(),
        lab.key_period.as_str(),
    )
    .expect("the identifiers of a lab that was read are names of a realm")
}

/// The quarter that holds an instant, in UTC.
pub fn quarter_of(now: Timestamp) -> Period {
    let day = now.to_zoned(TimeZone::UTC).date();
    Period::quarter(day.year(), (day.month() + 2) / 3)
}
