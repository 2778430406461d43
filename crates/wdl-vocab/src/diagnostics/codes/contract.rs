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
    UNLAWFUL = "WDL-C012", Usage, "A contract does not say what the law asks of it.";
    LOGICAL_TYPE = "WDL-C013", Usage, "The logical type of a column and its kind do not agree.";
    NOT_AGREED = "WDL-C014", Usage, "A contract names a purpose or a body that the agreement does not have.";
    RULE_SHAPE = "WDL-C015", Usage, "A rule of a contract cannot be run.";
}
