//! `wdl protect` on plain files.

mod anonymise;
