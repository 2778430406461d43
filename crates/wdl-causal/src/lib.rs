//! The numeric kernel of impact evaluation on slices: regression, difference-in-differences, discontinuities, matching and weighting, synthetic controls, durations.
//!
//! Place in the flow: floor 1, on the kernel of `wdl-stats`; the catalog of methods of `wdl-evaluation` hands it columns and words its answers.
//! It must not know files, names of columns, languages or persons; missing values are gone before a slice comes here.
//!
//! **Invariant:** the same rows, options and seed give the same bytes, for any number of threads.

pub mod cost;
pub mod dense;
pub mod did;
pub mod discontinuity;
pub mod distribution;
pub mod dml;
pub mod honest;
pub mod interrupted;
pub mod logit;
pub mod matching;
pub mod power;
pub mod regression;
pub mod sensitivity;
pub mod survival;
pub mod synthetic;
pub mod weighting;
