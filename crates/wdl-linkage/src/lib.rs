//! Record linkage: which records of one or several sources speak of the same person.
//!
//! Place in the flow: whoever reads the records (the lab's street, the command for plain files) hands them in as columns of text or as encodings, and gets links, clusters and what is known of their quality.
//! It must not know files, queries, ledgers or who delivered what: data in, links out.
//!
//! **Invariants:** the links depend on the records and the model alone, never on the order of the rows or the number of threads; a value is compared only through the model's fields, and a value that is missing says nothing; what is written about a link holds levels of comparison and never a value.

mod apart;
mod begin;
mod block;
mod calibrate;
pub mod cluster;
mod compare;
mod data;
pub mod decide;
mod duplicates;
pub mod encoded;
mod engine;
mod estimate;
mod estimation;
mod frequencies;
mod histogram;
mod implied;
mod link;
pub mod model;
mod model_file;
mod otherwise;
mod outcome;
mod passes;
mod prepare;
mod propose;
pub mod quality;
mod reach;
pub mod recognise;
mod relatives;
mod resampled;
pub mod review;
mod set_aside;
mod shared;
pub mod staged;
mod straighten;
mod strangers;
mod strata;

mod vectors;
mod witness;

pub use begin::LinkError;
pub use data::{Builder, Column, Data, DataError, Source, Values};
pub use engine::Engine;
pub use link::{Options, count_pairs, link};
pub use model::{BlockingRule, Cardinality, Field, Key, Kind, Level, Model, Part};
pub use model_file::{ModelError, ModelFault};
pub use outcome::{
    Bin, Estimated, Explained, FieldParameters, LEVEL_MISSING, LevelParameters, Linked, Parameters,
    Pattern, RuleCounts, Scored, SetAside, Step,
};
