//! The wire form: Open Data Contract Standard 3.1, with the lab's own properties under the prefix `wdl.`.
//!
//! What the standard has and the lab does not read (team, support, price, …) is let through; a key that the standard does not have is a fault.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wdl_vocab::{BodyId, DatasetId, Digest, Euro, Text, did_you_mean};

use crate::contract::{Column, Contract, Encoding, Kind, Shape, Treatment};
use crate::error::{ContractError, Fault, FaultKind};
use crate::yaml::{Placed, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    api_version: Placed<ApiVersion>,
    #[serde(rename = "kind")]
    _kind: DocumentKind,
    id: String,
    version: String,
    #[serde(rename = "status")]
    _status: String,
    schema: Placed<Vec<Object>>,
    custom_properties: Placed<Vec<Custom>>,
    #[serde(default, rename = "name")]
    _name: Option<String>,
    #[serde(default, rename = "tenant")]
    _tenant: Option<String>,
    #[serde(default, rename = "domain")]
    _domain: Option<String>,
    #[serde(default, rename = "dataProduct")]
    _data_product: Option<String>,
    #[serde(default, rename = "description")]
    _description: Option<Value>,
    #[serde(default, rename = "authoritativeDefinitions")]
    _authoritative_definitions: Option<Value>,
    #[serde(default, rename = "tags")]
    _tags: Option<Value>,
    #[serde(default, rename = "servers")]
    _servers: Option<Value>,
    #[serde(default, rename = "support")]
    _support: Option<Value>,
    #[serde(default, rename = "price")]
    _price: Option<Value>,
    #[serde(default, rename = "team")]
    _team: Option<Value>,
    #[serde(default, rename = "roles")]
    _roles: Option<Value>,
    #[serde(default, rename = "slaProperties")]
    _sla_properties: Option<Value>,
    #[serde(default, rename = "contractCreatedTs")]
    _contract_created_ts: Option<String>,
}

#[derive(Deserialize)]
enum ApiVersion {
    #[serde(rename = "v3.1.0")]
    V310,
}

#[derive(Deserialize)]
enum DocumentKind {
    DataContract,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Object {
    name: String,
    properties: Vec<Placed<Property>>,
    #[serde(default, rename = "logicalType")]
    _logical_type: Option<String>,
    #[serde(default, rename = "physicalName")]
    _physical_name: Option<String>,
    #[serde(default, rename = "physicalType")]
    _physical_type: Option<String>,
    #[serde(default, rename = "businessName")]
    _business_name: Option<String>,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "dataGranularityDescription")]
    _data_granularity_description: Option<String>,
    #[serde(default, rename = "quality")]
    _quality: Option<Value>,
    #[serde(default, rename = "tags")]
    _tags: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Property {
    name: String,
    physical_name: String,
    #[serde(rename = "logicalType")]
    _logical_type: LogicalType,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    primary_key: bool,
    #[serde(default)]
    custom_properties: Vec<Custom>,
    #[serde(default, rename = "logicalTypeOptions")]
    _logical_type_options: Option<Value>,
    #[serde(default, rename = "primaryKeyPosition")]
    _primary_key_position: Option<i64>,
    #[serde(default, rename = "physicalType")]
    _physical_type: Option<String>,
    #[serde(default, rename = "businessName")]
    _business_name: Option<String>,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "classification")]
    _classification: Option<String>,
    #[serde(default, rename = "criticalDataElement")]
    _critical_data_element: Option<bool>,
    #[serde(default, rename = "examples")]
    _examples: Option<Value>,
    #[serde(default, rename = "quality")]
    _quality: Option<Value>,
    #[serde(default, rename = "tags")]
    _tags: Option<Value>,
}

/// The logical types of the standard that an export has.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum LogicalType {
    String,
    Date,
    Number,
    Integer,
    Boolean,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Custom {
    property: String,
    value: Value,
    #[serde(default, rename = "description")]
    _description: Option<String>,
}

impl Contract {
    /// Reads a contract.
    ///
    /// # Errors
    /// [`ContractError`] with file, line and column of every fault found.
    pub fn read(path: &Path) -> Result<Contract, ContractError> {
        let source = Source::read(path)?;
        let document: Document = source.parse()?;
        let mut faults = Vec::new();
        let contract = convert(document, &source, &mut faults);
        match contract {
            Some(contract) if faults.is_empty() => Ok(contract),
            _ => Err(ContractError::new(faults)),
        }
    }
}

fn convert(document: Document, source: &Source, faults: &mut Vec<Fault>) -> Option<Contract> {
    let ApiVersion::V310 = document.api_version.value;
    let mut lab = Properties::new(&document.custom_properties.value, CONTRACT_KEYS);
    let body: Option<BodyId> = lab.need("wdl.body");
    let dataset: Option<DatasetId> = lab.need("wdl.dataset");
    let title: Option<Text> = lab.need("wdl.title");
    let shape: Option<Shape> = lab.need("wdl.shape");
    let encoding: Option<Encoding> = lab.need("wdl.encoding");
    let delimiter: Option<char> = lab.need("wdl.delimiter");
    let legal_basis: Option<String> = lab.need("wdl.legal_basis");
    let purpose: Option<String> = lab.need("wdl.purpose");
    let retention: Option<String> = lab.need("wdl.retention");
    lab.report(source, &document.custom_properties, faults);
    let schema = &document.schema;
    let [object] = schema.value.as_slice() else {
        let detail = "a contract has one object in `schema`".to_owned();
        faults.push(source.fault_at(schema, FaultKind::ColumnsShape { detail }));
        return None;
    };
    let columns: Vec<Column> = object
        .properties
        .iter()
        .filter_map(|property| column(property, source, faults))
        .collect();
    let contract = Contract {
        id: document.id,
        version: document.version,
        body: body?,
        dataset: dataset?,
        title: title?,
        shape: shape?,
        encoding: encoding?,
        delimiter: u8::try_from(delimiter?).ok()?,
        columns,
        legal_basis: legal_basis?,
        purpose: purpose?,
        retention: retention?,
        digest: Digest::of(source.bytes()),
    };
    if object.name != contract.dataset.as_str() {
        let detail = format!("the object is `{}` and `wdl.dataset` is `{}`", object.name, contract.dataset);
        faults.push(source.fault_at(schema, FaultKind::ColumnsShape { detail }));
    }
    faults.extend(shape_faults(&contract).into_iter().map(|kind| source.fault_at(schema, kind)));
    Some(contract)
}

/// What the shape of a dataset asks of its columns.
fn shape_faults(contract: &Contract) -> Vec<FaultKind> {
    let mut faults = Vec::new();
    let mut ask = |holds: bool, detail: &str| {
        if !holds {
            faults.push(FaultKind::ColumnsShape { detail: detail.to_owned() });
        }
    };
    let keys = contract.columns.iter().filter(|column| column.is_key).count();
    let is_keyed = contract.key().is_some_and(|key| {
        matches!(key.treatment, Treatment::Keyed(_)) && key.required
    });
    let is_date = |name: &str| contract.column(name).is_some_and(|column| column.kind == Kind::Date);
    let is_year = contract
        .column("reference_year")
        .is_some_and(|column| matches!(column.kind, Kind::Integer { .. }));
    let has_people = contract.columns.iter().any(|column| {
        column.kind == Kind::TaxCode
            || matches!(column.treatment, Treatment::Oprf(_) | Treatment::Keyed(_))
    });
    match contract.shape {
        Shape::Aggregate => {
            ask(is_year, "an aggregate has an integer column `reference_year`");
            ask(!has_people && keys == 0, "an aggregate has no key and no column of a person");
        }
        Shape::Episode => {
            ask(is_date("valid_from") && is_date("valid_to"), "an episode has the dates `valid_from` and `valid_to`");
        }
        Shape::Event => ask(is_date("event_date"), "an event has the date `event_date`"),
        Shape::Yearly => ask(is_year, "yearly facts have an integer column `reference_year`"),
    }
    if contract.shape != Shape::Aggregate {
        ask(keys == 1 && is_keyed, "exactly one column is `primaryKey`, required, with treatment `keyed`");
    }
    for names in [
        contract.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        contract.columns.iter().map(|column| &column.physical_name).collect(),
    ] {
        let mut sorted = names;
        sorted.sort();
        for pair in sorted.windows(2).filter(|pair| pair[0] == pair[1]) {
            faults.push(FaultKind::DuplicateName { name: pair[0].clone(), list: "properties".to_owned() });
        }
    }
    for column in &contract.columns {
        let is_open = column.kind == Kind::TaxCode
            && !matches!(column.treatment, Treatment::Oprf(_) | Treatment::Drop);
        if is_open {
            let detail = format!("the tax code `{}` is neither `oprf` nor `drop`", column.name);
            faults.push(FaultKind::ColumnsShape { detail });
        }
    }
    faults
}

fn column(property: &Placed<Property>, source: &Source, faults: &mut Vec<Fault>) -> Option<Column> {
    let wire = &property.value;
    let mut lab = Properties::new(&wire.custom_properties, COLUMN_KEYS);
    let kind = kind(&mut lab);
    let treatment = treatment(&mut lab);
    let label: Option<Text> = lab.need("wdl.label");
    let description: Option<Text> = lab.want("wdl.description");
    let known_at_end: Option<bool> = lab.want("wdl.known_at_end");
    lab.report(source, property, faults);
    let label = label?;
    Some(Column {
        name: wire.name.clone(),
        physical_name: wire.physical_name.clone(),
        kind: kind?,
        required: wire.required || wire.primary_key,
        unique: wire.unique || wire.primary_key,
        is_key: wire.primary_key,
        treatment: treatment?,
        known_at_end: known_at_end.unwrap_or(false),
        description: description.unwrap_or_else(|| label.clone()),
        label,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindWord {
    Text,
    Code,
    Integer,
    Money,
    Decimal,
    Date,
    TaxCode,
}

fn kind(lab: &mut Properties<'_>) -> Option<Kind> {
    let word: KindWord = lab.need("wdl.kind")?;
    match word {
        KindWord::Text => Some(Kind::Text {
            max: lab.want("wdl.max_length").unwrap_or(200),
        }),
        KindWord::Code => Some(Kind::Code {
            list: lab.need("wdl.code_list")?,
        }),
        KindWord::Integer => Some(Kind::Integer {
            min: lab.want("wdl.min"),
            max: lab.want("wdl.max"),
        }),
        KindWord::Money => Some(Kind::Money {
            min: lab.want("wdl.min").map(Euro::from_units),
            max: lab.want("wdl.max").map(Euro::from_units),
        }),
        KindWord::Decimal => {
            let scale: i8 = lab.need("wdl.scale")?;
            let unit = 10_i64.checked_pow(u32::try_from(scale).ok()?)?;
            Some(Kind::Decimal {
                precision: lab.need("wdl.precision")?,
                scale,
                min: lab.want::<i64>("wdl.min").map(|least| least * unit),
                max: lab.want::<i64>("wdl.max").map(|most| most * unit),
            })
        }
        KindWord::Date => Some(Kind::Date),
        KindWord::TaxCode => Some(Kind::TaxCode),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TreatmentWord {
    Keep,
    Drop,
    Oprf,
    Keyed,
    CoarsenMonth,
}

fn treatment(lab: &mut Properties<'_>) -> Option<Treatment> {
    let word: TreatmentWord = lab.need("wdl.treatment")?;
    match word {
        TreatmentWord::Keep => Some(Treatment::Keep),
        TreatmentWord::Drop => Some(Treatment::Drop),
        TreatmentWord::Oprf => Some(Treatment::Oprf(lab.need("wdl.domain")?)),
        TreatmentWord::Keyed => Some(Treatment::Keyed(lab.need("wdl.domain")?)),
        TreatmentWord::CoarsenMonth => Some(Treatment::CoarsenMonth),
    }
}

const CONTRACT_KEYS: &[&str] = &[
    "wdl.body", "wdl.dataset", "wdl.title", "wdl.shape", "wdl.encoding", "wdl.delimiter",
    "wdl.legal_basis", "wdl.purpose", "wdl.retention", "wdl.notice", "wdl.late_rule",
];
const COLUMN_KEYS: &[&str] = &[
    "wdl.kind", "wdl.code_list", "wdl.max_length", "wdl.min", "wdl.max", "wdl.precision",
    "wdl.scale", "wdl.treatment", "wdl.domain", "wdl.known_at_end", "wdl.label",
    "wdl.description", "wdl.semantic_type", "wdl.disclosure_class",
];

/// The lab's own properties of a contract or a column, taken out one by one.
struct Properties<'a> {
    values: BTreeMap<&'a str, &'a Value>,
    known: &'static [&'static str],
    faults: Vec<FaultKind>,
}

impl<'a> Properties<'a> {
    fn new(list: &'a [Custom], known: &'static [&'static str]) -> Properties<'a> {
        let mut properties = Properties {
            values: BTreeMap::new(),
            known,
            faults: Vec::new(),
        };
        for custom in list.iter().filter(|custom| custom.property.starts_with("wdl.")) {
            let key = custom.property.as_str();
            if properties.values.insert(key, &custom.value).is_some() {
                properties.faults.push(FaultKind::DuplicateKey { key: key.to_owned() });
            }
            if !known.contains(&key) {
                properties.faults.push(FaultKind::UnknownKey {
                    key: key.to_owned(),
                    meant: did_you_mean(key, known.iter().copied()).map(str::to_owned),
                    known: known.join(", "),
                });
            }
        }
        properties
    }

    fn want<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        debug_assert!(self.known.contains(&key), "`{key}` is a property of the lab");
        let value = self.values.get(key)?;
        match T::deserialize(*value) {
            Ok(read) => Some(read),
            Err(fault) => {
                let detail = format!("`{key}`: {fault}");
                self.faults.push(FaultKind::WrongValue { detail });
                None
            }
        }
    }

    fn need<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        if !self.values.contains_key(key) {
            self.faults.push(FaultKind::MissingKey { key: key.to_owned() });
        }
        self.want(key)
    }

    fn report<T>(self, source: &Source, place: &Placed<T>, faults: &mut Vec<Fault>) {
        faults.extend(self.faults.into_iter().map(|kind| source.fault_at(place, kind)));
    }
}
