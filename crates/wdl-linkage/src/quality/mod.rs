//! How good links and clusters are: against a known truth where there is one, and from the probabilities alone where there is none.
//!
//! Counts only: nothing here sees a value or writes an id.

mod estimate;
mod names;
mod truth;

pub use estimate::{
    BlockingRecall, CalibrationBin, CutPoint, Estimate, Judged, blocking_recall, calibration,
    calibration_error, cuts, estimated, estimated_by_group,
};
pub use names::{NameRates, Unlinkable, name_rates, unlinkable, unlinkable_by_group};
pub use truth::{BCubed, ClusterQuality, Counts, Scope, Truth, TruthNotes};
