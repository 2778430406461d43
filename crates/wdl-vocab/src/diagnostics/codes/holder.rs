//! Codes of station H: the steward's check and seal.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'H',
    codes: ALL,
    it: include_str!("../../../texts/holder.it.ftl"),
    en: include_str!("../../../texts/holder.en.ftl"),
};

codes! {}
