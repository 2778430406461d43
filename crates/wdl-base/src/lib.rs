//! The linked base: SQL models of the lab folder computed period by period over the register, in versions that never change.
//!
//! Place in the flow: between the register and the analyses; a [`Snapshot`] is the first waist of the house.
//! It must not know of indicators or of anything released, and never of an identity: ids arrive keyed.
//!
//! A partition is one model in one period, a Parquet file named by the hash of everything it was made from.
//! So a second build finds its partitions there, an old quarter is not computed again when a later delivery says nothing about it, and a build that is killed leaves every earlier snapshot as it was.

mod build;
mod fault;
mod model;
mod persons;
mod plan;
mod slices;
mod snapshot;
mod source;
mod store;

pub use build::{Progress, build};
pub use fault::{BuildError, ModelError, SnapshotError};
pub use model::{Grain, Model, Models};
pub use persons::{
    Age, Count, Difference, Group, Held, HeldCode, HeldRow, Linkage, Linking, Persons, link_persons,
};
pub use plan::{Plan, Reason, Step, plan, plan_from};
pub use snapshot::Snapshot;
pub use source::{Effective, Source, SourceFault};
pub use store::Span;

/// The version of everything here that decides what a partition holds; part of every partition's hash.
pub const METHOD_VERSION: &str = "base/1";
