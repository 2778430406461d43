//! The face of the crate: plain files, definitions, evaluation.

mod city;
mod definitions;
mod evaluation;
mod plain;
