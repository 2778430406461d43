//! Codes of station S: the query engine and the lab's SQL.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'S',
    codes: ALL,
    it: include_str!("../../../texts/sql.it.ftl"),
    en: include_str!("../../../texts/sql.en.ftl"),
};

codes! {}
