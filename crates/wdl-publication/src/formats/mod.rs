//! The machine-readable forms of a released table: a file per format, language-free where the format allows both.

pub(crate) mod csv;
pub(crate) mod index;
pub(crate) mod json_stat;
pub(crate) mod lineage;

use wdl_result::{Protection, Status};

/// The public word of a status: which of the two rules hid a cell is not told cell by cell, since it bounds the hidden number.
pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Value => "value",
        Status::SuppressedPrimary | Status::SuppressedSecondary => "suppressed",
        Status::NotComputableEmpty | Status::NotComputableUndefined => "not_computable",
        Status::NotCollected => "not_collected",
    }
}

/// How numbers were changed instead of hiding small ones, as the signed record of the rules names it.
pub(crate) fn protection_word(protection: Protection) -> &'static str {
    match protection {
        Protection::ControlledRounding { .. } => "controlled_rounding",
        Protection::CellKeys { .. } => "cell_keys",
        Protection::DifferentialPrivacy { .. } => "differential_privacy",
    }
}
