//! Difference-in-differences: two-way fixed effects with their decomposition, group-time effects, imputation, event studies.
//!
//! A [`panel::Panel`] or [`sections::Sections`] is parsed once with every check; the estimators take it and give typed answers.
//! Group-time effects and their averages follow Callaway and Sant'Anna, *Journal of Econometrics* 225 (2021); the comparisons inside, Sant'Anna and Zhao, *Journal of Econometrics* 219 (2020).

pub mod aggregate;
pub mod bands;
mod comparison;
mod design;
pub mod group_time;
pub mod imputation;
pub mod leads;
pub mod local_projections;
pub mod panel;
mod repeated;
pub mod sections;
pub mod sun_abraham;
pub mod two_way;
mod within;
