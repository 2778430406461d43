//! Synthetic control with a certified optimum, augmented, and synthetic difference-in-differences.
//!
//! `panel` holds a complete panel, `simplex` the exact solver, `control` and `nested` the weights of synthetic control, `range`, `placebo`, `conformal` and `augmented` what is said about them, `sdid` synthetic difference-in-differences.

pub mod control;
pub mod nested;
pub mod panel;
pub mod simplex;
