//! Codes of station C: contracts and code lists.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'C',
    codes: ALL,
    it: include_str!("../../../texts/contract.it.ftl"),
    en: include_str!("../../../texts/contract.en.ftl"),
};

// WDL-C001 to WDL-C009 stood for what any file of the lab folder may have wrong and are not given again: that is WDL-G001 to WDL-G009 of `lab`.
codes! {
    LIST_SHAPE = "WDL-C010", Usage, "A code list is not in the form of the lab.";
    COLUMNS_SHAPE = "WDL-C011", Usage, "The columns do not fit the shape of the dataset.";
}
