//! Seal and open: what travels, who is asked, and what happens when a custodian fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{Date32Type, Decimal128Type};
use arrow::record_batch::RecordBatch;
use wdl_contract::Contract;
use wdl_crypto::oprf;
use wdl_crypto::{Realm, Recipient, SealingKey, Token};
use wdl_delivery::{Delivery, Receipt};
use wdl_encoding::{Recipe, Recipes};
use wdl_holder::body::Body;
use wdl_holder::error::HolderError;
use wdl_holder::seal::{Custodian, Manner, Progress, SealedFile, Sealing, seal};
use wdl_vocab::{BodyId, DatasetId, Diagnose as _, Diagnostic};

use crate::support::{
    Aid, Ground, Local, aid_file, aid_with, lab_folder, quarter, realm, tax_code,
};

/// Keeps the warnings.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<Diagnostic>>);

impl Progress for Heard {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn warn(&self, warning: &Diagnostic) {
        self.0.lock().unwrap().push(warning.clone());
    }
}

/// A body, the lab's key, a folder for both.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    pub(crate) body: Body,
    lab: SealingKey,
    pub(crate) ground: &'static Ground,
    recipes: Recipes,
    names: [String; 2],
    pub(crate) only_accepted: bool,
    pub(crate) manners: BTreeMap<DatasetId, Manner>,
    pub(crate) realm: Realm,
    pub(crate) progress: Heard,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let id = BodyId::parse("comune").unwrap();
        Scene {
            body: Body::init(&folder.path().join("body"), &id).unwrap(),
            lab: SealingKey::generate(),
            ground: Ground::read(),
            recipes: Recipe::read_all(&lab_folder()).unwrap(),
            only_accepted: false,
            manners: BTreeMap::new(),
            names: ["first".to_owned(), "second".to_owned()],
            realm: realm(),
            progress: Heard::default(),
            folder,
        }
    }

    pub(crate) fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn seal(
        &self,
        files: &[(&str, &str)],
        custodians: &[&Local],
    ) -> Result<Vec<SealedFile>, HolderError> {
        let checked = files
            .iter()
            .map(|(dataset, text)| {
                let checked = self.ground.check(dataset, text.as_bytes());
                (self.ground.contract(dataset), checked)
            })
            .collect();
        self.sealing(custodians, |sealing| seal(checked, sealing))
    }

    /// Does something with all that sealing needs.
    pub(crate) fn sealing<T>(
        &self,
        custodians: &[&Local],
        act: impl FnOnce(&Sealing<'_>) -> T,
    ) -> T {
        let custodians: Vec<&dyn Custodian> = custodians
            .iter()
            .map(|one| *one as &dyn Custodian)
            .collect();
        let recipient: Recipient = self.lab.recipient();
        let id = &self.body.id;
        let contracts: Vec<&Contract> = self.ground.contracts.of_body(id).collect();
        act(&Sealing {
            body: &self.body,
            realm: &self.realm,
            period: quarter(),
            recipient: &recipient,
            custodians: &custodians,
            custodian_names: &self.names,
            custodian_keys: None,
            contracts: &contracts,
            recipes: &self.recipes,
            only_accepted: self.only_accepted,
            manners: &self.manners,
            out: &self.out(),
            created: "2026-04-02T09:00:00Z",
            progress: &self.progress,
        })
    }

    pub(crate) fn open(&self, sealed: &SealedFile) -> RecordBatch {
        let delivery = Delivery::read(&sealed.file).unwrap();
        delivery.verify(&self.body.signing.verifying_key()).unwrap();
        delivery.open(&self.lab).unwrap().batch().clone()
    }

    /// The folder of everything.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn has_deliveries(&self) -> bool {
        has_files(&self.out())
    }

    pub(crate) fn is_untouched(&self) -> bool {
        !has_files(&self.out()) && !has_map(&self.folder.path().join("body"))
    }
}

fn has_files(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries
        .map(|entry| entry.unwrap().path())
        .any(|path| path.is_file() || has_files(&path))
}

fn has_map(body: &Path) -> bool {
    std::fs::read_dir(body).unwrap().any(|entry| {
        entry
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "sealed")
    })
}

pub(crate) fn pair() -> (Local, Local) {
    (Local::new("first"), Local::new("second"))
}

/// The token of a code, computed apart.
pub(crate) fn token_of(code: &str, (a, b): (&Local, &Local)) -> Token {
    let (blinding, blinded) = oprf::blind(&[code.as_bytes()]).unwrap();
    let y = |one: &Local| {
        let evaluated = one.key.evaluate(&blinded).unwrap();
        blinding.finalize(&evaluated, &one.public).unwrap()[0]
    };
    wdl_crypto::token(&a.realm.token_domain("person"), &y(a), &y(b))
}

pub(crate) fn ids<'a>(batch: &'a RecordBatch, name: &str) -> Vec<Option<&'a [u8]>> {
    let column = batch.column_by_name(name).unwrap();
    column.as_fixed_size_binary().iter().collect()
}

#[test]
fn what_is_sealed_is_what_the_contract_says() {
    let scene = Scene::new();
    let (mut a, mut b) = pair();
    a.body = Some(scene.body.signing.verifying_key());
    b.body = a.body;
    let mut rows: Vec<Aid> = (0..20).map(Aid::good).collect();
    rows[3].tax_code = rows[2].tax_code.to_lowercase();
    rows[4].tax_code.clear();
    rows[5].tax_code = "STP0361230000001".into();
    let sealed = scene
        .seal(&[("aiuti", &aid_file(&rows))], &[&a, &b])
        .unwrap();
    let [one] = sealed.as_slice() else {
        panic!("one dataset");
    };
    assert_eq!(
        (
            one.rows,
            one.rows_without_person,
            one.people_asked,
            one.people_known
        ),
        (20, 2, 17, 0)
    );
    assert_eq!(one.file, scene.out().join("comune/2026-Q1/aiuti.wdld"));
    let receipt = Receipt::read(&one.receipt).unwrap();
    receipt
        .verify_body(&scene.body.signing.verifying_key())
        .unwrap();
    assert_eq!(receipt.delivery(), &one.delivery);

    let batch = scene.open(one);
    let contract = scene.ground.contract("aiuti");
    let names: Vec<&str> = contract
        .delivered()
        .map(|column| column.name.as_str())
        .collect();
    let schema = batch.schema();
    let fields: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(fields, names);
    let people = ids(&batch, "person");
    assert_eq!(people[2], people[3]);
    assert_eq!((people[4], people[5]), (None, None));
    for row in [0, 2, 19] {
        let token = token_of(&rows[row].tax_code, (&a, &b));
        assert_eq!(people[row], Some(token.as_bytes().as_slice()));
    }
    let households = ids(&batch, "household");
    let domain = scene.realm.token_domain("keyed/household");
    let household = rows[0].household.as_bytes();
    let hashed = scene.body.hashing.hash(&domain, household);
    assert_eq!(households[0], Some(hashed.as_slice()));
    assert_eq!(households[0], households[1]);
    let amounts = batch.column_by_name("amount").unwrap();
    assert_eq!(amounts.as_primitive::<Decimal128Type>().value(7), 10_750);
    let header = Delivery::read(&one.file).unwrap().header().clone();
    assert_eq!(header.declared.findings.to_justify, 1);
    // Codes of people without a tax code, and a rule between files that found no other file.
    assert_eq!(header.declared.findings.note, 2);
}

#[test]
fn names_stay_and_births_become_months() {
    let scene = Scene::new();
    let (a, b) = pair();
    let header: Vec<&str> = scene
        .ground
        .contract("residenti")
        .columns
        .iter()
        .map(|column| column.physical_name.as_str())
        .collect();
    let code = tax_code(7);
    let cell = |name: &&str| match *name {
        "ID_POSIZIONE" => "P1",
        "CODICE_FISCALE" => code.as_str(),
        "COGNOME" | "NOME" | "COMUNE_NASCITA" => "INVENTATO",
        "DATA_NASCITA" => "17/08/1960",
        "SESSO" => "F",
        "CITTADINANZA" => "100",
        "CODICE_FAMIGLIA" => "FAM1",
        "RELAZIONE" => "IS",
        "TIPO_SCHEDA" => "F",
        "CHIAVE_CATASTALE" => "Z999-1-2-3",
        "RIONE" => "R01",
        "DATA_INIZIO" => "01/02/2026",
        _ => "",
    };
    let row: Vec<&str> = header.iter().map(cell).collect();
    let text = format!("{}\r\n{}\r\n", header.join(";"), row.join(";"));
    let sealed = scene.seal(&[("residenti", &text)], &[&a, &b]).unwrap();
    let batch = scene.open(&sealed[0]);
    let births = batch.column_by_name("birth_month").unwrap();
    let birth = births
        .as_primitive::<Date32Type>()
        .value_as_date(0)
        .unwrap();
    assert_eq!(birth.to_string(), "1960-08-01");
    let dropped = Delivery::read(&sealed[0].file)
        .unwrap()
        .header()
        .declared
        .columns_dropped
        .clone();
    assert_eq!(dropped, ["COGNOME", "NOME", "COMUNE_NASCITA"]);
    for column in batch.columns() {
        let shown = format!("{column:?}");
        assert!(!shown.contains("INVENTATO") && !shown.contains(&code));
    }
}

#[test]
fn the_next_quarter_asks_for_new_people_only() {
    let scene = Scene::new();
    let (a, b) = pair();
    let rows: Vec<Aid> = (0..10).map(Aid::good).collect();
    let first = scene
        .seal(&[("aiuti", &aid_file(&rows))], &[&a, &b])
        .unwrap();
    let before = scene.open(&first[0]);
    let map = std::fs::read_dir(scene.folder.path().join("body"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "sealed"))
        .unwrap();
    let map = String::from_utf8_lossy(&std::fs::read(map).unwrap()).into_owned();
    assert!(rows.iter().all(|row| !map.contains(&row.tax_code)));

    let more: Vec<Aid> = (5..15).map(Aid::good).collect();
    let second = scene
        .seal(&[("aiuti", &aid_file(&more))], &[&a, &b])
        .unwrap();
    assert_eq!((second[0].people_asked, second[0].people_known), (5, 5));
    assert_eq!((a.asked(), b.asked()), (15, 15));
    let after = scene.open(&second[0]);
    assert_eq!(ids(&before, "person")[5..], ids(&after, "person")[..5]);
}

#[test]
fn two_datasets_of_a_quarter_ask_once() {
    let scene = Scene::new();
    let (a, b) = pair();
    let aids = aid_with(|_| {});
    let evictions = format!(
        "NUMERO_PROVVEDIMENTO;CODICE_FISCALE;CHIAVE_CATASTALE;FASE;MOTIVO;DATA\r\nN1;{};Z999-1;emesso;morosita;03/02/2026\r\n",
        tax_code(0)
    );
    let files = [("aiuti", aids.as_str()), ("sfratti", evictions.as_str())];
    let sealed = scene.seal(&files, &[&a, &b]).unwrap();
    assert_eq!(a.asked(), 10);
    let (aids, evictions) = (scene.open(&sealed[0]), scene.open(&sealed[1]));
    assert_eq!(ids(&aids, "person")[0], ids(&evictions, "person")[0]);
}

#[test]
fn the_order_of_the_addresses_does_not_matter() {
    let (a, b) = pair();
    let text = aid_with(|_| {});
    let scenes = [Scene::new(), Scene::new()];
    let there = scenes[0].seal(&[("aiuti", &text)], &[&a, &b]).unwrap();
    let back = scenes[1].seal(&[("aiuti", &text)], &[&b, &a]).unwrap();
    assert_eq!(
        ids(&scenes[0].open(&there[0]), "person"),
        ids(&scenes[1].open(&back[0]), "person")
    );
}

#[test]
fn many_people_in_many_chunks() {
    let scene = Scene::new();
    let (a, b) = pair();
    let rows: Vec<Aid> = (0..3000)
        .map(|nth| Aid {
            amount: "10,00".into(),
            ..Aid::good(nth)
        })
        .collect();
    let sealed = scene
        .seal(&[("aiuti", &aid_file(&rows))], &[&a, &b])
        .unwrap();
    let batch = scene.open(&sealed[0]);
    for row in [0, 511, 512, 2999] {
        let token = token_of(&rows[row].tax_code, (&a, &b));
        assert_eq!(
            ids(&batch, "person")[row],
            Some(token.as_bytes().as_slice())
        );
    }
    assert_eq!(batch.column_by_name("person").unwrap().null_count(), 0);
}

#[test]
fn what_an_interrupted_run_left_is_cleared() {
    let scene = Scene::new();
    let (a, b) = pair();
    let left = scene.out().join("comune/.2026-Q1.partial");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("aiuti.wdld"), "half").unwrap();
    let sealed = scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    assert_eq!(scene.open(&sealed[0]).num_rows(), 10);
    assert!(!left.exists());
}

#[test]
fn a_corrected_export_replaces_its_delivery() {
    let scene = Scene::new();
    let (a, b) = pair();
    let first = scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    let corrected = aid_with(|row| row.amount = "1,00".into());
    let second = scene.seal(&[("aiuti", &corrected)], &[&a, &b]).unwrap();
    assert_eq!(first[0].file, second[0].file);
    assert_ne!(first[0].delivery, second[0].delivery);
    let receipt = Receipt::read(&second[0].receipt).unwrap();
    assert_eq!(
        receipt.delivery(),
        Delivery::read(&second[0].file).unwrap().id()
    );
}

#[test]
fn data_with_errors_are_not_sealed() {
    let scene = Scene::new();
    let (a, b) = pair();
    let bad = aid_with(|row| row.note = tax_code(3));
    let error = scene.seal(&[("aiuti", &bad)], &[&a, &b]).unwrap_err();
    let diagnostic = error.diagnostic();
    assert_eq!(
        (diagnostic.code.id, diagnostic.code.exit.status()),
        ("WDL-H010", 1)
    );
    assert!(scene.is_untouched());
    assert_eq!(a.asked(), 0);
}

#[test]
fn keys_are_made_once_and_for_one_body() {
    let scene = Scene::new();
    let folder = scene.folder.path().join("body");
    let (comune, ausl) = (
        BodyId::parse("comune").unwrap(),
        BodyId::parse("ausl").unwrap(),
    );
    let code =
        |outcome: Result<Body, HolderError>| outcome.err().map(|error| error.diagnostic().code.id);
    assert_eq!(code(Body::init(&folder, &comune)), Some("WDL-H006"));
    assert_eq!(code(Body::open(&folder, &ausl)), Some("WDL-H008"));
    assert_eq!(
        code(Body::open(&folder.join("none"), &comune)),
        Some("WDL-H007")
    );
    assert_eq!(code(Body::open(&folder, &comune)), None);
}
