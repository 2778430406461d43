//! The wire form: Open Data Contract Standard 3.1, with the lab's own properties under the prefix `wdl.`.
//!
//! What the standard has and the lab does not read (team, support, price, …) is let through; a key that the standard does not have is a fault.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use wdl_vocab::{Euro, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::code_list::{CodeList, CodeLists};
use crate::contract::{Column, Contract, Encoding, Kind, Shape, Treatment};
use crate::error::{ContractError, ContractFault, Fault, FaultKind};
use crate::properties::{Custom, Properties, Word};
use crate::shape;

type Unread = Option<IgnoredAny>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    #[serde(rename = "apiVersion")]
    _api_version: ApiVersion,
    #[serde(rename = "kind")]
    _kind: DocumentKind,
    id: String,
    version: Placed<String>,
    #[serde(rename = "status")]
    _status: IgnoredAny,
    schema: Placed<Vec<Object>>,
    custom_properties: Placed<Vec<Custom>>,
    #[serde(default, rename = "name")]
    _name: Unread,
    #[serde(default, rename = "tenant")]
    _tenant: Unread,
    #[serde(default, rename = "domain")]
    _domain: Unread,
    #[serde(default, rename = "dataProduct")]
    _data_product: Unread,
    #[serde(default, rename = "description")]
    _description: Unread,
    #[serde(default, rename = "authoritativeDefinitions")]
    _authoritative_definitions: Unread,
    #[serde(default, rename = "tags")]
    _tags: Unread,
    #[serde(default, rename = "servers")]
    _servers: Unread,
    #[serde(default, rename = "support")]
    _support: Unread,
    #[serde(default, rename = "price")]
    _price: Unread,
    #[serde(default, rename = "team")]
    _team: Unread,
    #[serde(default, rename = "roles")]
    _roles: Unread,
    #[serde(default, rename = "slaDefaultElement")]
    _sla_default_element: Unread,
    #[serde(default, rename = "slaProperties")]
    _sla_properties: Unread,
    #[serde(default, rename = "contractCreatedTs")]
    _contract_created_ts: Unread,
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
    name: Placed<String>,
    properties: Vec<Placed<Property>>,
    #[serde(default, rename = "id")]
    _id: Unread,
    #[serde(default, rename = "logicalType")]
    _logical_type: Unread,
    #[serde(default, rename = "physicalName")]
    _physical_name: Unread,
    #[serde(default, rename = "physicalType")]
    _physical_type: Unread,
    #[serde(default, rename = "businessName")]
    _business_name: Unread,
    #[serde(default, rename = "description")]
    _description: Unread,
    #[serde(default, rename = "dataGranularityDescription")]
    _data_granularity_description: Unread,
    #[serde(default, rename = "authoritativeDefinitions")]
    _authoritative_definitions: Unread,
    #[serde(default, rename = "relationships")]
    _relationships: Unread,
    #[serde(default, rename = "quality")]
    _quality: Unread,
    #[serde(default, rename = "tags")]
    _tags: Unread,
    #[serde(default, rename = "customProperties")]
    _custom_properties: Unread,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Property {
    name: Placed<String>,
    physical_name: Placed<String>,
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
    #[serde(default, rename = "id")]
    _id: Unread,
    #[serde(default, rename = "logicalTypeOptions")]
    _logical_type_options: Unread,
    #[serde(default, rename = "primaryKeyPosition")]
    _primary_key_position: Unread,
    #[serde(default, rename = "physicalType")]
    _physical_type: Unread,
    #[serde(default, rename = "businessName")]
    _business_name: Unread,
    #[serde(default, rename = "description")]
    _description: Unread,
    #[serde(default, rename = "classification")]
    _classification: Unread,
    #[serde(default, rename = "criticalDataElement")]
    _critical_data_element: Unread,
    #[serde(default, rename = "encryptedName")]
    _encrypted_name: Unread,
    #[serde(default, rename = "authoritativeDefinitions")]
    _authoritative_definitions: Unread,
    #[serde(default, rename = "relationships")]
    _relationships: Unread,
    #[serde(default, rename = "examples")]
    _examples: Unread,
    #[serde(default, rename = "quality")]
    _quality: Unread,
    #[serde(default, rename = "tags")]
    _tags: Unread,
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

impl Contract {
    /// Reads a contract; whether its code lists exist is looked at by [`Contracts::read`](crate::Contracts::read).
    ///
    /// # Errors
    /// [`ContractError`] with file, line and column of every fault found.
    pub fn read(path: &Path) -> Result<Contract, ContractError> {
        read(path, None)
    }
}

/// Reads a contract, and looks its code lists up when there are any.
pub(crate) fn read(path: &Path, lists: Option<&CodeLists>) -> Result<Contract, ContractError> {
    let source = Source::read(path)?;
    let document: Document = source.parse()?;
    let mut faults = Vec::new();
    let mut reader = Reader {
        source: &source,
        lists,
        faults: &mut faults,
    };
    match reader.contract(&document) {
        Some(contract) if faults.is_empty() => Ok(contract),
        _ => Err(ContractError::new(faults)),
    }
}

const CONTRACT_KEYS: &[&str] = &[
    "wdl.body",
    "wdl.dataset",
    "wdl.delimiter",
    "wdl.encoding",
    "wdl.late_rule",
    "wdl.legal_basis",
    "wdl.notice",
    "wdl.purpose",
    "wdl.retention",
    "wdl.shape",
    "wdl.title",
];
const COLUMN_KEYS: &[&str] = &[
    "wdl.code_list",
    "wdl.description",
    "wdl.disclosure_class",
    "wdl.domain",
    "wdl.kind",
    "wdl.known_at_end",
    "wdl.label",
    "wdl.max",
    "wdl.max_length",
    "wdl.min",
    "wdl.precision",
    "wdl.scale",
    "wdl.semantic_type",
    "wdl.treatment",
];

struct Reader<'a> {
    source: &'a Source,
    lists: Option<&'a CodeLists>,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_at(place, kind));
    }

    fn contract(&mut self, document: &Document) -> Option<Contract> {
        let custom = &document.custom_properties;
        let mut lab = Properties::new(
            &custom.value,
            CONTRACT_KEYS,
            (self.source, custom),
            self.faults,
        );
        let body = lab
            .must("wdl.body")
            .parsed("wdl.body", "the name of a body");
        let dataset = lab
            .must("wdl.dataset")
            .parsed("wdl.dataset", "the name of a dataset");
        let title = lab.must("wdl.title").pair("wdl.title");
        let shape = lab.must("wdl.shape").one_of("wdl.shape");
        let encoding = lab.must("wdl.encoding").one_of("wdl.encoding");
        let delimiter = lab
            .must("wdl.delimiter")
            .one_of::<Delimiter>("wdl.delimiter");
        let mut line = |key| lab.must(key).word(key).map(|word| word.value.clone());
        let legal_basis = line("wdl.legal_basis");
        let purpose = line("wdl.purpose");
        let retention = line("wdl.retention");
        self.version(&document.version);
        let [object] = document.schema.value.as_slice() else {
            let detail = "a contract has one object in `schema`".to_owned();
            self.fault(&document.schema, ContractFault::ColumnsShape { detail });
            return None;
        };
        let columns = self.columns(&object.properties);
        let contract = Contract {
            id: document.id.clone(),
            version: document.version.value.clone(),
            body: body?,
            dataset: dataset?,
            title: title?,
            shape: shape?,
            encoding: encoding?,
            delimiter: delimiter?.0,
            columns: columns?,
            legal_basis: legal_basis?,
            purpose: purpose?,
            retention: retention?,
            digest: self.source.digest(),
        };
        self.whole(&contract, object);
        Some(contract)
    }

    fn version(&mut self, version: &Placed<String>) {
        let parts: Vec<&str> = version.value.split('.').collect();
        if parts.len() != 3 || parts.iter().any(|part| part.parse::<u32>().is_err()) {
            let kind = FaultKind::wrong("expected a version of three numbers, as 1.0.0");
            self.fault(version, kind);
        }
    }

    /// What only the whole contract shows.
    fn whole(&mut self, contract: &Contract, object: &Object) {
        if object.name.value != contract.dataset.as_str() {
            let detail = format!(
                "the object is `{}` and `wdl.dataset` is `{}`",
                object.name.value, contract.dataset
            );
            self.fault(&object.name, ContractFault::ColumnsShape { detail });
        }
        for detail in shape::faults(contract) {
            self.fault(&object.name, ContractFault::ColumnsShape { detail });
        }
    }

    /// Every column, or `None` when one of them is faulty.
    fn columns(&mut self, properties: &[Placed<Property>]) -> Option<Vec<Column>> {
        self.unique(properties.iter().map(|property| &property.value.name));
        self.unique(
            properties
                .iter()
                .map(|property| &property.value.physical_name),
        );
        let columns: Vec<Option<Column>> = properties
            .iter()
            .map(|property| self.column(property))
            .collect();
        columns.into_iter().collect()
    }

    fn unique<'p>(&mut self, names: impl Iterator<Item = &'p Placed<String>>) {
        let mut seen = BTreeSet::new();
        for place in names {
            if !seen.insert(&place.value) {
                let name = place.value.clone();
                let list = "properties".to_owned();
                self.fault(place, FaultKind::DuplicateName { name, list });
            }
        }
    }

    fn column(&mut self, property: &Placed<Property>) -> Option<Column> {
        let wire = &property.value;
        let place = (self.source, property);
        let mut lab = Properties::new(&wire.custom_properties, COLUMN_KEYS, place, self.faults);
        let kind = kind(&mut lab, self.lists);
        let treatment = treatment(&mut lab);
        let label = lab.must("wdl.label").pair("wdl.label");
        let description = lab.pair("wdl.description");
        let known_at_end: Option<bool> = lab.parsed("wdl.known_at_end", "`true` or `false`");
        let label = label?;
        let column = Column {
            name: wire.name.value.clone(),
            physical_name: wire.physical_name.value.clone(),
            kind: kind?,
            required: wire.required || wire.primary_key,
            unique: wire.unique || wire.primary_key,
            is_key: wire.primary_key,
            treatment: treatment?,
            known_at_end: known_at_end.unwrap_or(false),
            description: description.unwrap_or_else(|| label.clone()),
            label,
        };
        if let Some(detail) = shape::column_fault(&column) {
            self.fault(&wire.name, ContractFault::ColumnsShape { detail });
        }
        Some(column)
    }
}

#[derive(Clone, Copy)]
enum KindWord {
    Text,
    Code,
    Integer,
    Money,
    Decimal,
    Date,
    TaxCode,
}

impl Word for KindWord {
    const WORDS: &'static [(&'static str, KindWord)] = &[
        ("text", KindWord::Text),
        ("code", KindWord::Code),
        ("integer", KindWord::Integer),
        ("money", KindWord::Money),
        ("decimal", KindWord::Decimal),
        ("date", KindWord::Date),
        ("tax_code", KindWord::TaxCode),
    ];
}

/// What a column of text may hold when its contract does not say.
const TEXT_MAX: usize = 200;
const WHOLE: &str = "a whole number";

fn kind<T>(lab: &mut Properties<'_, T>, lists: Option<&CodeLists>) -> Option<Kind> {
    let word: KindWord = lab.must("wdl.kind").one_of("wdl.kind")?;
    match word {
        KindWord::Text => Some(Kind::Text {
            max: lab.parsed("wdl.max_length", WHOLE).unwrap_or(TEXT_MAX),
        }),
        KindWord::Code => code(lab, lists),
        KindWord::Integer => {
            let (min, max) = bounds(lab);
            Some(Kind::Integer { min, max })
        }
        KindWord::Money => {
            let (min, max) = bounds(lab);
            Some(Kind::Money {
                min: min.map(Euro::from_units),
                max: max.map(Euro::from_units),
            })
        }
        KindWord::Decimal => decimal(lab),
        KindWord::Date => Some(Kind::Date),
        KindWord::TaxCode => Some(Kind::TaxCode),
    }
}

fn bounds<T>(lab: &mut Properties<'_, T>) -> (Option<i64>, Option<i64>) {
    (lab.parsed("wdl.min", WHOLE), lab.parsed("wdl.max", WHOLE))
}

fn code<T>(lab: &mut Properties<'_, T>, lists: Option<&CodeLists>) -> Option<Kind> {
    let list = lab.must("wdl.code_list").word("wdl.code_list")?;
    if let Some(lists) = lists.filter(|lists| lists.get(&list.value).is_none()) {
        let known = lists.iter().map(CodeList::name);
        let kind = FaultKind::UnknownName {
            name: list.value.clone(),
            list: "codes".to_owned(),
            meant: did_you_mean(&list.value, known).map(str::to_owned),
        };
        return lab.fault(list, kind);
    }
    Some(Kind::Code {
        list: list.value.clone(),
    })
}

fn decimal<T>(lab: &mut Properties<'_, T>) -> Option<Kind> {
    let precision: u8 = lab.must("wdl.precision").parsed("wdl.precision", WHOLE)?;
    let scale: i8 = lab.must("wdl.scale").parsed("wdl.scale", WHOLE)?;
    let (min, max) = bounds(lab);
    let unit = u32::try_from(scale)
        .ok()
        .and_then(|digits| 10_i64.checked_pow(digits));
    let fits = (1..=18).contains(&precision) && i16::from(scale) <= i16::from(precision);
    let Some(unit) = unit.filter(|_| fits) else {
        let detail = "a decimal has 1 to 18 digits, and not more decimals than digits";
        let place = lab.word("wdl.precision")?;
        return lab.fault(place, FaultKind::wrong(detail));
    };
    Some(Kind::Decimal {
        precision,
        scale,
        min: min.map(|least| least.saturating_mul(unit)),
        max: max.map(|most| most.saturating_mul(unit)),
    })
}

#[derive(Clone, Copy)]
enum TreatmentWord {
    Keep,
    Drop,
    Oprf,
    Keyed,
    CoarsenMonth,
}

impl Word for TreatmentWord {
    const WORDS: &'static [(&'static str, TreatmentWord)] = &[
        ("keep", TreatmentWord::Keep),
        ("drop", TreatmentWord::Drop),
        ("oprf", TreatmentWord::Oprf),
        ("keyed", TreatmentWord::Keyed),
        ("coarsen_month", TreatmentWord::CoarsenMonth),
    ];
}

fn treatment<T>(lab: &mut Properties<'_, T>) -> Option<Treatment> {
    let word: TreatmentWord = lab.must("wdl.treatment").one_of("wdl.treatment")?;
    let mut domain = || {
        let word = lab.must("wdl.domain").word("wdl.domain")?;
        Some(word.value.clone())
    };
    match word {
        TreatmentWord::Keep => Some(Treatment::Keep),
        TreatmentWord::Drop => Some(Treatment::Drop),
        TreatmentWord::Oprf => domain().map(Treatment::Oprf),
        TreatmentWord::Keyed => domain().map(Treatment::Keyed),
        TreatmentWord::CoarsenMonth => Some(Treatment::CoarsenMonth),
    }
}

impl Word for Shape {
    const WORDS: &'static [(&'static str, Shape)] = &[
        ("episode", Shape::Episode),
        ("event", Shape::Event),
        ("yearly", Shape::Yearly),
        ("aggregate", Shape::Aggregate),
    ];
}

impl Word for Encoding {
    const WORDS: &'static [(&'static str, Encoding)] = &[
        ("utf8", Encoding::Utf8),
        ("windows-1252", Encoding::Windows1252),
    ];
}

/// The mark between cells.
#[derive(Clone, Copy)]
struct Delimiter(u8);

impl Word for Delimiter {
    const WORDS: &'static [(&'static str, Delimiter)] = &[
        (";", Delimiter(b';')),
        (",", Delimiter(b',')),
        ("|", Delimiter(b'|')),
        ("\t", Delimiter(b'\t')),
    ];
}
