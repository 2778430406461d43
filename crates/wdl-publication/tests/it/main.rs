//! Tests at the crate's face.

mod blocks;
mod files;
mod invented;
mod pages;
mod released;
mod speed;
mod writing;
