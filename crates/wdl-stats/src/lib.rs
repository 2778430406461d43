//! The numeric kernel on slices: weighted quantiles, poverty and inequality measures, their influence values, variances of clustered designs, the bootstrap.
//!
//! Lowest floor: pure functions from numbers to numbers.
//! It must not know files, tables, periods or persons; missing values are gone before a slice comes here.
//!
//! **Invariant:** the same multiset of rows gives the same bytes, for any number of threads and, in the point measures, for any order of rows.

mod bootstrap;
mod design;
mod measures;
mod quantile;
mod sample;
pub mod scores;
mod sum;

pub use bootstrap::{Resampling, bootstrap_errors};
pub use design::Design;
pub use measures::{POVERTY_LINE, arpr, arpt, gini, is_below, mean, qsr, rmpg, total};
pub use quantile::{QuantileRule, quantile};
pub use sample::{Sample, SampleError};
pub use sum::{Sum, sum};
