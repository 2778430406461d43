//! Contracts and code lists at the crate's face.

mod lab;
