//! The numeric kernel on slices: weighted quantiles, poverty and inequality measures, their influence values, variances of clustered designs, the bootstrap, calibration of weights, models of small areas.
//!
//! Lowest floor: pure functions from numbers to numbers.
//! It must not know files, tables, periods or persons; missing values are gone before a slice comes here.
//!
//! **Invariant:** the same multiset of rows gives the same bytes, for any number of threads and, in the point measures, for any order of rows.

pub mod areas;
mod bootstrap;
pub mod calibration;
mod design;
mod difference;
mod factor;
mod incidence;
pub mod measures;
pub mod multidimensional;
mod normal;
pub mod panel;
mod part;
mod quantile;
mod sample;
pub mod scores;
mod sum;
mod undefined;

pub use bootstrap::{Draw, Replicate, Resampling, bootstrap, bootstrap_errors, standard_deviation};
pub use design::{Design, Overlap};
pub use difference::{NoPowerSums, PowerSums};
pub use incidence::{Ending, Spells, cumulative_incidence, incidence_scores, observed_spells};
pub use normal::two_sided;
pub use part::{Everywhere, Touched};
pub use quantile::{QuantileRule, quantile};
pub use sample::{Sample, SampleError};
pub use sum::{Sum, sum};
pub use undefined::{Measured, Undefined};
