//! Codes of station K: custodians, pseudonyms and keys.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'K',
    codes: ALL,
    it: include_str!("../../../texts/keys.it.ftl"),
    en: include_str!("../../../texts/keys.en.ftl"),
};

codes! {}
