//! Codes of station G: the lab folder and the agreement.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'G',
    codes: ALL,
    it: include_str!("../../../texts/lab.it.ftl"),
    en: include_str!("../../../texts/lab.en.ftl"),
};

codes! {}
