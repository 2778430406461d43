//! Codes of station I: indicators and statistics.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'I',
    codes: ALL,
    it: include_str!("../../../texts/indicators.it.ftl"),
    en: include_str!("../../../texts/indicators.en.ftl"),
};

codes! {
    UNKNOWN_STATISTIC = "WDL-I001", Usage, "A statistic that the catalog does not have.";
    FILE_NAME = "WDL-I002", Usage, "An indicator's file has another name than the indicator.";
    NOT_DIVISIBLE = "WDL-I003", Usage, "A breakdown of a statistic of the whole population.";
    FRAME_MISMATCH = "WDL-I004", Usage, "A frame without an observable indicator, or the reverse.";
    UNKNOWN_INDICATOR = "WDL-I005", Usage, "An indicator that does not exist.";
    FRAME_COLUMN = "WDL-I006", Usage, "A frame does not give what its statistic reads.";
    UNKNOWN_CATEGORY = "WDL-I007", Usage, "A frame gives a value that is no category of its dimension.";
    NO_PARAMETER = "WDL-I008", Usage, "A dated amount has no value in a period.";
    FRAME_ROWS = "WDL-I009", ChecksFailed, "A frame gives weights or values that cannot be measured.";
    CACHE = "WDL-I010", Unavailable, "Results cannot be written.";
    UNKNOWN_WORD = "WDL-I011", Usage, "An option of the measures on files has an unknown word.";
    PLAIN_MISSING = "WDL-I012", ChecksFailed, "A weight, household or stratum is missing in a plain file.";
    PLAIN_ROW = "WDL-I013", ChecksFailed, "A plain file has an income or weight that cannot be measured.";
    PLAIN_NO_GROUP = "WDL-I020", Usage, "A group to be compared that a plain file does not have.";
    PLAIN_MARGINS = "WDL-I021", ChecksFailed, "A file of known totals that cannot be used.";
    PLAIN_NOT_CALIBRATED = "WDL-I022", ChecksFailed, "Weights that cannot meet the known totals.";
    PLAIN_HOUSEHOLDS = "WDL-I023", ChecksFailed, "Members of a household with different weights.";
    PLAIN_OPTIONS = "WDL-I024", Usage, "Options of the measures on files that do not go together.";
    PLAIN_NO_COLUMNS = "WDL-I025", Usage, "No column of a plain file is named as a pattern says.";
    PLAIN_COLUMN = "WDL-I026", ChecksFailed, "A column of a plain file has values of another kind than it must.";
    SCALE_FILE = "WDL-I030", Usage, "An equivalence scale of law is not as it must be.";
    HOUSING_NEEDS = "WDL-I031", Usage, "A housing measure needs an option that was not given.";
    HOUSEHOLD_DIFFERS = "WDL-I032", ChecksFailed, "A value of the household differs between its members.";
    HOUSEHOLD_VALUE = "WDL-I033", ChecksFailed, "A plain file has a value that its meaning does not allow.";
    PERSON_TWICE = "WDL-I034", ChecksFailed, "A person stands in a plain file more than once.";
    HOUSING_NOBODY = "WDL-I035", Usage, "A condition that no row of a plain file meets.";
    AREA_REPEATED = "WDL-I040", ChecksFailed, "An area stands in two rows of a file of small areas.";
    AREA_VALUE = "WDL-I041", ChecksFailed, "A file of small areas has a value that cannot be used.";
    AREAS_TOO_FEW = "WDL-I042", ChecksFailed, "Too few areas or people for a model of small areas.";
    AREA_BENCHMARK_GAPS = "WDL-I043", ChecksFailed, "Areas lack what a benchmark adds up.";
    AREA_BENCHMARK_SUM = "WDL-I044", ChecksFailed, "The estimates of areas do not add up to a positive number.";
    AREA_NOT_POSITIVE = "WDL-I045", ChecksFailed, "Incomes of zero or less on a scale that needs positive ones.";
    AREA_NO_VARIATION = "WDL-I046", ChecksFailed, "Incomes that do not vary inside the areas.";
    AREA_THRESHOLD = "WDL-I047", ChecksFailed, "A poverty threshold of zero or less for small areas.";
    AREAS_APART = "WDL-I048", ChecksFailed, "A sample and a register have no area in common.";
    IMPLAUSIBLE = "WDL-I050", ChecksFailed, "Figures of an indicator fail a test that its definition declares.";
    NO_MONDAY = "WDL-I070", Usage, "The lab folder has no Monday's list.";
    NOT_SPENDING = "WDL-I071", Usage, "A budget of an indicator that is no spending by quarter.";
    NOT_COUNTED = "WDL-I080", Usage, "A budget for each unit of an indicator that counts none.";
}
