//! The second opinion: every published figure again, slowly and plainly, from the truth of the city or from the bodies' own exports.
//!
//! Plain loops over text files, whole cents, sorted lists.
//! It follows the definitions that people read in `labs/modena`, and must use nothing that computed the published figures: no query engine, no base, no indicators, no kernel.

mod changes;
mod city;
mod day;
mod deliveries;
mod errors;
mod evictions;
mod figures;
mod homes;
mod housing;
mod incidence;
mod incomes;
mod linked;
mod lists;
mod measures;
mod people;
mod poverty;
mod risk;
mod scores;
mod spread;
mod support;
mod table;
mod tables;
mod truth;
mod welfare;
mod work;

pub(crate) use changes::{Change, changes};
pub(crate) use city::City;
pub(crate) use figures::figures;
pub(crate) use table::{Address, Cell, Figures, TOTAL, UNKNOWN};
pub(crate) use tables::{Row, TextTable};

use std::path::Path;

/// Reads a published table.
pub(crate) fn read(file: &Path) -> TextTable {
    read_with(file, b',')
}

/// Reads an export as a body writes it: UTF-8, or else Windows-1252.
pub(crate) fn read_export(file: &Path) -> TextTable {
    let bytes = std::fs::read(file).unwrap();
    match std::str::from_utf8(&bytes) {
        Ok(text) => tables::parsed(text, b';'),
        Err(_) => tables::parsed(&encoding_rs::WINDOWS_1252.decode(&bytes).0, b';'),
    }
}

/// Reads a published table whose cells stand apart by another sign.
pub(crate) fn read_with(file: &Path, separator: u8) -> TextTable {
    tables::utf8(file, separator)
}
