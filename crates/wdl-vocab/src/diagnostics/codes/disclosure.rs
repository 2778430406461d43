//! Codes of station X: disclosure control.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'X',
    codes: ALL,
    it: include_str!("../../../texts/disclosure.it.ftl"),
    en: include_str!("../../../texts/disclosure.en.ftl"),
};

codes! {
    NO_FREQUENCY = "WDL-X001", Usage, "A number does not say how many units it rests on.";
    SHARE_ABOVE_ONE = "WDL-X002", Usage, "More units have a property than there are units.";
    MIXED = "WDL-X003", Internal, "Tables of several indicators cannot be protected together.";
    UNKNOWN_CATEGORY = "WDL-X004", Usage, "A cell is in no category of its table.";
    CELL_TWICE = "WDL-X005", Usage, "A cell stands twice in its table.";
    CANNOT_PROTECT = "WDL-X006", Refused, "A hidden cell can be computed whatever else is hidden.";
    NO_HIERARCHY = "WDL-X100", Usage, "A column has no generalisation hierarchy.";
    HIERARCHY_TWICE = "WDL-X101", Usage, "A column has two generalisation hierarchies.";
    HIERARCHY_EMPTY = "WDL-X102", Usage, "A generalisation hierarchy is empty.";
    HIERARCHY_UNEVEN = "WDL-X103", Usage, "A row of a generalisation hierarchy has another number of levels.";
    HIERARCHY_DUPLICATE = "WDL-X104", Usage, "A value stands twice in a generalisation hierarchy.";
    HIERARCHY_NOT_NESTED = "WDL-X105", Usage, "A value of a generalisation hierarchy has two parents.";
    HIERARCHY_UNNAMED = "WDL-X106", Usage, "A level of a generalisation hierarchy has no value.";
    HIERARCHY_LACKS = "WDL-X107", Usage, "A generalisation hierarchy lacks values of the file.";
    TOO_FEW_PERSONS = "WDL-X108", Refused, "More persons must look alike than there are.";
    NO_RECORDS = "WDL-X109", Unavailable, "A file to be protected has no record.";
    NO_MODEL = "WDL-X110", Usage, "Nothing says what protects the records.";
    MODEL_PARAMETER = "WDL-X111", Usage, "The parameter of a privacy model is outside its bounds.";
    TOO_FEW_VALUES = "WDL-X112", Refused, "More values are asked for than a sensitive column has.";
    NO_POPULATION = "WDL-X113", Usage, "A privacy model needs the register of the population.";
    TOO_LARGE = "WDL-X114", Usage, "The records have too many values or generalisations.";
    NOT_USEFUL = "WDL-X115", ChecksFailed, "Nothing can be told that keeps to what is asked.";
    NO_SENSITIVE = "WDL-X116", Usage, "A privacy model needs a sensitive column.";
    TWO_ROLES = "WDL-X117", Usage, "A column is named for two things that exclude each other.";
    EXCLUDED = "WDL-X118", Usage, "Two options of the protection of records cannot be held together.";
    RISK_WEIGHTS = "WDL-X120", Usage, "Weights are missing, not numbers, zero or negative.";
    RISK_SHARE = "WDL-X121", Usage, "A share or a threshold of risk is outside its bounds.";
    RISK_COLUMNS = "WDL-X122", Usage, "The quasi-identifiers of a file are none or too many.";
    SUPPRESS_IMPORTANCE = "WDL-X123", Usage, "The importance of a column is none.";
    SUPPRESS_SETS = "WDL-X124", Usage, "Sets of columns of this size cannot be asked.";
    TABLE_UNREADABLE = "WDL-X140", Usage, "A file is not a table in the form that is read.";
    TABLE_NO_TREE = "WDL-X141", Usage, "The categories of a dimension are no tree.";
    TABLE_TWO_PARENTS = "WDL-X142", Usage, "A category is under two others.";
    TABLE_NOT_ADDITIVE = "WDL-X143", Usage, "The parts of a cell do not add up to it.";
    TABLE_CELL_TWICE = "WDL-X144", Usage, "A cell stands twice in a table to be protected.";
    TABLE_UNKNOWN_LABEL = "WDL-X145", Usage, "A label is no category of its dimension.";
    TABLE_FIELD = "WDL-X146", Usage, "A field of a table cannot be read.";
    TABLE_MISSING = "WDL-X147", Usage, "A table lacks something that is needed.";
    TABLE_UNKNOWN_CELL = "WDL-X148", Usage, "A field names a cell that does not exist.";
    TABLE_THRESHOLD = "WDL-X149", Refused, "A minimum frequency below what the law sets.";
    TABLE_RULE = "WDL-X150", Usage, "A rule on who dominates has a parameter that cannot be.";
    TABLE_NO_REASON = "WDL-X151", Refused, "A waiver has no reason.";
    TABLES_DISAGREE = "WDL-X152", Usage, "Two tables give different numbers for the same cell.";
    TABLE_TOO_LARGE = "WDL-X153", Usage, "A table or a number is too large.";
    TABLE_EXPOSED = "WDL-X154", Refused, "A cell cannot be protected whatever else is hidden.";
    TABLE_SOLVER = "WDL-X155", Internal, "The optimum of a table could not be found or proved to be right.";
    CERTIFICATE_FAILS = "WDL-X156", Refused, "A certificate does not hold.";
    CERTIFICATE_UNREADABLE = "WDL-X157", Usage, "A file is no certificate.";
    CERTIFICATE_OTHER = "WDL-X158", Refused, "A certificate is not of this table.";
    RELEASED_EXPOSES = "WDL-X159", Refused, "A cell that must be hidden was already released.";
    SAME_CELL = "WDL-X160", Refused, "Two releases tell a cell of nearly the same units.";
    ONE_INSIDE = "WDL-X161", Refused, "Two releases tell a cell inside another, with too few units between.";
    COMBINED = "WDL-X162", Refused, "A hidden cell can be computed from this release and earlier ones.";
    NOT_BOUNDED = "WDL-X163", Refused, "A vote lets go what could not be bounded, without a word.";
    NOT_BOUNDED_NOW = "WDL-X164", Refused, "Since the reviews more of a release cannot be bounded.";
    NOISE_SPENT = "WDL-X180", Refused, "The budget of a population does not reach for an answer with noise.";
    NOISE_ACCOUNT = "WDL-X181", Usage, "A file is no account of noise.";
    NOISE_LIMIT = "WDL-X182", Usage, "An account of noise has no limit, or another one.";
    NOISE_HELD = "WDL-X183", Waiting, "Another run holds an account of noise.";
    NOISE_PARAMETER = "WDL-X184", Usage, "A parameter of noise is none.";
    NOISE_DESIGN = "WDL-X185", Usage, "No noise has the deviation and variance asked for.";
    RECORD_KEYS = "WDL-X186", Usage, "Keys of records are missing or lie outside 0 to 1.";
    NOISE_COUNTS = "WDL-X187", Usage, "Noise of this kind is for counts, and the table holds amounts.";
    ROUND_BASE = "WDL-X188", Usage, "A table cannot be rounded to a base.";
    MASK_VALUES = "WDL-X189", Usage, "Values to be masked are missing or not numbers.";
    MASK_NOTHING = "WDL-X190", ChecksFailed, "Masking as asked would change nothing.";
    SECRET_SHORT = "WDL-X191", Usage, "A secret is too short to keep anything.";
    ROUND_NO_COUNTS = "WDL-X192", Usage, "Only counts are rounded for a release.";
    ROUND_BELOW = "WDL-X193", Refused, "A base of rounding below the minimum frequency.";
    ROUND_ZEROS = "WDL-X194", Refused, "Rounding shows noughts that a rule hides.";
    KEYS_NO_UNITS = "WDL-X195", Usage, "Cells get their noise from units that nobody says.";
    KEYS_NARROW = "WDL-X196", Refused, "Noise too small for the minimum frequency.";
    NOISE_NOT_CROSSED = "WDL-X197", Usage, "No table of an indicator crosses all its breakdowns.";
    NOISE_ACCOUNT_LOST = "WDL-X198", Refused, "The account of a population is older than what the record knows.";
}
