//! Codes of station L: the ledger.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'L',
    codes: ALL,
    it: include_str!("../../../texts/ledger.it.ftl"),
    en: include_str!("../../../texts/ledger.en.ftl"),
};

codes! {
    NOT_AN_ENTRY = "WDL-L001", ChecksFailed, "A line of the ledger is no entry.";
    NOT_CANONICAL = "WDL-L002", ChecksFailed, "An entry of the ledger is not in canonical form.";
    ORDER = "WDL-L003", ChecksFailed, "An entry of the ledger stands at the wrong place.";
    CHAIN = "WDL-L004", ChecksFailed, "An entry of the ledger is not chained to the one before.";
    SIGNATURE = "WDL-L005", ChecksFailed, "The signature of an entry of the ledger does not hold.";
    UNKNOWN_KEY = "WDL-L006", ChecksFailed, "An entry of the ledger is signed with an unknown key.";
    TRUNCATED = "WDL-L007", ChecksFailed, "Entries are missing at the end of the ledger.";
    OTHER_HISTORY = "WDL-L008", ChecksFailed, "The ledger is not the one a checkpoint saw.";
    BAD_CHECKPOINT = "WDL-L009", ChecksFailed, "A checkpoint of the ledger does not hold.";
    LOCKED = "WDL-L010", Unavailable, "Another command writes the ledger.";
    MISSING = "WDL-L011", Unavailable, "There is no ledger.";
    UNREADABLE = "WDL-L012", Unavailable, "The ledger cannot be read.";
    UNWRITABLE = "WDL-L013", Unavailable, "The ledger cannot be written.";
    TORN_LINE = "WDL-L014", Done, "The last line of the ledger was never finished.";
}
