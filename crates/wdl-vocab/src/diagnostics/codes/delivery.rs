//! Codes of station D: sealed deliveries.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'D',
    codes: ALL,
    it: include_str!("../../../texts/delivery.it.ftl"),
    en: include_str!("../../../texts/delivery.en.ftl"),
};

codes! {}
