//! Codes of station H: the steward's check and seal.
//!
//! Up to 99 what stops the tool; from 101 what the check finds in a file (1xx file, 12x and on cells, 15x people).

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'H',
    codes: ALL,
    it: include_str!("../../../texts/holder.it.ftl"),
    en: include_str!("../../../texts/holder.en.ftl"),
};

codes! {
    FILE = "WDL-H001", Usage, "A file of the body cannot be read or written.";
    UNKNOWN_BODY = "WDL-H002", Usage, "No body of the lab has this name.";
    UNKNOWN_DATASET = "WDL-H003", Usage, "The body has no contract for this dataset.";
    SAME_DATASET = "WDL-H004", Usage, "Two files of one run hold the same dataset.";
    NOT_A_QUARTER = "WDL-H005", Usage, "A delivery period that is not a quarter.";
    ALREADY_INITIALISED = "WDL-H006", Refused, "The body's folder already holds keys.";
    NOT_INITIALISED = "WDL-H007", Usage, "The body's folder holds no usable keys.";
    OTHER_BODY = "WDL-H008", Refused, "The folder of keys belongs to another body.";
    RECIPIENT = "WDL-H009", Usage, "The recipient's key cannot be read.";
    NOT_SEALED = "WDL-H010", ChecksFailed, "Sealing refused because of errors in the data.";
    CUSTODIANS_NEEDED = "WDL-H011", Usage, "Sealing people needs the two custodians.";
    CUSTODIAN_DOWN = "WDL-H012", Unavailable, "A custodian does not answer.";
    CUSTODIAN_REFUSED = "WDL-H013", Refused, "A custodian refuses the request.";
    CUSTODIAN_ANSWER = "WDL-H014", Refused, "A custodian's answer is not proved.";
    CUSTODIAN_CHANGED = "WDL-H015", Refused, "A custodian's key is not the one used before.";
    SAME_CUSTODIAN = "WDL-H016", Refused, "The two custodians are one.";
    PERSON_MAP = "WDL-H017", Refused, "The sealed map of people cannot be opened.";
    SEAL = "WDL-H018", Internal, "A delivery cannot be sealed.";
    BAD_COMMAND = "WDL-H019", Usage, "The command line is wrong.";
    ADDRESS = "WDL-H020", Usage, "The address of a custodian is not usable.";
    CUSTODIAN_UNKNOWN = "WDL-H021", Refused, "A custodian that is not the lab's.";
    ENCODING = "WDL-H101", ChecksFailed, "The content is not in the encoding of the contract.";
    DELIMITER = "WDL-H103", ChecksFailed, "Another delimiter than the contract's.";
    NO_HEADER = "WDL-H104", ChecksFailed, "The first line is not the header.";
    COLUMN_MISSING = "WDL-H105", ChecksFailed, "A column of the contract is missing.";
    COLUMN_EXTRA = "WDL-H106", ChecksFailed, "A column that is not in the contract.";
    COLUMN_TWICE = "WDL-H107", ChecksFailed, "The same column twice.";
    ROW_LENGTH = "WDL-H108", ChecksFailed, "A row with another number of cells than the header.";
    TRUNCATED = "WDL-H109", ChecksFailed, "The file ends in the middle of a row.";
    NO_ROWS = "WDL-H110", ChecksFailed, "The file holds no rows.";
    EMPTY_ROW = "WDL-H111", ChecksFailed, "Rows without any value.";
    REQUIRED = "WDL-H121", ChecksFailed, "A required value is missing.";
    NOT_A_DATE = "WDL-H122", ChecksFailed, "A value is not a date.";
    IMPOSSIBLE_DATE = "WDL-H123", ChecksFailed, "A day that does not exist.";
    DATE_FORMAT = "WDL-H124", ChecksFailed, "A date in another format.";
    NOT_A_NUMBER = "WDL-H125", ChecksFailed, "A value is not a number.";
    DECIMAL_POINT = "WDL-H126", ChecksFailed, "A decimal point for a comma.";
    TOO_MANY_DECIMALS = "WDL-H127", ChecksFailed, "More decimals than the contract allows.";
    BELOW_MINIMUM = "WDL-H128", ChecksFailed, "A number below the contract's least.";
    ABOVE_MAXIMUM = "WDL-H129", ChecksFailed, "A number above the contract's greatest.";
    UNKNOWN_CODE = "WDL-H130", ChecksFailed, "A code that is not in its list.";
    TOO_LONG = "WDL-H131", ChecksFailed, "A text longer than the contract allows.";
    IDENTIFIER_IN_TEXT = "WDL-H132", ChecksFailed, "An identifier inside a text that leaves.";
    DUPLICATE = "WDL-H134", ChecksFailed, "The same key twice.";
    AFTER_PERIOD = "WDL-H135", ChecksFailed, "A date after the delivery's period.";
    PLANNED_END = "WDL-H136", ChecksFailed, "An end in the future.";
    OLD_DATE = "WDL-H137", ChecksFailed, "A date before 1900.";
    ENDS_BEFORE_START = "WDL-H138", ChecksFailed, "An end before its beginning.";
    SUM_DIFFERS = "WDL-H139", ChecksFailed, "Parts that do not sum to their total.";
    TAX_CODE_MISSING = "WDL-H151", ChecksFailed, "A row without a tax code.";
    TAX_CODE_WRONG = "WDL-H152", ChecksFailed, "A tax code that cannot be right.";
    NOT_TAX_CODES = "WDL-H153", ChecksFailed, "Codes of people without a tax code.";
    EXCEL_NUMBER = "WDL-H154", ChecksFailed, "A code that a spreadsheet turned into a number.";
}
