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
    ROW_MISSING = "WDL-R011", ChecksFailed, "A row lacks a value that must be there.";
    ROW_KEY = "WDL-R012", ChecksFailed, "A row shares its key with another of the delivery.";
    REPLAY = "WDL-R013", Refused, "The same delivery was received before.";
    PERIOD_TAKEN = "WDL-R014", Refused, "Another delivery of the same dataset and period was accepted.";
    PERIOD_IMPLAUSIBLE = "WDL-R015", Refused, "The period of the delivery cannot be.";
    PURPOSE = "WDL-R016", Refused, "The purpose of the delivery is not one of the agreement and its contract.";
    NOT_IN_FORCE = "WDL-R017", Refused, "What a delivery corrects or cancels is not in force.";
    OLD_AFTER_NEW = "WDL-R018", Refused, "A delivery for an older period than one received, without a reason.";
    CLOCK = "WDL-R019", Refused, "The time of sealing cannot be.";
    CLOCK_OFF = "WDL-R020", Done, "The body's clock is off.";
    ENCODING = "WDL-R021", Refused, "A column made for linkage is not as declared.";
    ALL_REJECTED = "WDL-R022", Refused, "Every row breaks the contract.";
    NOT_IN_TERM = "WDL-R023", Refused, "The agreement or the contract is not in force today.";
    CERTIFICATE = "WDL-R024", Refused, "The key of the body is not certified today.";
    ROW_CODE = "WDL-R032", ChecksFailed, "A row has a code that is not in its list.";
    ROW_RANGE = "WDL-R033", ChecksFailed, "A row has a number outside the contract's bounds.";
    ROW_TEXT = "WDL-R034", ChecksFailed, "A row has a text longer than the contract allows.";
    ROW_DATES = "WDL-R036", ChecksFailed, "A row has dates that cannot be together.";
    ROW_SUM = "WDL-R037", ChecksFailed, "A row has parts that do not add up to their total.";
}
