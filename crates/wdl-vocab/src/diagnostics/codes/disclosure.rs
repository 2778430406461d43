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
}
