//! The kernel of evaluation against values from outside, laws and slow second opinions.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod basis;
mod cost;
mod did;
mod discontinuity;
mod dml;
mod elsewhere;
mod honest;
mod interrupted;
mod matching;
mod power;
mod regression;
mod sensitivity;
mod survival;
mod synthetic;
mod tails;
mod weighting;
