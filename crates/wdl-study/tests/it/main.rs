//! Studies at the crate's face.
#![expect(clippy::unwrap_used, reason = "tests")]

mod made;
mod protected;
mod ran;
mod reading;
mod registered;
