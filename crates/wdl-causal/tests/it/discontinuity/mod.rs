//! Regression discontinuity beside `rdrobust` and `rddensity`, laws, and bad inputs.

mod effect;
