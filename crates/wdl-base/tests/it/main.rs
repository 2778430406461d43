//! The linked base, tested at its face, with the contracts and models of `labs/modena`.
#![expect(clippy::unwrap_used, reason = "tests")]

mod build;
mod city;
mod dwellings;
mod evictions;
mod models;
mod second_opinion;
mod tiny;
