//! The whole street, moved by the programs that people use.

mod hostile;
mod killed;
mod leaks;
mod stage;
mod year;
