//! The catalog of methods: one file each, its line here.

mod difference;
mod rd;
mod rd_checks;
mod rd_density;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &rd::Rd,
    &rd_checks::RdChecks,
    &rd_density::RdDensity,
];
