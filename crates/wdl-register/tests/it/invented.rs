//! An invented lab with two contracts, and invented deliveries.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, Date32Array, Decimal128Array, FixedSizeBinaryArray, Int64Array, StringArray,
};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use jiff::civil::{Date, date};
use wdl_contract::{Contract, Contracts};
use wdl_crypto::{Certificate, HashKey, Realm, SealingKey, SigningKey, VerifyingKey};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, FindingCounts, Sealed};
use wdl_register::{Accepted, Admitted, Door, ReceiveError, Register};
use wdl_vocab::{BodyId, DatasetId, Period};

const HEAD: &str = r#"
apiVersion: v3.1.0
kind: DataContract
id: BODY-DATASET
version: 1.0.0
status: active
customProperties:
  - {property: wdl.body, value: BODY}
  - {property: wdl.dataset, value: DATASET}
  - {property: wdl.title, value: {it: Prova, en: Trial}}
  - {property: wdl.shape, value: SHAPE}
  - {property: wdl.encoding, value: utf8}
  - {property: wdl.delimiter, value: ";"}
  - {property: wdl.legal_basis, value: invented}
  - {property: wdl.purpose, value: invented}
  - {property: wdl.retention, value: invented}
  - {property: wdl.notice, value: {it: invented, en: invented}}
  - {property: wdl.controller, value: BODY}
  - {property: wdl.processors, value: [invented]}
schema:
  - name: DATASET
    properties:
"#;

/// One column of a contract: name, whether it is the key, whether it is required, properties.
fn column(name: &str, is_key: bool, is_required: bool, properties: &[(&str, &str)]) -> String {
    let kind = properties.iter().find(|(key, _)| *key == "kind");
    let logical_type = match kind.map(|(_, kind)| *kind) {
        Some("date") => "date",
        Some("integer") => "integer",
        Some("money" | "decimal") => "number",
        _ => "string",
    };
    let mut text = format!(
        "      - name: {name}\n        physicalName: {}\n        logicalType: {logical_type}\n        primaryKey: {is_key}\n        required: {is_required}\n        customProperties:\n          - {{property: wdl.label, value: {{it: x, en: x}}}}\n",
        name.to_uppercase()
    );
    for (key, value) in properties {
        text.push_str(&format!(
            "          - {{property: wdl.{key}, value: {value}}}\n"
        ));
    }
    text
}

fn contract(body: &str, dataset: &str, shape: &str, columns: &[String]) -> String {
    let head = HEAD
        .replace("BODY", body)
        .replace("DATASET", dataset)
        .replace("SHAPE", shape);
    head + &columns.concat()
}

fn write_lab(folder: &Path) {
    let keep = ("treatment", "keep");
    let homes = [
        column(
            "record",
            true,
            true,
            &[
                ("kind", "text"),
                ("treatment", "keyed"),
                ("domain", "record"),
            ],
        ),
        column(
            "person",
            false,
            true,
            &[
                ("kind", "tax_code"),
                ("treatment", "oprf"),
                ("domain", "person"),
            ],
        ),
        column(
            "surname",
            false,
            true,
            &[("kind", "text"), ("treatment", "drop")],
        ),
        column(
            "sex",
            false,
            true,
            &[("kind", "code"), ("code_list", "sesso"), keep],
        ),
        column("rent", false, false, &[("kind", "money"), keep]),
        column("valid_from", false, true, &[("kind", "date"), keep]),
        column("valid_to", false, false, &[("kind", "date"), keep]),
    ];
    let passi = [
        column("reference_year", false, true, &[("kind", "integer"), keep]),
        column(
            "group",
            false,
            true,
            &[("kind", "code"), ("code_list", "sesso"), keep],
        ),
        column(
            "share",
            false,
            true,
            &[
                ("kind", "decimal"),
                ("precision", "6"),
                ("scale", "4"),
                keep,
            ],
        ),
    ];
    let files = [
        (
            "contracts/comune/case.odcs.yaml",
            contract("comune", "case", "episode", &homes),
        ),
        (
            "contracts/ausl/passi.odcs.yaml",
            contract("ausl", "passi", "aggregate", &passi),
        ),
        (
            "codes/sesso.csv",
            "code,it,en\nM,maschi,males\nF,femmine,females\n".to_owned(),
        ),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A lab, its keys and those of its bodies.
pub(crate) struct Lab {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) realm: Realm,
    pub(crate) term: (Date, Date),
    pub(crate) certificates: BTreeMap<BodyId, Certificate>,
    pub(crate) contracts: Contracts,
    pub(crate) comune: SigningKey,
    pub(crate) bodies: BTreeMap<BodyId, VerifyingKey>,
    pub(crate) sealing_key: SealingKey,
    pub(crate) id_key: HashKey,
    pub(crate) register: Register,
}

/// One row of `comune/case`: record, person, sex, first day.
pub(crate) type Home = (u8, Option<u8>, &'static str, i32);

impl Lab {
    pub(crate) fn new() -> Lab {
        Lab::with_homes(&|text| text)
    }

    /// A lab whose contract of homes provides for encodings.
    pub(crate) fn with_linkage() -> Lab {
        Lab::with_homes(&|text| {
            text.replace(
                "schema:\n",
                "  - {property: wdl.linkage, value: person}\nschema:\n",
            )
        })
    }

    /// A lab whose contract of homes says something else.
    pub(crate) fn with_homes(change: &dyn Fn(String) -> String) -> Lab {
        let folder = tempfile::tempdir().unwrap();
        write_lab(folder.path());
        let homes = folder.path().join("contracts/comune/case.odcs.yaml");
        let text = std::fs::read_to_string(&homes).unwrap();
        std::fs::write(&homes, change(text)).unwrap();
        let comune = SigningKey::generate();
        let bodies =
            ["comune", "ausl"].map(|body| (BodyId::parse(body).unwrap(), comune.verifying_key()));
        Lab {
            realm: Realm::new("modena", "welfare", "2026").unwrap(),
            term: (date(2026, 1, 1), date(2028, 12, 31)),
            certificates: BTreeMap::new(),
            contracts: Contracts::read(folder.path()).unwrap(),
            bodies: bodies.into_iter().collect(),
            comune,
            sealing_key: SealingKey::generate(),
            id_key: HashKey::generate(),
            register: Register::open(&folder.path().join("state")).unwrap(),
            folder,
        }
    }

    /// Another lab with the same secrets: the same rows have the same numbers.
    pub(crate) fn with_secrets_of(lab: &Lab) -> Lab {
        let key = lab.folder.path().join("id.key");
        if !key.is_file() {
            lab.id_key.write(&key).unwrap();
        }
        Lab {
            id_key: HashKey::read(&key).unwrap(),
            ..Lab::new()
        }
    }

    pub(crate) fn contract(&self, body: &str, dataset: &str) -> &Contract {
        self.contracts
            .get(
                &BodyId::parse(body).unwrap(),
                &DatasetId::parse(dataset).unwrap(),
            )
            .unwrap()
    }

    pub(crate) fn declaration(&self, body: &str, dataset: &str, quarter: i8) -> Declaration {
        let contract = self.contract(body, dataset);
        Declaration {
            realm: self.realm.clone(),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: Period::quarter(2026, quarter),
            kind: DeliveryKind::ORDINARY,
            reason: None,
            purpose: contract.purpose.clone(),
            contract_id: contract.id.clone(),
            contract_version: contract.version.clone(),
            contract_digest: contract.digest,
            rows_rejected: 0,
            rows_without_person: 0,
            columns_dropped: vec!["SURNAME".to_owned()],
            encodings: Vec::new(),
            findings: FindingCounts::default(),
            justifications: Vec::new(),
            created: "2026-10-05T08:00:00Z".to_owned(),
        }
    }

    pub(crate) fn seal(&self, declared: Declaration, batch: &RecordBatch) -> Delivery<Sealed> {
        Delivery::seal(declared, batch, &self.sealing_key.recipient(), &self.comune).unwrap()
    }

    pub(crate) fn homes(&self, quarter: i8, rows: &[Home]) -> Delivery<Sealed> {
        self.seal(self.declaration("comune", "case", quarter), &homes(rows))
    }

    pub(crate) fn admit(
        &self,
        delivery: Delivery<Sealed>,
        already: &[Accepted],
    ) -> Result<Accepted, ReceiveError> {
        self.answer(delivery, already)
            .map(|admitted| admitted.accepted)
    }

    pub(crate) fn answer(
        &self,
        delivery: Delivery<Sealed>,
        already: &[Accepted],
    ) -> Result<Admitted, ReceiveError> {
        let purposes = ["invented".to_owned()].into();
        let door = Door {
            realm: &self.realm,
            purposes: &purposes,
            term: self.term,
            certificates: &self.certificates,
            contracts: &self.contracts,
            bodies: &self.bodies,
            sealing_key: &self.sealing_key,
            id_key: &self.id_key,
            periods: (Period::quarter(2025, 4), Period::quarter(2026, 3)),
            now: "2026-10-06T09:00:00Z".parse().unwrap(),
        };
        self.register.admit(delivery, &door, already)
    }
}

fn ids(values: impl Iterator<Item = Option<u8>>) -> ArrayRef {
    let values: Vec<Option<[u8; 32]>> = values.map(|value| value.map(|byte| [byte; 32])).collect();
    Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(values.into_iter(), 32).unwrap())
}

pub(crate) fn homes(rows: &[Home]) -> RecordBatch {
    let rent = Decimal128Array::from_iter(rows.iter().map(|row| Some(i128::from(row.0) * 100)));
    let columns: [(&str, ArrayRef); 6] = [
        ("record", ids(rows.iter().map(|row| Some(row.0)))),
        ("person", ids(rows.iter().map(|row| row.1))),
        (
            "sex",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.2))),
        ),
        (
            "rent",
            Arc::new(rent.with_precision_and_scale(14, 2).unwrap()),
        ),
        (
            "valid_from",
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.3))),
        ),
        (
            "valid_to",
            Arc::new(Date32Array::from_iter(rows.iter().map(|_| None::<i32>))),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, values)| (name, values, true)))
        .unwrap()
}

pub(crate) fn passi(rows: &[(i64, &str, i128)]) -> RecordBatch {
    let share = Decimal128Array::from_iter(rows.iter().map(|row| Some(row.2)));
    let columns: [(&str, ArrayRef); 3] = [
        (
            "reference_year",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "group",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1))),
        ),
        (
            "share",
            Arc::new(share.with_precision_and_scale(6, 4).unwrap()),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// The numbers of a column.
pub(crate) fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    let column = batch.column_by_name(name).unwrap();
    column.as_primitive::<Int64Type>().iter().collect()
}

/// The words of a column, marked or plain.
pub(crate) fn words(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap();
    if matches!(column.data_type(), DataType::Dictionary(_, _)) {
        let column = column.as_dictionary::<Int32Type>();
        let values = column.values().as_string::<i32>();
        return column
            .keys()
            .values()
            .iter()
            .map(|key| values.value(*key as usize).to_owned())
            .collect();
    }
    column
        .as_string::<i32>()
        .iter()
        .map(|value| value.unwrap().to_owned())
        .collect()
}
