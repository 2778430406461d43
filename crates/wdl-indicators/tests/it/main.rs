//! The face of the crate: plain files, definitions, evaluation.
#![expect(clippy::unwrap_used, reason = "tests")]

mod city;
mod definitions;
mod evaluation;
mod expected;
mod housing;
mod plain;
mod small_areas;
mod plausibility;
