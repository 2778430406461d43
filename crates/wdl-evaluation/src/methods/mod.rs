//! The catalog of methods: one file each, its line here.

mod agreement;
mod competing_risks;
mod cox;
mod difference;
mod discrete_hazard;
mod qca;
mod survival;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &survival::Survival,
    &cox::Cox,
    &competing_risks::CompetingRisks,
    &discrete_hazard::DiscreteHazard,
    &agreement::Agreement,
    &qca::Qca,
];
