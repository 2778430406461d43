//! The catalog of methods: one file each, its line here.

mod bacon;
mod did;
mod difference;
mod imputation;
mod sun_abraham;
mod two_stage;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &did::Did,
    &bacon::Bacon,
    &sun_abraham::SunAbraham,
    &imputation::Imputation,
    &two_stage::TwoStage,
];
