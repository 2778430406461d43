//! A schema: how the columns of plain files become vectors, agreed by all who want to compare theirs.
//!
//! It is a file that the parties exchange; its fingerprint covers everything that must agree, and stands in every file of encodings.

mod apart;
mod columns;
mod encoder;
mod file;
mod form;

use wdl_vocab::Digest;

pub use apart::Apart;
pub use columns::{FieldCells, Vectors};
pub use encoder::{RecordCache, SchemaEncoder};
pub use form::NormalForm;

use super::BITS;
use crate::normal::NORMAL_FORM;
use crate::recipe::{Grams, RecipeError};

/// Version of the file and of what is made from it.
///
/// The first version had dates written with the month first, in letters or with two digits of a year as they stood; it is refused, since its vectors are others.
pub(crate) const FORMAT: &str = "wdl-clk-2";

/// How the columns of plain files become vectors of 1024 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The share of bits set before the diffusion, for a record of average length.
    pub fill: f64,
    /// Of how many bits each bit is the sum; none when 0.
    pub diffusion: usize,
    /// The fields, in order.
    pub fields: Vec<SchemaField>,
    /// The vectors of a record: each has its own keys and its own salt.
    pub filters: Vec<Filter>,
}

/// A field of a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaField {
    /// Its name, which all parties use.
    pub name: String,
    /// What its column is called in the files, when not as the field; this alone need not agree.
    pub columns: Vec<String>,
    /// The one form to which all spellings are brought.
    pub form: NormalForm,
    /// How it is cut.
    pub grams: Grams,
    /// Its share of the bits against the others'.
    pub weight: f64,
    /// How many grams an average value has.
    pub grams_mean: f64,
}

/// One vector of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What separates people who cannot be the same; a record that lacks a part has no such vector.
    pub salt: Vec<SaltPart>,
}

/// A part of a salt, written `surname.initial`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltPart {
    /// The field's name.
    pub field: String,
    /// How much of it.
    pub cut: Cut,
}

/// How much of a value salts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// All of it.
    Whole,
    /// Its first letter.
    Initial,
    /// Its first three letters.
    Start,
    /// Its first four digits: the year of a date.
    Year,
    /// What follows the first four digits: the month and the day of a date that has both.
    Day,
}

impl Cut {
    /// What of a value, in its normal form, salts; empty when it has no such part.
    pub fn of(self, value: &str) -> &str {
        let after = |count: usize| {
            let mut letters = value.char_indices();
            letters.nth(count).map_or(value.len(), |(at, _)| at)
        };
        match self {
            Cut::Whole => value,
            Cut::Initial => &value[..after(1)],
            Cut::Start => &value[..after(3)],
            Cut::Year => &value[..after(4)],
            // Half of it is shared by all of a month, and nothing by everybody.
            Cut::Day if after(8) > after(7) => &value[after(4)..],
            Cut::Day => "",
        }
    }
}

impl Schema {
    /// Reads a schema; `name` is what its faults call the file.
    ///
    /// # Errors
    /// [`RecipeError`] with every fault at its line and column.
    pub fn read(name: &str, text: &str) -> Result<Schema, RecipeError> {
        file::read(name, text)
    }

    /// The file of this schema.
    pub fn write(&self) -> String {
        file::write(self)
    }

    /// What two parties must agree on for their encodings to be comparable.
    pub fn fingerprint(&self) -> Digest {
        let mut text = format!(
            "{FORMAT} {NORMAL_FORM} {BITS} {} {}",
            self.fill, self.diffusion
        );
        for field in &self.fields {
            text.push_str(&format!(
                "\nfield {:?} {} {:?} {} {}",
                field.name,
                field.form.word(),
                field.grams,
                field.weight,
                field.grams_mean
            ));
        }
        for filter in &self.filters {
            text.push_str("\nfilter");
            for part in &filter.salt {
                text.push_str(&format!(" {:?} {:?}", part.field, part.cut));
            }
        }
        Digest::of(text.as_bytes())
    }

    /// The salt of each vector in words, as it stands in the file.
    pub fn salts(&self) -> Vec<String> {
        let words = |filter: &Filter| {
            let parts: Vec<String> = filter.salt.iter().map(ToString::to_string).collect();
            parts.join(" + ")
        };
        self.filters.iter().map(words).collect()
    }
}

impl std::fmt::Display for SaltPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.cut {
            Cut::Whole => f.write_str(&self.field),
            Cut::Initial => write!(f, "{}.initial", self.field),
            Cut::Start => write!(f, "{}.start", self.field),
            Cut::Year => write!(f, "{}.year", self.field),
            Cut::Day => write!(f, "{}.day", self.field),
        }
    }
}
