//! Codes of station U: the command line and the folder it works in.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'U',
    codes: ALL,
    it: include_str!("../../../texts/usage.it.ftl"),
    en: include_str!("../../../texts/usage.en.ftl"),
};

codes! {
    UNKNOWN_CODE = "WDL-U001", Usage, "`wdl explain` of a code that does not exist.";
    NO_LAB = "WDL-U002", Usage, "The folder holds no lab.";
    NOT_EMPTY = "WDL-U003", Usage, "The folder for a new lab is not empty.";
    UNKNOWN_OFFICE = "WDL-U004", Refused, "The key belongs to no office of the lab.";
    KEY_DISAGREES = "WDL-U005", Refused, "A public key of the lab is not the one it should be.";
    PROGRAM_MISSING = "WDL-U006", Usage, "A program that should stand beside `wdl` is missing.";
    PROGRAM_FAILED = "WDL-U007", Internal, "A program that `wdl` started ended badly.";
    ADDRESS = "WDL-U008", Usage, "The address for the site cannot be listened on.";
    UNKNOWN_CELL = "WDL-U009", Usage, "No published cell has this name.";
    FILE = "WDL-U010", Usage, "A file cannot be read or written.";
    NOTHING_RELEASED = "WDL-U011", Waiting, "Nothing has been released yet.";
    NOTHING_BUILT = "WDL-U012", Unavailable, "Nothing has been built yet.";
    NO_SITE = "WDL-U013", Unavailable, "There is no site yet.";
    UNKNOWN_INDICATOR = "WDL-U014", Usage, "No indicator has this name.";
    BAD_OPTION = "WDL-U015", Usage, "An option of the command line has a wrong value.";
    NOT_ACTING = "WDL-U016", Usage, "The command needs to know who acts.";
    SITE_CHANGED = "WDL-U017", ChecksFailed, "The site is not the one that was published.";
    NOTHING_DELIVERED = "WDL-U018", Unavailable, "No delivery has been accepted yet.";
    TAKEN_BACK = "WDL-U019", Unavailable, "The table of a cell was taken back.";
    UNKNOWN_OPTION = "WDL-U020", Usage, "The command has no such option.";
    UNKNOWN_COMMAND = "WDL-U021", Usage, "There is no such command.";
    MISSING_OPTION = "WDL-U022", Usage, "Something that the command needs is not there.";
    OPTIONS_DISAGREE = "WDL-U023", Usage, "Two options do not go together.";
    NO_VALUE = "WDL-U024", Usage, "An option has not the values it takes.";
    LINE = "WDL-U025", Usage, "The command line cannot be read.";
}
