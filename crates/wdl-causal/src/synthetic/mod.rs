//! Synthetic control with a certified optimum, augmented, and synthetic difference-in-differences.
//!
//! `panel` holds a complete panel, `simplex` the exact solver, `control` and `nested` the weights of synthetic control, `range`, `placebo`, `conformal` and `augmented` what is said about them, `sdid` and `sdid_error` synthetic difference-in-differences.

pub mod augmented;
pub mod conformal;
pub mod control;
pub mod nested;
pub mod panel;
pub mod placebo;
pub mod range;
mod renewal;
pub mod sdid;
pub mod sdid_error;
pub mod simplex;
