//! The catalog of methods: one file each, its line here.

mod cost;
mod difference;
mod e_value;
mod honest_did;
mod interrupted_series;
mod placebo_power;
mod power;
mod rd;
mod rd_checks;
mod rd_density;
mod robustness_value;
mod rosenbaum;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &honest_did::HonestDid,
    &rosenbaum::Rosenbaum,
    &e_value::EValue,
    &robustness_value::RobustnessValue,
    &power::Power,
    &placebo_power::PlaceboPower,
    &interrupted_series::InterruptedSeries,
    &cost::Cost,
    &rd::Rd,
    &rd_checks::RdChecks,
    &rd_density::RdDensity,
];
