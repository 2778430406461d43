//! The whole street, moved by the programs that people use.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod changed;
mod coding;
mod command_line;
mod contracts;
mod decided;
mod evaluate;
mod figures;
mod guide;
mod hostile;
mod killed;
mod kinds;
mod leaks;
mod linkage;
mod monday;
mod programmes;
mod protect;
mod protected;
mod residue;
mod shown;
mod slow;
mod small_areas;
mod stage;
mod street;
mod studied;
mod transcripts;
mod year;
