//! Codes of station X: disclosure control.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'X',
    codes: ALL,
    it: include_str!("../../../texts/disclosure.it.ftl"),
    en: include_str!("../../../texts/disclosure.en.ftl"),
};

codes! {}
