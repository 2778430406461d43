//! Codes of station R: receiving.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'R',
    codes: ALL,
    it: include_str!("../../../texts/register.it.ftl"),
    en: include_str!("../../../texts/register.en.ftl"),
};

codes! {}
