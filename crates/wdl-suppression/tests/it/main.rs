//! What the room promises.

mod bad_input;
mod bounds;
mod brute;
mod certificate;
mod material;
mod primary;
mod reference;
mod singletons;
