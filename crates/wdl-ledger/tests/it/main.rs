//! Tests at the crate's face.

mod acts;
mod chain;
mod checkpoints;
mod disk;
mod made;
