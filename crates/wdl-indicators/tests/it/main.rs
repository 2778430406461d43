//! The face of the crate: plain files, definitions, evaluation.
#![expect(clippy::unwrap_used, reason = "tests")]

mod behind;
mod city;
mod definitions;
mod evaluation;
mod expected;
mod housing;
mod housing_told;
mod incidence;
mod invented_homes;
mod isee;
mod panel;
mod plain;
mod plausibility;
mod small_areas;
mod survey;
