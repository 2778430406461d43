//! The shipped lab, invented people, exports as a body writes them, custodians in this process.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

use jiff::civil::date;
use wdl_contract::{Contract, Contracts};
use wdl_crypto::oprf::declaration::{Declaration, Declared};
use wdl_crypto::oprf::wire::{Question, Response};
use wdl_crypto::oprf::{OprfKey, PublicKey};
use wdl_crypto::{Realm, VerifyingKey};
use wdl_holder::check::{Checked, Terms, check_bytes};
use wdl_holder::error::{CustodianError, CustodianFault};
use wdl_holder::seal::{About, Acceptance, Custodian};
use wdl_identity::{Registration, Sex, compose};
use wdl_vocab::Period;

/// The lab the product ships.
pub(crate) fn lab_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena")
}

/// The contracts and code lists of the shipped lab.
pub(crate) struct Ground {
    pub(crate) contracts: Contracts,
}

impl Ground {
    /// The shipped lab, read once.
    pub(crate) fn read() -> &'static Ground {
        static SHIPPED: LazyLock<Ground> = LazyLock::new(|| Ground::of(&lab_folder()));
        &SHIPPED
    }

    /// A small lab of the tests' own, so that a word changed in the shipped one changes no snapshot.
    pub(crate) fn of_snapshots() -> Ground {
        Ground::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/lab"))
    }

    fn of(lab: &Path) -> Ground {
        Ground {
            contracts: Contracts::read(lab).unwrap(),
        }
    }

    pub(crate) fn contract(&self, dataset: &str) -> &Contract {
        self.contracts
            .iter()
            .find(|contract| contract.dataset.as_str() == dataset)
            .unwrap()
    }

    /// Checks an export of the first quarter of 2026.
    pub(crate) fn check(&self, dataset: &str, bytes: &[u8]) -> Checked<'_> {
        self.check_named(&format!("{dataset}.csv"), dataset, bytes)
    }

    /// The same for a file of another name.
    pub(crate) fn check_named(&self, name: &str, dataset: &str, bytes: &[u8]) -> Checked<'_> {
        let contract = self.contract(dataset);
        let terms = Terms::alone(contract, self.contracts.lists(), quarter());
        check_bytes(name, bytes, terms).unwrap()
    }
}

pub(crate) fn quarter() -> Period {
    Period::quarter(2026, 1)
}

/// The codice fiscale of an invented person.
pub(crate) fn tax_code(nth: usize) -> String {
    let letters = |n: usize| {
        let letter = |n: usize| char::from(b'B' + u8::try_from(n % 20).unwrap());
        format!("{}{}{}", letter(n), letter(n / 20), letter(n / 400))
    };
    let person = Registration {
        surname: &letters(nth),
        name: &letters(nth * 7 + 3),
        sex: if nth.is_multiple_of(2) {
            Sex::Female
        } else {
            Sex::Male
        },
        born: date(1960, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(nth).unwrap())),
        place: "Z999",
    };
    compose(&person).unwrap().expose().to_owned()
}

/// A row of `aiuti` as the municipality writes it.
#[derive(Clone)]
pub(crate) struct Aid {
    pub(crate) id: String,
    pub(crate) tax_code: String,
    pub(crate) household: String,
    pub(crate) measure: String,
    pub(crate) amount: String,
    pub(crate) date: String,
    pub(crate) note: String,
}

/// The header of `aiuti`.
pub(crate) const AID_HEADER: &str =
    "ID_EROGAZIONE;CODICE_FISCALE;CODICE_FAMIGLIA;MISURA;IMPORTO;DATA;NOTE";

impl Aid {
    /// A row with nothing wrong.
    pub(crate) fn good(nth: usize) -> Aid {
        Aid {
            id: format!("ER{nth:06}"),
            tax_code: tax_code(nth),
            household: format!("FAM{:05}", nth / 2),
            measure: "utenze".to_owned(),
            amount: format!("{},50", 100 + nth),
            date: format!("{:02}/02/2026", 1 + nth % 28),
            note: String::new(),
        }
    }

    fn line(&self) -> String {
        [
            &self.id,
            &self.tax_code,
            &self.household,
            &self.measure,
            &self.amount,
            &self.date,
            &self.note,
        ]
        .map(String::as_str)
        .join(";")
    }
}

/// An export of `aiuti`.
pub(crate) fn aid_file(rows: &[Aid]) -> String {
    let mut text = format!("{AID_HEADER}\r\n");
    for row in rows {
        text.push_str(&row.line());
        text.push_str("\r\n");
    }
    text
}

/// Good rows, one of them changed.
pub(crate) fn aid_with(change: impl FnOnce(&mut Aid)) -> String {
    let mut rows: Vec<Aid> = (0..10).map(Aid::good).collect();
    change(&mut rows[4]);
    aid_file(&rows)
}

/// A custodian in this process.
pub(crate) struct Local {
    name: &'static str,
    pub(crate) key: OprfKey,
    /// What it says its key is.
    pub(crate) public: PublicKey,
    /// What it says its key is for.
    pub(crate) realm: Realm,
    pub(crate) is_down: bool,
    /// So many questions are answered, then it is down.
    pub(crate) stops_after: u64,
    /// Whether its answers are no points of the group.
    pub(crate) answers_nonsense: bool,
    /// By how many seconds the body's clock is ahead of its own.
    pub(crate) clock_off_seconds: i64,
    pub(crate) body: Option<VerifyingKey>,
    pub(crate) asked: AtomicU64,
    answered: AtomicU64,
    declared: Mutex<Vec<Declared>>,
}

impl Local {
    pub(crate) fn new(name: &'static str) -> Local {
        let key = OprfKey::generate();
        Local {
            name,
            public: key.public_key(),
            key,
            realm: realm(),
            is_down: false,
            stops_after: u64::MAX,
            answers_nonsense: false,
            clock_off_seconds: 0,
            body: None,
            asked: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            declared: Mutex::default(),
        }
    }

    /// The same of another realm.
    pub(crate) fn of(self, realm: &Realm) -> Local {
        Local {
            realm: realm.clone(),
            ..self
        }
    }

    /// What was declared to it, in order.
    pub(crate) fn declared(&self) -> Vec<Declaration> {
        let declared = self.declared.lock().unwrap();
        declared
            .iter()
            .map(|one| one.declaration().clone())
            .collect()
    }

    fn down(&self) -> CustodianError {
        CustodianError {
            address: self.name.to_owned(),
            fault: CustodianFault::Down("connection refused".to_owned()),
        }
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Custodian for Local {
    fn address(&self) -> &str {
        self.name
    }

    fn about(&self) -> Result<About, CustodianError> {
        Ok(About {
            custodian: self.name.to_owned(),
            realm: self.realm.clone(),
            public_key: self.public,
        })
    }

    fn declare(&self, declared: &Declared) -> Result<Acceptance, CustodianError> {
        if self.is_down {
            return Err(self.down());
        }
        if let Some(body) = &self.body {
            declared.verify(body).unwrap();
        }
        self.declared.lock().unwrap().push(declared.clone());
        Ok(Acceptance {
            clock_off_seconds: self.clock_off_seconds,
        })
    }

    fn answer(&self, question: &Question) -> Result<Response, CustodianError> {
        let nth = self.answered.fetch_add(1, Ordering::Relaxed);
        if self.is_down || nth >= self.stops_after {
            return Err(self.down());
        }
        if let Some(body) = &self.body {
            question.verify(body).unwrap();
        }
        let declared = self.declared.lock().unwrap();
        assert!(
            declared
                .iter()
                .any(|one| one.id() == question.batch().declaration)
        );
        drop(declared);
        self.asked
            .fetch_add(question.blinded().len() as u64, Ordering::Relaxed);
        let response = Response {
            public_key: self.key.public_key(),
            evaluated: self.key.evaluate(question.blinded()).unwrap(),
        };
        if !self.answers_nonsense {
            return Ok(response);
        }
        let mut bytes = response.to_bytes();
        bytes[44..76].fill(0);
        Ok(Response::from_bytes(&bytes).unwrap())
    }
}

/// The realm of the tests.
pub(crate) fn realm() -> Realm {
    Realm::new("modena", "welfare", "2026").unwrap()
}
