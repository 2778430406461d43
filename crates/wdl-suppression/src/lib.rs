//! Secondary suppression: which further cells of tables must be hidden, at proved least cost, and the certificate that an auditor checks without a solver.
//!
//! Place in the flow: a numeric kernel under the protection of tables and the check between releases; it reads no file.
//! It must not know what a table is about, nor who asks.
//!
//! [`form`] reads a table as written, [`prepare`] judges its cells, [`optimum`] chooses what is hidden, [`audit`] proves it, and [`verify`] checks the proof.
//! [`joint`] does it for several tables; [`bounds`] answers what everything published says about any sum or of thousands of them.
//! No message and no error holds a cell's value.

mod attack;
pub mod audit;
pub mod bounds;
pub mod certificate;
mod cuts;
mod doubt;
pub mod form;
pub mod hierarchy;
pub mod joint;
mod master;
mod modular;
pub mod optimum;
pub mod prepare;
mod presolve;
pub mod primary;
pub mod problem;
mod programme;
mod repair;
pub mod table;
pub mod verify;

pub use programme::SolverError;
