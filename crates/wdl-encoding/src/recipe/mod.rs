//! A recipe: which combinations of a person's values become tokens, and how the rest is encoded.
//!
//! `linkage/<name>.yaml` of the lab folder; a contract names it.

mod fault;
mod file;

use std::collections::BTreeMap;
use std::path::Path;

use wdl_vocab::Digest;

pub(crate) use fault::{Fault, FaultKind};
pub use fault::{RecipeError, RecipeFault};

use crate::normal::NORMAL_FORM;

/// Every recipe of a lab folder, by name.
pub type Recipes = BTreeMap<String, Recipe>;

/// How the people of a dataset are made comparable without their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Its name, which is also the file's.
    pub id: String,
    /// The combinations, in the order of the file.
    pub combinations: Vec<Combination>,
    /// The encoding for what no combination finds.
    pub clk: Option<ClkRule>,
    /// The dataset that is the reference population, as `<body>_<dataset>`: each of its rows is a position that one person holds, and nobody holds two at once.
    pub reference: Option<String>,
}

/// Values that together are one person's in nearly every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// Its name, part of the column's and of the tokens' domain.
    pub id: String,
    /// Which rows get it.
    pub rows: Rows,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// The same values with a usual mistake undone: made for rows without a code only, to be held against the plain form of the others.
    pub variants: Vec<Variant>,
}

/// Which rows get something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every row about a person.
    All,
    /// Only rows without a valid code.
    WithoutCode,
}

/// What a record says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The surname.
    Surname,
    /// The given name.
    GivenName,
    /// The day of birth.
    BirthDate,
    /// The sex.
    Sex,
    /// The place of birth.
    BirthPlace,
}

/// Which form of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// All its letters.
    Whole,
    /// Its first word.
    First,
    /// How its first word sounds.
    Sound,
    /// Its first letter.
    Initial,
}

/// A field in a form, written `surname.sound`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The field.
    pub field: Field,
    /// The form; of names only.
    pub form: Form,
}

/// A usual mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// Surname and given name in each other's place.
    SwappedNames,
    /// Day and month in each other's place.
    SwappedDayMonth,
}

/// An encoding of 1024 bits that tells how alike two records are.
#[derive(Clone, Debug, PartialEq)]
pub struct ClkRule {
    /// Which rows get it.
    pub rows: Rows,
    /// The share of bits set before the diffusion, for a record of average length.
    pub fill: f64,
    /// What separates people who cannot be the same; a record without it gets no encoding.
    pub salt: Vec<Salt>,
    /// Of how many bits each bit is the sum; none when 0.
    pub diffusion: usize,
    /// The fields, in order.
    pub fields: Vec<ClkField>,
}

/// What may salt an encoding: what a person does not change and clerks seldom mistype.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Salt {
    /// The year of birth.
    BirthYear,
    /// The whole day of birth.
    BirthDate,
    /// The sex.
    Sex,
}

/// A field of an encoding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClkField {
    /// The field.
    pub field: Field,
    /// How it is cut.
    pub grams: Grams,
    /// Its share of the bits against the others'.
    pub weight: f64,
    /// How many grams an average value has.
    pub grams_mean: f64,
}

/// How a value is cut into grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grams {
    /// Runs of so many letters, the ends marked.
    Letters(usize),
    /// Each character with its place.
    Places,
    /// The whole value.
    Whole,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// [`RecipeError`] with every fault at its line and column.
    pub fn read(path: &Path) -> Result<Recipe, RecipeError> {
        file::read(path)
    }

    /// Reads every recipe of a lab folder; a lab without the folder `linkage` has none.
    ///
    /// # Errors
    /// [`RecipeError`] with every fault of every file.
    pub fn read_all(lab_folder: &Path) -> Result<Recipes, RecipeError> {
        file::read_all(lab_folder)
    }
}

impl Combination {
    /// What the tokens of a row without a code are made from: the plain form and each variant.
    ///
    /// All of them share one domain, so that a variant of one record meets the plain form of another.
    pub fn domain(&self) -> String {
        format!("link/{}", self.id)
    }

    /// What two bodies must agree on for their tokens to meet.
    pub fn fingerprint(&self) -> Digest {
        let parts: Vec<String> = self.parts.iter().map(Part::to_string).collect();
        Digest::of(format!("combination {} {} {NORMAL_FORM}", self.id, parts.join("+")).as_bytes())
    }
}

impl ClkRule {
    /// What two bodies must agree on for their encodings to be comparable.
    pub fn fingerprint(&self) -> Digest {
        let mut text = format!(
            "clk {NORMAL_FORM} {} {:?} {}",
            self.fill, self.salt, self.diffusion
        );
        for field in &self.fields {
            text.push_str(&format!(
                " {} {:?} {} {}",
                field.field, field.grams, field.weight, field.grams_mean
            ));
        }
        Digest::of(text.as_bytes())
    }
}

/// A list of words and what they mean, in one place for reading and writing.
macro_rules! words {
    ($type:ty, $name:ident: $($word:literal => $value:expr),* $(,)?) => {
        impl $type {
            /// The words of a recipe, in order.
            pub(crate) const WORDS: &[&str] = &[$($word),*];

            /// What a word of a recipe means.
            pub(crate) fn of_word(word: &str) -> Option<$type> {
                match word {
                    $($word => Some($value),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $(if *self == $value {
                    return f.write_str($word);
                })*
                unreachable!("every {} has its word", stringify!($name))
            }
        }
    };
}

words!(Field, field:
    "surname" => Field::Surname,
    "given_name" => Field::GivenName,
    "birth_date" => Field::BirthDate,
    "sex" => Field::Sex,
    "birth_place" => Field::BirthPlace,
);
words!(Grams, grams:
    "letters_2" => Grams::Letters(2),
    "letters_3" => Grams::Letters(3),
    "places" => Grams::Places,
    "whole" => Grams::Whole,
);
words!(Rows, rows: "all" => Rows::All, "without_code" => Rows::WithoutCode);
words!(Variant, variant:
    "swapped_names" => Variant::SwappedNames,
    "swapped_day_month" => Variant::SwappedDayMonth,
);
words!(Salt, salt:
    "birth_year" => Salt::BirthYear,
    "birth_date" => Salt::BirthDate,
    "sex" => Salt::Sex,
);
words!(Part, part:
    "surname" => Part::new(Field::Surname, Form::Whole),
    "surname.first" => Part::new(Field::Surname, Form::First),
    "surname.sound" => Part::new(Field::Surname, Form::Sound),
    "surname.initial" => Part::new(Field::Surname, Form::Initial),
    "given_name" => Part::new(Field::GivenName, Form::Whole),
    "given_name.first" => Part::new(Field::GivenName, Form::First),
    "given_name.sound" => Part::new(Field::GivenName, Form::Sound),
    "given_name.initial" => Part::new(Field::GivenName, Form::Initial),
    "birth_date" => Part::new(Field::BirthDate, Form::Whole),
    "sex" => Part::new(Field::Sex, Form::Whole),
    "birth_place" => Part::new(Field::BirthPlace, Form::Whole),
);

impl Part {
    const fn new(field: Field, form: Form) -> Part {
        Part { field, form }
    }
}
