//! Secondary suppression: which further cells of tables must be hidden, at proved least cost, and the certificate that an auditor checks without a solver.

pub mod bounds;
mod presolve;
mod programme;

pub use programme::SolverError;
