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
    BUDGET = "WDL-K018", Refused, "A delivery asked for more values than it declared.";
    BUSY = "WDL-K019", Unavailable, "The key service has too many questions at once.";
    STOPPED = "WDL-K020", Internal, "The key service stopped while it was answering.";
    SIGNED_BY_ANOTHER = "WDL-K021", Refused, "Another body signed in this one's name.";
    UNDECLARED = "WDL-K022", Refused, "A batch of a delivery that was not declared.";
    DELIVERY_TOO_LARGE = "WDL-K023", Refused, "A delivery declares more values than a custodian answers.";
    REPLAYED = "WDL-K024", Refused, "Another batch at a place that is taken.";
    WRONG_PROJECT = "WDL-K025", Refused, "The delivery is for another lab or project.";
    CERTIFICATE_EXPIRED = "WDL-K026", Refused, "The body's certificate has ended.";
    CERTIFICATE_NOT_YET = "WDL-K027", Refused, "The body's certificate has not begun.";
    CERTIFICATE = "WDL-K028", Refused, "A certificate is not believed.";
    CLOCK = "WDL-K029", Refused, "A declaration is too far from the custodian's clock.";
    CLOCK_WARNING = "WDL-K030", Done, "A body's clock differs from the custodian's.";
    RATE = "WDL-K031", Refused, "A body asked for too much in one day.";
    NOT_COUNTED = "WDL-K032", Unavailable, "An answer could not be counted, so it was not given.";
    COUNTS = "WDL-K033", Unavailable, "The file of counts cannot be used.";
    OTHER_LAB = "WDL-K034", Refused, "A certificate is for another lab.";
    TLS = "WDL-K035", Usage, "The certificate or key of the connection cannot be used.";
    PLAIN = "WDL-K036", Usage, "A service without encryption listens to its own machine alone.";
    BACKUP = "WDL-K037", Refused, "A copy of a key does not open or does not fit.";
    RECIPIENT = "WDL-K038", Usage, "A recipient of a copy is not one.";
}
