//! `wdl protect` on plain files.

mod anonymise;
mod changed;
mod desk;
mod mask;
mod risk;
mod suppress;
mod table;
