//! Codes of station S: the query engine and the lab's SQL.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'S',
    codes: ALL,
    it: include_str!("../../../texts/sql.it.ftl"),
    en: include_str!("../../../texts/sql.en.ftl"),
};

codes! {
    SYNTAX = "WDL-S001", Usage, "The SQL does not parse.";
    NOT_ONE_SELECT = "WDL-S002", Usage, "The file holds something else than one SELECT.";
    UNKNOWN_SCHEMA = "WDL-S003", Usage, "A table outside the lab's schemas.";
    PLAN = "WDL-S004", Usage, "A name or a type does not fit.";
    FLOATING_SUM = "WDL-S005", Usage, "A plain floating sum or average.";
    RUN = "WDL-S006", Internal, "The query stopped while running.";
    PARQUET = "WDL-S007", Unavailable, "A Parquet file is missing or damaged.";
    PLAIN_FILE = "WDL-S008", Unavailable, "A plain file cannot be read.";
    PLAIN_NO_COLUMN = "WDL-S009", Usage, "A plain file has no such column.";
    PLAIN_NOT_NUMERIC = "WDL-S010", ChecksFailed, "A column that must be numeric is not.";
    UNKNOWN_TABLE = "WDL-S011", Usage, "A table that does not exist.";
    UNKNOWN_COLUMN = "WDL-S012", Usage, "A column that does not exist.";
    UNKNOWN_PARAMETER = "WDL-S013", Usage, "A placeholder that no run fills.";
    NO_PERIOD = "WDL-S014", Usage, "A query that needs a period runs without one.";
    NOT_REPEATABLE = "WDL-S015", Usage, "A function whose answer changes from run to run.";
    PLAIN_TWICE = "WDL-S016", Usage, "A column asked for stands twice in a plain file.";
    PLAIN_UNEVEN = "WDL-S017", ChecksFailed, "A row of a plain file has another number of cells.";
    PLAIN_TWO_WAYS = "WDL-S018", ChecksFailed, "A point in a column of numbers may be decimal or of thousands.";
}
