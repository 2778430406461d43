//! Regression discontinuity: local polynomials, optimal bandwidths, robust intervals, density tests.
//!
//! Place in the flow: the catalog of methods hands it the running variable, the outcome and what goes with them; each answer says how many rows stood on each side, how many counted, and what was left out.
//! It must not know names of columns, and it never drops a row without saying so.
//!
//! Two readings of a design stand beside each other: continuity at the cut-off ([`estimate`], [`bandwidth`]), and chance within a window ([`randomisation`]), which suits a running variable of few values.
//! [`density`] and [`checks`] try to prove the design wrong; [`picture`] shows it.

pub mod bandwidth;
pub mod checks;
pub mod density;
pub mod design;
pub mod estimate;
mod local;
pub mod picture;
pub mod randomisation;
mod side;
