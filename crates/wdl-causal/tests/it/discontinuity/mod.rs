//! Regression discontinuity beside `rdrobust` and `rddensity`, laws, and bad inputs.

mod bad;
mod chance;
mod density;
mod effect;
mod generated;
mod laws;
