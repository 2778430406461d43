//! Codes of station B: links, base and snapshots.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'B',
    codes: ALL,
    it: include_str!("../../../texts/build.it.ftl"),
    en: include_str!("../../../texts/build.en.ftl"),
};

codes! {}
