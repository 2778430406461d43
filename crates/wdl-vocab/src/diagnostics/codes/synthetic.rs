//! Codes of station Y: the synthetic city.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'Y',
    codes: ALL,
    it: include_str!("../../../texts/synthetic.it.ftl"),
    en: include_str!("../../../texts/synthetic.en.ftl"),
};

codes! {}
