//! The catalog of methods: every option, every answer, against values from outside.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod asked;
mod catalog;
mod coding;
mod difference;
mod durations;
mod honest;
mod joint;
mod lent;
mod qualitative;
mod rd;
mod recovery;
mod regression;
mod sdid;
mod selection;
mod staggered;
mod synthetic_control;
mod themes;
mod words;
