//! Attacks on encodings and tokens, as the linkage unit or whoever takes its files could run them.
//!
//! Every attacker here holds the plaintext of exactly the people encoded and knows the way of encoding, but not the key.
//! No part of this is in the library: the tests and the example `attacks` include it.

pub(crate) mod cases;
pub(crate) mod encode;
pub(crate) mod frequency;
pub(crate) mod graph;
mod homes;
pub(crate) mod pairs;
pub(crate) mod patterns;
pub(crate) mod people;
pub(crate) mod random;
pub(crate) mod tokens;
