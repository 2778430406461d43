//! The face of the charts: drawings of an invented table, reviewed like code.
#![expect(clippy::unwrap_used, reason = "tests")]

mod drawings;
mod effects;
mod forms;
mod invented;
mod joint;
mod linkage;
mod maps;
mod paths;
mod sparks;
mod tables;
mod texts;
