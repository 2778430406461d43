//! The one table of codes, a file per station of the street; a code is never reused.

/// Declares the codes of a station as constants and lists them in `ALL`: `NAME = "WDL-G001", Usage, "what it says";`.
macro_rules! codes {
    ($($name:ident = $id:literal, $exit:ident, $doc:literal;)*) => {
        $(#[doc = $doc] pub const $name: Code = Code { id: $id, exit: crate::diagnostics::Exit::$exit };)*
        const ALL: &[Code] = &[$($name),*];
    };
}

pub mod approval;
pub mod build;
pub mod contract;
pub mod delivery;
pub mod disclosure;
pub mod evaluation;
pub mod holder;
pub mod indicators;
pub mod keys;
pub mod lab;
pub mod ledger;
pub mod linkage;
pub mod publication;
pub mod register;
pub mod sql;
pub mod synthetic;
pub mod usage;

use super::Code;

/// A station of the street: its letter, its codes, its texts.
pub struct Station {
    /// The letter after `WDL-`.
    pub letter: char,
    /// The codes, in order.
    pub codes: &'static [Code],
    /// The Italian Fluent source.
    pub it: &'static str,
    /// The English Fluent source.
    pub en: &'static str,
}

/// Every station.
pub const STATIONS: &[Station] = &[
    approval::STATION,
    build::STATION,
    contract::STATION,
    delivery::STATION,
    disclosure::STATION,
    evaluation::STATION,
    holder::STATION,
    indicators::STATION,
    keys::STATION,
    lab::STATION,
    ledger::STATION,
    linkage::STATION,
    publication::STATION,
    register::STATION,
    sql::STATION,
    synthetic::STATION,
    usage::STATION,
];

/// Every argument a text may name: no argument carries a person's value.
pub const ARGUMENTS: &[&str] = &[
    "actual",
    "address",
    "body",
    "cell",
    "chunk",
    "code",
    "column",
    "command",
    "contract",
    "count",
    "dataset",
    "delivery",
    "detail",
    "dimension",
    "directory",
    "entry",
    "expected",
    "field",
    "file",
    "first",
    "have",
    "indicator",
    "key",
    "label",
    "line",
    "list",
    "maximum",
    "measure",
    "minimum",
    "name",
    "need",
    "of",
    "option",
    "other",
    "period",
    "reason",
    "role",
    "rule",
    "second",
    "share",
    "snapshot",
    "source",
    "table",
    "value",
    "version",
];

/// Every code.
pub fn all() -> impl Iterator<Item = Code> {
    STATIONS
        .iter()
        .flat_map(|station| station.codes.iter().copied())
}
