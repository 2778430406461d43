//! Tests at the crate's face.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod attacker;
mod between;
mod families;
mod laws;
mod made;
mod magnitudes;
mod noisy;
mod output_kinds;
mod outputs;
mod reference;
mod rounded;
mod rules;
mod speed;
mod stacked;
