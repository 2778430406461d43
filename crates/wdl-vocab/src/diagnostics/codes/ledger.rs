//! Codes of station L: the ledger.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'L',
    codes: ALL,
    it: include_str!("../../../texts/ledger.it.ftl"),
    en: include_str!("../../../texts/ledger.en.ftl"),
};

codes! {}
