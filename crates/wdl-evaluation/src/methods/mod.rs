//! The catalog of methods: one file each, its line here.

mod difference;
mod sdid;
mod synthetic_control;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &sdid::Sdid,
    &synthetic_control::SyntheticControl,
];
