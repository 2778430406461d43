//! Difference-in-differences: two-way fixed effects with their decomposition, group-time effects, imputation, event studies.
