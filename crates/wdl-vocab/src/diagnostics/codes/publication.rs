//! Codes of station P: the public site.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'P',
    codes: ALL,
    it: include_str!("../../../texts/publication.it.ftl"),
    en: include_str!("../../../texts/publication.en.ftl"),
};

codes! {
    TABLE_TWICE = "WDL-P001", Refused, "Two released tables of one indicator have the same breakdown.";
    NOTICE_DISAGREES = "WDL-P002", Refused, "A table and the lab disagree whether the data are invented.";
    UNKNOWN_THEME = "WDL-P003", Usage, "An indicator belongs to a theme that the lab does not have.";
    CHART = "WDL-P004", Internal, "A chart cannot be drawn from a released table.";
    HEAD = "WDL-P005", Usage, "The head of a publication lacks an entry.";
    ONE_LANGUAGE = "WDL-P006", Usage, "A publication stands in one language only.";
    UNKNOWN_NAME = "WDL-P007", Usage, "A data block of a publication names something that does not exist.";
    BLOCK = "WDL-P008", Usage, "A data block of a publication is not complete.";
    FOREIGN_FOLDER = "WDL-P009", Usage, "The folder for the site holds something else.";
    WRITE = "WDL-P010", Unavailable, "A file of the site cannot be written.";
    AREAS = "WDL-P011", Usage, "A file of areas, for maps, cannot be read.";
    SHEET = "WDL-P012", Internal, "The sheet of a study cannot be set on paper.";
}
