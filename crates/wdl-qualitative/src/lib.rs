//! Qualitative evidence as numbers: agreement between coders, and qualitative comparative analysis.
//!
//! Place in the flow: floor 1, pure functions; the catalog of methods of `wdl-evaluation` hands it codes and set memberships.
//! It must not know files, interviews or persons.

pub mod agreement;
pub mod comparative;
