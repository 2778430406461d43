//! Codes of station C: contracts and code lists.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'C',
    codes: ALL,
    it: include_str!("../../../texts/contract.it.ftl"),
    en: include_str!("../../../texts/contract.en.ftl"),
};

codes! {}
