//! Deliveries come in: checked at the door, kept, recorded; a refused one goes to quarantine and is recorded too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wdl_crypto::{Certificate, Realm, SignedCertificate, VerifyingKey};
use wdl_delivery::{Delivery, DeliveryFileError, DeliveryKind, Scope, Sealed};
use wdl_ledger::{Act, Effect, Entry, Received, Rows, Word};
use wdl_protocol::{Act as Permission, Lab};
use wdl_register::{Accepted, Admitted, Door, ReceiveError, Register};
use wdl_vocab::{BodyId, DeliveryId, Diagnose, Period};

use crate::agreed;
use crate::certify::certificate_file;
use crate::desk::{Desk, Done};
use crate::office::{Secrets, agreement_file, public_key};
use crate::receipt::{self, Answered};
use crate::{Home, Stopped};

/// What became of one file.
pub struct Reception {
    /// The file.
    pub file: PathBuf,
    /// What came in and the answer to it, or why it was refused.
    pub outcome: Result<TakenIn, Stopped>,
}

/// A delivery that came in, and the lab's answer.
pub struct TakenIn {
    /// What came in.
    pub admitted: Admitted,
    /// The receipt, signed by the lab, and where it lies.
    pub answered: Answered,
}

/// Receives files, each an act of its own: one that is refused does not stop the others.
///
/// # Errors
/// [`Stopped`] when the lab itself cannot work: its contracts, keys or register cannot be read, or the record cannot be written.
pub fn receive(desk: &mut Desk, files: &[PathBuf]) -> Result<Vec<Reception>, Stopped> {
    let contracts = agreed::contracts(&desk.home, &desk.lab)?;
    let secrets = Secrets::read(&desk.home)?;
    let bodies = body_keys(&desk.home, &desk.lab)?;
    let certificates = certificates(&desk.home, &desk.lab)?;
    let realm = realm(&desk.lab);
    let register = Register::open(&desk.home.state())?;
    let purposes: BTreeSet<String> = desk
        .lab
        .agreement
        .purposes
        .iter()
        .map(|purpose| purpose.id.to_string())
        .collect();
    let door = Door {
        realm: &realm,
        purposes: &purposes,
        term: (desk.lab.agreement.term.from, desk.lab.agreement.term.until),
        contracts: &contracts,
        bodies: &bodies,
        certificates: &certificates,
        sealing_key: &secrets.sealing,
        id_key: &secrets.ids,
        periods: (desk.lab.calendar.first_period(), quarter_of(desk.now)),
        now: desk.now,
    };
    let mut receptions = Vec::new();
    for file in files {
        receptions.push(Reception {
            outcome: receive_one(desk, &register, &door, file),
            file: file.clone(),
        });
    }
    Ok(receptions)
}

fn receive_one(
    desk: &mut Desk,
    register: &Register,
    door: &Door<'_>,
    file: &Path,
) -> Result<TakenIn, Stopped> {
    let delivery = Delivery::read(file);
    let tried = offered(delivery.as_ref().ok(), door);
    desk.act(Permission::Receive, tried, |desk| {
        let already = accepted(desk.ledger.entries());
        let receipt = delivery.as_ref().ok().map(|delivery| {
            let key = door.bodies.get(&delivery.header().declared.body);
            receipt::of_body(file, delivery, key)
        });
        let came = delivery
            .map_err(Quarantined::from_file)
            .and_then(|delivery| {
                register
                    .admit(delivery, door, &already)
                    .map_err(Quarantined::from_register)
            });
        match (came, receipt) {
            (Ok(admitted), Some(receipt)) => {
                // Inert, like every file written before the record names it.
                let accepted = &admitted.accepted;
                let contract = door
                    .contracts
                    .get(&accepted.body, &accepted.dataset)
                    .expect("what was admitted has a contract");
                let answered = receipt::answer(desk, contract, receipt, &admitted)?;
                Ok(Done {
                    act: Act::Received(received(&admitted.accepted)?),
                    object: Some(admitted.accepted.sealed_content),
                    value: TakenIn { admitted, answered },
                })
            }
            (Err(refused), _) => {
                if let Some(why) = &refused.why {
                    register.quarantine(file, why.as_ref())?;
                }
                Err(refused.stopped)
            }
            (Ok(_), None) => unreachable!("what was admitted was read"),
        }
    })
}

/// A refusal, with the reason that is written beside the file in quarantine; none when the lab's own disk is at fault.
struct Quarantined {
    why: Option<Box<dyn Diagnose>>,
    stopped: Stopped,
}

impl Quarantined {
    fn from_file(why: DeliveryFileError) -> Quarantined {
        let is_readable = !matches!(why, DeliveryFileError::Unreadable { .. });
        Quarantined::new(why, is_readable)
    }

    fn from_register(why: ReceiveError) -> Quarantined {
        let is_theirs = !matches!(why, ReceiveError::Register(_));
        Quarantined::new(why, is_theirs)
    }

    fn new(why: impl Diagnose + 'static, is_kept: bool) -> Quarantined {
        Quarantined {
            stopped: Stopped::new(why.diagnostic()),
            why: is_kept.then(|| Box::new(why) as Box<dyn Diagnose>),
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
        rows_rejected: Rows::about(accepted.rows_rejected),
        rows_without_person: Rows::about(accepted.rows_without_person),
        content: accepted.content,
        file: word(&accepted.file.to_string_lossy())?,
        effect: effect(&accepted.kind),
    })
}

fn effect(kind: &DeliveryKind) -> Option<Effect> {
    match kind {
        DeliveryKind::Ordinary {} => None,
        DeliveryKind::Substitutive {
            of,
            scope: Scope::Whole,
        } => Some(Effect::Replaces { of: of.clone() }),
        DeliveryKind::Substitutive {
            of,
            scope: Scope::Rejected,
        } => Some(Effect::Completes { of: of.clone() }),
        DeliveryKind::Cancelling { of } => Some(Effect::Cancels { of: of.clone() }),
    }
}

fn kind(effect: Option<&Effect>) -> DeliveryKind {
    let substitutive = |of: &DeliveryId, scope| DeliveryKind::Substitutive {
        of: of.clone(),
        scope,
    };
    match effect {
        None => DeliveryKind::ORDINARY,
        Some(Effect::Replaces { of }) => substitutive(of, Scope::Whole),
        Some(Effect::Completes { of }) => substitutive(of, Scope::Rejected),
        Some(Effect::Cancels { of }) => DeliveryKind::Cancelling { of: of.clone() },
    }
}

/// The deliveries that came in, as the record names them, in the order they came; their rows are the record's, to the nearest ten.
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
                kind: kind(received.effect.as_ref()),
                contract_version: received.contract_version.as_str().to_owned(),
                rows: received.rows.get(),
                rows_rejected: received.rows_rejected.get(),
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
fn body_keys(home: &Home, lab: &Lab) -> Result<BTreeMap<BodyId, VerifyingKey>, Stopped> {
    let is_registered = |file: &Path| home.of(crate::Part::PublicKeys).join(file).is_file();
    lab.bodies
        .iter()
        .filter(|body| is_registered(&body.verifying_key))
        .map(|body| Ok((body.id.clone(), public_key(home, &body.verifying_key)?)))
        .collect()
}

/// The certificates of the bodies' keys that the lab has given.
fn certificates(home: &Home, lab: &Lab) -> Result<BTreeMap<BodyId, Certificate>, Stopped> {
    let mut certificates = BTreeMap::new();
    for body in &lab.bodies {
        let file = certificate_file(home, &body.id);
        if !file.is_file() {
            continue;
        }
        let agreement = VerifyingKey::read(&agreement_file(home))?;
        let certificate = SignedCertificate::read(&file)
            .and_then(|signed| signed.verify(&agreement))
            .map_err(|error| Stopped::file(&file, &error))?;
        certificates.insert(body.id.clone(), certificate);
    }
    Ok(certificates)
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
