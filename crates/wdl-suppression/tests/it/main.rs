//! What the room promises.

mod bounds;
