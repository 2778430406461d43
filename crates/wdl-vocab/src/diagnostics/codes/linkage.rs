//! Codes of station N: linkage (*nesso*), of plain files and inside the lab.
//!
//! The hundreds are shared out: 001–039 the command and its files, 040–059 the model and the recognition of columns, 060–079 encoded files, 080–089 the review, 100–129 linkage inside the lab.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'N',
    codes: ALL,
    it: include_str!("../../../texts/linkage.it.ftl"),
    en: include_str!("../../../texts/linkage.en.ftl"),
};

codes! {
    NO_ID = "WDL-N001", Usage, "The column of the ids was not named.";
    NO_COLUMN = "WDL-N002", Usage, "An option names a column that a file does not have.";
    DUPLICATE_IDS = "WDL-N003", ChecksFailed, "Two records of a file have one id.";
    ID_MISSING = "WDL-N004", ChecksFailed, "A record has no id.";
    EMPTY_FILE = "WDL-N005", Unavailable, "A file holds nothing.";
    NO_RECORDS = "WDL-N006", Unavailable, "A file holds names of columns and no record.";
    SAME_FILE = "WDL-N007", Done, "The same file stands on both sides.";
    NOT_A_TABLE = "WDL-N008", Usage, "The content of a file is no table.";
    NO_COMMON_COLUMN = "WDL-N009", Usage, "No column is left to compare.";
    OTHER_COLUMNS = "WDL-N010", Done, "Columns that only one of the files has are not compared.";
    TRUTH_FILE = "WDL-N011", Usage, "The file of true pairs has fewer than two columns.";
    TRUTH_UNKNOWN = "WDL-N012", ChecksFailed, "No true pair speaks of records of the files.";
    TRUTH_PARTLY_UNKNOWN = "WDL-N013", Done, "Some true pairs speak of records that are not in the files.";
    OUT_NOT_EMPTY = "WDL-N014", Usage, "The folder for the results holds something else.";
    CONSTANT_COLUMN = "WDL-N015", Done, "A column has one value, or none, and tells nobody apart.";
    NO_PAIR = "WDL-N016", Done, "No pair is above the cut.";
    UNKNOWN_RECORD = "WDL-N017", Usage, "No record has an id that was asked for.";
    UNEVEN_ROWS = "WDL-N018", Done, "Some rows have another number of cells than the header.";
    TWICE_NAMED = "WDL-N019", Usage, "Two columns of a file have one name.";
    TOO_MUCH = "WDL-N020", Usage, "A file has more text or records than fit.";
    UNREADABLE_TEXT = "WDL-N021", Usage, "The text of a file cannot be read.";
    NOTHING_RUN = "WDL-N022", Unavailable, "The folder holds no finished run.";
    WRONG_FILES = "WDL-N023", Usage, "The command was given no file, or a combination that makes no sense.";
    OTHER_RECORDS = "WDL-N024", Refused, "The files of a run hold other records than it read.";
    ENCODED_RUN = "WDL-N025", Usage, "A question about columns was asked of a run on encodings.";
    TRUTH_OPEN = "WDL-N026", Done, "True pairs imply others that are not among them.";
    NOTHING_TELLS = "WDL-N027", ChecksFailed, "No column tells records apart.";
    DUPLICATES_ALL_THE_SAME = "WDL-N028", Done, "A file that is said to have no duplicates shows some.";
    MODEL_FIELDS = "WDL-N040", Usage, "A model compares nothing, or more than fits.";
    MODEL_TWICE = "WDL-N041", Usage, "A model names a column twice.";
    MODEL_NO_FIELD = "WDL-N042", Usage, "A model speaks of a column that is none of its fields.";
    MODEL_CUT = "WDL-N043", Usage, "The cut of a model is no probability.";
    MODEL_COLUMN = "WDL-N044", Usage, "A model names a column that the files do not have.";
    MODEL_RULES = "WDL-N045", Usage, "A model has too many blocking rules.";
    NOT_ENCODED = "WDL-N060", Usage, "A file is no file of encodings.";
    ENCODED_FORMAT = "WDL-N061", Usage, "Encodings of another version or length.";
    ENCODED_DAMAGED = "WDL-N062", ChecksFailed, "A file of encodings is damaged or not whole.";
    ENCODED_COUNT = "WDL-N063", ChecksFailed, "A file of encodings promises other records than it holds.";
    ENCODED_RECORD = "WDL-N064", ChecksFailed, "A record of encodings is malformed.";
    ENCODED_DUPLICATE_IDS = "WDL-N065", ChecksFailed, "Two records of a file of encodings have one id.";
    ENCODED_OTHER_SCHEMA = "WDL-N066", Refused, "Two files were encoded by different schemas.";
    ENCODED_OTHER_KEY = "WDL-N067", Refused, "Two files were encoded with different keys.";
    ENCODED_NOTHING = "WDL-N068", ChecksFailed, "A file of encodings holds nothing that can be compared.";
    ENCODED_NO_COLUMN = "WDL-N069", Usage, "A field of a schema has no column in the file.";
    ENCODED_FEW_COLUMNS = "WDL-N070", Refused, "Too few columns for an encoding.";
    ENCODED_KEY_SHORT = "WDL-N071", Refused, "The secret from which the key is made is short.";
    ENCODED_SET_ASIDE = "WDL-N072", Done, "Some vectors say nothing and were not compared.";
    FEW_TERMS = "WDL-N073", Done, "The salted vectors of a schema are the sum of too few bits.";
    ENCODED_ONE_SALTED = "WDL-N074", Refused, "Duplicates are looked for within one file of salted encodings.";
    DATE_ORDER_OPEN = "WDL-N075", Done, "The dates of a column do not tell whether the day or the month comes first.";
    DATES_UNREADABLE = "WDL-N076", Done, "Some cells of a column of dates hold no date.";
    DATE_ORDER_OTHER = "WDL-N077", Done, "The dates of a column tell another order than was said.";
    ENCODED_DUPLICATES = "WDL-N078", Done, "A file of encodings seems to hold persons several times.";
    SAME_REVIEWER = "WDL-N080", Refused, "One person judged both sheets of a review.";
    NO_REVIEWER = "WDL-N081", ChecksFailed, "A sheet of answers does not say who judged.";
    NOT_ASKED = "WDL-N082", ChecksFailed, "Answers name pairs that were not asked there.";
    ANSWERED_TWICE = "WDL-N083", ChecksFailed, "Answers name a pair more than once.";
    NO_VERDICT = "WDL-N084", ChecksFailed, "An answer is none of the words of a verdict.";
    OPEN_PAIRS = "WDL-N085", Done, "Pairs of a review are left without a verdict.";
    SHEETS_THERE = "WDL-N086", Refused, "The folder holds the sheets of a review already.";
    // 060–079: encoded files.
    // 040–059: the model and the recognition of columns.
    // 080–089: the review.
    // 100–129: linkage inside the lab.
    NO_RECIPE = "WDL-N100", Usage, "A contract names a recipe that is not there.";
    NOTHING_LINKED = "WDL-N101", Unavailable, "The snapshot that stands was built without linkage.";
    UNKNOWN_DOUBT = "WDL-N102", Usage, "The lab knows no doubt of this name.";
    STALE_DOUBT = "WDL-N103", Unavailable, "A doubt is none any more in the snapshot that stands.";
    ALREADY_DECIDED = "WDL-N104", Refused, "A person has decided on this doubt.";
    NO_REASON = "WDL-N105", Usage, "A decision gives no reason.";
    REASON_HOLDS_CODE = "WDL-N106", Refused, "The reason of a decision holds something with the shape of a person's code.";
    DECISION_CHANGED = "WDL-N107", ChecksFailed, "The file of a decision is missing or is not the one the record names.";
}
