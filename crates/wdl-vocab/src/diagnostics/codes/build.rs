//! Codes of station B: links, base and snapshots.

use super::{Code, Station};

/// The station, for the table.
pub(super) const STATION: Station = Station {
    letter: 'B',
    codes: ALL,
    it: include_str!("../../../texts/build.it.ftl"),
    en: include_str!("../../../texts/build.en.ftl"),
};

codes! {
    MODEL_UNREADABLE = "WDL-B001", Usage, "A model of the base cannot be read.";
    HEADER_MISSING = "WDL-B002", Usage, "A model lacks a header line.";
    HEADER_UNKNOWN = "WDL-B003", Usage, "A model has a header line that does not exist.";
    HEADER_VALUE = "WDL-B004", Usage, "A header line of a model says something impossible.";
    CYCLE = "WDL-B005", Usage, "Models that read each other in a circle.";
    GRAIN = "WDL-B006", Usage, "A quarterly model that reads a yearly table.";
    KEY_COLUMN = "WDL-B007", Usage, "A key column that the model does not give.";
    KEY_NOT_UNIQUE = "WDL-B008", ChecksFailed, "A model gives two rows with the same key.";
    REGISTER_COLUMN = "WDL-B009", Unavailable, "The register lacks a column of the contract.";
    STATE = "WDL-B010", Unavailable, "A file of the derived state cannot be read or written.";
    SNAPSHOT_MISSING = "WDL-B011", Usage, "No snapshot of that id.";
    SNAPSHOT_DAMAGED = "WDL-B012", Unavailable, "The manifest of a snapshot does not read.";
    NO_TABLE = "WDL-B013", Usage, "The snapshot has no such table.";
    NO_PERIOD = "WDL-B014", Unavailable, "The snapshot has the table, and not in that period.";
    SOURCE = "WDL-B015", Unavailable, "The register cannot give a dataset.";
}
