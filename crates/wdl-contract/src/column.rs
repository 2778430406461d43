//! One column of an export: what a cell holds, what it means and what becomes of it.

use wdl_vocab::{Euro, Text};

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
    /// What the values are in the world, when the contract says so.
    pub semantic: Option<Semantic>,
    /// Where it stands in a line of fixed width: the first character, from 0, and how many.
    pub width: Option<(usize, usize)>,
    /// How its values are written: `dd/MM/yyyy` for a date.
    pub format: Option<String>,
    /// The date it may not be before, by name.
    pub not_before: Option<String>,
    /// The amounts that add up to it, by name; empty when it is no sum.
    pub sum_of: Vec<String>,
    /// How far the sum may be off.
    pub sum_tolerance: Euro,
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

/// What the values of a column are in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Semantic {
    /// An Italian tax code, or a code that stands for one (STP, ENI, provisional).
    TaxCode,
    /// An Italian VAT number.
    VatNumber,
    /// A municipality, by its ISTAT code.
    Municipality,
    /// A municipality or a country, by its cadastral code.
    CadastralPlace,
    /// An Italian post code.
    PostCode,
    /// An account number.
    Iban,
    /// An amount of ISEE.
    Isee,
    /// A surname.
    Surname,
    /// A given name.
    GivenName,
    /// A date of birth.
    BirthDate,
    /// A sex.
    Sex,
    /// A place of birth.
    BirthPlace,
    /// Text that people write as they like.
    FreeText,
    /// Any other word.
    Other(String),
}

impl Semantic {
    /// Whether it means a place: lists of places are never complete, so no row is refused for one that is not in its list.
    pub fn is_place(&self) -> bool {
        matches!(
            self,
            Semantic::Municipality | Semantic::CadastralPlace | Semantic::BirthPlace
        )
    }

    /// What the lab's checks know.
    pub const KNOWN: [Semantic; 13] = [
        Semantic::TaxCode,
        Semantic::VatNumber,
        Semantic::Municipality,
        Semantic::CadastralPlace,
        Semantic::PostCode,
        Semantic::Iban,
        Semantic::Isee,
        Semantic::Surname,
        Semantic::GivenName,
        Semantic::BirthDate,
        Semantic::Sex,
        Semantic::BirthPlace,
        Semantic::FreeText,
    ];

    /// The meaning of a word.
    pub fn of(word: &str) -> Semantic {
        let known = Semantic::KNOWN
            .into_iter()
            .find(|known| known.word() == word);
        known.unwrap_or_else(|| Semantic::Other(word.to_owned()))
    }

    /// The word of the contract.
    pub fn word(&self) -> &str {
        match self {
            Semantic::TaxCode => "it.codice_fiscale",
            Semantic::VatNumber => "it.partita_iva",
            Semantic::Municipality => "it.istat_comune",
            Semantic::CadastralPlace => "it.codice_catastale",
            Semantic::PostCode => "it.cap",
            Semantic::Iban => "iban",
            Semantic::Isee => "it.isee",
            Semantic::Surname => "person.surname",
            Semantic::GivenName => "person.given_name",
            Semantic::BirthDate => "person.birth_date",
            Semantic::Sex => "person.sex",
            Semantic::BirthPlace => "person.birth_place",
            Semantic::FreeText => "text.free",
            Semantic::Other(word) => word,
        }
    }
}
