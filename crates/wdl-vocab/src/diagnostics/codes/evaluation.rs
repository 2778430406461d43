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
    TRANSCRIPT_EMPTY = "WDL-V040", ChecksFailed, "A transcript without words.";
    TRANSCRIPT_NOT_TEXT = "WDL-V041", ChecksFailed, "A transcript that is no text.";
    TRANSCRIPT_IDENTIFIERS = "WDL-V042", Refused, "A transcript that holds what identifies people.";
    TRANSCRIPT_TOO_LONG = "WDL-V043", ChecksFailed, "A transcript longer than any interview.";
    TRANSCRIPT_UNKNOWN = "WDL-V044", Usage, "No transcript has this name.";
    TRANSCRIPT_WITHDRAWN = "WDL-V045", Refused, "A transcript whose consent was withdrawn.";
    TRANSCRIPT_CHANGED = "WDL-V046", Refused, "A sealed transcript that is not as it was.";
    CONSENT_MISSING = "WDL-V047", Refused, "A use that the participants did not agree to.";
    PARTICIPANT = "WDL-V048", Usage, "Participants or groups that are not told as they must.";
    CONSENT_DATE = "WDL-V049", Usage, "A day of consent that cannot be.";
    CODEBOOK_FILE_NAME = "WDL-V050", Usage, "A codebook in a file of another name.";
    CODEBOOK_PARENT = "WDL-V051", Usage, "A code that is above itself.";
    CODEBOOK_CHANGE = "WDL-V052", Usage, "A change between versions that does not fit the codes.";
    CODEBOOK_VERSION = "WDL-V053", Usage, "Versions of a codebook that do not follow one another.";
    CODEBOOK_OTHER = "WDL-V054", Usage, "Versions of two different codebooks.";
    CODEBOOK_UNTOLD = "WDL-V055", ChecksFailed, "Codes that went without a word of what they became.";
    CODING_UNKNOWN_CODE = "WDL-V060", ChecksFailed, "A code that the codebook never had.";
    CODING_OLD_CODE = "WDL-V061", ChecksFailed, "A code of an older version that nobody but a coder can bring to the new one.";
    CODING_CELL = "WDL-V062", ChecksFailed, "A cell of codings that is empty or no name.";
    CODING_VERSION = "WDL-V063", ChecksFailed, "Codings of a version that the codebook does not have.";
    CODING_NOTHING = "WDL-V064", ChecksFailed, "A coder who coded nothing.";
    NOT_DOUBLE_CODED = "WDL-V065", ChecksFailed, "Codings that no two coders share.";
    CODER_TWICE = "WDL-V066", ChecksFailed, "A coder in two files.";
    ADJUDICATION = "WDL-V067", ChecksFailed, "A decision on codings that decides on nothing in dispute.";
    THEMES_NESTED = "WDL-V070", Refused, "A theme asked for together with one that it lies in.";
    THEMES_PARTICIPANT = "WDL-V071", ChecksFailed, "Codings of somebody who is not among the participants.";
    THEMES_NOBODY = "WDL-V072", ChecksFailed, "Themes of no participant.";
    THEMES_GROUP = "WDL-V073", ChecksFailed, "A participant who is in two groups, or twice in the list.";
    JOINT_EFFECTS = "WDL-V080", ChecksFailed, "Effects that are no answer of an evaluation.";
    JOINT_NOTHING = "WDL-V081", ChecksFailed, "Effects and themes that have no group in common.";
    JOINT_RULE = "WDL-V082", Usage, "A rule of a joint display that does not hold together.";
    JOINT_THEMES = "WDL-V083", ChecksFailed, "A table of themes that cannot be read.";
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
