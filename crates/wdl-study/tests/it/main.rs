//! Studies at the crate's face.
#![expect(clippy::unwrap_used, reason = "tests")]

mod events;
mod made;
mod promised;
mod protected;
mod ran;
mod reading;
mod registered;
