//! Hierarchies, privacy models, the lattice, local recoding.

mod arx;
mod definitions;
mod hierarchies;
mod laws;
mod local;
mod reference;
