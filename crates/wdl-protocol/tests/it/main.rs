//! Tests at the crate's face: the lab that the project ships, and every fault of its folder by a small edit.

mod faults;
mod folder;
mod lab;
mod rules;
