//! The lab's own properties, as one table: what each is called, what it holds, whether it is needed and what it means.
//!
//! The check of a contract, the JSON Schema and the reference are made from this table, so none of them can say anything else.

mod column;
mod contract;
mod rule;

use wdl_vocab::{Lang, Text};

/// The prefix of every property of the lab.
pub const PREFIX: &str = "wdl.";

/// A property of the lab: an entry of `customProperties` whose name begins with [`PREFIX`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Property {
    /// Its name, prefix and all.
    pub name: &'static str,
    /// What it is a property of.
    pub on: On,
    /// What its value is.
    pub holds: Holds,
    /// Whether it must be there.
    pub needed: Needed,
    it: &'static str,
    en: &'static str,
}

/// What a property is a property of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The whole contract.
    Contract,
    /// A column.
    Column,
    /// A rule of quality of type `sql`.
    Rule,
}

/// What a value is.
#[derive(Clone, Copy)]
pub enum Holds {
    /// Text.
    Text,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A text in both languages: `{ it: …, en: … }`.
    Pair,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Whole,
    /// A number from 0 up, such as 0.2.
    Share,
    /// A list of texts.
    Texts,
    /// A mapping of these parts.
    Parts(&'static [Part]),
}

/// A part of a value that is a mapping.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Part {
    /// Its key.
    pub name: &'static str,
    /// What its value is.
    pub holds: Holds,
    /// Whether it must be there.
    pub is_needed: bool,
    it: &'static str,
    en: &'static str,
}

/// Whether a property must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It must.
    Always,
    /// It must, because the law asks for it.
    ByLaw,
    /// It must in some cases, which its meaning tells.
    Sometimes,
    /// It may be left out.
    No,
}

impl Property {
    const fn new(
        on: On,
        name: &'static str,
        (holds, needed): (Holds, Needed),
        it: &'static str,
        en: &'static str,
    ) -> Property {
        Property {
            name,
            on,
            holds,
            needed,
            it,
            en,
        }
    }

    /// What it means.
    pub fn meaning(&self) -> Text {
        Text::new(self.it, self.en)
    }

    /// What it means, in a language.
    pub fn means(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::It => self.it,
            Lang::En => self.en,
        }
    }
}

impl Part {
    const fn new(
        name: &'static str,
        (holds, is_needed): (Holds, bool),
        it: &'static str,
        en: &'static str,
    ) -> Part {
        Part {
            name,
            holds,
            is_needed,
            it,
            en,
        }
    }

    /// What it means, in a language.
    pub fn means(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::It => self.it,
            Lang::En => self.en,
        }
    }
}

/// Every property, by what it belongs to and name.
pub fn properties() -> impl Iterator<Item = &'static Property> {
    TABLES.into_iter().flatten()
}

/// The properties of a place.
pub(crate) fn of(on: On) -> &'static [Property] {
    match on {
        On::Contract => contract::TABLE,
        On::Column => column::TABLE,
        On::Rule => rule::TABLE,
    }
}

/// The parts of a text in both languages.
pub(crate) const PAIR: &[Part] = &[
    Part::new("it", (Holds::Text, true), "In italiano.", "In Italian."),
    Part::new("en", (Holds::Text, true), "In inglese.", "In English."),
];

const TABLES: [&[Property]; 3] = [contract::TABLE, column::TABLE, rule::TABLE];
