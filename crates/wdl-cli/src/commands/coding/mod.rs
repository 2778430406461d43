//! Qualitative evidence on plain files: `wdl codebook`, `wdl codings`, `wdl themes`, `wdl joint`.

pub(crate) mod codebook;
pub(crate) mod codings;
pub(crate) mod joint;
mod page;
mod read;
pub(crate) mod themes;

pub(super) use read::{Sheets, bad_option, book, codes, period};

use wdl_vocab::Lang;

/// Words in one language.
fn said(lang: Lang, it: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::It => it,
        Lang::En => en,
    }
}
