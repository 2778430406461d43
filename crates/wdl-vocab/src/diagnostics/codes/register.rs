//! Codes of station R: receiving.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'R',
    codes: ALL,
    it: include_str!("../../../texts/register.it.ftl"),
    en: include_str!("../../../texts/register.en.ftl"),
};

codes! {
    STATE = "WDL-R001", Unavailable, "A file of the register cannot be read or written.";
    DAMAGED = "WDL-R002", Refused, "A file of the register is not the one that was accepted.";
    OTHER_LAB = "WDL-R003", Refused, "The delivery is for another lab, project or key period.";
    UNKNOWN_BODY = "WDL-R004", Refused, "The delivery comes from a body whose key the lab does not have.";
    UNKNOWN_CONTRACT = "WDL-R005", Refused, "No contract is about this dataset.";
    CONTRACT_VERSION = "WDL-R006", Refused, "The delivery follows another version of the contract.";
    CONTRACT_TEXT = "WDL-R007", Refused, "The contract of the delivery has the same version and another text.";
    COLUMN_MISSING = "WDL-R008", Refused, "A column of the contract is missing.";
    COLUMN_UNEXPECTED = "WDL-R009", Refused, "A column that the contract does not have.";
    COLUMN_KIND = "WDL-R010", Refused, "A column of another kind or in another place than in the contract.";
    VALUES_MISSING = "WDL-R011", Refused, "Values are missing in a column that must have them.";
    KEY_TWICE = "WDL-R012", Refused, "The same key more than once in a delivery.";
    REPLAY = "WDL-R013", Refused, "The same delivery was received before.";
    PERIOD_TAKEN = "WDL-R014", Refused, "Another delivery of the same dataset and period was accepted.";
    PERIOD_IMPLAUSIBLE = "WDL-R015", Refused, "The period of the delivery cannot be.";
}
