//! Cost per outcome, with its uncertainty.
//!
//! A ratio whose denominator may be zero has no interval in the usual sense; Fieller's set says so: it may be all but a stretch, or everything.

mod fieller;
mod incremental;

pub use fieller::{FiellerSet, Ratio};
pub use incremental::{Acceptability, Arm, Bootstrap, Comparison, NoCost, cost_per_outcome};
