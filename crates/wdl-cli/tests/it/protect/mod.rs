//! `wdl protect` on plain files.

mod anonymise;
mod desk;
mod risk;
mod suppress;
