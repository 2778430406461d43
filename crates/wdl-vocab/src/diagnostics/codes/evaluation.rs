//! Codes of station V: impact evaluation and qualitative evidence.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'V',
    codes: ALL,
    it: include_str!("../../../texts/evaluation.it.ftl"),
    en: include_str!("../../../texts/evaluation.en.ftl"),
};

codes! {
    UNKNOWN_METHOD = "WDL-V001", Usage, "A method that the catalog does not have.";
    MISSING = "WDL-V002", Usage, "An option that a method cannot do without.";
    UNKNOWN_WORD = "WDL-V003", Usage, "A word that an option does not have.";
    OPTIONS = "WDL-V004", Usage, "Options that do not go together, or a value out of its range.";
    INFINITE = "WDL-V010", ChecksFailed, "A column of numbers with values that are not finite.";
    NOT_ZERO_ONE = "WDL-V011", ChecksFailed, "A column of 0 and 1 that holds something else.";
    NOTHING = "WDL-V012", ChecksFailed, "No row has a value in every column.";
    DATA = "WDL-V020", ChecksFailed, "The rows do not have what the method needs.";
    NOT_ESTIMABLE = "WDL-V021", ChecksFailed, "The rows are as they should be, and the estimate does not exist.";
    STUDY_FILE_NAME = "WDL-V030", Usage, "A study's file has another name than the study.";
    UNKNOWN_STUDY = "WDL-V031", Usage, "A study that does not exist.";
    STUDY_OPTION = "WDL-V032", Usage, "An option of a study's method that the method does not have.";
    STUDY_OUTCOME_IN_FRAME = "WDL-V033", Usage, "The design of a study gives its outcome.";
    STUDY_FRAME = "WDL-V034", ChecksFailed, "The queries of a study do not give what it reads.";
    STUDY_NOT_REGISTERED = "WDL-V036", Refused, "A study that is not registered reads no outcome.";
    STUDY_ALREADY = "WDL-V037", Usage, "A study is registered as it stands, or its outcome was read.";
    STUDY_COPY = "WDL-V038", ChecksFailed, "What the lab keeps of a study is not what the record says.";
    STUDY_NOT_RUN = "WDL-V039", Unavailable, "A study that was not run has no report.";
}
