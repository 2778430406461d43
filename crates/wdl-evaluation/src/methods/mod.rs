//! The catalog of methods: one file each, its line here.

mod difference;
mod event_study;
mod poisson;
mod regression;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &event_study::EventStudy,
    &poisson::Poisson,
    &regression::Regression,
];
