//! Codes of station U: the command line.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'U',
    codes: ALL,
    it: include_str!("../../../texts/usage.it.ftl"),
    en: include_str!("../../../texts/usage.en.ftl"),
};

codes! {}
