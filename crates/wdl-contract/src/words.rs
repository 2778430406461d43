//! The closed lists of words of the lab's properties, and what each word stands for.

use wdl_vocab::Severity;

use crate::contract::{Encoding, Shape};

/// A word of a closed list.
pub(crate) trait Word: Copy + 'static {
    /// The words and what they stand for.
    const WORDS: &'static [(&'static str, Self)];
}

/// The words of a list.
pub(crate) fn of<W: Word>() -> Vec<&'static str> {
    W::WORDS.iter().map(|(word, _)| *word).collect()
}

/// What a word stands for.
pub(crate) fn meaning<W: Word>(word: &str) -> Option<W> {
    let found = W::WORDS.iter().find(|(name, _)| *name == word);
    found.map(|(_, meaning)| *meaning)
}

pub(crate) fn delimiters() -> Vec<&'static str> {
    of::<Delimiter>()
}

pub(crate) fn layouts() -> Vec<&'static str> {
    of::<LayoutWord>()
}

pub(crate) fn severities() -> Vec<&'static str> {
    of::<SeverityWord>()
}

pub(crate) fn disclosure_classes() -> Vec<&'static str> {
    vec![
        "aggregate",
        "direct_identifier",
        "health",
        "open",
        "pseudonym",
        "quasi_identifier",
        "sensitive",
    ]
}

/// The word of a kind; the numbers that go with it are properties of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KindWord {
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

impl KindWord {
    /// The logical type of the standard that says the same.
    pub(crate) fn logical_type(self) -> &'static str {
        match self {
            KindWord::Text | KindWord::Code | KindWord::TaxCode => "string",
            KindWord::Integer => "integer",
            KindWord::Money | KindWord::Decimal => "number",
            KindWord::Date => "date",
        }
    }
}

/// The word of a treatment; its domain is a property of its own.
#[derive(Clone, Copy)]
pub(crate) enum TreatmentWord {
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

/// The word of a layout; the sheet is a property of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LayoutWord {
    Delimited,
    Workbook,
    FixedWidth,
}

impl Word for LayoutWord {
    const WORDS: &'static [(&'static str, LayoutWord)] = &[
        ("delimited", LayoutWord::Delimited),
        ("workbook", LayoutWord::Workbook),
        ("fixed_width", LayoutWord::FixedWidth),
    ];
}

/// The mark between cells.
#[derive(Clone, Copy)]
pub(crate) struct Delimiter(pub(crate) u8);

impl Word for Delimiter {
    const WORDS: &'static [(&'static str, Delimiter)] = &[
        (";", Delimiter(b';')),
        (",", Delimiter(b',')),
        ("|", Delimiter(b'|')),
        ("\t", Delimiter(b'\t')),
    ];
}

/// How grave a rule is.
#[derive(Clone, Copy)]
pub(crate) struct SeverityWord(pub(crate) Severity);

impl Word for SeverityWord {
    const WORDS: &'static [(&'static str, SeverityWord)] = &[
        ("error", SeverityWord(Severity::Error)),
        ("to_justify", SeverityWord(Severity::ToJustify)),
        ("note", SeverityWord(Severity::Note)),
    ];
}
