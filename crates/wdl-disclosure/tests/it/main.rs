//! Tests at the crate's face.

mod attacker;
mod laws;
mod made;
mod reference;
mod rules;
mod speed;
