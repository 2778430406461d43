//! Codes of station A: release and reviews.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'A',
    codes: ALL,
    it: include_str!("../../../texts/approval.it.ftl"),
    en: include_str!("../../../texts/approval.en.ftl"),
};

codes! {
    OWN_REQUEST = "WDL-A001", Refused, "The author of a request reviews it.";
    VOTED_ALREADY = "WDL-A002", Refused, "A reviewer votes twice.";
    UNKNOWN_KEY = "WDL-A003", Refused, "A key signs for an office that it is not one of.";
    CHANGED = "WDL-A004", Refused, "A file of a release is not the one that was signed.";
    WAITING = "WDL-A005", Waiting, "Reviews of a request are missing.";
    REJECTED = "WDL-A006", Refused, "A reviewer rejected a request.";
    UNKNOWN_REQUEST = "WDL-A007", Usage, "No request has this name.";
    CLOSED = "WDL-A008", Refused, "A request takes no more votes.";
    NO_TABLES = "WDL-A009", Usage, "A request names no table, or one twice.";
    UNKNOWN_OFFICE = "WDL-A010", Refused, "The office is not one of the lab.";
    TOO_SMALL = "WDL-A011", Refused, "A table of a request shows numbers that the rules hide.";
    FILE = "WDL-A012", Unavailable, "A file of a release cannot be read or written.";
    RETURNED = "WDL-A013", Refused, "A reviewer returned a request to its author.";
    NOT_NOW = "WDL-A014", Refused, "A step is not allowed in the state of a request.";
    EXPIRED = "WDL-A015", Refused, "The agreement does not hold on the day of a release.";
    TOO_EARLY = "WDL-A016", Refused, "A vote is read before all have voted.";
    NO_WORDS = "WDL-A017", Usage, "A vote, a request or a withdrawal lacks the words it needs.";
    UNKNOWN_PURPOSE = "WDL-A018", Usage, "A purpose is not one of the agreement.";
    FILE_KIND = "WDL-A019", Refused, "A file is of a kind that does not leave the lab.";
    UNOPENED = "WDL-A020", Waiting, "All have voted, and not all have opened their votes.";
    NOT_SEALED_BY = "WDL-A021", Refused, "A key opens a vote that it did not seal.";
    EARLIER_VOTE = "WDL-A022", Refused, "A vote was written by an earlier version of the program.";
}
