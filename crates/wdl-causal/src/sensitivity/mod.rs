//! How strong what was not observed must be to undo a result.
//!
//! For matched pairs (Rosenbaum's bounds), for ratios and standardised differences (E-values), for a coefficient of a regression (Cinelli and Hazlett).

mod e_value;
mod pairs;
mod robustness;

pub use e_value::{EValue, Measure, e_value};
pub use pairs::{Bounds, NoBounds, Pairs};
pub use robustness::{Adjusted, Benchmark, Coefficient, NoRobustness};
