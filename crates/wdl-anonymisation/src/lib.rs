//! Anonymisation of records: how exposed each one is, and how little must be told less for nobody to stand out.

mod classes;
pub mod hierarchy;
pub mod lattice;
pub mod local;
pub mod mask;
pub mod models;
pub mod mondrian;
pub mod records;
pub mod risk;
pub mod suppress;
