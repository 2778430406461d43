//! The catalog of methods: one file each, its line here.

mod difference;

use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[&difference::Difference];
