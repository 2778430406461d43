//! What the room promises.

mod records;
