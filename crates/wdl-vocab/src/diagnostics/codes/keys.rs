//! Codes of station K: custodians, pseudonyms and keys.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'K',
    codes: ALL,
    it: include_str!("../../../texts/keys.it.ftl"),
    en: include_str!("../../../texts/keys.en.ftl"),
};

codes! {
    KEY_UNREADABLE = "WDL-K001", Unavailable, "A key file cannot be read.";
    KEY_UNWRITABLE = "WDL-K002", Unavailable, "A key file cannot be written.";
    KEY_EXISTS = "WDL-K003", Usage, "A key stands there already.";
    KEY_WRONG_KIND = "WDL-K004", Usage, "A file is not a key of the kind needed.";
    KEY_OPEN_TO_OTHERS = "WDL-K005", Refused, "A secret key can be read by others.";
    REQUEST_MALFORMED = "WDL-K006", Refused, "A message of the key service does not read.";
    REQUEST_TOO_LARGE = "WDL-K007", Refused, "A request is over the bound.";
    UNKNOWN_BODY = "WDL-K008", Refused, "The asking body is not known to the custodian.";
    REQUEST_UNSIGNED = "WDL-K009", Refused, "The body did not sign the request.";
    WRONG_KEY_PERIOD = "WDL-K010", Refused, "The request is for another key period.";
    BAD_ELEMENT = "WDL-K011", Refused, "A blinded value is not an element of the group.";
    LISTEN = "WDL-K012", Unavailable, "The key service cannot listen.";
    PROOF = "WDL-K013", Refused, "A custodian's proof does not hold.";
    ANSWER_COUNT = "WDL-K014", Refused, "An answer has another number of values than the question.";
    INPUT = "WDL-K015", Internal, "A value to be pseudonymised is empty or too long.";
    CUSTODIAN_FILE = "WDL-K016", Usage, "The custodian's own file does not read.";
    NOT_AN_ID = "WDL-K017", Usage, "A name of the custodian or the key period is not an identifier.";
    BUDGET = "WDL-K018", Refused, "A delivery asked for more values than it may.";
    BUSY = "WDL-K019", Unavailable, "The key service has too many questions at once.";
    STOPPED = "WDL-K020", Internal, "The key service stopped while it was answering.";
}
