//! Codes of station Y: the synthetic city.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'Y',
    codes: ALL,
    it: include_str!("../../../texts/synthetic.it.ftl"),
    en: include_str!("../../../texts/synthetic.en.ftl"),
};

codes! {
    RESIDENTS = "WDL-Y001", Usage, "A city of a size that cannot be made.";
    UNWRITABLE = "WDL-Y002", Usage, "A file of the city cannot be written.";
}
