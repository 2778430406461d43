//! Codes of station I: indicators and statistics.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'I',
    codes: ALL,
    it: include_str!("../../../texts/indicators.it.ftl"),
    en: include_str!("../../../texts/indicators.en.ftl"),
};

codes! {}
