//! Codes of station H: the steward's check and seal.
//!
//! Up to 99 what stops the tool; from 101 what the check finds in a file (10x file, 12x and on cells, 15x people, 17x drift, 18x the contract's rules, 19x justifications).
//! From 201 the reading of files as they come (20x and 21x refusals, 22x decisions, 24x questions).

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
    CUSTODIAN_REALM = "WDL-H030", Refused, "A custodian serves another project or key period.";
    CUSTODIAN_ROOT = "WDL-H031", Usage, "The authorities of the custodians' connections do not read.";
    CUSTODIAN_UNTRUSTED = "WDL-H032", Refused, "The certificate of a custodian's connection is not believed.";
    UNKNOWN_RECIPE = "WDL-H040", Usage, "A contract names a recipe that the lab does not have.";
    MEMORY = "WDL-H041", Usage, "A file of the body's memory or of justifications does not read.";
    WORD_FORM = "WDL-H042", Usage, "A word of the command line is not NAME=VALUE.";
    CODE_LIST_MISSING = "WDL-H043", Usage, "A contract names a code list that is not there.";
    RECEIPT = "WDL-H044", Refused, "A receipt that is not the lab's answer to a delivery made here.";
    LAB_KEY_NEEDED = "WDL-H045", Usage, "The lab's key is needed to believe its receipts.";
    LAB_KEY_CHANGED = "WDL-H046", Refused, "The lab's key is not the one first given.";
    UNKNOWN_DELIVERY = "WDL-H047", Usage, "A delivery that was not made here.";
    ONE_CORRECTION = "WDL-H048", Usage, "A correction is one file.";
    REASON_IDENTIFIES = "WDL-H049", Refused, "The reason of a delivery holds a code of a person.";
    NO_PAGE = "WDL-H050", Usage, "An address of the local page that does not exist.";
    PAGE_FAULT = "WDL-H051", Internal, "A page of the tool failed.";
    NO_FILE = "WDL-H052", Usage, "A form without its file.";
    FILE_GONE = "WDL-H053", Usage, "A file that is no longer in work.";
    PAGE = "WDL-H054", Unavailable, "The local page cannot be opened.";
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
    IDENTIFIER_IN_METADATA = "WDL-H112", ChecksFailed, "An identifier in the name or the properties of the file.";
    ROW_LIMIT = "WDL-H113", ChecksFailed, "A file exactly as long as a spreadsheet can hold.";
    OPEN_QUESTIONS = "WDL-H114", Usage, "The file can be read in more than one way.";
    FILE_CHANGED = "WDL-H115", Usage, "The file changed while it was read.";
    REQUIRED = "WDL-H121", ChecksFailed, "A required value is missing.";
    NOT_A_DATE = "WDL-H122", ChecksFailed, "A value is not a date.";
    IMPOSSIBLE_DATE = "WDL-H123", ChecksFailed, "A day that does not exist.";
    DATE_FORMAT = "WDL-H124", ChecksFailed, "A date in another format.";
    NOT_A_NUMBER = "WDL-H125", ChecksFailed, "A value is not a number.";
    DECIMAL_POINT = "WDL-H126", ChecksFailed, "Other marks for decimals or thousands than the column's.";
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
    DUPLICATE_ROW = "WDL-H140", ChecksFailed, "The same row twice.";
    LOST_ZEROS = "WDL-H141", ChecksFailed, "Leading zeros that a spreadsheet took away.";
    DATE_SERIAL = "WDL-H142", ChecksFailed, "A date that a spreadsheet turned into a number.";
    FORMULA_ERROR = "WDL-H143", ChecksFailed, "The error of a formula in place of a value.";
    ROUNDED_DIGITS = "WDL-H144", ChecksFailed, "Long numbers whose last digits a spreadsheet replaced by zeros.";
    BEFORE_PERIOD = "WDL-H145", ChecksFailed, "A date before what the delivery may carry.";
    VAT_NUMBER = "WDL-H146", ChecksFailed, "A VAT number that cannot be right.";
    IBAN = "WDL-H147", ChecksFailed, "An IBAN that cannot be right.";
    POST_CODE = "WDL-H148", ChecksFailed, "A post code that cannot be right.";
    MUNICIPALITY = "WDL-H149", ChecksFailed, "A municipality code that cannot be right.";
    CADASTRAL_PLACE = "WDL-H150", ChecksFailed, "A cadastral place code that cannot be right.";
    TAX_CODE_MISSING = "WDL-H151", ChecksFailed, "A row without a tax code.";
    TAX_CODE_WRONG = "WDL-H152", ChecksFailed, "A tax code that cannot be right.";
    NOT_TAX_CODES = "WDL-H153", ChecksFailed, "Codes of people without a tax code.";
    EXCEL_NUMBER = "WDL-H154", ChecksFailed, "A code that a spreadsheet turned into a number.";
    PLACE_UNKNOWN = "WDL-H155", ChecksFailed, "A place that the lab's list does not hold.";
    TAX_CODE_SHARED = "WDL-H156", ChecksFailed, "One tax code for different people.";
    TAX_CODE_LOOKALIKE = "WDL-H157", ChecksFailed, "A tax code with letters of another alphabet.";
    NUMERIC_CODE = "WDL-H158", ChecksFailed, "Codes of eleven digits where people are expected.";
    COMPANY_NUMBER = "WDL-H159", ChecksFailed, "Probably a company where a person is expected.";
    BIRTH_DATE_DIFFERS = "WDL-H160", ChecksFailed, "A tax code that disagrees with the birth date.";
    SEX_DIFFERS = "WDL-H161", ChecksFailed, "A tax code that disagrees with the sex.";
    BIRTH_PLACE_DIFFERS = "WDL-H162", ChecksFailed, "A tax code that disagrees with the place of birth.";
    NAME_IN_TEXT = "WDL-H163", ChecksFailed, "A person's name inside a text that leaves.";
    ISEE_IMPLAUSIBLE = "WDL-H164", ChecksFailed, "An ISEE that is not plausible.";
    OFFICE_UNKNOWN = "WDL-H165", ChecksFailed, "A provisional tax code of an office that is not known.";
    ROWS_CHANGED = "WDL-H171", ChecksFailed, "Many more or many fewer rows than before.";
    TOTAL_CHANGED = "WDL-H172", ChecksFailed, "A total very different from before.";
    MISSING_CHANGED = "WDL-H173", ChecksFailed, "Many more or many fewer missing values than before.";
    CODES_NEW = "WDL-H174", ChecksFailed, "Codes that were not used before.";
    CODES_GONE = "WDL-H175", ChecksFailed, "Codes that were used before and are not any more.";
    CODES_SHIFTED = "WDL-H176", ChecksFailed, "Codes spread over the rows very differently from before.";
    RULE = "WDL-H181", ChecksFailed, "A rule of the contract is not kept.";
    RULE_SKIPPED = "WDL-H182", ChecksFailed, "A rule of the contract could not be held.";
    RULE_WRONG = "WDL-H183", Usage, "A rule of a contract is not SQL that can be run.";
    RULE_FORBIDDEN = "WDL-H184", Refused, "A rule of a contract wants more than to read.";
    RULE_TOO_LONG = "WDL-H185", Usage, "A rule of a contract does not come to an end.";
    TEMPORARY_DATABASE = "WDL-H186", Unavailable, "The temporary database of the check fails.";
    NOTE_IDENTIFIES = "WDL-H191", Refused, "The note of a justification identifies a person.";
    NOTE_MISSING = "WDL-H192", Usage, "The reason `other` without a note.";
    NOTE_TOO_LONG = "WDL-H193", Usage, "The note of a justification is too long.";
    NOT_A_TABLE = "WDL-H201", ChecksFailed, "The content is not a table.";
    OLD_WORKBOOK = "WDL-H202", ChecksFailed, "A workbook in the old format, or with a password.";
    ARCHIVE = "WDL-H203", ChecksFailed, "An archive where a table was expected.";
    EXPANSION = "WDL-H204", ChecksFailed, "A workbook that expands beyond the limit.";
    ARCHIVE_PATH = "WDL-H205", ChecksFailed, "A part of a workbook with a path that leaves it.";
    NOT_A_FILE = "WDL-H206", ChecksFailed, "A link, a folder or a device instead of a file.";
    ROW_TOO_LONG = "WDL-H207", ChecksFailed, "A row longer than any real one.";
    TOO_MANY_COLUMNS = "WDL-H208", ChecksFailed, "More columns than any real table.";
    BROKEN_WORKBOOK = "WDL-H209", ChecksFailed, "A workbook that is damaged or cut.";
    UNREADABLE = "WDL-H210", Usage, "A file that cannot be read.";
    NO_SHEET = "WDL-H211", Usage, "No sheet of this name in the workbook.";
    TOO_MANY_CELLS = "WDL-H212", ChecksFailed, "A sheet with more cells than can be held.";
    NUL_BYTES = "WDL-H213", ChecksFailed, "A text with NUL bytes.";
    BAD_ANSWER = "WDL-H214", Usage, "An answer that is none of the options.";
    NO_POSITIONS = "WDL-H215", Usage, "A fixed-width text without the positions of its columns.";
    READ_ENCODING = "WDL-H221", Done, "The encoding a text is read in.";
    READ_LINE_ENDS = "WDL-H222", Done, "The line ends of a text.";
    READ_DELIMITER = "WDL-H223", Done, "The mark between columns a text is read with.";
    READ_SHEET = "WDL-H224", Done, "The sheet that is read.";
    READ_DATES = "WDL-H225", Done, "The form of the dates of a column.";
    READ_DECIMALS = "WDL-H226", Done, "The form of the numbers of a column.";
    TITLE_ROWS = "WDL-H227", Done, "Rows above the header that are not read.";
    READ_LAYOUT = "WDL-H228", Done, "Another kind of file than the contract's.";
    HIDDEN_SHEETS = "WDL-H229", Done, "Hidden sheets in the workbook.";
    MAPPED_COLUMN = "WDL-H230", Done, "A column found through the remembered mapping.";
    ASK_ENCODING = "WDL-H241", ChecksFailed, "Which encoding a text is in cannot be told.";
    ASK_DELIMITER = "WDL-H242", ChecksFailed, "Which mark separates the columns cannot be told.";
    ASK_DATES = "WDL-H243", ChecksFailed, "Which comes first in the dates of a column, the day or the month, cannot be told.";
    ASK_DECIMALS = "WDL-H244", ChecksFailed, "Whether a point marks decimals or thousands cannot be told.";
    ASK_SHEET = "WDL-H245", ChecksFailed, "Which sheet holds the data cannot be told.";
}
