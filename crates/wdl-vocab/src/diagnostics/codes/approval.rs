//! Codes of station A: release and reviews.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'A',
    codes: ALL,
    it: include_str!("../../../texts/approval.it.ftl"),
    en: include_str!("../../../texts/approval.en.ftl"),
};

codes! {}
