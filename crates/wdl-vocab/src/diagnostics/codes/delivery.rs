//! Codes of station D: sealed deliveries.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'D',
    codes: ALL,
    it: include_str!("../../../texts/delivery.it.ftl"),
    en: include_str!("../../../texts/delivery.en.ftl"),
};

codes! {
    UNREADABLE = "WDL-D001", Unavailable, "A delivery file cannot be read.";
    UNWRITABLE = "WDL-D002", Unavailable, "A delivery file cannot be written.";
    NOT_A_DELIVERY = "WDL-D003", Refused, "The file is not a sealed delivery.";
    TRUNCATED = "WDL-D004", Refused, "Bytes of the delivery are missing.";
    TRAILING = "WDL-D005", Refused, "The delivery has bytes after its end.";
    HEADER_DAMAGED = "WDL-D006", Refused, "The header of the delivery is damaged.";
    HEADER_FORM = "WDL-D007", Refused, "The header of the delivery does not have the form of this version.";
    SIGNATURE = "WDL-D008", Refused, "The signature of the delivery does not hold.";
    UNKNOWN_SIGNER = "WDL-D009", Refused, "The delivery is signed with a key that is not the body's.";
    CIPHERTEXT_DAMAGED = "WDL-D010", Refused, "The sealed content of the delivery is damaged.";
    OTHER_RECIPIENT = "WDL-D011", Refused, "The delivery is sealed to somebody else.";
    SEAL = "WDL-D012", Refused, "The seal does not open.";
    PAYLOAD = "WDL-D013", Refused, "What is under the seal is not what the header declares.";
    RECEIPT = "WDL-D014", Refused, "A receipt does not hold.";
    VERSION = "WDL-D015", Refused, "The delivery has another version of the format.";
    HEADER_RULE = "WDL-D016", Refused, "The header of the delivery breaks a rule of the format.";
}
