//! Codes of station P: the public site.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'P',
    codes: ALL,
    it: include_str!("../../../texts/publication.it.ftl"),
    en: include_str!("../../../texts/publication.en.ftl"),
};

codes! {}
