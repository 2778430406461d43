//! Codes of station G: the lab folder and the agreement.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'G',
    codes: ALL,
    it: include_str!("../../../texts/lab.it.ftl"),
    en: include_str!("../../../texts/lab.en.ftl"),
};

codes! {
    UNREADABLE = "WDL-G001", Usage, "A file of the lab folder is missing or is not text.";
    SYNTAX = "WDL-G002", Usage, "A file of the lab folder is not YAML.";
    UNKNOWN_KEY = "WDL-G003", Usage, "A key that does not exist.";
    MISSING_KEY = "WDL-G004", Usage, "A key that must be there.";
    WRONG_VALUE = "WDL-G005", Usage, "A value of the wrong kind.";
    UNKNOWN_WORD = "WDL-G006", Usage, "A word that is not in its list.";
    DUPLICATE_KEY = "WDL-G007", Usage, "The same key twice.";
    DUPLICATE_NAME = "WDL-G008", Usage, "The same name twice in a list.";
    UNKNOWN_NAME = "WDL-G009", Usage, "A name that nothing in the lab has.";
    THRESHOLD_TOO_LOW = "WDL-G010", Refused, "A minimum frequency under the floor of the deontological rules.";
    LOOSER_OVERRIDE = "WDL-G011", Refused, "An override that does not make the general rule stricter.";
    TOO_FEW_REVIEWERS = "WDL-G012", Refused, "Fewer than two reviewers for a release.";
    REVIEWERS_MISSING = "WDL-G013", Usage, "Fewer people can review than must.";
    NOT_TWO_CUSTODIANS = "WDL-G014", Refused, "Not exactly two custodians of the pseudonym keys.";
    CUSTODIAN_NOT_INDEPENDENT = "WDL-G015", Refused, "A custodian that is a body of the agreement.";
    NO_TITOLARE = "WDL-G016", Refused, "No body is the controller of its data.";
    LANGUAGE_MISSING = "WDL-G017", Usage, "A language of the lab is missing.";
    QUORUM = "WDL-G018", Usage, "A quorum that does not fit the seats.";
    SEAT_BODY = "WDL-G019", Usage, "A seat and its body do not agree.";
    DRAFTS_TO_OUTSIDERS = "WDL-G020", Refused, "A draft shown to somebody who never sees drafts.";
    TERM_REVERSED = "WDL-G021", Usage, "The agreement ends before it begins.";
    ARTICLE_SHAPE = "WDL-G022", Usage, "The articles are not in the form of the lab.";
    ARTICLE_LANGUAGE = "WDL-G023", Usage, "An article without one of its languages.";
    NOT_PERMITTED = "WDL-G024", Refused, "A role may not do an act, and nobody can lift it.";
    NOT_PERMITTED_TITOLARE = "WDL-G025", Refused, "A role may not do an act; the controller can lift it.";
    NOT_PERMITTED_COMITATO = "WDL-G026", Refused, "A role may not do an act; the steering committee can lift it.";
    RECIPE_FILE_NAME = "WDL-G027", Usage, "A recipe of the linkage in a file of another name.";
    WEAK_COMBINATION = "WDL-G028", Refused, "A combination that many people share.";
    WEAK_CLK = "WDL-G029", Refused, "An encoding of too few fields.";
    RECIPE_VARIANT = "WDL-G030", Usage, "A variant that swaps what a combination does not have.";
    RECIPE_RANGE = "WDL-G031", Usage, "A number of a recipe out of its range.";
    RECIPE_EMPTY = "WDL-G032", Usage, "A recipe that makes nothing.";
    METHOD_TIED = "WDL-G033", Refused, "Counts that are changed are tied to counts that are not.";
}
