//! A data contract as typed data: what a body delivers, column by column, and what happens to each column on the way.

use wdl_vocab::{BodyId, DatasetId, Digest, Euro, Text};

/// The contract of one dataset of one body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Contract {
    /// Its identifier: `comune-residenti`.
    pub id: String,
    /// Its version, three numbers: `1.0.0`.
    pub version: String,
    /// The body that delivers.
    pub body: BodyId,
    /// The dataset.
    pub dataset: DatasetId,
    /// What the dataset is called.
    pub title: Text,
    /// What a row describes in time.
    pub shape: Shape,
    /// How the export is encoded.
    pub encoding: Encoding,
    /// The mark between cells.
    pub delimiter: u8,
    /// The columns of the export, in order.
    pub columns: Vec<Column>,
    /// The legal basis of the delivery.
    pub legal_basis: String,
    /// The purpose of the agreement it serves.
    pub purpose: String,
    /// How long the delivery is kept.
    pub retention: String,
    /// The digest of the file.
    pub digest: Digest,
}

/// What a row describes in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A state from `valid_from` until `valid_to`, the end not included.
    Episode,
    /// Something that happened on `event_date`.
    Event,
    /// A fact about `reference_year`.
    Yearly,
    /// A figure about `reference_year` and a group: no row is a person.
    Aggregate,
}

/// How an export is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// Windows code page 1252.
    Windows1252,
}

/// One column of an export.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Column {
    /// Its name in the lab: `taxable_income`.
    pub name: String,
    /// Its name in the export: `REDDITO_IMPONIBILE`.
    pub physical_name: String,
    /// What a cell holds.
    pub kind: Kind,
    /// Whether a cell may be empty.
    pub required: bool,
    /// Whether a value may stand in one row only.
    pub unique: bool,
    /// Whether it is the key of the dataset.
    pub is_key: bool,
    /// What the holder does with it.
    pub treatment: Treatment,
    /// Whether it is known only when an episode ends.
    pub known_at_end: bool,
    /// What people call it.
    pub label: Text,
    /// What it means.
    pub description: Text,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: usize,
    },
    /// A code of a list.
    Code {
        /// The name of the list.
        list: String,
    },
    /// A whole number.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// An amount of euro with two decimals.
    Money {
        /// The least.
        min: Option<Euro>,
        /// The most.
        max: Option<Euro>,
    },
    /// A number with a fixed count of decimals.
    Decimal {
        /// All digits.
        precision: u8,
        /// The decimals.
        scale: i8,
        /// The least, in units of the last decimal.
        min: Option<i64>,
        /// The most, in units of the last decimal.
        max: Option<i64>,
    },
    /// A day.
    Date,
    /// A tax code, or a code that stands for one.
    TaxCode,
}

/// What the holder does with a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// It travels as it is.
    Keep,
    /// It does not travel.
    Drop,
    /// A token of the two custodians travels in its place, in this domain (`person`).
    Oprf(String),
    /// A hash with a key of the holder travels in its place, in this domain (`household`, `dwelling`, `record`).
    Keyed(String),
    /// The first day of its month travels in its place.
    CoarsenMonth,
}

/// A rule between the columns of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A day is not before another.
    NotBefore {
        /// The earlier one.
        earlier: String,
        /// The later one.
        later: String,
    },
    /// Amounts add up to another, within a tolerance in cents.
    Sum {
        /// The parts.
        parts: Vec<String>,
        /// Their sum.
        total: String,
        /// How far it may be off.
        tolerance: Euro,
    },
}

impl Contract {
    /// The columns that travel, in order.
    pub fn delivered(&self) -> impl Iterator<Item = &Column> {
        self.columns
            .iter()
            .filter(|column| column.treatment != Treatment::Drop)
    }

    /// The key column; an aggregate dataset has none.
    pub fn key(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.is_key)
    }

    /// A column by its name in the lab.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The rules between columns that follow from the contract.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        if self.shape == Shape::Episode {
            rules.push(Rule::NotBefore {
                earlier: "valid_from".to_owned(),
                later: "valid_to".to_owned(),
            });
        }
        const PARTS: [&str; 4] = [
            "employment_income",
            "pension_income",
            "self_employment_income",
            "property_income",
        ];
        let has_all = PARTS.iter().all(|part| self.column(part).is_some());
        if has_all && self.column("taxable_income").is_some() {
            rules.push(Rule::Sum {
                parts: PARTS.map(str::to_owned).to_vec(),
                total: "taxable_income".to_owned(),
                tolerance: Euro::from_cents(1),
            });
        }
        rules
    }

    /// The export's file name: `residenti.csv`.
    pub fn file_name(&self) -> String {
        format!("{}.csv", self.dataset)
    }

    /// The name of its table in the lab's SQL, without schema: `comune_residenti`.
    pub fn table(&self) -> String {
        format!("{}_{}", self.body, self.dataset)
    }
}
