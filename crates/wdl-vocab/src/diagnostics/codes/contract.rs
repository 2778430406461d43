//! Codes of station C: contracts and code lists.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'C',
    codes: ALL,
    it: include_str!("../../../texts/contract.it.ftl"),
    en: include_str!("../../../texts/contract.en.ftl"),
};

codes! {
    UNREADABLE = "WDL-C001", Usage, "A contract or a code list is missing or is not text.";
    SYNTAX = "WDL-C002", Usage, "A contract is not YAML.";
    UNKNOWN_KEY = "WDL-C003", Usage, "A key that does not exist.";
    MISSING_KEY = "WDL-C004", Usage, "A key that must be there.";
    WRONG_VALUE = "WDL-C005", Usage, "A value of the wrong kind.";
    UNKNOWN_WORD = "WDL-C006", Usage, "A word that is not in its list.";
    DUPLICATE_KEY = "WDL-C007", Usage, "The same key twice.";
    DUPLICATE_NAME = "WDL-C008", Usage, "The same name twice in a list.";
    UNKNOWN_NAME = "WDL-C009", Usage, "A name that nothing in the lab has.";
    LIST_SHAPE = "WDL-C010", Usage, "A code list is not in the form of the lab.";
    COLUMNS_SHAPE = "WDL-C011", Usage, "The columns do not fit the shape of the dataset.";
}
