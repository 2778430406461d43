//! Noise and rounding instead of hiding: controlled and random rounding, cell keys, differential privacy.
//!
//! Place in the flow: a kernel on counts, below everything that knows tables or releases.
//! It must not know what a count counts, nor keep anything between two calls: keys, answers already given and budgets spent come from the caller.

pub mod cell_key;
pub mod privacy;
pub mod rounding;
pub mod utility;
